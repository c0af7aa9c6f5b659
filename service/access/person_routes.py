"""`/v1/access/me` of a person and what they practise: read, changed, erased."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.access import account_examples as examples
from service.access import accounts, leaving, profiles, signing_in
from service.access.answering import NO_STORE, IfMatch, answers, body_example, etag, json, only
from service.access.persons import PersonDep, number
from service.core.auth import Caller, client_address
from service.core.database import WriteConnection
from service.core.errors import NotAllowed
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.schemas.people import LeaveAsk, Professional, ProfessionalAsk, Profile, ProfileAsk

router = APIRouter(prefix="/v1/access", tags=["access"])


@router.patch(
    "/me",
    dependencies=[only()],
    operation_id="access_change_me",
    summary="Change what is known of oneself",
    response_model=Profile,
    responses=answers(examples.PROFILE, 400, 404, 412, 428),
    openapi_extra=body_example({"timezone": "Europe/Rome", "language": "es"}),
)
async def change_me(
    asked: ProfileAsk, request: Request, runtime: RuntimeDep, person: PersonDep, if_match: IfMatch = None
) -> Response:
    """Only what is named; the ETag of `GET /v1/access/me` is the version."""

    async def effect(conn: WriteConnection) -> Answered:
        changed = await profiles.change(conn, person, asked, if_match)
        return Answered(changed, headers=NO_STORE | etag(changed.version))

    response = await write_once(runtime.database, request, person.id, effect)
    runtime.authenticator.forget()
    return response


@router.delete(
    "/me",
    dependencies=[only()],
    operation_id="access_erase_me",
    summary="Have one's account erased",
    status_code=204,
    responses=answers(None, 409, status=204),
    openapi_extra=body_example({"password": "…"}),
)
async def erase_me(asked: LeaveAsk, request: Request, runtime: RuntimeDep, person: PersonDep) -> Response:
    """At once and for good, with the password given again; not while a child depends on the account.

    What others' records need stays: a number without a name.
    """
    address = client_address(request.scope)
    proved = await signing_in.prove(runtime, number(person), asked.password, address)
    async with runtime.database.write() as conn:
        if proved is None or not await leaving.erase(conn, proved, request.app.state.leave):
            raise accounts.wrong_password("/body/password")
    runtime.authenticator.forget()
    return Response(status_code=204, headers=NO_STORE)


@router.get(
    "/professional-profile",
    dependencies=[only()],
    operation_id="access_professional_profile",
    summary="One's licence and practice",
    response_model=Professional,
    responses=answers(examples.PRACTICE),
)
async def professional_profile(runtime: RuntimeDep, person: PersonDep) -> Response:
    """What is kept; version 0 where that is nothing yet."""
    _require_professional(person)
    found = await profiles.professional_of(runtime.database, number(person))
    return json(found, etag(found.version))


@router.put(
    "/professional-profile",
    dependencies=[only()],
    operation_id="access_put_professional_profile",
    summary="Write one's licence and practice",
    response_model=Professional,
    responses=answers(examples.PRACTICE, 400, 412, 428),
    openapi_extra=body_example(examples.PRACTICE_ASK),
)
async def put_professional_profile(
    asked: ProfessionalAsk, request: Request, runtime: RuntimeDep, person: PersonDep, if_match: IfMatch = None
) -> Response:
    """As a whole. Another licence has to be verified by an admin before children are seen again."""
    _require_professional(person)

    async def effect(conn: WriteConnection) -> Answered:
        written = await profiles.put_professional(conn, person, asked, if_match)
        return Answered(written, headers=NO_STORE | etag(written.version))

    return await write_once(runtime.database, request, person.id, effect)


def _require_professional(caller: Caller) -> None:
    if caller.role != "professional":
        raise NotAllowed(
            "only professionals have a licence and a practice here", code="professional_required"
        )

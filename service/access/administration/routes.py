"""`/v1/access/people` for admins, `/v1/access/professionals` for whoever looks for one."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from service.access import accounts
from service.access.administration import people, queries
from service.access.answering import (
    NO_STORE,
    IfMatch,
    answers,
    body_example,
    etag,
    json,
    only,
    page,
    page_example,
)
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.schemas.administration import (
    Account,
    FoundProfessional,
    InviteAsk,
    LicenceAsk,
    PeopleAsk,
    ProfessionalsAsk,
    RoleAsk,
    StatusAsk,
)
from service.schemas.envelope import Listing

Admin = Annotated[Caller, Depends(needs("users:admin"))]
Inviting = Annotated[Caller, Depends(needs("assignments:manage"))]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Change = Callable[[WriteConnection], Awaitable[Account]]

_PERSON: Final = {
    "id": 17,
    "email": "nadia.rossi@example.org",
    "first_name": "Nadia",
    "last_name": "Rossi",
    "role": "staff",
    "status": "active",
    "email_verified": True,
    "licence": None,
    "licence_verified": None,
    "desks": [{"desk": "attendance", "role": "manager", "places": ["Villas"]}],
    "last_login_at": "2026-11-20T07:01:00Z",
    "created_at": "2026-11-02T09:15:00Z",
    "version": 3,
}
_PROFESSIONAL: Final = {
    **_PERSON,
    "role": "professional",
    "licence": {"type": "SLP", "number": "SP-4711", "state": "IT-45", "ends_on": "2028-06-30"},
    "desks": [],
}
_INVITED: Final = {
    "email": "nadia.rossi@example.org",
    "first_name": "Nadia",
    "last_name": "Rossi",
    "role": "staff",
}
_FOUND: Final = {
    "id": 12,
    "name": "Elena Bianchi",
    "primary_specialty": "Speech therapy",
    "clinic_name": "Centro Arcobaleno",
    "location": "Bologna",
    "languages_spoken": ["Italian", "English"],
    "accepts_new_patients": True,
}

router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/people",
    operation_id="access_people",
    summary="People",
    response_model=Listing[Account],
    responses=answers(page_example(_PERSON), 400, 410),
)
async def list_people(
    ask: Annotated[PeopleAsk, Query()], request: Request, runtime: RuntimeDep, _: Admin
) -> Response:
    """All people, in the order they came; `q` is part of a name. Erased ones are not among them."""
    listed = (ask, "access.people", queries.PEOPLE_ORDER)
    return await page(request, runtime, listed, queries.people(ask), people.shown)


@router.post(
    "/people",
    dependencies=[only()],
    operation_id="access_invite",
    summary="Invite somebody",
    status_code=201,
    response_model=Account,
    responses=answers({**_PERSON, "status": "pending", "desks": []}, 400, 409, status=201),
    openapi_extra=body_example(_INVITED),
)
async def invite(ask: InviteAsk, request: Request, runtime: RuntimeDep, caller: Admin) -> Response:
    """A mail with a link that is good once, for a week; the account opens when it is accepted."""
    letters: list[accounts.Letter] = []

    async def effect(conn: WriteConnection) -> Answered:
        invited, letter = await people.invite(conn, caller, ask)
        letters.append(letter)
        headers = {**NO_STORE, **etag(invited.version), "Location": f"/v1/access/people/{invited.id}"}
        return Answered(invited, 201, headers)

    response = await write_once(runtime.database, request, caller.id, effect)
    if response.status_code == 201:
        for letter in letters:
            await accounts.send(runtime, letter)
    return response


@router.get(
    "/people/{person_id:int}",
    dependencies=[only()],
    operation_id="access_person",
    summary="One person",
    response_model=Account,
    responses=answers(_PERSON, 404),
)
async def get_person(person_id: Number, runtime: RuntimeDep, _: Admin) -> Response:
    """One person, with roles at desks."""
    found = await people.get(runtime.database, person_id)
    return json(found, etag(found.version))


@router.patch(
    "/people/{person_id:int}",
    dependencies=[only()],
    operation_id="access_change_person",
    summary="Stop a person, or let them act again",
    response_model=Account,
    responses=answers({**_PERSON, "status": "suspended"}, 400, 404, 409, 412, 428),
    openapi_extra=body_example({"status": "suspended", "reason": "left the firm"}),
)
async def change_person(
    person_id: Number,
    ask: StatusAsk,
    request: Request,
    runtime: RuntimeDep,
    caller: Admin,
    if_match: IfMatch = None,
) -> Response:
    """Every token, session and device of theirs ends within a second."""
    return await _written(
        request, runtime, caller, lambda conn: people.set_status(conn, caller, person_id, ask, if_match)
    )


@router.put(
    "/people/{person_id:int}/roles/{desk}",
    dependencies=[only()],
    operation_id="access_give_role",
    summary="Give a role at a desk",
    response_model=Account,
    responses=answers(_PERSON, 400, 404, 409),
    openapi_extra=body_example({"role": "manager", "places": ["Villas"]}),
)
async def give_role(
    person_id: Number, desk: str, ask: RoleAsk, request: Request, runtime: RuntimeDep, caller: Admin
) -> Response:
    """In place of the one they have; it holds within a second. A manager is one of some places."""
    known = request.app.state.known_sites
    return await _written(
        request, runtime, caller, lambda conn: people.put_role(conn, caller, person_id, desk, ask, known)
    )


@router.delete(
    "/people/{person_id:int}/roles/{desk}",
    dependencies=[only()],
    operation_id="access_take_role",
    summary="Take a role at a desk",
    response_model=Account,
    responses=answers({**_PERSON, "desks": []}, 404),
)
async def take_role(
    person_id: Number, desk: str, request: Request, runtime: RuntimeDep, caller: Admin
) -> Response:
    """It ends within a second. Twice changes nothing."""
    return await _written(
        request, runtime, caller, lambda conn: people.take_role(conn, caller, person_id, desk)
    )


@router.post(
    "/people/{person_id:int}/verify-licence",
    dependencies=[only()],
    operation_id="access_verify_licence",
    summary="Verify the licence of a professional",
    response_model=Account,
    responses=answers({**_PROFESSIONAL, "licence_verified": True}, 400, 404, 409, 412),
)
async def verify_licence(
    person_id: Number, request: Request, runtime: RuntimeDep, caller: Admin, if_match: IfMatch = None
) -> Response:
    """From now on parents find them, and children they are assigned to are visible to them.

    Send `If-Match` with the ETag of the account, so that no other licence is verified than the one you saw.
    """
    return await _written(
        request,
        runtime,
        caller,
        lambda conn: people.verify_licence(conn, caller, person_id, verified=True, if_match=if_match),
    )


@router.post(
    "/people/{person_id:int}/unverify-licence",
    dependencies=[only()],
    operation_id="access_unverify_licence",
    summary="Take back that a licence was verified",
    response_model=Account,
    responses=answers({**_PROFESSIONAL, "licence_verified": False}, 400, 404),
    openapi_extra=body_example({"reason": "struck off the register"}),
)
async def unverify_licence(
    person_id: Number, ask: LicenceAsk, request: Request, runtime: RuntimeDep, caller: Admin
) -> Response:
    """They see no child from the next request on."""
    return await _written(
        request,
        runtime,
        caller,
        lambda conn: people.verify_licence(conn, caller, person_id, verified=False, reason=ask.reason),
    )


@router.get(
    "/professionals",
    operation_id="access_professionals",
    summary="Look for a professional",
    response_model=Listing[FoundProfessional],
    responses=answers(page_example(_FOUND), 400, 410),
)
async def list_professionals(
    ask: Annotated[ProfessionalsAsk, Query()], request: Request, runtime: RuntimeDep, _: Inviting
) -> Response:
    """Verified ones only, by name; where they practise and whether they take new patients, no address."""
    listed = (ask, "access.professionals", queries.FOUND_ORDER)
    return await page(request, runtime, listed, queries.professionals(ask), _found)


def _found(row: Any) -> FoundProfessional:
    return FoundProfessional.model_validate(row, from_attributes=True)


async def _written(request: Request, runtime: Runtime, caller: Caller, change: Change) -> Response:
    async def effect(conn: WriteConnection) -> Answered:
        person = await change(conn)
        return Answered(person, headers={**NO_STORE, **etag(person.version)})

    response = await write_once(runtime.database, request, caller.id, effect)
    runtime.authenticator.forget()
    return response

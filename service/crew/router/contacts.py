"""How to reach a crew member: apart from everything else, for admins of the desk, each reading on record."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.access.answering import IfMatch
from service.core.auth import Caller, needs
from service.core.idempotency import Answered
from service.core.inbound import RuntimeDep
from service.core.sealing import Sealer
from service.crew.decisions import contacts
from service.crew.router.answers import ADMIN
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.router.finding import CrewId
from service.reporting.openapi import Responses, problem_responses
from service.reporting.query import strict_query
from service.schemas.crew.contacts import ContactDetails, ContactDetailsAsk
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Admin = Annotated[Caller, Depends(needs(ADMIN))]
_PLAIN: Final = [Depends(strict_query(Ask))]
_ASK: Final = {"phone": "01632 960100", "email": "jo@example.org", "position": "Watch commander"}
_EXAMPLE: Final[dict[str, Any]] = {
    "crew_id": 1,
    **_ASK,
    "version": 1772704691000000,
    "updated_at": "2026-03-05T09:58:11Z",
}
_ETAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "Names the version, for `If-Match`."}}


def _responses(*statuses: int) -> Responses:
    return {
        200: {"content": {"application/json": {"example": _EXAMPLE}}, "headers": _ETAG},
        **problem_responses(401, 403, 404, *statuses, 422, 429, 503),
    }


@router.get(
    "/{crew_id:number}/contact",
    operation_id="crew_contact",
    summary="How to reach one person",
    response_model=ContactDetails,
    responses=_responses(),
    dependencies=_PLAIN,
)
async def contact(runtime: RuntimeDep, caller: Admin, crew_id: CrewId) -> Response:
    """That it was read, and by whom, is written into the audit."""
    async with runtime.database.write() as conn:
        found = await contacts.read(conn, caller, Sealer.of(runtime.settings), crew_id)
    return _answered(found).response()


@router.put(
    "/{crew_id:number}/contact",
    operation_id="crew_put_contact",
    summary="Say how to reach one person",
    response_model=ContactDetails,
    responses=_responses(412, 428),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _ASK}}}},
)
async def put_contact(
    runtime: RuntimeDep,
    caller: Admin,
    crew_id: CrewId,
    asked: ContactDetailsAsk,
    if_match: IfMatch = None,
) -> Response:
    """One that is there is changed at the version that `If-Match` names."""

    # Not by `write_once`: the kept answer would hold in clear what lies sealed. The same put twice is one.
    async with runtime.database.write() as conn:
        put = await contacts.put(conn, caller, Sealer.of(runtime.settings), crew_id, asked, if_match)
    return _answered(put).response()


@router.delete(
    "/{crew_id:number}/contact",
    operation_id="crew_delete_contact",
    summary="Forget how to reach one person",
    response_model=ContactDetails,
    responses=_responses(),
    dependencies=_PLAIN,
)
async def delete_contact(runtime: RuntimeDep, caller: Admin, crew_id: CrewId) -> Response:
    """What was forgotten, for the last time."""
    async with runtime.database.write() as conn:
        gone = await contacts.forget(conn, caller, Sealer.of(runtime.settings), crew_id)
    return _answered(gone).response()


def _answered(found: ContactDetails) -> Answered:
    return Answered(found, headers={"Cache-Control": "no-store", "ETag": f'"{found.version}"'})

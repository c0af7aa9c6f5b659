"""Published reports shown to readers outside: shares, and the open path that they read by."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access.tokens import new_secret
from service.children.clinical import report_files
from service.children.clinical import shares as room
from service.children.door import note_reading
from service.children.queries import shares as queries
from service.children.queries.scopes import of_writings
from service.children.router import reports_examples as examples
from service.children.router.answers import NO_STORE, read_page
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.children.router.played import CallDep, write
from service.core.auth import client_address, needs
from service.core.database import WriteConnection
from service.core.errors import NotFound
from service.core.idempotency import Answered
from service.core.inbound import RuntimeDep
from service.core.paging import Paging
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.children.reports import (
    NewShare,
    ReportFileAsk,
    Share,
    ShareAsk,
    SharedReport,
    SharesAsk,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
outside = APIRouter(prefix=PREFIX, tags=TAGS)
"""Needs no credential of ours: the token in the path is one."""
_READS = Depends(needs("reports:read"))


@router.get(
    "/reports/{report_id:int}/shares",
    operation_id="children_shares",
    summary="Who a report is shared with",
    response_model=Listing[Share],
    responses=list_responses(examples.SHARE, 404),
    dependencies=[_READS, Depends(strict_query(SharesAsk))],
)
async def list_shares(report_id: int, ask: Annotated[SharesAsk, Query()], call: CallDep) -> Response:
    """Also those that ended, the newest first; the address itself is not kept."""
    paging = Paging(call.cursors, ask, f"children/reports/{report_id}/shares", queries.KEYS)
    async with call.runtime.database.read() as conn:
        report = await room.allowed(conn, call.caller, report_id, room.LISTED)
        rows = (await conn.execute(paging.narrow(queries.shares_of(report_id)))).all()
    await note_reading(call.runtime.database, call.caller, room.LISTED, report.child_id)
    shown, page = paging.page(rows)
    return read_page(call.request, Listing[Share](items=[room.share_of(row) for row in shown], page=page))


@router.post(
    "/reports/{report_id:int}/shares",
    operation_id="children_share_report",
    summary="Share a published report",
    description="With somebody who does not see the child, for a while. The token is in this answer only.",
    status_code=201,
    response_model=NewShare,
    responses=written_responses(201, examples.NEW_SHARE, 409),
    dependencies=[_READS, Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.SHARE_ASK}}}},
)
async def share_report(report_id: int, asked: ShareAsk, call: CallDep) -> Response:
    """By guardians, and professionals who may edit."""

    secret = new_secret()

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made = await room.share(conn, call.caller, report_id, asked, secret)
        return Answered(made, 201), [of_writings(made.child_id)]

    response = await write(call, deed)
    if response.status_code != 201 or "Idempotency-Replayed" in response.headers:
        return response
    # Added here, so that what is kept for a repeated request does not hold it.
    shown = room.with_secret(Share.model_validate_json(bytes(response.body)), secret)
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    body = shown.model_dump_json(by_alias=True)
    return Response(body, 201, headers=kept, media_type="application/json")


@router.delete(
    "/reports/{report_id:int}/shares/{share_id}",
    operation_id="children_unshare_report",
    summary="Take a share back",
    response_model=Share,
    responses=written_responses(200, examples.SHARE | {"revoked_at": "2025-07-04T08:00:00Z"}),
    dependencies=[_READS, Depends(strict_query(Ask))],
)
async def unshare_report(report_id: int, share_id: UUID, call: CallDep) -> Response:
    """At once; taking it back twice changes nothing."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        ended = await room.revoke(conn, call.caller, report_id, share_id)
        return Answered(ended), [of_writings(ended.child_id)]

    return await write(call, deed)


_SHARED = one_responses(examples.SHARED)
for _kind in ("text/csv", "text/html"):
    _SHARED[200]["content"][_kind] = {"schema": {"type": "string"}}


@outside.get(
    "/shared-reports/{token}",
    operation_id="children_shared_report",
    summary="Read a report that was shared",
    description="The token is the credential. One that expired, was revoked or never was is a 404.",
    response_model=SharedReport,
    responses={**_SHARED, **problem_responses(404, 422, 429, 503)},
    dependencies=[Depends(strict_query(ReportFileAsk))],
    openapi_extra={"security": []},
)
async def shared_report(
    request: Request, runtime: RuntimeDep, token: str, ask: Annotated[ReportFileAsk, Query()]
) -> Response:
    """As it was published. Each reading is noted; who guesses has to wait."""
    address = client_address(request.scope)
    runtime.authenticator.check_guesses(address)
    async with runtime.database.write() as conn:
        found = await room.opened(conn, token)
        guessed = found is None and not await room.is_known(conn, token)
    if found is None:
        if guessed:
            runtime.authenticator.count_guess(address)
        raise NotFound("there is no such report, or it is not shared any more", headers=NO_STORE)
    return report_files.file_of(found, ask, "report")

"""What guardians ask for by right: a copy of everything, and who looked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from service.children.door import note_reading
from service.children.rights import exports
from service.children.rights.accesses import READING, list_accesses
from service.children.router import rights_examples as examples
from service.children.router.again import write_seen
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors, next_link
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.children.rights import AccessEntry, AccessLogAsk, DataExport, DataExportAsk
from service.schemas.envelope import Ask, Listing

Exporter = Annotated[Caller, Depends(needs("export:create"))]
Reader = Annotated[Caller, Depends(needs("children:read"))]
NO_STORE = {"Cache-Control": "no-store"}
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.post(
    "/{child_id:int}/exports",
    operation_id="children_ask_for_export",
    summary="Ask for a copy of everything kept about a child",
    status_code=202,
    response_model=DataExport,
    responses={
        200: {
            "description": "The same copy was asked for today already.",
            "content": {"application/json": {"example": dict(examples.READY)}},
        },
        **written_responses(202, examples.EXPORT, 409),
    },
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": dict(examples.EXPORT_ASK)}}}},
)
async def ask_for_export(
    child_id: int, asked: DataExportAsk, request: Request, runtime: RuntimeDep, caller: Exporter
) -> Response:
    """It is written in the background, encrypted, for whoever asked; three a day, three downloads each."""

    async def effect(conn: WriteConnection) -> Answered:
        made = await exports.ask_for_copy(runtime, conn, caller, child_id, asked)
        where = {"Location": f"{PREFIX}/exports/{made.export.id}"}
        return Answered(made.export, 202 if made.fresh else 200, NO_STORE | where)

    return await write_seen(runtime, request, caller, effect)


@router.get(
    "/exports/{export_id:uuid}",
    operation_id="children_export_state",
    summary="How a copy stands",
    response_model=DataExport,
    responses=one_responses(examples.READY),
    dependencies=[Depends(strict_query(Ask))],
)
async def export_state(export_id: UUID, runtime: RuntimeDep, caller: Exporter) -> Response:
    """For whoever asked for it."""
    async with runtime.database.snapshot() as conn:
        row = await exports.find_export(conn, caller, export_id, "export.read")
    await note_reading(runtime.database, caller, "export.read", row.child_id, certain=True)
    return Answered(exports.shown(row), headers=NO_STORE).response()


@router.get(
    "/exports/{export_id:uuid}/download",
    operation_id="children_download_export",
    summary="Download a copy",
    response_class=StreamingResponse,
    responses={
        **problem_responses(401, 403, 404, 409, 410, 422, 429, 503),
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def download_export(export_id: UUID, runtime: RuntimeDep, caller: Exporter) -> Response:
    """For whoever asked for it, three times, until it expires."""
    return await exports.download(runtime, caller, export_id)


@router.get(
    "/{child_id:int}/access-log",
    operation_id="children_access_log",
    summary="Who looked at a child, newest first",
    response_model=Listing[AccessEntry],
    responses=list_responses(examples.ACCESS, 404),
    dependencies=[Depends(strict_query(AccessLogAsk))],
)
async def access_log(
    child_id: int,
    ask: Annotated[AccessLogAsk, Query()],
    request: Request,
    runtime: RuntimeDep,
    caller: Reader,
) -> Response:
    """For its guardians: who read or changed what, and when. Refused attempts are not in it."""
    async with runtime.database.snapshot() as conn:
        listing = await list_accesses(conn, caller, child_id, ask, Cursors.of(runtime.settings))
    await note_reading(runtime.database, caller, READING, child_id)
    headers = NO_STORE | next_link(str(request.url), listing.page.next)
    return Answered(listing, headers=headers).response()

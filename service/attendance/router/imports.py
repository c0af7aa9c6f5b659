"""Files in: an upload becomes a run, whose result is the report; all its findings as a CSV."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import FileResponse, Response

from service.attendance.files.inspection import inspected
from service.attendance.files.zones import settled_zone
from service.attendance.queries.sources import select_sources
from service.attendance.router import examples
from service.attendance.router.answers import WRITES, CallDep
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.core.auth import Caller, needs
from service.core.errors import NotAllowed, NotFound
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.reporting.files import uploads
from service.reporting.files.receiving import XLSX, check_kind, findings_answer, import_run, start_import
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses
from service.schemas.attendance import ImportAsk, ImportParams
from service.schemas.envelope import Ask, Run

JOB: Final = "attendance.import"
UPLOADS: Final = {f"{PREFIX}/imports": uploads.LARGEST}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_CSV: Final = {"schema": {"type": "string"}, "example": examples.PUNCHES_CSV}
Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.post(
    "/imports",
    operation_id="attendance_import_file",
    summary="Import a file",
    status_code=202,
    response_model=Run,
    responses=accepted_responses(examples.IMPORT_RUN, 400, 401, 403, 409, 413, 415, 422, 429, 503),
    dependencies=[Depends(strict_query(ImportAsk))],
    openapi_extra={
        "requestBody": {
            "required": True,
            # The first one is what the client sends: what a file is, its first bytes say.
            "content": {
                "application/octet-stream": {**_BINARY, "example": examples.PUNCHES_CSV},
                "text/csv": _CSV,
                XLSX: _BINARY,
            },
        }
    },
)
async def import_file(
    request: Request, runtime: RuntimeDep, caller: Writer, asked: Annotated[ImportAsk, Query()]
) -> Response:
    """Punches, people, shifts, (weekly) schedules, leaves or holidays as CSV or XLSX, at most 256 MiB.

    A file that cannot be used as a whole is refused at once (422). The run's result is the report: counts by
    code and the first 1,000 findings. A whole file or nothing is stored; the same file again changes nothing.
    """
    if caller.sites is not None:
        raise NotAllowed("your key is limited to sites, and an import works on all of them")
    check_kind(request)

    async def params_of(path: Path) -> ImportParams:
        await _inspect(runtime, path, asked)
        return ImportParams(**asked.model_dump(), upload=path.name)

    return await start_import(request, runtime, caller, JOB, params_of)


@router.get(
    "/imports/{run_id}/findings",
    operation_id="attendance_import_findings",
    summary="All findings of an import, as CSV",
    response_class=FileResponse,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": examples.FINDINGS_CSV}}},
        **problem_responses(401, 403, 404, 422, 429, 503),
    },
    dependencies=[Depends(needs(WRITES)), Depends(strict_query(Ask))],
)
async def get_findings(run_id: str, call: CallDep) -> Response:
    """Line, column, code, severity and message of each; kept for 30 days."""
    run = await import_run(call.runtime, run_id, JOB)
    if call.caller.sites is not None:
        raise NotFound(f"there is no import {run_id}")
    return await findings_answer(call.runtime, run)


async def _inspect(runtime: Runtime, path: Path, asked: ImportAsk) -> None:
    """Raises `Invalid` for a file that the run would refuse as a whole."""
    async with runtime.database.snapshot() as conn:
        sources = await select_sources(conn)
    settled_zone(sources, asked.source, asked.zone)
    await runtime.compute.in_thread(inspected, path, asked.kind, asked.date_order)

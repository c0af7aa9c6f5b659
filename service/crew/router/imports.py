"""Files in: an upload becomes a run, whose result is the report; all its findings as a CSV."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import FileResponse, Response

from service.core.auth import Caller, needs
from service.core.errors import NotFound
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.crew.files.inspection import check_instant, inspected
from service.crew.files.stations import find_station
from service.crew.router.answers import ADMIN, WRITES
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.files.receiving import XLSX, check_kind, findings_answer, import_run, start_import
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses
from service.schemas.crew.imports import CrewImportAsk, CrewImportParams
from service.schemas.envelope import Ask, Run

JOB: Final = "crew.import"
LARGEST: Final = 32 * 1024 * 1024
"""Bytes of an upload at most: a year of fifty people has about 10 MB."""
UPLOADS: Final[Mapping[str, int]] = {f"{PREFIX}/imports": LARGEST}
Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_REPORT: Final = """Name,Date,08:00,08:15,08:30,08:45
"ALDER, JO",Thu 05/03/26,,,W,W
"BIRCH, KE",Thu 05/03/26,,,,
"""
_FINDINGS: Final = """line,column,code,severity,message
17,Date,bad_date,rejected,"the date is none such as Sat 21/02/26, or of another weekday"
"""
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_RUN: Final[dict[str, Any]] = {
    "id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "job": JOB,
    "scope": JOB,
    "state": "queued",
    "params": {
        "station": "P22",
        "kind": "auto",
        "zone": None,
        "as_of": "2026-03-05T09:58:11Z",
        "dry_run": False,
        "lenient": False,
        "name": "march.xlsx",
        "upload": "0b8f6d3e7a554f0e9a3b5f6f6f1f9c11.xlsx",
    },
    "progress": {"done": 0, "total": None, "unit": "days"},
    "counts": {},
    "requested_by": "key:ab12cd34",
    "created_at": "2026-03-05T10:00:00Z",
    "starts": 0,
}


@router.post(
    "/imports",
    operation_id="crew_import_file",
    summary="Import a file",
    status_code=202,
    response_model=Run,
    responses=accepted_responses(_RUN, 400, 401, 403, 409, 413, 415, 422, 429, 503),
    dependencies=[Depends(strict_query(CrewImportAsk))],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {**_BINARY, "example": _REPORT},
                "text/csv": {"schema": {"type": "string"}, "example": _REPORT},
                "text/plain": {"schema": {"type": "string"}, "example": "ALDER, JO|Jo Alder|01632 960100"},
                XLSX: _BINARY,
            },
        }
    },
)
async def import_file(
    request: Request, runtime: RuntimeDep, caller: Writer, asked: Annotated[CrewImportAsk, Query()]
) -> Response:
    """An availability report (XLSX or CSV) or crew details (text with bars) of a station, at most 32 MiB.

    Details hold contacts and need `crew:admin`. A file that cannot be used as a whole is refused at once
    (422). The run's result is the report: what came of days or people, counts by code, the first 1,000
    findings. A whole file or nothing is stored; the same file again changes nothing.
    """
    await _check_station(runtime, caller, asked)
    check_kind(request, "text/plain")

    async def params_of(path: Path) -> CrewImportParams:
        kind = await _inspect(runtime, caller, path, asked)
        return CrewImportParams(**{**asked.model_dump(), "kind": kind}, upload=path.name)

    return await start_import(request, runtime, caller, JOB, params_of, most=LARGEST)


@router.get(
    "/imports/{run_id}/findings",
    operation_id="crew_import_findings",
    summary="All findings of an import, as CSV",
    response_class=FileResponse,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": _FINDINGS}}},
        **problem_responses(401, 403, 404, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(Ask))],
)
async def get_findings(run_id: str, runtime: RuntimeDep, caller: Writer) -> Response:
    """Line, column, code, severity and message of each, and nobody's name; kept for 30 days."""
    run = await import_run(runtime, run_id, JOB)
    if not caller.sees(run.params.get("station", "")):
        raise NotFound(f"there is no import {run_id}")
    return await findings_answer(runtime, run)


async def _check_station(runtime: Runtime, caller: Caller, asked: CrewImportAsk) -> None:
    caller.sites_for(asked.station)
    async with runtime.database.snapshot() as conn:
        await find_station(conn, runtime.settings, asked.station, asked.zone, caller.sees)


async def _inspect(runtime: Runtime, caller: Caller, path: Path, asked: CrewImportAsk) -> str:
    """What the file is. Raises `Invalid` for one that the run would refuse as a whole."""
    kind = await runtime.compute.in_thread(inspected, path, asked.kind)
    if kind == "details":
        caller.require(ADMIN)
    check_instant(kind, asked.as_of, datetime.now(UTC))
    return kind

"""Files in: an upload becomes a run, whose result is the report; all its findings as a CSV."""

import hashlib
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import FileResponse, Response

from service.attendance.files import uploads
from service.attendance.files.inspection import inspected
from service.attendance.files.zones import settled_zone
from service.attendance.queries.sources import select_sources
from service.attendance.router import examples
from service.attendance.router.answers import WRITES, CallDep
from service.attendance.router.documented import PREFIX, TAGS, accepted_responses
from service.core import queries
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.errors import NotAllowed, NotFound
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.problems import PayloadTooLarge, UnsupportedMedia
from service.core.runtime import Runtime
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.runs import run_of
from service.schemas.attendance import ImportAsk, ImportParams
from service.schemas.envelope import Ask, Run

JOB: Final = "attendance.import"
UPLOADS: Final = {f"{PREFIX}/imports": uploads.LARGEST}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV: Final = {"schema": {"type": "string"}, "example": examples.PUNCHES_CSV}
_BLOCK: Final = 1 << 20
Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS)


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
                _XLSX: _BINARY,
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
    _check_kind(request)
    name, digest = await _received(request, runtime)
    path, taken = uploads.upload_path(runtime.settings, name), False
    try:
        await _inspect(runtime, path, asked)

        async def start(conn: WriteConnection) -> Answered:
            nonlocal taken
            run = await runtime.tasks.start(JOB, _params(asked, name), caller.id, conn)
            taken = True
            return Answered(run_of(run), 202, {"Location": f"/v1/runs/{run.id}"})

        return await write_once(runtime.database, request, caller.id, start, digest=digest)
    finally:
        if not taken:
            path.unlink(missing_ok=True)


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
    async with call.runtime.database.read() as conn:
        run = await queries.select_run(conn, _identifier(run_id))
    if run is None or run.job != JOB or call.caller.sites is not None:
        raise NotFound(f"there is no import {run_id}")
    path = uploads.findings_path(call.runtime.settings, run.id)
    if not await call.runtime.compute.in_thread(path.is_file):
        raise NotFound(f"the findings of import {run_id} are not here: kept for {uploads.KEPT.days} days")
    headers = {"Cache-Control": "no-store"}
    return FileResponse(path, headers=headers, media_type="text/csv", filename=f"findings-{run.id}.csv")


def _params(asked: ImportAsk, upload: str) -> ImportParams:
    return ImportParams(**asked.model_dump(), upload=upload)


def _check_kind(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"text/csv", _XLSX, "application/octet-stream"}:
        raise UnsupportedMedia(f"send the file as text/csv, {_XLSX} or application/octet-stream")


async def _received(request: Request, runtime: Runtime) -> tuple[str, bytes]:
    """The name that the body is stored under, and its digest; a body broken off leaves nothing."""
    in_thread, digest, size = runtime.compute.in_thread, hashlib.sha256(), 0
    part = await in_thread(uploads.begun, runtime.settings)
    try:
        file = await in_thread(part.open, "wb")
        try:
            waiting = bytearray()
            async for chunk in request.stream():
                size += len(chunk)
                if size > uploads.LARGEST:
                    raise PayloadTooLarge(f"a file has at most {uploads.LARGEST} bytes")
                digest.update(chunk)
                waiting += chunk
                if len(waiting) >= _BLOCK:
                    await in_thread(file.write, bytes(waiting))
                    waiting.clear()
            await in_thread(file.write, bytes(waiting))
        finally:
            await in_thread(file.close)
        return await in_thread(uploads.finished, part), digest.digest()
    except BaseException:
        part.unlink(missing_ok=True)
        raise


async def _inspect(runtime: Runtime, path: Path, asked: ImportAsk) -> None:
    """Raises `Invalid` for a file that the run would refuse as a whole."""
    async with runtime.database.snapshot() as conn:
        sources = await select_sources(conn)
    settled_zone(sources, asked.source, asked.zone)
    await runtime.compute.in_thread(inspected, path, asked.kind, asked.date_order)


def _identifier(run_id: str) -> UUID:
    try:
        return UUID(run_id)
    except ValueError:
        raise NotFound(f"there is no run {run_id!r}") from None

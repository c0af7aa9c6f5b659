"""`GET /v1/runs/{id}/file`: what an export has written, part by part, until it expires."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from starlette.responses import StreamingResponse

from service.core import queries
from service.core.auth import Caller
from service.core.database import Database
from service.core.errors import Conflict, Gone, NotAllowed, NotFound
from service.core.telemetry import expect_repeats
from service.reporting.completeness import completeness_headers
from service.reporting.desk import Desk
from service.reporting.report import BuildContext
from service.reporting.snapshots import Platform


async def file_response(database: Database, caller: Caller, run: Row[Any]) -> StreamingResponse:
    """The file of a run that the caller may see.

    It shows what its requester may see, so it is theirs (and an admin's) alone: `NotAllowed` for others.
    `Conflict` while it is being written, `Gone` once it has expired, `NotFound` where there is none.
    """
    if caller.id != run.requested_by and not caller.may("admin"):
        raise NotAllowed("the file of a run is for whoever asked for it", code="not_yours")
    if run.state in queries.ACTIVE:
        raise Conflict(f"run {run.id} is {run.state}; its file is there when it is done", code="run_active")
    async with database.read() as conn:
        file = await queries.select_file(conn, run.id)
    if file is None and (run.result or {}).get("file"):
        raise Gone(f"the file of run {run.id} has expired; export it again", code="file_expired")
    if file is None:
        raise NotFound(f"run {run.id} has no file")
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size_bytes),
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
        **completeness_headers((run.result or {}).get("complete") is True),
    }
    return StreamingResponse(_parts(database, run.id), headers=headers, media_type=file.media_type)


async def require_still_seen(platform: Platform, desk: Desk, caller: Caller, run: Row[Any]) -> None:
    """Note that a file is read, of a desk where not everybody may see everybody.

    Raises what the report raises where the caller may not see whom it is about any more, and `NotFound` for a
    file that is no report's: its desk hands it out itself.
    """
    report = desk.report(str(run.params.get("report"))) if run.job == f"{desk.name}.export" else None
    if report is None or report.whom is None:
        raise NotFound(f"run {run.id} has no file")
    caller.require(desk.reads_of(report))
    params = report.params.model_validate(run.params["params"])
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=platform.settings)
    async with platform.database.read() as conn:
        about = await report.whom(conn, params, context)
    await desk.note(platform.database, caller, f"{report.snake}.file", about)


async def _parts(database: Database, run_id: UUID) -> AsyncIterator[bytes]:
    """No connection is held between two parts; a file that goes meanwhile is cut short, never padded."""
    expect_repeats("a file is read part by part, so that it takes no more memory than one")
    number = 0
    while True:
        async with database.read() as conn:
            part = await queries.select_file_part(conn, run_id, number)
        if part is None:
            return
        yield part
        number += 1

"""`GET /v1/runs/{id}/file`: what an export has written, part by part, until it expires."""

from collections.abc import AsyncIterator
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

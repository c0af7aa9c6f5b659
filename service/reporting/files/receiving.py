"""The HTTP of files: a body becomes an upload, and the findings of its import a CSV."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from sqlalchemy import Row
from starlette.responses import FileResponse, Response

from service.core import queries
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import NotFound
from service.core.idempotency import Answered, write_once
from service.core.problems import PayloadTooLarge, UnsupportedMedia
from service.core.runtime import Runtime
from service.reporting.files import uploads
from service.reporting.runs import run_of
from service.schemas.envelope import Ask

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BLOCK: Final = 1 << 20


def check_kind(request: Request, *more: str) -> None:
    """Raises `UnsupportedMedia` for a body that says it is something else than a file of ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"text/csv", XLSX, "application/octet-stream", *more}:
        raise UnsupportedMedia(f"send the file as text/csv, {XLSX} or application/octet-stream")


async def received(request: Request, runtime: Runtime, most: int = uploads.LARGEST) -> tuple[str, bytes]:
    """The name that the body is stored under, and its digest; a body broken off leaves nothing.

    Raises `PayloadTooLarge` beyond `most` bytes.
    """
    in_thread, digest, size = runtime.compute.in_thread, hashlib.sha256(), 0
    part = await in_thread(uploads.begun, runtime.settings)
    try:
        file = await in_thread(part.open, "wb")
        try:
            waiting = bytearray()
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise PayloadTooLarge(f"a file has at most {most} bytes")
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


async def start_import(
    request: Request,
    runtime: Runtime,
    caller: Caller,
    job: str,
    params_of: Callable[[Path], Awaitable[Ask]],
    *,
    most: int = uploads.LARGEST,
) -> Response:
    """The body becomes an upload, and the upload a run of `job` (202); one that starts none is forgotten.

    `params_of` looks at the upload, whose name here is that of its path, and says what the run is to know; it
    raises for a file that the run would refuse as a whole.
    """
    name, digest = await received(request, runtime, most)
    path, taken = uploads.upload_path(runtime.settings, name), False
    try:
        params = await params_of(path)

        async def start(conn: WriteConnection) -> Answered:
            nonlocal taken
            run = await runtime.tasks.start(job, params, caller.id, conn)
            taken = True
            return Answered(run_of(run), 202, {"Location": f"/v1/runs/{run.id}"})

        return await write_once(runtime.database, request, caller.id, start, digest=digest)
    finally:
        if not taken:
            path.unlink(missing_ok=True)


async def import_run(runtime: Runtime, run_id: str, job: str) -> Row[Any]:
    """The import of that job and number. Raises `NotFound`."""
    try:
        number = UUID(run_id)
    except ValueError:
        raise NotFound(f"there is no run {run_id!r}") from None
    async with runtime.database.read() as conn:
        run = await queries.select_run(conn, number)
    if run is None or run.job != job:
        raise NotFound(f"there is no import {run_id}")
    return run


async def findings_answer(runtime: Runtime, run: Row[Any]) -> Response:
    """All findings of an import, as CSV. Raises `NotFound` where they are no longer kept."""
    path = uploads.findings_path(runtime.settings, run.id)
    if not await runtime.compute.in_thread(path.is_file):
        raise NotFound(f"the findings of import {run.id} are not here: kept for {uploads.KEPT.days} days")
    headers = {"Cache-Control": "no-store"}
    return FileResponse(path, headers=headers, media_type="text/csv", filename=f"findings-{run.id}.csv")

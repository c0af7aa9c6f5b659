"""A copy of a child's data: asked for, found, downloaded three times at most (spec E6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from starlette.responses import StreamingResponse

from service.access import audit
from service.children.door import admit, hide
from service.children.queries import requests
from service.children.rights.copying import JOB
from service.children.rights.keeping import opened
from service.children.rules.permissions import Action
from service.core import queries
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Gone, Invalid, RateLimited
from service.core.runtime import Runtime
from service.core.sealing import Sealer
from service.schemas.children.rights import DataExport, DataExportAsk, DataExportParams

MOST_A_DAY: Final = 3
"""Copies of a child in a day (UTC)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A copy that was asked for; `fresh`: by this request."""

    export: DataExport
    fresh: bool


async def ask_for_copy(
    runtime: Runtime, conn: WriteConnection, caller: Caller, child_id: int, asked: DataExportAsk
) -> Asked:
    """Queue a copy, or find the same one of today. Raises as `admit`, `Invalid` and `RateLimited`."""
    await admit(conn, caller, child_id, Action.EXPORT, "export.create", lock=True)
    _check_dates(asked)
    params = _params(asked)
    today = await requests.select_exports_of_today(conn, child_id)
    for row in today:
        same = row.params == params and row.requested_by == caller.person
        if same and row.state in ("queued", "running", "ready"):
            return Asked(shown(row), fresh=False)
    if len(today) >= MOST_A_DAY:
        raise RateLimited(
            f"there are {MOST_A_DAY} copies of this child today; ask again tomorrow (UTC)",
            retry_after=_until_midnight(datetime.now(UTC)),
        )
    return Asked(await _queued(runtime, conn, caller, child_id, params), fresh=True)


async def _queued(
    runtime: Runtime, conn: WriteConnection, caller: Caller, child_id: int, params: Mapping[str, Any]
) -> DataExport:
    values = {
        "kind": "export",
        "state": "queued",
        "child_id": child_id,
        "requested_by": caller.person,
        "params": dict(params),
    }
    request_id = await requests.insert_request(conn, values)
    assert request_id is not None  # only erasures exclude each other
    run = await runtime.tasks.start(JOB, DataExportParams(request=request_id), caller.id, conn)
    await requests.update_request(conn, request_id, run_id=run.id)
    await audit.record(conn, caller, "export.create", f"export:{request_id}", child_id=child_id)
    row = await requests.select_export(conn, caller, request_id)
    assert row is not None
    return shown(row)


async def find_export(conn: ReadConnection, caller: Caller, export_id: UUID, what: str) -> Row[Any]:
    """A copy that the caller asked for and may still take out. Raises `Hidden` and `LevelTooLow`."""
    row = await requests.select_export(conn, caller, export_id)
    if row is None:
        await hide(conn, caller, what, requests.child_of(export_id, "export"))
    await admit(conn, caller, row.child_id, Action.EXPORT, what)
    return row


async def download(runtime: Runtime, caller: Caller, export_id: UUID) -> StreamingResponse:
    """The file, and one download less. Raises `Conflict` before it is there, `Gone` when it is past."""
    async with runtime.database.write() as conn:
        row = await find_export(conn, caller, export_id, "export.download")
        if not await requests.count_download(conn, caller, export_id):
            raise _not_there(row)
        await audit.record(conn, caller, "export.download", f"export:{export_id}", child_id=row.child_id)
        file = await queries.select_file(conn, row.run_id)
    if file is None:
        raise Gone("the file of this copy is gone; ask for a new one", code="export_expired")
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size_bytes),
        "X-Content-Type-Options": "nosniff",
    }
    pieces = opened(runtime.database, Sealer.of(runtime.settings), row.run_id)
    return StreamingResponse(pieces, headers=headers, media_type=file.media_type)


def shown(row: Row[Any]) -> DataExport:
    """A row of `requests.requests` as it travels."""
    ready = row.state == "ready"
    return DataExport.model_validate(
        {
            **row.params,
            "id": row.id,
            "child_id": row.child_id,
            "state": row.state,
            "requested_at": row.created_at,
            "ready_at": row.ready_at,
            "expires_at": row.expires_at,
            "downloads_left": requests.MOST_DOWNLOADS - row.downloads,
            "bytes": row.size_bytes if ready else None,
            "sha256": row.sha256 if ready else None,
        }
    )


def _not_there(row: Row[Any]) -> Conflict | Gone:
    if row.state == "expired":
        return Gone("this copy can be downloaded no more; ask for a new one", code="export_expired")
    return Conflict(
        f"this copy is {row.state}; it can be downloaded when it is ready", code="export_not_ready"
    )


def _check_dates(asked: DataExportAsk) -> None:
    if asked.from_ is not None and asked.to is not None and asked.from_ > asked.to:
        detail = "`from` is after `to`"
        raise Invalid(detail, errors=[FieldError("/body/from", "invalid_range", detail)])


def _params(asked: DataExportAsk) -> dict[str, Any]:
    """What was asked, so that the same is recognised: sections in one order, each once."""
    params = asked.model_dump(mode="json", by_alias=True)
    if asked.include is not None:
        params["include"] = sorted(set(asked.include))
    return params


def _until_midnight(now: datetime) -> int:
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, int((tomorrow - now).total_seconds()))

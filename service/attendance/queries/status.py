"""How far the mirror of the upstream is, for people to read."""

from datetime import datetime

from sqlalchemy import case, func, select

from service.attendance.models import Source, SyncCursor, SyncWindow
from service.attendance.queries.completeness import FILE
from service.core.database import ReadConnection
from service.core.queries import select_last_run
from service.schemas.attendance import SyncStatus
from service.schemas.attendance.jobs import DoctypeStatus


async def sync_status(conn: ReadConnection, now: datetime) -> SyncStatus:
    """Every document type with phase, watermark, lag at `now` and open gaps; and the last run.

    The source is the upstream, without one the first source of files; before anything came there is none, and
    no document types.
    """
    upstream_first = (Source.kind == FILE, Source.id)
    first = select(Source.id, Source.base_url, Source.time_zone).order_by(*upstream_first).limit(1)
    source = (await conn.execute(first)).one_or_none()
    last = await select_last_run(conn, "attendance.sync")
    return SyncStatus(
        source=source and source.base_url,
        time_zone=source and source.time_zone,
        last_run=last and str(last.id),
        last_run_state=last and last.state,
        doctypes=[] if source is None else await _doctypes(conn, source.id, now),
    )


async def _doctypes(conn: ReadConnection, source_id: int, now: datetime) -> list[DoctypeStatus]:
    holes = func.count(case((SyncWindow.state == "gap", 1)))
    of_cursor = (SyncWindow.source_id == SyncCursor.source_id) & (SyncWindow.doctype == SyncCursor.doctype)
    statement = (
        select(SyncCursor.doctype, SyncCursor.phase, SyncCursor.complete_through, holes.label("holes"))
        .outerjoin(SyncWindow, of_cursor)
        .where(SyncCursor.source_id == source_id)
        .group_by(SyncCursor.doctype, SyncCursor.phase, SyncCursor.complete_through)
        .order_by(SyncCursor.doctype)
    )
    return [
        DoctypeStatus(
            doctype=row.doctype,
            phase=row.phase,
            complete_through=row.complete_through,
            lag_seconds=row.complete_through and max(0, int((now - row.complete_through).total_seconds())),
            open_gaps=row.holes,
        )
        for row in await conn.execute(statement)
    ]

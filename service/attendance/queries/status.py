"""How far the mirror of the upstream is, for people to read."""

from datetime import datetime

from sqlalchemy import case, func, select

from service.attendance.models import Source, SyncCursor, SyncWindow
from service.attendance.queries.completeness import FILE, REQUIRED
from service.core.database import ReadConnection
from service.core.queries import select_last_run
from service.reporting.desk import SourceState
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


async def source_states(conn: ReadConnection) -> list[SourceState]:
    """Every upstream that was read: when it was asked last, and the instant before which all is here."""
    needed = SyncCursor.doctype.in_(REQUIRED)
    # One document type that was never loaded, and nothing is complete.
    all_loaded = func.count(SyncCursor.complete_through).filter(needed) == func.count().filter(needed)
    through = case((all_loaded, func.min(SyncCursor.complete_through).filter(needed)))
    statement = (
        select(
            Source.kind,
            Source.base_url,
            func.max(SyncCursor.checked_at).label("asked"),
            through.label("through"),
        )
        .outerjoin(SyncCursor, SyncCursor.source_id == Source.id)
        .where(Source.kind != FILE)
        .group_by(Source.id)
        .order_by(Source.id)
    )
    return [
        SourceState(row.kind, row.base_url, row.asked, row.through) for row in await conn.execute(statement)
    ]

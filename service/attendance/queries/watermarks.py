"""Statements on how far the mirror has come: cursors, windows and gaps, completeness."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.attendance.models import SyncCursor, SyncWindow
from service.core.database import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a document type stands: phase `new`, `loading`, `live`; `modified` is the upstream's own text."""

    doctype: str
    phase: str = "new"
    modified: str | None = None
    name: str | None = None
    complete_through: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch to fetch or compare, of names or of the site's time; state `gap` is a known hole."""

    id: int
    doctype: str
    kind: str
    lower: str
    upper: str
    from_time: datetime | None
    to_time: datetime | None
    state: str
    checkpoint: str | None
    expected_count: int | None
    got_count: int
    attempts: int
    reason: str | None
    updated_at: datetime


_WINDOW = tuple(getattr(SyncWindow, name) for name in Window.__slots__)


async def select_cursors(conn: ReadConnection, source_id: int) -> dict[str, Cursor]:
    """The cursors of a source by document type."""
    columns = (getattr(SyncCursor, name) for name in Cursor.__slots__)
    rows = await conn.execute(select(*columns).where(SyncCursor.source_id == source_id))
    return {row.doctype: Cursor(*row) for row in rows}


async def put_cursor(conn: WriteConnection, source_id: int, doctype: str, **values: Any) -> None:
    """Store these parts of a cursor (`phase`, `modified`, `name`, `complete_through`, `checked_at`)."""
    known = values | {"updated_at": func.now()}
    statement = upsert(SyncCursor).values(source_id=source_id, doctype=doctype, **known)
    await conn.execute(statement.on_conflict_do_update(index_elements=["source_id", "doctype"], set_=known))


async def restart_cursors(conn: WriteConnection, source_id: int) -> None:
    """Forget how far everything has come: all is read again (the source's zone was wrong)."""
    await conn.execute(
        update(SyncCursor)
        .where(SyncCursor.source_id == source_id)
        .values(phase="new", modified=None, name=None, complete_through=None)
    )
    await conn.execute(delete(SyncWindow).where(SyncWindow.source_id == source_id))


async def put_window(
    conn: WriteConnection, source_id: int, doctype: str, kind: str, lower: str, upper: str, **values: Any
) -> int:
    """Make a window, or set these parts of the one that is there; returns its id."""
    known = values | {"updated_at": func.now()}
    statement = upsert(SyncWindow).values(
        source_id=source_id, doctype=doctype, kind=kind, lower=lower, upper=upper, **known
    )
    statement = statement.on_conflict_do_update(
        index_elements=["source_id", "doctype", "kind", "lower", "upper"], set_=known
    )
    return int((await conn.execute(statement.returning(SyncWindow.id))).scalar_one())


async def update_window(conn: WriteConnection, window_id: int, **values: Any) -> None:
    """Set these parts of a window."""
    known = values | {"updated_at": func.now()}
    await conn.execute(update(SyncWindow).where(SyncWindow.id == window_id).values(**known))


async def remove_window(conn: WriteConnection, window_id: int) -> None:
    """Drop a window that others take the place of."""
    await conn.execute(delete(SyncWindow).where(SyncWindow.id == window_id))


async def select_window(conn: ReadConnection, window_id: int) -> Window:
    """One window."""
    row = (await conn.execute(select(*_WINDOW).where(SyncWindow.id == window_id))).one()
    return Window(*row)


async def find_window(
    conn: ReadConnection, source_id: int, doctype: str, kind: str, lower: str, upper: str
) -> Window | None:
    """The window with these bounds, if it was ever made."""
    query = select(*_WINDOW).where(
        SyncWindow.source_id == source_id,
        SyncWindow.doctype == doctype,
        SyncWindow.kind == kind,
        SyncWindow.lower == lower,
        SyncWindow.upper == upper,
    )
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else Window(*row)


async def select_windows(
    conn: ReadConnection,
    source_id: int,
    *,
    doctype: str | None = None,
    states: Iterable[str] = ("open", "gap"),
) -> list[Window]:
    """Windows in these states, in the order they were made."""
    query = select(*_WINDOW).where(SyncWindow.source_id == source_id, SyncWindow.state.in_(list(states)))
    if doctype is not None:
        query = query.where(SyncWindow.doctype == doctype)
    return [Window(*row) for row in await conn.execute(query.order_by(SyncWindow.id))]


async def forget_windows(
    conn: WriteConnection, source_id: int, doctype: str, kind: str, *, but_gaps: bool = False
) -> set[tuple[str, str]]:
    """Drop the windows of a document type that will be made anew; gives the bounds of those that stay."""
    mine = (SyncWindow.source_id == source_id, SyncWindow.doctype == doctype, SyncWindow.kind == kind)
    kept = SyncWindow.state == "gap" if but_gaps else false()
    await conn.execute(delete(SyncWindow).where(*mine, ~kept))
    rows = await conn.execute(select(SyncWindow.lower, SyncWindow.upper).where(*mine))
    return {(row.lower, row.upper) for row in rows}


async def close_row_gaps(conn: WriteConnection, source_id: int, doctype: str, names: Iterable[str]) -> int:
    """Close the gaps of single documents that can be read now, or are gone."""
    statement = delete(SyncWindow).where(
        SyncWindow.source_id == source_id,
        SyncWindow.doctype == doctype,
        SyncWindow.kind == "names",
        SyncWindow.lower == SyncWindow.upper,
        SyncWindow.lower.in_(list(names)),
        SyncWindow.lower != "",
    )
    return (await conn.execute(statement)).rowcount


async def close_doctype_gap(conn: WriteConnection, source_id: int, doctype: str) -> int:
    """Close the gap that says that all of a document type is in doubt."""
    statement = delete(SyncWindow).where(
        SyncWindow.source_id == source_id,
        SyncWindow.doctype == doctype,
        SyncWindow.kind == "names",
        SyncWindow.lower == "",
        SyncWindow.upper == "",
    )
    return (await conn.execute(statement)).rowcount


async def open_gaps(
    conn: ReadConnection, start: datetime, end: datetime, doctypes: Iterable[str] | None = None
) -> list[Window]:
    """Known holes that may hold something of `start` <= local time < `end`, of any source.

    A hole whose times are not known may hold anything. Windows still being read are no holes: while a
    document type loads for the first time, its `complete_through` is null, and where a mirror in use is read
    again nothing is missing meanwhile. What is left to read of a gap stays a gap.
    """
    query = select(*_WINDOW).where(
        SyncWindow.state == "gap",
        or_(SyncWindow.from_time.is_(None), SyncWindow.from_time < end),
        or_(SyncWindow.to_time.is_(None), SyncWindow.to_time > start),
    )
    if doctypes is not None:
        query = query.where(SyncWindow.doctype.in_(list(doctypes)))
    return [Window(*row) for row in await conn.execute(query.order_by(SyncWindow.id))]

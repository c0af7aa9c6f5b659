"""How far the mirror is complete for a range of days: watermarks, open gaps, days not yet recomputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import text

from service.attendance.queries.watermarks import Window, open_gaps
from service.core.database import ReadConnection

# Days stand on all of these; a site without the last two is complete without them.
REQUIRED = (
    "Employee",
    "Employee Checkin",
    "Shift Type",
    "Shift Assignment",
    "Holiday List",
    "Leave Application",
)
OPTIONAL = ("Leave Type", "Attendance Request", "Holiday List Assignment", "Company")
FILE: Final = "file"
"""The kind of a source whose rows come from files; what it never brought, it does not have."""
_LEAST_OF_FILES = ("Employee", "Employee Checkin")


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What a report over some days may know of its sources; `zone` is None before the first sync."""

    zone: str | None
    watermarks: dict[str, datetime | None]
    gaps: Sequence[Window]
    dirty_days: int

    @property
    def complete_through(self) -> datetime | None:
        """The instant before which every source is complete; None while one never was."""
        if any(instant is None for instant in self.watermarks.values()):
            return None
        return min(instant for instant in self.watermarks.values() if instant is not None)


async def select_zone(conn: ReadConnection) -> str | None:
    """The zone of the source's clocks."""
    zone = await conn.scalar(text("SELECT time_zone FROM attendance.source ORDER BY id LIMIT 1"))
    return None if zone is None else str(zone)


async def select_complete_through(
    conn: ReadConnection, required: Sequence[str] = REQUIRED, optional: Sequence[str] = OPTIONAL
) -> dict[str, datetime | None]:
    """Complete through when, by document type; a required one that was never begun is there as None.

    A source of files stands beside the upstream with what it brought, as `file:clock Employee Checkin`. Where
    there are files only, they must have brought people and check-ins.
    """
    wanted = (*required, *optional)
    rows = (await conn.execute(_WATERMARKS, {"wanted": list(wanted)})).all()
    upstream = {row.doctype: row.complete_through for row in rows if row.kind != FILE}
    files = {
        (row.base_url, row.doctype): row.complete_through for row in rows if row.kind == FILE and row.doctype
    }
    if any(row.kind != FILE for row in rows) or not rows:
        needed: dict[str, datetime | None] = {
            doctype: upstream.get(doctype) for doctype in wanted if doctype in required or doctype in upstream
        }
    else:
        brought = {doctype for _, doctype in files}
        needed = {
            doctype: None for doctype in _LEAST_OF_FILES if doctype in required and doctype not in brought
        }
    return needed | {f"{url} {doctype}": instant for (url, doctype), instant in files.items()}


_WATERMARKS = text("""
    SELECT s.kind, s.base_url, c.doctype, c.complete_through
    FROM attendance.source AS s LEFT JOIN attendance.sync_cursor AS c
      ON c.source_id = s.id AND c.phase <> 'absent' AND c.doctype = ANY(CAST(:wanted AS text[]))
    ORDER BY s.id, c.doctype
""")


async def select_freshness(conn: ReadConnection) -> dict[str, datetime | None]:
    """Complete through when, by document type; empty before anything was recorded."""
    return {} if await select_zone(conn) is None else await select_complete_through(conn)


async def select_watermark(conn: ReadConnection) -> datetime | None:
    """The instant before which everything that days stand on is known."""
    return MirrorState(None, await select_complete_through(conn), (), 0).complete_through


async def select_mirror_state(
    conn: ReadConnection, start: date, end: date, people: Sequence[int] | None = None
) -> MirrorState:
    """Watermarks, and what is open within a range of dates (of these people, or of all)."""
    # A shift across midnight takes punches of the day before and the day after.
    first = datetime.combine(start - timedelta(days=1), time())
    last = datetime.combine(end + timedelta(days=2), time())
    dirty = await conn.scalar(
        text("""
            SELECT count(*) FROM attendance.dirty_day
            WHERE work_date BETWEEN :start AND :end
              AND (CAST(:people AS int[]) IS NULL OR person_id = ANY(:people))
        """),
        {"start": start, "end": end, "people": None if people is None else list(people)},
    )
    return MirrorState(
        zone=await select_zone(conn),
        watermarks=await select_complete_through(conn),
        gaps=await open_gaps(conn, first, last, (*REQUIRED, *OPTIONAL)),
        dirty_days=int(dirty or 0),
    )

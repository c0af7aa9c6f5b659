"""Calendars: listed, replaced as a whole, removed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_SHOWN: Final = """
    SELECT c.id, c.name, c.tz, c.row_version,
           coalesce((SELECT jsonb_agg(jsonb_build_object('weekday', s.weekday, 'start', s.start_time,
                                                         'end', s.end_time, 'efficiency', s.efficiency::text)
                                      ORDER BY s.weekday, s.start_time)
                     FROM mill.calendar_shifts s WHERE s.calendar_id = c.id), '[]') AS shifts,
           coalesce((SELECT jsonb_agg(jsonb_build_object('day', e.day, 'working', e.working,
                                                         'start', e.start_time, 'end', e.end_time)
                                      ORDER BY e.day)
                     FROM mill.calendar_exceptions e WHERE e.calendar_id = c.id), '[]') AS days,
           ARRAY(SELECT w.code FROM mill.work_centers w WHERE w.calendar_id = c.id
                 ORDER BY 1) AS work_centers,
           ARRAY(SELECT m.machine_code FROM mill.machines m WHERE m.calendar_id = c.id
                 ORDER BY 1) AS machines
    FROM mill.calendars c
"""
_ALL = text(f"{_SHOWN} ORDER BY c.name")
_ONE = text(f"{_SHOWN} WHERE c.name = :name")
_LOCK = text("SELECT id, row_version FROM mill.calendars WHERE name = :name FOR UPDATE")
_ADD = text("""
    INSERT INTO mill.calendars (name, tz) VALUES (:name, :zone) ON CONFLICT (name) DO NOTHING RETURNING id
""")
_CHANGE = text("UPDATE mill.calendars SET tz = :zone, row_version = row_version + 1 WHERE id = :id")
_CLEAR = (
    text("DELETE FROM mill.calendar_shifts WHERE calendar_id = :id"),
    text("DELETE FROM mill.calendar_exceptions WHERE calendar_id = :id"),
)
_SHIFTS = text("""
    INSERT INTO mill.calendar_shifts (calendar_id, weekday, start_time, end_time, efficiency)
    SELECT :id, s.weekday, s.start, s."end", s.efficiency
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS s (weekday smallint, start time, "end" time, efficiency numeric)
""")
_DAYS = text("""
    INSERT INTO mill.calendar_exceptions (calendar_id, day, working, start_time, end_time)
    SELECT :id, d.day, d.working, d.start, d."end"
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d (day date, working boolean, start time, "end" time)
""")
_CENTERS = text("""
    UPDATE mill.work_centers SET calendar_id = CASE WHEN code = ANY (CAST(:codes AS text[])) THEN :id END
    WHERE calendar_id = :id OR code = ANY (CAST(:codes AS text[]))
""")
_MACHINES = text("""
    UPDATE mill.machines
    SET calendar_id = CASE WHEN machine_code = ANY (CAST(:codes AS text[])) THEN :id END,
        row_version = row_version + 1
    WHERE (calendar_id = :id) IS DISTINCT FROM (machine_code = ANY (CAST(:codes AS text[])))
      AND (calendar_id = :id OR machine_code = ANY (CAST(:codes AS text[])))
""")
_DELETE = text("DELETE FROM mill.calendars WHERE id = :id")
_UNKNOWN_CENTERS = text("""
    SELECT code FROM unnest(CAST(:codes AS text[])) AS one (code)
    WHERE NOT EXISTS (SELECT FROM mill.work_centers w WHERE w.code = one.code) ORDER BY code
""")
_UNKNOWN_MACHINES = text("""
    SELECT code FROM unnest(CAST(:codes AS text[])) AS one (code)
    WHERE NOT EXISTS (SELECT FROM mill.machines m WHERE m.machine_code = one.code) ORDER BY code
""")


async def select_all_calendars(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Every calendar with its shifts, its days and who follows it."""
    return (await conn.execute(_ALL)).all()


async def select_calendar(conn: ReadConnection, name: str) -> Row[Any] | None:
    """One of them."""
    return (await conn.execute(_ONE, {"name": name})).one_or_none()


async def lock_calendar(conn: WriteConnection, name: str) -> Row[Any] | None:
    """Its number and version, so that nobody else changes it meanwhile."""
    return (await conn.execute(_LOCK, {"name": name})).one_or_none()


async def add_calendar(conn: WriteConnection, name: str, zone: str) -> int | None:
    """A new calendar without a shift; None: somebody else was quicker."""
    return (await conn.execute(_ADD, {"name": name, "zone": zone})).scalar_one_or_none()


async def change_calendar(conn: WriteConnection, number: int, zone: str) -> None:
    """Take its shifts and days away; it is at its next version."""
    await conn.execute(_CHANGE, {"id": number, "zone": zone})
    for statement in _CLEAR:
        await conn.execute(statement, {"id": number})


async def fill_calendar(
    conn: WriteConnection, number: int, shifts: Sequence[Mapping[str, Any]], days: Sequence[Mapping[str, Any]]
) -> None:
    """Give an empty calendar its shifts and days."""
    for statement, rows in ((_SHIFTS, shifts), (_DAYS, days)):
        await conn.execute(statement, {"id": number, "rows": orjson.dumps(list(rows)).decode()})


async def follow_calendar(
    conn: WriteConnection, number: int, centers: Sequence[str] | None, machines: Sequence[str] | None
) -> None:
    """These and nobody else follow it; None leaves them as they are."""
    for statement, codes in ((_CENTERS, centers), (_MACHINES, machines)):
        if codes is not None:
            await conn.execute(statement, {"id": number, "codes": list(codes)})


async def delete_calendar(conn: WriteConnection, number: int) -> None:
    """Remove it; who followed it works round the clock."""
    await follow_calendar(conn, number, [], [])
    await conn.execute(_DELETE, {"id": number})


async def select_unknown(
    conn: ReadConnection, centers: Sequence[str], machines: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Which of these work centres and machines there are not."""
    found = await conn.execute(_UNKNOWN_CENTERS, {"codes": list(centers)})
    others = await conn.execute(_UNKNOWN_MACHINES, {"codes": list(machines)})
    return list(found.scalars()), list(others.scalars())

"""Statements that keep weekly schedules and the sites of devices."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection


async def people_without_schedule(conn: ReadConnection, site: str) -> list[tuple[str, str]]:
    """(number, default shift type) of people of a site who have no weekly schedule and no assignment."""
    rows = await conn.execute(
        text("""
            SELECT p.upstream_name AS number, t.name AS shift_type
            FROM attendance.person p JOIN attendance.site s ON s.id = p.site_id
            JOIN attendance.shift_type t ON t.id = p.default_shift_type_id
            WHERE s.name = :site AND p.deleted_at IS NULL AND t.end_time > t.start_time
              AND NOT EXISTS (SELECT FROM attendance.weekly_schedule w WHERE w.person_id = p.id)
              AND NOT EXISTS (SELECT FROM attendance.shift_assignment a WHERE a.person_id = p.id)
            ORDER BY p.upstream_name
        """),
        {"site": site},
    )
    return [(row.number, row.shift_type) for row in rows]


async def insert_schedule(conn: WriteConnection, values: Mapping[str, Any]) -> int | None:
    """One weekday of a schedule; None where the very same row stands already."""
    names = ", ".join(values)
    given = ", ".join(f":{name}" for name in values)
    statement = (
        f"INSERT INTO attendance.weekly_schedule ({names}) VALUES ({given})"  # noqa: S608 - names of ours
        " ON CONFLICT (person_id, weekday, half, priority, valid_from, shift_type_id) DO NOTHING RETURNING id"
    )
    made = await conn.scalar(text(statement), dict(values))
    return None if made is None else int(made)


async def end_schedule(conn: WriteConnection, schedule_id: int, valid_to: date) -> Row[Any] | None:
    """Set the last date a row holds; None where there is none, or it would end before it begins.

    Gives person_id and `was_to`, the last date before.
    """
    statement = text("""
        WITH before AS (SELECT id, valid_to FROM attendance.weekly_schedule WHERE id = :id FOR UPDATE)
        UPDATE attendance.weekly_schedule AS w SET valid_to = :valid_to FROM before
        WHERE w.id = before.id AND w.valid_from <= :valid_to
        RETURNING w.person_id, w.valid_from, before.valid_to AS was_to
    """)
    return (await conn.execute(statement, {"id": schedule_id, "valid_to": valid_to})).one_or_none()


async def map_device(conn: WriteConnection, name: str, site_id: int | None) -> list[int]:
    """Say where the devices of a name hang; the ids of those it changes."""
    statement = text("""
        UPDATE attendance.device SET site_id = :site
        WHERE name = :name AND site_id IS DISTINCT FROM :site RETURNING id
    """)
    return list((await conn.execute(statement, {"name": name, "site": site_id})).scalars())

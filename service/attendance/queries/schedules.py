"""Statements that keep weekly schedules and the sites of devices."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import WriteConnection


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

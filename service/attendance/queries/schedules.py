"""Statements that keep weekly schedules and the sites of devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import Row, select, text

from service.attendance.models import ShiftType
from service.core.database import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class KnownShift:
    """A shift type, and the source that knows it."""

    id: int
    name: str
    source_id: int
    start_time: time
    end_time: time


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """One weekday of a weekly schedule; `shift` is the name of its shift type, without case."""

    person_id: int
    shift: str
    weekday: int
    half: str
    priority: int
    valid_from: date
    valid_to: date | None

    @property
    def without_end(self) -> "WeeklyRow":
        """What makes it this row and no other."""
        return replace(self, valid_to=None)


async def select_shift_types(conn: ReadConnection) -> list[KnownShift]:
    """The shift types of all sources, the first source's last."""
    columns = (ShiftType.id, ShiftType.name, ShiftType.source_id, ShiftType.start_time, ShiftType.end_time)
    query = select(*columns).where(ShiftType.deleted_at.is_(None))
    order = (ShiftType.source_id.desc(), ShiftType.id.desc())
    return [KnownShift(*row) for row in await conn.execute(query.order_by(*order))]


async def merge_schedules(
    conn: WriteConnection,
    rows: Sequence[WeeklyRow],
    shift_types: Mapping[str, int],
    *,
    created_by: str,
    with_ends: bool,
) -> Sequence[Row[Any]]:
    """Make rows stand, none of them twice; `with_ends`: rows that stand get these ends.

    Gives what was made or changed: person_id, valid_from, valid_to, `known` (it stood before), `was_to`.
    """
    statement = text("""
        WITH given AS (
            SELECT * FROM unnest(
                CAST(:people AS int[]), CAST(:shifts AS int[]), CAST(:weekdays AS smallint[]),
                CAST(:halves AS text[]), CAST(:priorities AS smallint[]), CAST(:starts AS date[]),
                CAST(:ends AS date[])
            ) AS g (person_id, shift_type_id, weekday, half, priority, valid_from, valid_to)
        ), before AS (
            SELECT w.id, w.valid_to FROM attendance.weekly_schedule AS w
            JOIN given USING (person_id, shift_type_id, weekday, half, priority, valid_from)
        ), made AS (
            INSERT INTO attendance.weekly_schedule AS w (
                person_id, shift_type_id, weekday, half, priority, valid_from, valid_to, created_by
            ) SELECT given.*, CAST(:created_by AS text) FROM given
            ON CONFLICT (person_id, weekday, half, priority, valid_from, shift_type_id)
            DO UPDATE SET valid_to = excluded.valid_to, ended_at = now()
            WHERE CAST(:with_ends AS boolean) AND w.valid_to IS DISTINCT FROM excluded.valid_to
            RETURNING id, person_id, valid_from, valid_to
        )
        SELECT person_id, valid_from, made.valid_to, before.id IS NOT NULL AS known, before.valid_to AS was_to
        FROM made LEFT JOIN before ON before.id = made.id ORDER BY made.id
    """)
    values = {
        "people": [row.person_id for row in rows],
        "shifts": [shift_types[row.shift] for row in rows],
        "weekdays": [row.weekday for row in rows],
        "halves": [row.half for row in rows],
        "priorities": [row.priority for row in rows],
        "starts": [row.valid_from for row in rows],
        "ends": [row.valid_to for row in rows],
        "created_by": created_by,
        "with_ends": with_ends,
    }
    return (await conn.execute(statement, values)).all()


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
        UPDATE attendance.weekly_schedule AS w SET valid_to = :valid_to, ended_at = now() FROM before
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

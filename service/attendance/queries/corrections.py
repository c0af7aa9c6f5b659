"""Statements on what people here decided about days: corrections, and the check-ins they add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

MANUAL: Final = "manual"
"""The kind (and address) of the source whose check-ins people here added; no sync ever looks at it."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody a correction may be about: zone of the clocks, site for the data versions."""

    id: int
    zone: str
    site: str | None


async def take_turns(conn: WriteConnection) -> None:
    """Wait until no other transaction is writing corrections, and keep others waiting until this one ends.

    Who looks whether something stands already would not see what another is about to commit.
    """
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('attendance.correction', 0))"))


async def select_whose(conn: ReadConnection, person_id: int) -> Whose:
    """Zone and site of a person."""
    row = (
        await conn.execute(
            text("""
                SELECT p.id, src.time_zone AS zone, s.name AS site
                FROM attendance.person p JOIN attendance.source src ON src.id = p.source_id
                LEFT JOIN attendance.site s ON s.id = p.site_id WHERE p.id = :person
            """),
            {"person": person_id},
        )
    ).one()
    return Whose(row.id, row.zone, row.site)


async def select_status(conn: ReadConnection, person_id: int, day: date, shift: int | None) -> str | None:
    """What the recommended rules say of a day now; None where it was never judged."""
    status = await conn.scalar(
        text("""
            SELECT d.status FROM attendance.day d JOIN attendance.rule_set r ON r.id = d.rule_set_id
            WHERE r.name = 'recommended' AND r.active AND d.person_id = :person AND d.work_date = :day
              AND d.shift_seq = coalesce(:shift, 0)
            ORDER BY r.version DESC LIMIT 1
        """),
        {"person": person_id, "day": day, "shift": shift},
    )
    return None if status is None else str(status)


async def insert_checkin(
    conn: WriteConnection, source_id: int, name: str, values: Mapping[str, Any]
) -> int | None:
    """A check-in of a person here; None where the very same one stands already."""
    found = await conn.scalar(
        text("""
            INSERT INTO attendance.checkin
                (source_id, upstream_name, person_id, local_time, day, at, log_type)
            SELECT :source, :name, :person, :local_time, :day, :at, :log_type
            WHERE NOT EXISTS (
                SELECT FROM attendance.checkin
                WHERE person_id = :person AND local_time = :local_time AND deleted_at IS NULL
                  AND log_type IS NOT DISTINCT FROM :log_type
            )
            RETURNING id
        """),
        {"source": source_id, "name": name, **values},
    )
    return None if found is None else int(found)


async def insert_correction(conn: WriteConnection, values: Mapping[str, Any]) -> int:
    """A correction; its id."""
    names = ", ".join(values)
    given = ", ".join(f":{name}" for name in values)
    statement = f"INSERT INTO attendance.correction ({names}) VALUES ({given}) RETURNING id"  # noqa: S608
    return int(await conn.scalar(text(statement), dict(values)) or 0)


async def revoke_correction(
    conn: WriteConnection, correction_id: int, who: str, reason: str
) -> Row[Any] | None:
    """Revoke a standing correction, and take away the check-in it added; None where none stands."""
    statement = text("""
        WITH revoked AS (
            UPDATE attendance.correction SET revoked_at = now(), revoked_by = :who, revoked_reason = :reason
            WHERE id = :id AND revoked_at IS NULL
            RETURNING person_id, work_date, checkin_id, kind
        ), removed AS (
            UPDATE attendance.checkin SET deleted_at = now()
            WHERE id IN (SELECT checkin_id FROM revoked) RETURNING day
        )
        SELECT person_id, work_date, kind, (SELECT day FROM removed) AS punched_day FROM revoked
    """)
    values = {"id": correction_id, "who": who, "reason": reason}
    return (await conn.execute(statement, values)).one_or_none()


async def select_added(
    conn: ReadConnection, start: date, after: date, people: Sequence[int]
) -> Sequence[Row[Any]]:
    """Check-ins that standing corrections added, by time; and whether the upstream has the same by now."""
    statement = text("""
        SELECT p.upstream_name AS number, c.local_time, c.log_type, c.reason, c.created_by,
               EXISTS (
                   SELECT FROM attendance.checkin o
                   WHERE o.person_id = c.person_id AND o.local_time = c.local_time AND o.deleted_at IS NULL
                     AND o.log_type IS NOT DISTINCT FROM c.log_type AND o.id <> c.checkin_id
               ) AS known_upstream
        FROM attendance.correction c JOIN attendance.person p ON p.id = c.person_id
        WHERE c.kind = 'checkin' AND c.revoked_at IS NULL
          AND c.local_time >= :start AND c.local_time < :after AND c.person_id = ANY(:people)
        ORDER BY c.local_time, p.upstream_name COLLATE "C", c.id
    """)
    values = {"start": start, "after": after, "people": list(people)}
    return (await conn.execute(statement, values)).all()

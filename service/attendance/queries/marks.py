"""Statements by which the sync marks days as possibly out of date.

Marks are inserted and never updated: they only wait for a recompute that is taking them away, and what it has
taken they mark again. While there are no results yet, nothing needs a mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from service.core.database import ReadConnection, WriteConnection


@dataclass(frozen=True, slots=True)
class Span:
    """A person's dates to mark, both included; None: from the first or to the last date with results."""

    person_id: int
    start: date | None
    end: date | None
    cause: str


async def mark_spans(conn: WriteConnection, spans: Iterable[Span], today: date) -> int:
    """Mark whole spans, cut to the dates with results; returns how many days are newly marked."""
    wanted = list(spans)
    if not wanted:
        return 0
    statement = text("""
        INSERT INTO attendance.dirty_day (person_id, work_date, cause)
        SELECT s.person_id, d::date, min(s.cause)
        FROM (
            SELECT min(first.work_date) AS work_date FROM attendance.rule_set AS r, LATERAL (
                SELECT min(work_date) AS work_date FROM attendance.day WHERE rule_set_id = r.id
            ) AS first
        ) AS covered,
        unnest(CAST(:people AS int[]), CAST(:starts AS date[]), CAST(:ends AS date[]),
               CAST(:causes AS text[])) AS s (person_id, start_date, end_date, cause),
        generate_series(CAST(greatest(s.start_date, covered.work_date) AS timestamp),
                        CAST(least(s.end_date, CAST(:today AS date)) AS timestamp), interval '1 day') AS d
        WHERE covered.work_date IS NOT NULL
        GROUP BY s.person_id, d ORDER BY s.person_id, d
        ON CONFLICT DO NOTHING
    """)
    values = {
        "people": [span.person_id for span in wanted],
        "starts": [span.start for span in wanted],
        "ends": [span.end for span in wanted],
        "causes": [span.cause for span in wanted],
        "today": today,
    }
    return (await conn.execute(statement, values)).rowcount


async def mark_around(conn: WriteConnection, days: Iterable[tuple[int, date]], cause: str) -> int:
    """Mark each (person, date) with the day before and the day after (spec E.7)."""
    unique = sorted(set(days))
    if not unique:
        return 0
    statement = text("""
        INSERT INTO attendance.dirty_day (person_id, work_date, cause)
        SELECT DISTINCT t.person_id, t.day + step, CAST(:cause AS text)
        FROM unnest(CAST(:people AS int[]), CAST(:days AS date[])) AS t (person_id, day),
             generate_series(-1, 1) AS step
        ORDER BY 1, 2
        ON CONFLICT DO NOTHING
    """)
    values = {"cause": cause, "people": [person for person, _ in unique], "days": [day for _, day in unique]}
    return (await conn.execute(statement, values)).rowcount


async def mark_punched(conn: WriteConnection, source_id: int) -> int:
    """Mark every punched day and its neighbours after a first load; needless while there are no results."""
    statement = text("""
        INSERT INTO attendance.dirty_day (person_id, work_date, cause)
        SELECT DISTINCT person_id, day + step, 'checkin: first load'
        FROM attendance.checkin, generate_series(-1, 1) AS step
        WHERE source_id = :source_id AND person_id IS NOT NULL AND EXISTS (SELECT FROM attendance.day)
        ORDER BY 1, 2
        ON CONFLICT DO NOTHING
    """)
    return (await conn.execute(statement, {"source_id": source_id})).rowcount


async def mark_dates(conn: WriteConnection, source_id: int, days: Iterable[date], cause: str) -> int:
    """Mark dates with results for everybody: a holiday came or went."""
    statement = text("""
        INSERT INTO attendance.dirty_day (person_id, work_date, cause)
        SELECT DISTINCT r.person_id, r.work_date, CAST(:cause AS text)
        FROM attendance.day AS r JOIN attendance.person AS p ON p.id = r.person_id
        WHERE p.source_id = :source_id AND r.work_date = ANY(CAST(:days AS date[]))
          AND r.rule_set_id IN (SELECT id FROM attendance.rule_set)
        ORDER BY 1, 2
        ON CONFLICT DO NOTHING
    """)
    values = {"cause": cause, "source_id": source_id, "days": sorted(set(days))}
    return (await conn.execute(statement, values)).rowcount


async def people_of_company(conn: ReadConnection, company_id: int) -> list[int]:
    """The people of a company."""
    query = text("SELECT id FROM attendance.person WHERE company_id = :key")
    return list((await conn.execute(query, {"key": company_id})).scalars())


async def people_of_shift_type(conn: ReadConnection, shift_type_id: int) -> list[int]:
    """The people who work a shift type, by assignment, by weekly schedule or by default."""
    query = text("""
        SELECT id FROM attendance.person WHERE default_shift_type_id = :key
        UNION SELECT person_id FROM attendance.shift_assignment WHERE shift_type_id = :key
        UNION SELECT person_id FROM attendance.weekly_schedule WHERE shift_type_id = :key
    """)
    return list((await conn.execute(query, {"key": shift_type_id})).scalars())


async def leaves_of_type(conn: ReadConnection, leave_type_id: int) -> list[tuple[int, date, date]]:
    """(person, first, last date) of the leaves of a type."""
    query = text("SELECT person_id, from_date, to_date FROM attendance.leave WHERE leave_type_id = :key")
    rows = await conn.execute(query, {"key": leave_type_id})
    return [(row.person_id, row.from_date, row.to_date) for row in rows]

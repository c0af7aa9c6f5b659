"""Finds what has to be concluded again: days marked dirty, days not yet covered, days that were pending."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from service.attendance.rules.codes import PendingReason
from service.attendance.rules.ruleset import RuleSet
from service.core.database import ReadConnection, WriteConnection


async def select_rule_sets(conn: ReadConnection) -> dict[int, RuleSet]:
    """The newest active version of each rule set, by id, in the order of their names."""
    rows = await conn.execute(
        text("""
            SELECT DISTINCT ON (name) id, parameters FROM attendance.rule_set
            WHERE active ORDER BY name, version DESC
        """)
    )
    return {row.id: RuleSet.from_json(row.parameters) for row in rows}


async def select_uncovered(
    conn: ReadConnection, rule_set_id: int, horizon: date, today: date
) -> list[tuple[int, date]]:
    """People without a result up to today, each with the first date that has none."""
    rows = await conn.execute(
        text("""
            SELECT p.id, coalesce(last.work_date + 1, CAST(:horizon AS date)) AS start
            FROM attendance.person p LEFT JOIN LATERAL (
                SELECT max(work_date) AS work_date FROM attendance.day
                WHERE rule_set_id = :rule_set AND person_id = p.id
            ) AS last ON true
            WHERE p.deleted_at IS NULL AND coalesce(last.work_date, CAST(:horizon AS date) - 1) < :today
            ORDER BY p.id
        """),
        {"rule_set": rule_set_id, "horizon": horizon, "today": today},
    )
    return [(row.id, row.start) for row in rows]


async def select_due(
    conn: ReadConnection, watermark: datetime | None, today: date, horizon: date
) -> list[tuple[int, date, date]]:
    """(person, first, last) by month of days that are marked dirty, or pending without need any more."""
    rows = await conn.execute(
        text("""
            SELECT person_id, min(work_date) AS first, max(work_date) AS last FROM (
                SELECT person_id, work_date FROM attendance.dirty_day
                WHERE work_date BETWEEN :horizon AND :today
                UNION ALL
                SELECT person_id, work_date FROM attendance.day
                WHERE status = 'PENDING'
                  AND rule_set_id = ANY (SELECT id FROM attendance.rule_set WHERE active)
                  AND (
                    (pending_reason <= :by_time
                     AND coalesce(window_end, work_date + 1) <= CAST(:watermark AS timestamp))
                    OR (pending_reason = :upstream AND window_end < (
                        SELECT last_sync FROM attendance.shift_type t WHERE t.id = shift_type_id
                    ))
                  )
            ) AS due
            GROUP BY person_id, date_trunc('month', work_date) ORDER BY min(work_date), person_id
        """),
        {
            "today": today,
            "horizon": horizon,
            "watermark": watermark,
            "by_time": int(PendingReason.AWAITING_CHECKINS),
            "upstream": int(PendingReason.UPSTREAM_NOT_THERE_YET),
        },
    )
    return [(row.person_id, row.first, row.last) for row in rows]


async def wait_for_turn(conn: WriteConnection) -> None:
    """Recompute one batch at a time over all processes, until this transaction ends.

    Who had read older inputs would otherwise write its results over newer ones.
    """
    await conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('attendance.recompute', 0))"))


async def take_dirty(
    conn: WriteConnection, people: Sequence[int], start: date, end: date
) -> Sequence[Row[Any]]:
    """Remove the marks of a batch in the transaction that recomputes it; their person_id and work_date."""
    answer = await conn.execute(
        text("""
            DELETE FROM attendance.dirty_day
            WHERE person_id = ANY(:people) AND work_date BETWEEN :start AND :end
            RETURNING person_id, work_date
        """),
        {"people": list(people), "start": start, "end": end},
    )
    return answer.all()


async def drop_marks_outside(conn: WriteConnection, horizon: date, today: date) -> None:
    """Forget marks of days that are not kept: before the first day, and in the future."""
    await conn.execute(
        text("""
            DELETE FROM attendance.dirty_day
            WHERE work_date > :today OR work_date < :horizon
        """),
        {"horizon": horizon, "today": today},
    )


async def mark_dirty(
    conn: WriteConnection, start: date, end: date, people: Sequence[int] | None, cause: str
) -> int:
    """Mark every day of a range, of these people or of all."""
    answer = await conn.execute(
        text("""
            INSERT INTO attendance.dirty_day (person_id, work_date, cause)
            SELECT p.id, d::date, :cause
            FROM attendance.person p,
                 generate_series(CAST(:start AS date), CAST(:end AS date), interval '1 day') AS d
            WHERE CAST(:people AS int[]) IS NULL OR p.id = ANY(:people)
            ON CONFLICT (person_id, work_date) DO NOTHING
        """),
        {"start": start, "end": end, "people": None if people is None else list(people), "cause": cause},
    )
    return int(answer.rowcount)


async def select_covered_from(conn: ReadConnection, rule_set_id: int) -> date | None:
    """The first date with results."""
    first = await conn.scalar(
        text("SELECT min(work_date) FROM attendance.day WHERE rule_set_id = :rule_set"),
        {"rule_set": rule_set_id},
    )
    return first if isinstance(first, date) else None


async def select_first_day(conn: ReadConnection) -> date | None:
    """The first date on which work was recorded: check-ins of 1 % of the people, and more within 45 days.

    A clock that was reset to 1970 must not make fifty years of absences.
    """
    first = await conn.scalar(
        text("""
            WITH busy AS (
                SELECT day, lead(day) OVER (ORDER BY day) AS following FROM attendance.checkin
                WHERE deleted_at IS NULL AND person_id IS NOT NULL GROUP BY day
                HAVING count(DISTINCT person_id) * 100 >= (SELECT count(*) FROM attendance.person)
            )
            SELECT coalesce(min(day) FILTER (WHERE following <= day + 45), max(day)) FROM busy
        """)
    )
    return first if isinstance(first, date) else None


async def has_marks_before(conn: ReadConnection, horizon: date) -> bool:
    """Whether check-ins came to light before the first date that is kept."""
    return bool(
        await conn.scalar(
            text("""
                SELECT EXISTS (
                    SELECT FROM attendance.dirty_day WHERE work_date < :horizon AND cause LIKE 'checkin%'
                )
            """),
            {"horizon": horizon},
        )
    )


async def select_people(conn: ReadConnection) -> list[int]:
    """Everybody who is not deleted upstream."""
    rows = await conn.execute(text("SELECT id FROM attendance.person WHERE deleted_at IS NULL ORDER BY id"))
    return list(rows.scalars())


async def select_sites(conn: ReadConnection, people: Sequence[int]) -> dict[int, str]:
    """Name of the site of each of these people; `-` where there is none."""
    rows = await conn.execute(
        text("""
            SELECT p.id, coalesce(s.name, '-') AS site
            FROM attendance.person p LEFT JOIN attendance.site s ON s.id = p.site_id WHERE p.id = ANY(:people)
        """),
        {"people": list(people)},
    )
    return {row.id: row.site for row in rows}

"""Sums over days, by date and by person, in one statement (spec A.13, A.14)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.attendance.queries.day_rows import DaysOf
from service.attendance.rules.codes import Incident
from service.attendance.rules.shares import BESIDE_LEAVE, SHARES
from service.core.database import ReadConnection

SUMS: Final = (
    "scheduled", "attended", "absent", "on_leave", "late", "early", "missing_punches",
    "worked_seconds", "expected_seconds", "expected_net_seconds", "overtime_seconds",
)  # fmt: skip


def _share(place: int) -> str:
    plain, beside = [
        "CASE code "
        + " ".join(f"WHEN '{code}' THEN {parts[place]}" for code, parts in shares.items())
        + " END"
        for shares in (SHARES, BESIDE_LEAVE)
    ]
    share = f"coalesce(CASE WHEN leave_hundredths > 0 THEN {beside} END, {plain})"
    return f"coalesce(avg({share}) FILTER (WHERE due), 0) / 100"


def _missing(side: str) -> str:
    return f"count(*) FILTER (WHERE incidents & {int(Incident[side])} > 0 OR status = '{side}')"


_WORKING: Final = ", ".join(f"'{code}'" for code in SHARES)
# The shifts of a day share it: two of them, one missed, are half a day attended and half a day absent. Who is
# late for both of them is late twice, as in the summary.
_TOTALS = text(f"""
    WITH person_day AS (
        SELECT person_id, work_date,
               bool_or(due)::int AS scheduled,
               {_share(0)} AS attended, {_share(1)} AS absent, {_share(2)} AS on_leave,
               count(*) FILTER (WHERE late_counted) AS late, count(*) FILTER (WHERE early) AS early,
               {_missing("MISSING_IN")} + {_missing("MISSING_OUT")} AS missing_punches,
               sum(worked_seconds) AS worked_seconds, sum(expected_seconds) AS expected_seconds,
               sum(expected_net_seconds) AS expected_net_seconds, sum(overtime_seconds) AS overtime_seconds
        FROM (
            SELECT person_id, work_date, code, status, leave_hundredths, incidents, late_counted, early,
                   worked_seconds, expected_seconds, expected_net_seconds, overtime_seconds,
                   code IN ({_WORKING}) AND status NOT IN ('REST_WORKED', 'HOLIDAY_WORKED') AS due
            FROM attendance.day
            WHERE rule_set_id = :rule_set AND work_date BETWEEN :start AND :end AND person_id = ANY(:people)
        ) AS d
        GROUP BY person_id, work_date
    )
    SELECT work_date AS day, person_id, {", ".join(f"sum({name}) AS {name}" for name in SUMS)}
    FROM person_day
    GROUP BY GROUPING SETS ((work_date), (person_id))
    ORDER BY work_date, person_id
""")  # noqa: S608 - built of constants only


async def select_totals(conn: ReadConnection, days: DaysOf) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    """`SUMS` by date, and by person; seconds, days, and counts (of the shifts of a day each)."""
    rows = (await conn.execute(_TOTALS, days.values)).all()
    return [row for row in rows if row.day is not None], [row for row in rows if row.day is None]

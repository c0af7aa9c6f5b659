"""Leave as it was used: the share of each day by leave type, from the day table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from service.attendance.queries.day_rows import DaysOf
from service.core.database import ReadConnection

# The shifts of a day carry the same leave: it counts once. A day holds one leave and the share of all; where
# that is a half day beside another half day (spec D.8: together one), the other half is the other leave's.
_HALF_DAY = """
    CASE WHEN {0}.half_day THEN coalesce(
        {0}.half_day_date, CASE WHEN {0}.from_date = {0}.to_date THEN {0}.from_date END
    ) END
"""
_SHARES = f"""
    SELECT d.person_id, d.work_date, a.leave_type_id, a.hundredths
    FROM (
        SELECT person_id, work_date, min(leave_id) AS leave_id, min(leave_type_id) AS leave_type_id,
               max(leave_hundredths) AS hundredths
        FROM attendance.day
        WHERE rule_set_id = :rule_set AND work_date BETWEEN :start AND :end AND person_id = ANY(:people)
          AND leave_hundredths > 0 AND status NOT IN ('PENDING', 'NOT_EMPLOYED')
        GROUP BY person_id, work_date
    ) AS d
    LEFT JOIN attendance.leave AS own
      ON own.id = d.leave_id AND d.hundredths > 50 AND d.work_date = {_HALF_DAY.format("own")}
    LEFT JOIN LATERAL (
        SELECT l.leave_type_id FROM attendance.leave AS l
        WHERE l.person_id = d.person_id AND l.from_date <= d.work_date AND l.to_date >= d.work_date
          AND d.work_date = {_HALF_DAY.format("l")} AND l.id <> own.id
          AND l.status = 'Approved' AND l.docstatus = 1 AND l.deleted_at IS NULL
        ORDER BY l.id LIMIT 1
    ) AS other ON true
    CROSS JOIN LATERAL (VALUES
        (d.leave_type_id, CASE WHEN other.leave_type_id IS NULL THEN d.hundredths ELSE 50 END),
        (other.leave_type_id, 50)
    ) AS a (leave_type_id, hundredths)
    WHERE a.leave_type_id IS NOT NULL
"""  # noqa: S608 - built of the constant above only
_USED = text(f"""
    SELECT u.person_id, t.name AS leave_type, t.unpaid, sum(u.hundredths) AS hundredths,
           count(*) FILTER (WHERE u.hundredths > 50) AS full_days,
           count(*) FILTER (WHERE u.hundredths <= 50) AS half_days,
           min(u.work_date) AS first_day, max(u.work_date) AS last_day
    FROM ({_SHARES}) AS u
    JOIN attendance.leave_type AS t ON t.id = u.leave_type_id
    JOIN attendance.person AS p ON p.id = u.person_id
    GROUP BY u.person_id, p.upstream_name, t.id, t.name, t.unpaid
    ORDER BY p.upstream_name COLLATE "C", t.name COLLATE "C"
""")  # noqa: S608 - built of the constant above only
_DATES = text(f"""
    SELECT u.work_date AS day, u.hundredths
    FROM ({_SHARES}) AS u
    JOIN attendance.leave_type AS t ON t.id = u.leave_type_id
    WHERE t.name = :leave_type
    ORDER BY u.work_date
""")  # noqa: S608 - built of the constant above only


async def select_leave_usage(conn: ReadConnection, days: DaysOf) -> Sequence[Row[Any]]:
    """Hundredths of days by person and leave type, in the order of their numbers and names."""
    return (await conn.execute(_USED, days.values)).all()


async def select_leave_dates(conn: ReadConnection, days: DaysOf, leave_type: str) -> Sequence[Row[Any]]:
    """The dates on which leave of a type was used, each with its hundredths."""
    return (await conn.execute(_DATES, days.values | {"leave_type": leave_type})).all()

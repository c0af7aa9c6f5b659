"""Days of two dates with their punches up to an instant: what a head count reads, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from service.attendance.queries.day_rows import DaysOf
from service.core.database import ReadConnection

# A day without a shift has no window of its own: its punches fall on its date. Of a person with punches in
# two rows, the one punched last is the one they are in.
_PUNCHED = text("""
    SELECT DISTINCT ON (d.person_id)
           d.person_id, d.work_date, t.name AS shift, d.shift_end,
           coalesce(d.window_end, d.work_date + time '23:59:59') AS window_end,
           c.times, c.types, c.instants, v.name AS device, s.name AS device_site
    FROM attendance.day d
    LEFT JOIN attendance.shift_type t ON t.id = d.shift_type_id
    JOIN LATERAL (
        SELECT array_agg(c.local_time ORDER BY c.at, c.id) AS times,
               array_agg(c.log_type ORDER BY c.at, c.id) AS types,
               array_agg(c.at ORDER BY c.at, c.id) AS instants,
               (array_agg(c.device_id ORDER BY c.at DESC, c.id DESC))[1] AS device_id
        FROM attendance.checkin c
        WHERE c.id = ANY(d.punches[1 : d.punch_count]) AND c.at <= :at AND c.deleted_at IS NULL
    ) AS c ON c.times IS NOT NULL
    LEFT JOIN attendance.device v ON v.id = c.device_id
    LEFT JOIN attendance.site s ON s.id = v.site_id
    WHERE d.rule_set_id = :rule_set AND d.work_date BETWEEN :start AND :end AND d.person_id = ANY(:people)
      AND d.punch_count > 0
    ORDER BY d.person_id, c.instants[array_upper(c.instants, 1)] DESC, d.work_date DESC, d.shift_seq DESC
""")


async def select_punched(conn: ReadConnection, days: DaysOf, at: datetime) -> Sequence[Row[Any]]:
    """For each person with counted punches up to `at`, the row punched last, its punches in time order."""
    return (await conn.execute(_PUNCHED, days.values | {"at": at})).all()

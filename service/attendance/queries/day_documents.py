"""Reads for explanations: what is recorded about a person's day beside check-ins, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_LEAVES = text("""
    SELECT l.id, l.upstream_name AS name, t.name AS leave_type, t.unpaid, l.from_date, l.to_date, l.half,
           CASE WHEN l.half_day THEN coalesce(half_day_date, CASE WHEN from_date = to_date THEN from_date END)
           END AS half_day_date
    FROM attendance.leave l JOIN attendance.leave_type t ON t.id = l.leave_type_id
    WHERE l.person_id = :person AND l.deleted_at IS NULL AND l.docstatus = 1 AND l.status = 'Approved'
      AND l.from_date <= :day AND l.to_date >= :day
    ORDER BY l.id
""")
_REQUESTS = text("""
    SELECT id, upstream_name AS name, reason, from_date, to_date, include_holidays, NULL AS half,
           CASE WHEN half_day THEN half_day_date END AS half_day_date
    FROM attendance.attendance_request
    WHERE person_id = :person AND deleted_at IS NULL AND docstatus = 1
      AND from_date <= :day AND to_date >= :day
    ORDER BY id
""")
_HOLIDAYS = text("""
    SELECT h.description, h.weekly_off, h.half_day, l.name AS holiday_list
    FROM attendance.holiday h JOIN attendance.holiday_list l ON l.id = h.holiday_list_id
    WHERE h.id = ANY(:holidays) ORDER BY l.name, h.id
""")
# A check-in by hand is of the day its time is on; the shift that takes it may be of the day before.
_CORRECTIONS = text("""
    SELECT id, kind, work_date, shift_seq, status, status_before, local_time, log_type, incident, reason,
           created_by
    FROM attendance.correction
    WHERE person_id = :person AND revoked_at IS NULL
      AND (checkin_id = ANY(:checkins) OR (checkin_id IS NULL AND work_date = :day))
    ORDER BY id
""")


@dataclass(frozen=True, slots=True)
class DayDocuments:
    """What covers a person's day, whether it counts there or not; of holidays those asked for."""

    leaves: Sequence[Row[Any]]
    requests: Sequence[Row[Any]]
    holidays: Sequence[Row[Any]]
    corrections: Sequence[Row[Any]]


async def select_day_documents(
    conn: ReadConnection, person_id: int, day: date, *, holidays: Sequence[int], checkins: Sequence[int]
) -> DayDocuments:
    """The approved leaves and submitted requests of a day, these holidays, and the corrections that stand."""
    values = {"person": person_id, "day": day}
    return DayDocuments(
        leaves=(await conn.execute(_LEAVES, values)).all(),
        requests=(await conn.execute(_REQUESTS, values)).all(),
        holidays=(await conn.execute(_HOLIDAYS, {"holidays": list(holidays)})).all(),
        corrections=(await conn.execute(_CORRECTIONS, {**values, "checkins": list(checkins)})).all(),
    )

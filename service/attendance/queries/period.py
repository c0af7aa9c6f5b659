"""Reads for the reports of a period: its days and the upstream's attendance, as columns."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from service.attendance.rules.codes import Status
from service.core.columns import Columns, copy_columns
from service.core.database import ReadConnection

_DAYS = """
    SELECT person_id, work_date, array_position($5::text[], status) - 1, code::char(4),
           coalesce(leave_type_id, -1), leave_hundredths, worked_seconds, expected_seconds, deducted_seconds,
           break_seconds, overtime_seconds, late_counted, late_minutes, early, incidents,
           status = 'PENDING' AND pending_reason <= 4, shift_seq
    FROM attendance.day
    WHERE rule_set_id = $1 AND work_date BETWEEN $2 AND $3 AND person_id = ANY($4)
"""
_DAY_KINDS = {
    "person": "int4",
    "date": "date",
    "status": "int4",
    "code": "char4",
    "leave_type": "int4",
    "leave": "int2",
    "worked": "int4",
    "expected": "int4",
    "deducted": "int4",
    "breaks": "int4",
    "overtime": "int4",
    "late_counted": "bool",
    "late_minutes": "int4",
    "early": "bool",
    "incidents": "int4",
    "pending": "bool",
    "shift_seq": "int2",
}
_THEIRS = """
    SELECT person_id, day, coalesce(array_position($4::text[], status), 0) - 1
    FROM attendance.upstream_attendance
    WHERE day BETWEEN $1 AND $2 AND person_id = ANY($3) AND docstatus = 1 AND deleted_at IS NULL
"""
_THEIR_KINDS = {"person": "int4", "date": "date", "status": "int4"}


async def copy_period_days(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Columns:
    """The days of these people and dates as columns (`_DAY_KINDS`), in no order."""
    names = [status.name for status in Status]
    return await copy_columns(conn, _DAYS, _DAY_KINDS, rule_set_id, start, end, list(people), names)


async def has_upstream_days(conn: ReadConnection) -> bool:
    """Whether a source ever brought attendance of its own; files do not."""
    statement = text("""
        SELECT EXISTS (
            SELECT FROM attendance.sync_cursor WHERE doctype = 'Attendance' AND phase <> 'absent'
        )
    """)
    return bool(await conn.scalar(statement))


async def copy_upstream_days(
    conn: ReadConnection, start: date, end: date, people: Sequence[int], statuses: Sequence[str]
) -> Columns:
    """The upstream's attendance of these people and dates; `status` is its place among `statuses`."""
    words = [*statuses]
    return await copy_columns(conn, _THEIRS, _THEIR_KINDS, start, end, list(people), words)

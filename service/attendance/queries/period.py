"""Reads for the reports of a period: its days as columns, and where the upstream's attendance differs."""

from collections.abc import Sequence
from datetime import date

from service.attendance.rules.codes import UPSTREAM_STATUS, Status
from service.core.columns import Columns, copy_columns
from service.core.database import ReadConnection

_DAYS = """
    SELECT person_id, work_date, array_position($5::text[], status) - 1, code::char(4),
           coalesce(leave_type_id, -1), leave_hundredths, worked_seconds, expected_seconds, deducted_seconds,
           break_seconds, overtime_seconds, late_counted, late_minutes, early, incidents,
           status = 'PENDING' AND pending_reason <= 4, shift_seq = 0
    FROM attendance.day
    WHERE rule_set_id = $1 AND work_date BETWEEN $2 AND $3 AND person_id = ANY($4)
    ORDER BY person_id, work_date, shift_seq
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
    "first": "bool",
}
# A day of leave is one attendance upstream, however many shifts the person has.
_DIFFERENT = """
    WITH said AS (SELECT one.code, one.status FROM unnest($5::text[], $6::text[]) AS one(code, status)),
    ours AS (
        SELECT person_id, day, array_agg(status ORDER BY status) AS statuses
        FROM (SELECT DISTINCT person_id, work_date AS day, said.status,
                     CASE WHEN code = 'L' THEN -1 ELSE shift_seq END AS place
              FROM attendance.day JOIN said USING (code)
              WHERE rule_set_id = $1 AND work_date BETWEEN $2 AND $3 AND person_id = ANY($4)) AS results
        GROUP BY person_id, day
    ),
    theirs AS (
        SELECT person_id, day, array_agg(status ORDER BY status) AS statuses
        FROM attendance.upstream_attendance
        WHERE day BETWEEN $2 AND $3 AND person_id = ANY($4) AND docstatus = 1 AND deleted_at IS NULL
        GROUP BY person_id, day
    )
    SELECT person_id, day FROM ours FULL JOIN theirs USING (person_id, day)
    WHERE ours.statuses IS DISTINCT FROM theirs.statuses
    ORDER BY person_id, day
"""


async def copy_period_days(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Columns:
    """The days of these people and dates as columns (`_DAY_KINDS`), in the order of person, date, shift."""
    names = [status.name for status in Status]
    return await copy_columns(conn, _DAYS, _DAY_KINDS, rule_set_id, start, end, list(people), names)


async def copy_unreconciled(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Columns:
    """Person and date of the days whose statuses are not those of the upstream's attendance."""
    codes, statuses = zip(*[pair for pair in UPSTREAM_STATUS.items() if pair[1]], strict=True)
    kinds = {"person": "int4", "date": "date"}
    arguments = (rule_set_id, start, end, list(people), list(codes), list(statuses))
    return await copy_columns(conn, _DIFFERENT, kinds, *arguments)

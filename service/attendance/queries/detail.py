"""Reads for the detail report: one row for each shift of a person and day, with the times of its punches."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

ROWS_IN_A_BLOCK: Final = 500
_TOTALS = text("""
    SELECT count(*) AS rows, count(DISTINCT person_id) AS people,
           coalesce(max(punch_count + (status = 'MISSING_IN')::int), 0) AS most_punches,
           coalesce(sum(expected_net_seconds), 0) AS expected_net_seconds,
           coalesce(sum(worked_seconds), 0) AS worked_seconds,
           coalesce(sum(break_seconds), 0) AS break_seconds
    FROM attendance.day
    WHERE rule_set_id = :rule_set AND work_date BETWEEN :start AND :end AND person_id = ANY(:people)
""")
_ROWS = text(
    """
    SELECT p.upstream_name AS person, p.name AS person_name, s.name AS site, d.work_date AS day, d.shift_seq,
           t.name AS shift, d.shift_start, d.shift_end, d.status, d.code, d.base_status,
           d.late_forgiven, d.late_minutes, d.early, l.name AS leave_type, d.leave_hundredths, d.incidents,
           d.expected_net_seconds, d.gross_seconds, d.worked_seconds, d.break_seconds, d.punch_count,
           ARRAY(SELECT c.local_time FROM attendance.checkin c WHERE c.id = ANY(d.punches[:d.punch_count])
                 ORDER BY array_position(d.punches, c.id)) AS punches
    FROM attendance.day d
    JOIN attendance.person p ON p.id = d.person_id
    LEFT JOIN attendance.site s ON s.id = p.site_id
    LEFT JOIN attendance.shift_type t ON t.id = d.shift_type_id
    LEFT JOIN attendance.leave_type l ON l.id = d.leave_type_id
    WHERE d.rule_set_id = :rule_set AND d.work_date BETWEEN :start AND :end AND d.person_id = ANY(:people)
    ORDER BY p.upstream_name COLLATE "C", d.work_date, d.shift_seq
""".replace("[:d.", r"[\:d.")
)  # a slice of an array, not a parameter


async def select_detail_totals(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Row[Any]:
    """Rows, people, the most places punches of a row take (a missing entry takes one), sums in seconds."""
    values = {"rule_set": rule_set_id, "start": start, "end": end, "people": list(people)}
    return (await conn.execute(_TOTALS, values)).one()


async def stream_detail(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> AsyncIterator[Sequence[Row[Any]]]:
    """The rows by person, date and shift, in blocks read through a cursor."""
    values = {"rule_set": rule_set_id, "start": start, "end": end, "people": list(people)}
    result = await conn.stream(_ROWS, values)
    async for block in result.partitions(ROWS_IN_A_BLOCK):
        yield block

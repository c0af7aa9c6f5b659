"""Reads for the reconciliation: our days and the upstream's attendance of the same people and dates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_OURS = text("""
    SELECT d.person_id, d.work_date AS day, t.name AS shift, d.status, d.code, d.other_half,
           d.hours_hundredths, d.first_in, d.last_out, d.late, d.early, l.name AS leave_type,
           (SELECT max(c.upstream_modified) FROM attendance.checkin c
            WHERE c.id = ANY(d.punches)) AS newest_punch,
           t.upstream_modified AS shift_modified,
           (SELECT a.upstream_modified FROM attendance.leave a WHERE a.id = d.leave_id) AS leave_modified
    FROM attendance.day d
    LEFT JOIN attendance.shift_type t ON t.id = d.shift_type_id
    LEFT JOIN attendance.leave_type l ON l.id = d.leave_type_id
    WHERE d.rule_set_id = :rule_set AND d.work_date BETWEEN :start AND :end AND d.person_id = ANY(:people)
      AND d.code NOT IN ('', 'H', 'WO')
    ORDER BY d.person_id, d.work_date, t.name NULLS FIRST
""")
_THEIRS = text("""
    SELECT person_id, day, shift_name AS shift, status, other_half, hours, in_time, out_time, late, early,
           leave_type, upstream_name, upstream_modified
    FROM attendance.upstream_attendance
    WHERE day BETWEEN :start AND :end AND person_id = ANY(:people) AND docstatus = 1 AND deleted_at IS NULL
    ORDER BY person_id, day, shift_name NULLS FIRST, upstream_name
""")
_UNDECIDED = text("""
    SELECT DISTINCT person_id, work_date AS day FROM attendance.day
    WHERE rule_set_id = :rule_set AND work_date BETWEEN :start AND :end AND person_id = ANY(:people)
      AND status = 'PENDING'
""")


async def select_both(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]], set[tuple[int, date]]]:
    """Our attendance, theirs, and the (person, day) that we have not decided."""
    values = {"rule_set": rule_set_id, "start": start, "end": end, "people": list(people)}
    ours = (await conn.execute(_OURS, values)).all()
    del values["rule_set"]
    theirs = (await conn.execute(_THEIRS, values)).all()
    undecided = await conn.execute(_UNDECIDED, values | {"rule_set": rule_set_id})
    return ours, theirs, {(row.person_id, row.day) for row in undecided}

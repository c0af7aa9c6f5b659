"""Enough rows for the planner to want an index, and those of the day table."""

import os

from sqlalchemy import text

from tests.attendance.make import Firm
from tests.support.plans import assert_by_index, captured, explained, indexes, nodes, read_of

__all__ = [
    "FULL",
    "INDEXES",
    "assert_by_index",
    "captured",
    "explained",
    "fill_with_many",
    "indexes",
    "nodes",
    "read_of",
]

INDEXES = {"ix_day_work_date", "ix_day_status", "pk_day"}
"""The composite indexes of the day table: all begin with the rule set and hold the date."""
FULL = os.environ.get("MUSTER_PROVE") == "1"


async def fill_with_many(made: Firm) -> None:
    """200 people over 100 days of a year, each with check-ins and days: 50,000 rows (a million at full size)."""
    people, days = (1000, 333) if FULL else (200, 83)
    values = {"source": made.source, "people": people, "days": days, "rules": made.ids["recommended"]}
    ids = {"villas": made.ids["Villas"], "centro": made.ids["Centro"], "gate": made.ids["villas-gate-1"]}
    for statement in (
        """INSERT INTO attendance.person (source_id, upstream_name, name, site_id)
           SELECT :source, 'M-' || n, 'Person ' || n, CASE WHEN n % 4 = 0 THEN CAST(:villas AS int) ELSE :centro END
           FROM generate_series(1, :people) AS n""",
        """INSERT INTO attendance.checkin
             (source_id, upstream_name, person_id, local_time, day, at, log_type, device_id)
           SELECT :source, p.upstream_name || '/' || d || '/' || k, p.id, moment, moment::date, moment,
                  CASE WHEN k = 1 THEN 'IN' ELSE 'OUT' END, :gate + k % 2
           FROM attendance.person AS p, generate_series(1, :days) AS d, generate_series(1, 3) AS k,
                LATERAL (SELECT timestamp '2026-09-20' - d * interval '1 day' + k * interval '5 hours'
                         + p.id * interval '7 seconds' AS moment) AS m
           WHERE p.upstream_name LIKE 'M-%' ORDER BY m.moment""",
        """INSERT INTO attendance.day
             (rule_set_id, person_id, work_date, shift_seq, schedule_source, status, base_status, code,
              input_hash)
           SELECT :rules, p.id, date '2026-09-20' - d, k, 'default', 'PRESENT', 'PRESENT', 'P', 1
           FROM attendance.person AS p, generate_series(1, :days) AS d, generate_series(0, 2) AS k
           WHERE p.upstream_name LIKE 'M-%'""",
        """INSERT INTO attendance.upstream_attendance (source_id, upstream_name, person_id, day, status, docstatus)
           SELECT :source, p.id || '/' || d, p.id, date '2026-09-20' - d, 'Present', 1
           FROM attendance.person AS p, generate_series(1, :days) AS d WHERE p.upstream_name LIKE 'M-%'""",
        "ANALYZE attendance.checkin, attendance.day, attendance.person, attendance.upstream_attendance",
    ):
        used = {name: value for name, value in (values | ids).items() if f":{name}" in statement}
        await made.conn.execute(text(statement), used)

"""Statements as they are sent, their plans, and enough rows for the planner to want an index."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.attendance.make import Firm

INDEXES = {"ix_day_work_date", "ix_day_status", "pk_day"}
"""The composite indexes of the day table: all begin with the rule set and hold the date."""
FULL = os.environ.get("MUSTER_PROVE") == "1"


@contextmanager
def captured(conn: AsyncConnection) -> Iterator[list[tuple[str, Any]]]:
    """Statements with their values, as they are sent."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    event.listen(conn.sync_connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(conn.sync_connection, "before_cursor_execute", note)


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    """Every node of an EXPLAIN (FORMAT JSON)."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


async def explained(conn: AsyncConnection, statement: str, values: Any) -> list[dict[str, Any]]:
    """The nodes of a statement's plan, carried out."""
    sent = await conn.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values)
    found = sent.scalar_one()
    return list(nodes((orjson.loads(found) if isinstance(found, str) else found)[0]["Plan"]))


def indexes(plan: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in plan if "Index Name" in node}


def read_of(plan: list[dict[str, Any]], table: str) -> float:
    """How many rows of a table were looked at, those thrown away too."""
    rows = (
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in plan
        if node.get("Relation Name") == table
    )
    return float(sum(rows))


def assert_by_index(plan: list[dict[str, Any]], table: str, wanted: set[str]) -> None:
    scans = [node["Node Type"] for node in plan if node.get("Relation Name") == table]
    assert "Seq Scan" not in scans, plan
    assert indexes(plan) & wanted, plan


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

"""Statements as they are sent, and how the planner reads their rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection


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
    """The indexes it reads."""
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
    """The table is read by one of these indexes and never from end to end."""
    scans = [node["Node Type"] for node in plan if node.get("Relation Name") == table]
    assert "Seq Scan" not in scans, plan
    assert indexes(plan) & wanted, plan

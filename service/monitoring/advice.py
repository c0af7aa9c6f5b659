"""What the catalogue's counters suggest about indexes: pure functions from its rows; nothing is changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from service.schemas.monitoring.database import IndexAdvice

LARGE_TABLE: Final = 10_000
"""Rows; a smaller table is read faster from end to end."""
SCANS: Final = 50
"""Fewer say nothing."""
ROWS_A_SCAN: Final = 1_000
"""Rows that a scan read on average, from which an index would have spared most."""
LARGE_INDEX: Final = 1 << 20
"""Bytes; a smaller one costs next to nothing."""


def index_advice(tables: Sequence[Any], indexes: Sequence[Any], since: datetime | None) -> list[IndexAdvice]:
    """Advice from the rows of `select_tables` and `select_indexes`, counted since `since`."""
    live = {table.table: table for table in tables}
    return [*_missing(tables, since), *_duplicates(indexes, since), *_unused(indexes, live, since)]


def _missing(tables: Sequence[Any], since: datetime | None) -> Iterator[IndexAdvice]:
    for table in tables:
        scans, read = table.sequential_scans, table.sequential_rows
        often = scans >= SCANS and scans > table.index_scans
        if table.rows < LARGE_TABLE or not often or read / scans < ROWS_A_SCAN:
            continue
        yield IndexAdvice(
            kind="missing",
            table=table.table,
            evidence=f"{scans:,} sequential scans read {read:,} rows, {read // scans:,} each of "
            f"{table.rows:,}; {table.index_scans:,} scans used an index",
            advice=f"find the statements on {table.table} at /v1/performance/statements, explain them, and "
            "index the columns they filter by",
            since=since,
        )


def _unused(indexes: Sequence[Any], tables: dict[str, Any], since: datetime | None) -> Iterator[IndexAdvice]:
    for index in indexes:
        table = tables.get(index.table)
        asked = 0 if table is None else table.sequential_scans + table.index_scans
        # Of a table that nobody asks, an index without scans says nothing.
        if index.scans or index.is_constraint or index.bytes < LARGE_INDEX or asked < SCANS:
            continue
        yield IndexAdvice(
            kind="unused",
            table=index.table,
            index=index.index,
            bytes=index.bytes,
            evidence=f"no scan used it, while the table was asked {asked:,} times",
            advice="each insert pays for it: drop it if a month's end is among the time counted, "
            "and no replica uses it",
            since=since,
        )


def _duplicates(indexes: Sequence[Any], since: datetime | None) -> Iterator[IndexAdvice]:
    for index in indexes:
        if index.is_constraint or index.is_special:
            continue
        wider = next((other for other in indexes if _stands_for(other, index)), None)
        if wider is not None:
            yield IndexAdvice(
                kind="duplicate",
                table=index.table,
                index=index.index,
                bytes=index.bytes,
                evidence=f"{wider.index} begins with the same columns in the same order; "
                f"scans: {index.scans:,} and {wider.scans:,}",
                advice=f"{wider.index} serves the same searches: drop {index.index}",
                since=since,
            )


def _stands_for(wider: Any, index: Any) -> bool:
    """Whether whatever is sought in `index` can be sought in `wider`; of two equal ones one stands."""
    if wider.index == index.index or wider.table != index.table or wider.is_special:
        return False
    if (wider.method, wider.predicate) != ("btree", index.predicate) or index.method != "btree":
        return False
    if wider.columns == index.columns:
        return bool(wider.is_constraint or wider.index < index.index)
    return bool(wider.columns[: len(index.columns)] == index.columns)

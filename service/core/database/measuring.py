"""Counts every statement of an engine: what SQLAlchemy sends, and COPY, which goes to the driver."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.core.telemetry.statements import Statements

OPTION: Final = "muster_statements"
"""The engine's execution option that holds its statistics."""
_STARTED: Final = "muster_statement_started"
_ELSEWHERE: Final = Statements()
"""Of engines that nobody watches."""


@dataclass(slots=True)
class Copied:
    """How many rows a COPY moved, once that is known."""

    rows: int = 0


def watch_statements(engine: AsyncEngine, statements: Statements) -> None:
    """Count every statement that SQLAlchemy sends over this engine.

    A time includes BEGIN, where the statement is the first of its transaction, and preparing it, where the
    connection has not; of a server-side cursor it is that of opening it.
    """

    def starts(conn: Any, *_: Any) -> None:
        conn.info[_STARTED] = time.perf_counter()

    def ends(conn: Any, cursor: Any, statement: str, parameters: Any, _: Any, many: bool) -> None:
        seconds = time.perf_counter() - conn.info.pop(_STARTED)
        rows = len(parameters) if many else max(0, cursor.rowcount)
        statements.record(statement, seconds, rows)

    def fails(failure: ExceptionContext) -> None:
        started = None if failure.connection is None else _started(failure.connection)
        if failure.statement is not None and started is not None:
            statements.record(failure.statement, time.perf_counter() - started, 0, failed=True)

    event.listen(engine.sync_engine, "before_cursor_execute", starts)
    event.listen(engine.sync_engine, "after_cursor_execute", ends)
    event.listen(engine.sync_engine, "handle_error", fails)


def _started(connection: Any) -> float | None:
    # Of a connection that broke there is no `info` any more.
    started: float | None = None if connection.invalidated else connection.info.pop(_STARTED, None)
    return started


@contextmanager
def measured(conn: AsyncConnection, statement: str) -> Iterator[Copied]:
    """Count what the block sends to the driver directly; it fills in the rows."""
    assert conn.sync_connection is not None
    statements: Statements = conn.sync_connection.get_execution_options().get(OPTION, _ELSEWHERE)
    copied, started, failed = Copied(), time.perf_counter(), True
    try:
        yield copied
        failed = False
    finally:
        statements.record(statement, time.perf_counter() - started, copied.rows, failed=failed)

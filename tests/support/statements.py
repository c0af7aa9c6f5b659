"""Which SQL statements a piece of code sent: for "the number of statements does not grow with the rows"."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@contextmanager
def counted_statements(bind: AsyncEngine | AsyncConnection) -> Iterator[list[str]]:
    """Collect the SQL text of every statement of an engine or connection while the block runs.

    Not seen: BEGIN and COMMIT, COPY, and what goes to the driver directly.
    """
    target = bind.sync_engine if isinstance(bind, AsyncEngine) else bind.sync_connection
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(target, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(target, "before_cursor_execute", note)

"""Connections to the file: one that writes, one reader per thread, all closed together."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

Row = tuple[object, ...]


@lru_cache(maxsize=64)
def _pattern(like: str) -> re.Pattern[str]:
    """`%` is any run and `_` any one character."""
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(letter) or re.escape(letter) for letter in like.casefold()), re.DOTALL)


def _fold_like(pattern: object, value: object) -> bool | None:
    """LIKE without case beyond ASCII, for patterns with letters such as ñ; null where either is null."""
    if pattern is None or value is None:
        return None
    return _pattern(str(pattern)).fullmatch(str(value).casefold()) is not None


class Database:
    """One SQLite file in write-ahead mode. Without `path` it lives in a directory of its own, removed by
    `close`."""

    def __init__(self, path: Path | None = None) -> None:
        self._directory = None if path else Path(tempfile.mkdtemp(prefix="frappe-site-"))
        self.path = path or Path(str(self._directory)) / "site.sqlite"
        if self._directory:  # also when nobody closes it, and at the end of the process
            weakref.finalize(self, shutil.rmtree, self._directory, ignore_errors=True)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._depth, self._owner = 0, 0
        self._writer = self._connect()
        self._writer.execute("PRAGMA journal_mode = WAL")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -32000")  # 32 MB a connection, whatever the file's size
        connection.create_function("fold_like", 2, _fold_like, deterministic=True)
        with self._lock:
            self._opened.append(connection)
        return connection

    @property
    def reader(self) -> sqlite3.Connection:
        """This thread's own connection; inside its own transaction the writing one, which sees what it
        wrote."""
        if self._depth and self._owner == threading.get_ident():
            return self._writer
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    def all(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        return self.reader.execute(sql, params).fetchall()

    def one(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        row: Row | None = self.reader.execute(sql, params).fetchone()
        return row

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection for one long read, so that others of this thread do not share its old view."""
        connection = self._connect()
        try:
            yield connection
        finally:
            self._opened.remove(connection)
            connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; a nested one joins its outer one. An exception undoes everything."""
        with self._lock:
            if self._depth == 0:
                self._writer.execute("BEGIN IMMEDIATE")
            self._depth, self._owner = self._depth + 1, threading.get_ident()
            try:
                yield self._writer
            except BaseException:
                if self._depth == 1:
                    self._writer.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._writer.execute("COMMIT")
            finally:
                self._depth -= 1

    def close(self) -> None:
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        if self._directory:
            shutil.rmtree(self._directory, ignore_errors=True)

"""What each kind of SQL statement costs: calls, rows, times by fingerprint; slow ones and repeated ones told.

A statement costs one dict lookup by the hash of its text and one bucket (1 µs). What is kept of its text
holds no literal: see `fingerprint`. Of the time a statement waits for a connection nothing is counted here.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.core.telemetry.context import Timings, _timings, happened
from service.core.telemetry.distribution import Distribution
from service.core.telemetry.fingerprint import fingerprint, normalized
from service.core.telemetry.levels import LEVELS
from service.core.telemetry.logger import get_logger
from service.core.telemetry.requests import route_template

log = get_logger(__name__)
sql = get_logger("service.sql")
"""Every statement at DEBUG."""

MOST: Final = 500
"""Fingerprints kept; the rest is one entry, `OTHER`."""
OTHER: Final = "other"
_MOST_TEXTS: Final = 20 * MOST
"""Texts remembered (as hashes): lists of other lengths are other texts of the same fingerprint."""
_LONGEST_TEXT: Final = 20_000
_TOLD: Final = 300
"""Characters of a statement in a log line."""


class Statement:
    """What one kind of statement did since the statistics began; times in seconds."""

    __slots__ = ("errors", "fingerprint", "last_at", "rows", "slow", "source", "text", "times")

    def __init__(self, identifier: str, text: str, source: str | None) -> None:
        """`source` is the statement as the driver sent it, for EXPLAIN; never shown."""
        self.fingerprint = identifier
        self.text = text
        self.source = source
        self.times = Distribution()
        self.rows = 0
        self.errors = 0
        self.slow = 0
        self.last_at = 0.0


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that sent one statement more often than it may."""

    route: str
    fingerprint: str
    text: str
    times: int


REPEATS: Final[deque[Repeat]] = deque(maxlen=50)
"""The latest of this process; every test fails when it leaves one behind."""


class Statements:
    """The statistics of one database; `slow` in seconds, `repeats` times within one request.

    Of this process and since `since` (epoch seconds). Counted by the event loop's thread only.
    """

    def __init__(self, *, slow: float = 0.5, repeats: int = 20) -> None:
        self.slow = slow
        self.repeats = repeats
        self.enabled = True
        self.since = time.time()
        self._other = Statement(OTHER, "all other statements", None)
        self._by_fingerprint: dict[str, Statement] = {}
        self._by_text: dict[int, Statement] = {}

    def record(self, text: str, seconds: float, rows: int, *, failed: bool = False) -> None:
        """Count one execution, into the request's timings as well."""
        measured = _timings.get()
        if measured is not None:
            measured.add("db", seconds)
        if not self.enabled:
            return
        statement = self._by_text.get(hash(text)) or self._learn(text)
        statement.times.add(seconds)
        statement.rows += rows
        statement.last_at = time.time()
        if failed:
            statement.errors += 1
        if LEVELS.shows(sql.name, logging.DEBUG):
            _tell(statement, seconds, rows, failed=failed)
        if seconds >= self.slow:
            self._tell_slow(statement, seconds, rows, measured)
        if measured is not None and measured.scope is not None:
            self._count_repeat(statement, measured)

    def find(self, identifier: str) -> Statement | None:
        """The statement of a fingerprint; None when none was seen, or it is among the others."""
        return self._by_fingerprint.get(identifier)

    def __iter__(self) -> Iterator[Statement]:
        """Every fingerprint, and the others if there are any."""
        yield from self._by_fingerprint.values()
        if self._other.times.count:
            yield self._other

    def totals(self) -> Distribution:
        """The times of all statements together."""
        together = Distribution()
        for statement in self:
            together.merge(statement.times)
        return together

    def _learn(self, text: str) -> Statement:
        shape = normalized(text)
        identifier = fingerprint(shape)
        statement = self._by_fingerprint.get(identifier)
        if statement is None:
            if len(self._by_fingerprint) >= MOST:
                statement = self._other
            else:
                source = text if len(text) <= _LONGEST_TEXT else None
                statement = self._by_fingerprint[identifier] = Statement(
                    identifier, shape[:_LONGEST_TEXT], source
                )
        if len(self._by_text) >= _MOST_TEXTS:
            self._by_text.clear()
        self._by_text[hash(text)] = statement
        return statement

    def _tell_slow(self, statement: Statement, seconds: float, rows: int, measured: Timings | None) -> None:
        statement.slow += 1
        happened("statement", "slow")
        log.warning(
            "slow_statement",
            fingerprint=statement.fingerprint,
            statement=statement.text[:_TOLD],
            ms=round(seconds * 1000, 1),
            rows=rows,
            route=_route(measured),
        )

    def _count_repeat(self, statement: Statement, measured: Timings) -> None:
        counts = measured.statements
        if counts is None:
            counts = measured.statements = {}
        times = counts[statement.fingerprint] = counts.get(statement.fingerprint, 0) + 1
        # Told at the first too many, so once a request; of the others nobody knows whether they are one.
        if times == self.repeats + 1 and measured.repeats_because is None and statement is not self._other:
            self._tell_repeat(statement, times, measured)

    def _tell_repeat(self, statement: Statement, times: int, measured: Timings) -> None:
        happened("statement", "repeated")
        route = _route(measured) or ""
        REPEATS.append(Repeat(route, statement.fingerprint, statement.text, times))
        log.warning(
            "statement_repeated",
            fingerprint=statement.fingerprint,
            statement=statement.text[:_TOLD],
            times=times,
            route=route,
        )


def _tell(statement: Statement, seconds: float, rows: int, *, failed: bool) -> None:
    """The line of one statement: its shape, never its values."""
    sql.debug(
        "statement",
        fingerprint=statement.fingerprint,
        statement=statement.text[:_TOLD],
        ms=round(seconds * 1000, 3),
        rows=rows,
        failed=failed,
    )


def _route(measured: Timings | None) -> str | None:
    return None if measured is None or measured.scope is None else route_template(measured.scope)

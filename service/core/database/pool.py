"""SQLAlchemy's pool with what it does not offer: a minimum, waits as figures, and clean-ups."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast

from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn
from sqlalchemy.util.queue import AsyncAdaptedQueue, Empty

from service.core.telemetry import Distribution, timings

CLOSES_WITHIN: Final = 5.0
"""Seconds a connection has to say good-bye."""
_IDLE_SINCE: Final = "muster_idle_since"
_CLOSED: Final = "muster_closed"


@dataclass(slots=True)
class PoolCounts:
    """What happened in a pool since `since`.

    `waits`: seconds from asking for a connection until the pool had one or room for one, 0 where nobody had
    to wait. `connects`: seconds to open one. `renewed` ones were past their age (`recycle`), `lost` ones
    broke; `refused` is how often none could be opened.
    """

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    waits: Distribution = field(default_factory=Distribution)
    connects: Distribution = field(default_factory=Distribution)
    timeouts: int = 0
    created: int = 0
    closed: int = 0
    renewed: int = 0
    lost: int = 0
    refused: int = 0

    def add(self, other: "PoolCounts") -> None:
        """Add what another window counted; `since` stays."""
        self.waits.merge(other.waits)
        self.connects.merge(other.connects)
        for name in ("timeouts", "created", "closed", "renewed", "lost", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class _Queue(AsyncAdaptedQueue[ConnectionPoolEntry]):
    """The idle connections; only who finds none and may open none waits."""

    waiting = 0
    window: PoolCounts

    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        try:
            found = self.get_nowait()
        except Empty:
            if block:
                return self._waited_for(timeout)
            self.window.waits.add(0.0)
            raise
        self.window.waits.add(0.0)
        return found

    def _waited_for(self, timeout: float | None) -> ConnectionPoolEntry:
        self.waiting += 1
        started = time.perf_counter()
        try:
            return super().get(True, timeout)
        except Empty:
            self.window.timeouts += 1
            raise
        finally:
            self.waiting -= 1
            seconds = time.perf_counter() - started
            self.window.waits.add(seconds)
            timings().add("pool", seconds)


@dataclass(frozen=True, slots=True)
class PoolStatus:
    """A pool at this moment, with its counts since the last clean-up and since the start."""

    name: str
    size: int
    max_overflow: int
    minimum: int
    in_use: int
    idle: int
    overflow: int
    waiting: int
    window: PoolCounts
    total: PoolCounts


class MeasuredPool(AsyncAdaptedQueuePool):
    """A queue pool that counts, and gives idle connections up down to a minimum."""

    _queue_class = _Queue

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._idle = cast(_Queue, self._pool)
        self._before = PoolCounts()
        self._idle.window = PoolCounts()

    @property
    def window(self) -> PoolCounts:
        """What happened since the last clean-up."""
        return self._idle.window

    def status(self, name: str = "", minimum: int = 0) -> PoolStatus:  # type: ignore[override]  # theirs: str
        """How it stands now."""
        window, total = PoolCounts(self.window.since), PoolCounts(self._before.since)
        window.add(self.window)
        total.add(self._before)
        total.add(self.window)
        return PoolStatus(
            name,
            size=self.size(),
            max_overflow=self._max_overflow,
            minimum=minimum,
            in_use=self.checkedout(),
            idle=self.checkedin(),
            overflow=max(0, self.overflow()),
            waiting=self._idle.waiting,
            window=window,
            total=total,
        )

    def start_window(self) -> None:
        """Count from now on anew; the sums since the start stay."""
        self._before.add(self.window)
        self._idle.window = PoolCounts()

    async def close_idle(self, longer_than: float, minimum: int) -> int:
        """Close what lay idle for that many seconds, as long as more than `minimum` are open; how many."""
        closed = 0
        while (record := self._longest_idle(longer_than, minimum)) is not None:
            try:
                async with asyncio.timeout(CLOSES_WITHIN):
                    await greenlet_spawn(record.close)
            finally:
                self._dec_overflow()
            closed += 1
        return closed

    def _longest_idle(self, longer_than: float, minimum: int) -> ConnectionPoolEntry | None:
        """Take the one that lay idle longest out of the pool, if it shall go; nobody else runs meanwhile."""
        if self.checkedin() + self.checkedout() <= minimum:
            return None
        newest_first = []
        while self.checkedin():
            newest_first.append(self._idle.get_nowait())
        found = None
        if newest_first:
            since = newest_first[-1].info.get(_IDLE_SINCE, float("-inf"))
            if time.monotonic() - since >= longer_than:
                found = newest_first.pop()
        for record in reversed(newest_first):
            self._idle.put_nowait(record)
        return found


class _Watch:
    """Counts what the pool's events tell, and tests connections that lay idle."""

    def __init__(self, pool: MeasuredPool, dialect: Dialect, test_after: float) -> None:
        self.pool = pool
        self.dialect = dialect
        self.test_after = test_after

    def connects(
        self, dialect: Dialect, _: ConnectionPoolEntry, cargs: tuple[Any, ...], cparams: dict[str, Any]
    ) -> DBAPIConnection:
        """Open a connection as the dialect does, and count how long that took."""
        started = time.perf_counter()
        try:
            connection = dialect.connect(*cargs, **cparams)
        except BaseException:
            self.pool.window.refused += 1
            raise
        self.pool.window.connects.add(time.perf_counter() - started)
        return connection

    def connected(self, _: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """A new connection: the first of its place, or the next one there."""
        window = self.pool.window
        window.created += 1
        if record.record_info is not None and record.record_info.pop(_CLOSED, None) == "closed":
            window.renewed += 1

    def closed(self, _: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """A connection is about to be closed."""
        self.pool.window.closed += 1
        if record.record_info is not None:
            record.record_info.setdefault(_CLOSED, "closed")

    def invalidated(self, _: DBAPIConnection, record: ConnectionPoolEntry, __: BaseException | None) -> None:
        """A connection broke, or was left in the middle of a statement."""
        self.pool.window.lost += 1
        if record.record_info is not None:
            record.record_info[_CLOSED] = "lost"

    def returned(self, _: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        """Idle from now on."""
        record.info[_IDLE_SINCE] = time.monotonic()

    def taken(
        self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection
    ) -> None:
        """Test it only after it lay idle: pre-ping on each checkout costs 29 % of tiny queries."""
        since = record.info.get(_IDLE_SINCE)
        if since is None or time.monotonic() - since < self.test_after:
            return
        try:
            alive = self.dialect.do_ping(connection)
        except self.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            raise DisconnectionError("the connection died while it lay idle")


def pool_of(engine: AsyncEngine) -> MeasuredPool:
    """The engine's pool."""
    return cast(MeasuredPool, engine.sync_engine.pool)


def watch_pool(engine: AsyncEngine, *, test_after: float) -> None:
    """Count what happens in an engine's pool; test what lay idle for `test_after` seconds."""
    watch = _Watch(pool_of(engine), engine.sync_engine.dialect, test_after)
    listeners: dict[str, Callable[..., Any]] = {
        "do_connect": watch.connects,
        "connect": watch.connected,
        "close": watch.closed,
        "invalidate": watch.invalidated,
        "checkin": watch.returned,
        "checkout": watch.taken,
    }
    for name, listener in listeners.items():
        event.listen(engine.sync_engine, name, listener)

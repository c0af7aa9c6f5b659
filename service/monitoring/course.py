"""Figures over the last two hours, one point a minute: what trends are drawn through."""

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import psutil

from service.core.database import AWAY
from service.monitoring import queries, requests
from service.monitoring.figures import quantile
from service.monitoring.samples import Sample

if TYPE_CHECKING:
    from service.monitoring.monitor import Monitor

EVERY: Final = 60.0
KEPT: Final = 120
MOST: Final = 1_000
"""Names kept; there are fewer operations."""
LEAST: Final = 5
"""Requests a minute below which their p95 is chance."""
_SIZE_EVERY: Final = 5
"""Minutes between looks at the size of the database."""
_ANSWERS_WITHIN: Final = 2.0
Point = tuple[float, float]


class Course:
    """Points by name: `pool_in_use`, `memory`, `disk`, `database`, and `GET /route` for its p95 in ms."""

    def __init__(self, monitor: "Monitor") -> None:
        self.monitor = monitor
        self.points: dict[str, deque[Point]] = {}
        self._due = 0.0
        self._minutes = 0
        self._before: dict[str, list[int]] = {}

    async def note(self, sample: Sample, _: dict[str, float | None]) -> None:
        """Add the points of this minute, once it is over; a listener of the monitor."""
        if sample.clock < self._due:
            return
        self._due = sample.clock + EVERY
        self._add("pool_in_use", sample.clock, sample.gauges["pool_in_use"])
        self._add("memory", sample.clock, sample.gauges["rss_bytes"])
        self._add("disk", sample.clock, float(self.disk().used))
        told = await self.monitor.counted("requests", told=False)
        with self.monitor.cost.measured():
            self._note_requests(sample.clock, told["requests"])
        if self._minutes % _SIZE_EVERY == 0:
            await self._note_size()
        self._minutes += 1

    def disk(self) -> Any:
        """The disk that the service's own files lie on: `total`, `used`, `free` in bytes."""
        home = self.monitor.runtime.settings.home
        return psutil.disk_usage(str(home if home.exists() else home.absolute().anchor))

    def _note_requests(self, clock: float, lines: requests.Written) -> None:
        now: dict[str, list[int]] = {}
        for (route, method, _), series in requests.read(lines):
            name = f"{method} {route}"
            before = now.get(name)
            now[name] = (
                series.buckets
                if before is None
                else [one + other for one, other in zip(before, series.buckets, strict=True)]
            )
        for name, times in now.items():
            then = self._before.get(name, [0] * len(times))
            grown = [max(0, one - other) for one, other in zip(times, then, strict=True)]
            p95 = quantile(grown, 0.95) if sum(grown) >= LEAST else None
            if p95 is not None:
                self._add(name, clock, p95)
        self._before = now

    async def _note_size(self) -> None:
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN), self.monitor.runtime.database.read() as conn:
                found = await queries.select_database(conn)
        except AWAY:
            return  # a database that is away has no size; health says that it is away
        self._add("database", time.monotonic(), float(found.bytes))

    def _add(self, name: str, clock: float, value: float) -> None:
        if name not in self.points and len(self.points) >= MOST:
            return
        self.points.setdefault(name, deque(maxlen=KEPT)).append((clock, value))

"""Samples the process every few seconds, keeps the last hour, and tells its listeners each span's figures."""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from service.core.responses import Responses
from service.core.runtime import Runtime
from service.core.telemetry import get_logger, happened, told
from service.monitoring.alerts.watchdog import Watchdog
from service.monitoring.cost import Cost
from service.monitoring.course import Course
from service.monitoring.figures import figures_between
from service.monitoring.history.writing import HistoryWriter, instance_name
from service.monitoring.memory.allocations import Tracing
from service.monitoring.memory.cleaning import Cleaner
from service.monitoring.memory.report import Memory
from service.monitoring.parts import added_up, read_parts
from service.monitoring.profiler.profiling import Profiling
from service.monitoring.samples import Sample, take_sample
from service.monitoring.samples import read as read_sample
from service.monitoring.workers import Seat, Workers

log = get_logger(__name__)

KEPT: Final = 360
"""Samples kept: an hour of one every ten seconds."""
_LAG_EVERY: Final = 0.25

Listener = Callable[[Sample, dict[str, float | None]], Awaitable[None]]


class Monitor:
    """The watch of this process and the workers beside it; `app.state.monitor` while the application lives.

    `listeners` are awaited after each sample, one after the other: history writes, alerts judge. One that
    fails is logged and counted, and the next one is told all the same.
    """

    def __init__(self, runtime: Runtime, responses: Responses, seat: Seat | None = None) -> None:
        self.runtime: Runtime = runtime
        self.responses: Responses = responses
        self.workers = Workers(seat, self._read)
        self.cost = Cost()
        self.course = Course(self)
        self.began = datetime.now(UTC)
        self.samples: deque[Sample] = deque(maxlen=KEPT)
        self.listeners: list[Listener] = [self.course.note]
        self.memory = Memory(Cleaner(runtime, responses), Tracing(runtime.compute))
        self.profiling = Profiling(runtime.compute)
        self.lag = 0.0
        """Seconds the event loop was late at most since the last sample."""
        self._late, self._due_at = 0.0, math.inf

    @property
    def is_leader(self) -> bool:
        """Whether this one of several workers does what only one shall: write history, judge alerts."""
        return self.workers.is_leader

    def now(self) -> Sample:
        """A sample of this process at this moment, which is not kept."""
        return take_sample(self.runtime, self.responses, self.lag)

    def _read(self, parts: Collection[str] | None) -> dict[str, Any]:
        with self.cost.measured():
            return read_parts(self, parts)

    async def counted(self, *parts: str, told: bool = True) -> dict[str, Any]:
        """These parts of all workers together, as of now; `told` as for `Workers.counted`."""
        return added_up(await self.workers.counted(parts, told=told))

    async def everywhere(self) -> Sample:
        """A sample of all workers together, on this one's clock."""
        return read_sample((await self.counted("sample", told=False))["sample"])

    async def figures(self, since: Sample | None = None) -> dict[str, float | None]:
        """The figures of all workers between a sample (the last one kept, unless given) and this moment."""
        after = await self.everywhere()
        before = since or (self.samples[-1] if self.samples else after)
        return figures_between(before, after)

    async def keep(self) -> None:
        """Take a sample, keep it, and tell the figures since the one before."""
        before, after = self.samples[-1] if self.samples else None, await self.everywhere()
        self.samples.append(after)
        self.lag = 0.0
        if before is not None:
            figures = figures_between(before, after)
            for listener in self.listeners:
                await self._tell(listener, after, figures)

    async def _tell(self, listener: Listener, sample: Sample, figures: dict[str, float | None]) -> None:
        try:
            await listener(sample, figures)
        except Exception as error:  # whatever it is, the watch goes on
            happened("monitoring.listener", "failed")
            log.warning("a listener of the figures failed", error=type(error).__name__, detail=told(error))

    @property
    def loop_lag(self) -> float:
        """Seconds the event loop is late now: of the last look, or of the one that is overdue."""
        return max(self._late, time.monotonic() - self._due_at)

    async def watch(self) -> None:
        """Sample until cancelled; a sample that cannot be taken (no descriptors left, say) is left out."""
        every = self.runtime.settings.monitoring.sample_seconds
        due = time.monotonic()
        while True:
            try:
                await self.keep()
            except Exception as error:  # whatever it is, without a watch no alert would tell of it
                happened("monitoring.sample", "failed")
                log.warning("no sample could be taken", error=type(error).__name__, detail=told(error))
            due = max(due + every, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    async def watch_loop(self) -> None:
        """Measure the event loop until cancelled: how late a short sleep wakes up."""
        while True:
            self._due_at = time.monotonic() + _LAG_EVERY
            await asyncio.sleep(_LAG_EVERY)
            self._late = max(0.0, time.monotonic() - self._due_at)
            self.lag = max(self.lag, self._late)


@asynccontextmanager
async def watching(
    runtime: Runtime, responses: Responses, seat: Seat | None = None
) -> AsyncIterator[Monitor]:
    """A monitor that watches while the block runs, unless the settings switch monitoring off.

    `seat` is this process's place among several workers; their figures are always to be had.
    """
    monitor = Monitor(runtime, responses, seat)
    instance = instance_name(runtime.settings.monitoring)
    history = HistoryWriter(runtime.database, instance, should_write=lambda: monitor.is_leader)
    watchdog = Watchdog(runtime, is_leader=lambda: monitor.is_leader)
    monitor.listeners += [history.note, monitor.memory.note]
    async with monitor.workers.open(), monitor.memory.watched():
        every = (monitor.watch, monitor.watch_loop, watchdog.watch)
        watches = every if runtime.settings.monitoring.enabled else ()
        tasks = [asyncio.create_task(watch(), name="monitor") for watch in watches]
        try:
            yield monitor
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

"""Samples the process every few seconds, keeps the last hour, and tells its listeners each span's figures."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from service.core.responses import Responses
from service.core.runtime import Runtime
from service.core.telemetry import get_logger, happened, told
from service.monitoring.alerts.watchdog import Watchdog
from service.monitoring.figures import figures_between
from service.monitoring.history.writing import HistoryWriter, instance_name
from service.monitoring.memory.allocations import Tracing
from service.monitoring.memory.cleaning import Cleaner
from service.monitoring.memory.report import Memory
from service.monitoring.parts import added_up, read_all
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
        self.workers = Workers(seat, lambda: read_all(self))
        self.samples: deque[Sample] = deque(maxlen=KEPT)
        self.listeners: list[Listener] = []
        self.memory = Memory(Cleaner(runtime, responses), Tracing(runtime.compute))
        self.lag = 0.0

    @property
    def is_leader(self) -> bool:
        """Whether this one of several workers does what only one shall: write history, judge alerts."""
        return self.workers.is_leader

    def now(self) -> Sample:
        """A sample of this process at this moment, which is not kept."""
        return take_sample(self.runtime, self.responses, self.lag)

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

    async def watch(self) -> None:
        """Sample until cancelled; the lag of the event loop is how late a short sleep wakes up."""
        every = self.runtime.settings.monitoring.sample_seconds
        due = time.monotonic()
        while True:
            if time.monotonic() >= due:
                await self.keep()
                due = time.monotonic() + every
            before = time.monotonic()
            await asyncio.sleep(min(_LAG_EVERY, every))
            self.lag = max(self.lag, time.monotonic() - before - min(_LAG_EVERY, every))


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
    monitor.listeners += [history.note, monitor.memory.note, Watchdog(runtime).note]
    async with monitor.workers.open(), monitor.memory.watched():
        enabled = runtime.settings.monitoring.enabled
        task = asyncio.create_task(monitor.watch(), name="monitor") if enabled else None
        try:
            yield monitor
        finally:
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

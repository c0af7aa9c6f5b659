"""The memory report: what the process holds, how that goes, what collecting costs and what was cleaned up."""

import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from service.core.tasks import every
from service.monitoring.memory.allocations import Site, Tracing
from service.monitoring.memory.cleaning import Cleaner, CleanUp, held_bytes
from service.monitoring.memory.collections import Collections, Generation
from service.monitoring.memory.growth import MIB, Point, Suspicion, slope, suspicion, warm
from service.schemas.monitoring.memory import (
    AllocationSite,
    AllocationTracing,
    GcGeneration,
    LeakSuspicion,
    MemoryCleanUp,
    MemoryCleanUps,
    MemoryPoint,
    MemoryReport,
    MemoryTrend,
)

KEPT: Final = 360
"""Moments kept: an hour of one every ten seconds."""
POINTS: Final = 60
_TRACE: Final = (
    "start tracing allocations (POST /v1/performance/tracemalloc), take a snapshot some minutes later, and "
    "look at what grew"
)
_LOOK: Final = "look at what grew; a library's line is often called by one of ours: trace with more frames"


@dataclass(frozen=True, slots=True)
class Held:
    """What this process held at a moment: `clock` is monotonic seconds, for slopes; `at` is for people."""

    clock: float
    at: datetime
    rss: int
    blocks: int


class Memory:
    """What is watched of the memory of a process, whatever the clock on the wall does (Q6)."""

    def __init__(self, cleaner: Cleaner, tracing: Tracing) -> None:
        self.cleaner = cleaner
        self.tracing = tracing
        self.collections = Collections()
        self.began = time.monotonic()
        self.held: deque[Held] = deque(maxlen=KEPT)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Measure collections and clean up from time to time while the block runs."""
        period = timedelta(seconds=self.cleaner.runtime.settings.tasks.memory_cleanup)
        try:
            with self.collections.measured():
                async with every(period, "memory_cleanup", self.cleaner.scheduled):
                    yield
        finally:
            self.tracing.end()

    async def note(self, *_: object) -> None:
        """Keep what is held now, and clean up if that is too much: a listener of the monitor."""
        now = held_now()
        self.held.append(now)
        await self.cleaner.look(now.rss)

    def report(self) -> MemoryReport:
        """The report of this moment, with the trend of the last hour."""
        now = held_now()
        held = [*self.held, now]
        rss = [(one.clock, float(one.rss)) for one in held]
        blocks = [(one.clock, float(one.blocks)) for one in held]
        settings = self.cleaner.runtime.settings
        return MemoryReport(
            process=os.getpid(),
            rss_bytes=now.rss,
            threshold_bytes=settings.memory.gc_threshold,
            heap_blocks=now.blocks,
            cache_bytes=self._cached(),
            trend=_trend(rss, "MiB/h"),
            heap_trend=_trend(blocks, "blocks/h"),
            leak=self._leak(suspicion(warm(rss, self.began))),
            gc=[_generation(one) for one in self.collections.generations()],
            clean_ups=MemoryCleanUps(
                every_seconds=settings.tasks.memory_cleanup,
                times=self.cleaner.times,
                freed_bytes=self.cleaner.freed,
                last=None if self.cleaner.last is None else _clean_up(self.cleaner.last),
            ),
            tracing=tracing_of(self.tracing),
            points=[
                MemoryPoint(at=one.at, rss_bytes=one.rss, heap_blocks=one.blocks) for one in _thinned(held)
            ],
        )

    def _cached(self) -> int:
        caches = (self.cleaner.responses.stats(), self.cleaner.runtime.cache.stats())
        return sum(each.bytes for cache in caches for each in cache.values())

    def _leak(self, judged: Suspicion) -> LeakSuspicion:
        growing = [] if self.tracing.last is None else _sites(self.tracing.last.sites)
        return LeakSuspicion(
            suspected=judged.suspected,
            because=judged.because,
            bound_mib_per_hour=judged.bound / MIB,
            growing=growing,
            advice=None if not judged.suspected else _LOOK if growing else _TRACE,
        )


def tracing_of(tracing: Tracing) -> AllocationTracing:
    """How the tracing stands."""
    last = tracing.last
    return AllocationTracing(
        process=os.getpid(),
        tracing=tracing.on,
        frames=tracing.frames if tracing.on else None,
        ends_at=tracing.ends_at,
        compared_at=None if last is None else last.at,
        compared_with=None if last is None else last.since,
        traced_bytes=None if last is None else last.traced,
        growing=[] if last is None else _sites(last.sites),
    )


def held_now() -> Held:
    """This process at this moment; takes some 0.3 ms, so not for a request."""
    return Held(time.monotonic(), datetime.now(UTC), held_bytes(), sys.getallocatedblocks())


def _thinned(held: Sequence[Held]) -> Sequence[Held]:
    """At most `POINTS` of them, evenly, with the last one."""
    step = -(-len(held) // POINTS)
    return held[::-1][::step][::-1]


def _trend(points: Sequence[Point], unit: str) -> MemoryTrend | None:
    found = slope(points)
    if found is None:
        return None
    size = MIB if unit == "MiB/h" else 1
    return MemoryTrend(
        unit="MiB/h" if unit == "MiB/h" else "blocks/h",
        per_hour=found.per_hour / size,
        error=found.error / size,
        samples=found.samples,
        window_seconds=round(found.seconds),
    )


def _sites(sites: Iterable[Site]) -> list[AllocationSite]:
    return [
        AllocationSite(
            file=site.file,
            line=site.line,
            size_bytes=site.size,
            growth_bytes=site.growth,
            count=site.count,
            count_growth=site.count_growth,
        )
        for site in sites
    ]


def _generation(one: Generation) -> GcGeneration:
    return GcGeneration(
        generation=one.number,
        threshold=one.threshold,
        collections=one.collections,
        collected=one.collected,
        uncollectable=one.uncollectable,
        pauses=one.measured,
        pause_seconds=one.seconds,
        longest_pause_seconds=one.longest,
    )


def _clean_up(done: CleanUp) -> MemoryCleanUp:
    return MemoryCleanUp(
        at=done.at,
        because=done.because,
        entries_forgotten=done.forgotten,
        objects_collected=done.collected,
        freed_bytes=done.freed,
        rss_bytes=done.rss_after,
        seconds=done.seconds,
    )

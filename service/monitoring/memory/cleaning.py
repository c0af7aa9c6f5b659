"""The clean-up of a process: forget what has expired, collect, and give free pages back to the system."""

import ctypes
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final, Literal

import psutil

from service.core.responses import Responses
from service.core.runtime import Runtime
from service.core.telemetry import get_logger

log = get_logger(__name__)

APART: Final = 60.0
"""Seconds between two clean-ups that samples call for: each stops the process for some 0.1 s."""

Cause = Literal["schedule", "threshold"]
_PROCESS: Final = psutil.Process()


def held_bytes() -> int:
    """The resident memory of this process."""
    return int(_PROCESS.memory_info().rss)


@dataclass(frozen=True, slots=True)
class CleanUp:
    """One clean-up: what called for it, entries of caches forgotten, objects collected, bytes held."""

    at: datetime
    because: Cause
    forgotten: int
    collected: int
    rss_before: int
    rss_after: int
    seconds: float

    @property
    def freed(self) -> int:
        """Bytes given back to the system; never negative, others may have taken some meanwhile."""
        return max(0, self.rss_before - self.rss_after)


class Cleaner:
    """Cleans up when it is told to, and when a sample shows more than `MEMORY__GC_THRESHOLD` bytes."""

    def __init__(
        self, runtime: Runtime, responses: Responses, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.runtime = runtime
        self.responses = responses
        self.times = 0
        self.freed = 0
        self.last: CleanUp | None = None
        self._clock = clock
        self._not_before = float("-inf")

    async def look(self, rss: int) -> None:
        """Clean up if this process holds too much, `rss` bytes, and was not cleaned up within a minute."""
        if rss >= self.runtime.settings.memory.gc_threshold and self._clock() >= self._not_before:
            await self.clean("threshold")

    async def scheduled(self) -> None:
        """The periodic clean-up."""
        await self.clean("schedule")

    async def clean(self, because: Cause) -> CleanUp:
        """Clean up now, and say what that freed."""
        self._not_before = self._clock() + APART
        started, before = time.perf_counter(), held_bytes()
        forgotten = self.responses.prune() + self.runtime.cache.prune()
        # Here and not in a thread: what is collected may belong to the event loop, such as a lost transport.
        collected = gc.collect()
        await self.runtime.compute.in_thread(give_back)
        done = CleanUp(
            at=datetime.now(UTC),
            because=because,
            forgotten=forgotten,
            collected=collected,
            rss_before=before,
            rss_after=held_bytes(),
            seconds=time.perf_counter() - started,
        )
        self.times, self.freed, self.last = self.times + 1, self.freed + done.freed, done
        log.info(
            "memory_cleaned_up",
            because=because,
            forgotten=forgotten,
            collected=collected,
            rss_bytes=done.rss_after,
            freed_bytes=done.freed,
            ms=round(done.seconds * 1000, 1),
        )
        return done


def give_back() -> bool:
    """Return free pages of the C heap to the system, where glibc has it; whether there were any."""
    trim = _malloc_trim()
    return trim is not None and bool(trim(0))


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found

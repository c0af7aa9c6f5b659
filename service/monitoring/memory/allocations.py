"""Where memory is allocated, line by line: tracemalloc, on demand, for a bounded time.

Tracing makes every allocation dearer (about twice the time of Python code that allocates), so it stops by
itself. It sees what is allocated after its start and still held.
"""

import asyncio
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from service.core.compute import Compute
from service.core.errors import Conflict
from service.monitoring.shown_files import shown_file

SHOWN: Final = 30
"""Lines of a comparison: those that grew most."""
_HIDDEN: Final = (
    tracemalloc.Filter(False, tracemalloc.__file__),
    tracemalloc.Filter(False, "<frozen importlib._bootstrap>"),
    tracemalloc.Filter(False, "<frozen importlib._bootstrap_external>"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """A line of code that holds memory: bytes and blocks, and how much more than at the comparison before."""

    file: str
    line: int
    size: int
    growth: int
    count: int
    count_growth: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What grew between two snapshots, most first; all bytes in `traced`."""

    at: datetime
    since: datetime
    traced: int
    sites: tuple[Site, ...]


class Tracing:
    """The tracing of this process: off, or on until it is stopped or its time is over.

    The first comparison is with the start, each later one with the snapshot before it. `last` outlives the
    tracing.
    """

    def __init__(self, compute: Compute) -> None:
        self.compute = compute
        self.frames = 0
        self.ends_at: datetime | None = None
        self.last: Comparison | None = None
        self._before: tuple[datetime, tracemalloc.Snapshot] | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._work: asyncio.Task[Comparison] | None = None
        self._end: asyncio.Task[None] | None = None

    @property
    def on(self) -> bool:
        """Whether it is traced now."""
        return self._before is not None

    async def start(self, *, frames: int, seconds: float) -> None:
        """Trace for at most `seconds`, with `frames` callers of each allocation.

        Raises `Conflict` (`already_tracing`).
        """
        if self.on or tracemalloc.is_tracing():
            raise Conflict("allocations are traced already; stop that first", code="already_tracing")
        tracemalloc.start(frames)
        now = datetime.now(UTC)
        self.frames, self.ends_at, self.last = frames, now + timedelta(seconds=seconds), None
        self._before = now, tracemalloc.take_snapshot()  # nothing is traced yet: this takes no time
        self._ending = asyncio.get_running_loop().call_later(seconds, self._begin_to_end)

    async def compare(self) -> Comparison:
        """What has grown since the snapshot before.

        Whoever asks while one is worked out gets that one. Raises `Conflict` (`not_tracing`).
        """
        if self._before is None:
            raise _not_tracing()
        if self._work is None:
            self._work = asyncio.create_task(self._compare(self._before))
            self._work.add_done_callback(self._compared)
        return await asyncio.shield(self._work)

    async def stop(self) -> Comparison | None:
        """Compare for the last time and stop; without tracing, the comparison there was last."""
        if self._ending is not None:
            self._ending.cancel()
        try:
            return await self.compare() if self.on else self.last
        finally:
            self.end()

    def end(self) -> None:
        """Stop without a comparison."""
        if self._before is not None:
            tracemalloc.stop()
            self._before = self.ends_at = None
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _begin_to_end(self) -> None:
        self._end = asyncio.create_task(self._end_in_time(), name="tracemalloc")

    async def _end_in_time(self) -> None:
        with suppress(Conflict):  # somebody stopped it at this very moment
            await self.stop()

    def _compared(self, _: "asyncio.Task[Comparison]") -> None:
        self._work = None

    async def _compare(self, before: tuple[datetime, tracemalloc.Snapshot]) -> Comparison:
        at = datetime.now(UTC)
        try:
            after, found, traced = await self.compute.in_thread(_compared, before[1])
        except RuntimeError:  # it was stopped meanwhile
            raise _not_tracing() from None
        if self._before is not None:
            self._before = at, after
        self.last = Comparison(at, before[0], traced, tuple(found))
        return self.last


def _not_tracing() -> Conflict:
    return Conflict("allocations are not traced; start that first", code="not_tracing")


def _compared(before: tracemalloc.Snapshot) -> tuple[tracemalloc.Snapshot, list[Site], int]:
    traced, _ = tracemalloc.get_traced_memory()
    after = tracemalloc.take_snapshot().filter_traces(_HIDDEN)
    lines = sorted(after.compare_to(before, "lineno"), key=lambda one: one.size_diff, reverse=True)
    return after, list(_sites(lines[:SHOWN])), traced


def _sites(lines: Iterable[tracemalloc.StatisticDiff]) -> Iterable[Site]:
    for one in lines:
        frame = one.traceback[-1]
        yield Site(
            shown_file(frame.filename),
            frame.lineno,
            one.size,
            one.size_diff,
            one.count,
            one.count_diff,
        )

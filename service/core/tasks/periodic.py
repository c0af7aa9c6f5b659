"""Small things that each process does for itself from time to time, such as pruning its caches."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from typing import Final

from service.core.retries import RetryPolicy
from service.core.telemetry import get_logger, happened, told

log = get_logger(__name__)

SPREAD: Final = 0.1
"""Share of the period by which replicas part."""
AGAIN: Final = RetryPolicy(base=10.0, cap=600.0)
"""Work that failed is tried again sooner than its period says, ever more seldom."""


@dataclass(slots=True)
class Periodic:
    """One thing that this process does about every `period` (zero: switched off), and how it went last.

    `seconds` is how long the last time took, `detail` why it failed, `in_a_row` how many failed since one
    succeeded.
    """

    name: str
    period: timedelta
    times: int = 0
    failures: int = 0
    in_a_row: int = 0
    started_at: datetime | None = None
    seconds: float | None = None
    outcome: str | None = None
    detail: str | None = None
    next_at: datetime | None = None

    async def once(self, work: Callable[[], object]) -> None:
        """Do it now; a failure is logged and counted, no more."""
        self.started_at, self.next_at, started = datetime.now(UTC), None, time.perf_counter()
        self.times += 1
        try:
            result = work()
            if isawaitable(result):
                await result
            self._ended("ok")
        except Exception as error:  # whatever it is, the loop goes on
            self.failures += 1
            self._ended("failed", told(error), in_a_row=self.in_a_row + 1)
            log.error("periodic_work_failed", work=self.name, error=type(error).__name__, detail=self.detail)
        finally:
            self.seconds = time.perf_counter() - started

    def _ended(self, outcome: str, detail: str | None = None, *, in_a_row: int = 0) -> None:
        self.outcome, self.detail, self.in_a_row = outcome, detail, in_a_row
        happened(self.name, outcome)

    def pause(self) -> float:
        """Seconds until the next time."""
        period = self.period.total_seconds()
        pause = period * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311  spreads replicas
        if self.in_a_row:
            pause = min(pause, AGAIN.pause(self.in_a_row))
        self.next_at = datetime.now(UTC) + timedelta(seconds=pause)
        return pause


_RUNNING: Final[list[Periodic]] = []


def periodic_works() -> tuple[Periodic, ...]:
    """What this process does from time to time, also what is switched off, in the order of its beginning."""
    return tuple(_RUNNING)


@asynccontextmanager
async def every(period: timedelta | None, name: str, work: Callable[[], object]) -> AsyncIterator[Periodic]:
    """Do `work` (it may be async) about every `period` while the block runs; None or zero: never.

    Never two at once: the period counts from the end of the last time. Ending the block cancels what is
    under way.
    """
    periodic = Periodic(name, period or timedelta())
    _RUNNING.append(periodic)
    task = asyncio.create_task(_for_ever(periodic, work), name=name) if periodic.period else None
    try:
        yield periodic
    finally:
        _RUNNING[:] = [other for other in _RUNNING if other is not periodic]
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _for_ever(periodic: Periodic, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(periodic.pause())
        await periodic.once(work)

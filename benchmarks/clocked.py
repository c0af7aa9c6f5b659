"""Works timed by themselves: the clock beside the CPU of this process, what takes long as often as fits."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

from benchmarks.printing import note
from service.core.database import Database

WARM_UP: Final = 3
"""Runs that do not count."""


@dataclass(slots=True)
class Clocked:
    """Seconds of each run, by the clock and of CPU."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Median of the CPU: of work that waits for nobody, whoever else is at work here."""
        return statistics.median(self.cpu)

    @property
    def middle_clock(self) -> float:
        """Median by the clock: of work that waits, for a server."""
        return statistics.median(self.clock)

    def add(self, clock: float, cpu: float) -> None:
        """One more run."""
        self.clock.append(clock)
        self.cpu.append(cpu)


def clocked(work: Callable[[], Any], rounds: int, most_seconds: float) -> Clocked:
    """So many runs after three that do not count; of what takes too long as many as fit, from the first."""
    found = Clocked()
    while len(found.clock) < rounds + WARM_UP and sum(found.clock) < most_seconds:
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        found.add(time.perf_counter() - clock, time.process_time() - cpu)
    return _counted(found)


async def clocked_waiting(work: Callable[[], Awaitable[Any]], rounds: int, most_seconds: float) -> Clocked:
    """The same of work that waits."""
    found = Clocked()
    while len(found.clock) < rounds + WARM_UP and sum(found.clock) < most_seconds:
        clock, cpu = time.perf_counter(), time.process_time()
        await work()
        found.add(time.perf_counter() - clock, time.process_time() - cpu)
    return _counted(found)


def _counted(found: Clocked) -> Clocked:
    enough = slice(WARM_UP, None) if len(found.clock) > WARM_UP else slice(-1, None)
    return Clocked(found.clock[enough], found.cpu[enough])


async def server_cpu(db: Database) -> float:
    """Seconds of CPU that the database server took up to now, all of its processes together."""
    async with db.read() as conn:
        backend = (await conn.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
    server = psutil.Process(backend).parent()
    assert server is not None
    ended = server.cpu_times()
    found = ended.children_user + ended.children_system
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            taken = process.cpu_times()
            found += taken.user + taken.system
    return float(found)


def p95(seconds: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(seconds)[-(-95 * len(seconds) // 100) - 1]


def told(who: str, found: Clocked) -> None:
    """One line: median and p95 by the clock, median of CPU."""
    middle, high, cpu = (one * 1000 for one in (found.middle_clock, p95(found.clock), found.middle))
    runs = len(found.clock)
    note(f"{who:<30} median {middle:10.3f} ms   p95 {high:10.3f} ms   CPU {cpu:10.3f} ms   n={runs}")

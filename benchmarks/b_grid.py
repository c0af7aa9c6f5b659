"""Grids: one parse of 96 slots x 50 people, x1, x4, x16, and how late a 5 ms ticker is meanwhile (crew #107).

The peers are the tree alone, libxml2 without any reading of it, and for the ticker a thread that packs bytes,
which holds no lock of the interpreter: what it delays is the machine's doing.
`python -m benchmarks grid`; GRID_PEOPLE, GRID_ROUNDS and GRID_SECONDS make it smaller.
"""

import asyncio
import os
import statistics
import time
import zlib
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from benchmarks.ground import interleaved, run
from benchmarks.printing import heading, judge, note, ratio_of, times
from service.core.compute import Compute
from service.core.settings import CrewSettings
from service.crew.rules.crewing import Lists
from service.crew.upstream.markup import tree_of
from service.crew.upstream.pages import parse_grid
from service.simulators.gartan.generate import GeneratorConfig, generate
from service.simulators.gartan.grid import View, draw

PEOPLE: Final = int(os.environ.get("GRID_PEOPLE", "50"))
ROUNDS: Final = int(os.environ.get("GRID_ROUNDS", "30"))
SECONDS: Final = float(os.environ.get("GRID_SECONDS", "5"))
DAY: Final = date(2026, 3, 5)
BUDGET_MS: Final = 60
LATE_MS: Final = 30
TICK: Final = 0.005
LINEAR: Final = 1.3
"""16 times the people at most this much more than 16 times the time: a page for 800 leaves the caches."""


def page(people: int) -> str:
    """A page of that many people, 96 slots."""
    return draw(View(generate(GeneratorConfig(people=people)).stations[0], DAY))


def read(html: str) -> None:
    """The page as the sync reads it."""
    parse_grid(html, 15, CrewSettings().codes, Lists(), day=DAY, zone="Europe/London")


async def late(work: Callable[[], object] | None, seconds: float) -> list[float]:
    """How late each tick of 5 ms was while `work` is repeated in a thread (None: while nothing is)."""
    compute, ends, found = Compute(), time.perf_counter() + seconds, []

    async def repeat() -> None:
        while work is not None and time.perf_counter() < ends:
            await compute.in_thread(work)

    busy = asyncio.create_task(repeat())
    while time.perf_counter() < ends:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        found.append(max(0.0, time.perf_counter() - due))
    await busy
    compute.close()
    return found


async def _compare() -> None:
    pages = {people: page(people) for people in (PEOPLE, 4 * PEOPLE, 16 * PEOPLE)}
    compute = Compute()

    async def timed(work: Callable[[], object]) -> None:
        await compute.in_thread(work)

    works = {f"parse, {people} people": partial(timed, partial(read, html)) for people, html in pages.items()}
    html = pages[PEOPLE]
    works["tree alone"] = partial(timed, partial(tree_of, html))
    seconds = await interleaved(works, ROUNDS)
    compute.close()
    one, _, many = (seconds[name] for name in list(works)[:3])
    heading(f"grid: {PEOPLE} people x 96 slots, {len(html):,} characters")
    for name, values in seconds.items():
        times(name, values)
    judge("parse, median", statistics.median(one) * 1000, BUDGET_MS, unit="ms")
    judge("time / people, x16 against x1", statistics.median(many) / statistics.median(one) / 16, LINEAR)
    note(f"parse / tree alone: {ratio_of(seconds, next(iter(works)), 'tree alone'):.1f}")


async def _ticking() -> None:
    html, packed = page(PEOPLE), os.urandom(1 << 20)
    heading("a 5 ms ticker on the loop while a thread parses pages one after the other")
    found = {
        "late, nothing else": await late(None, SECONDS),
        "late, a thread packs bytes": await late(partial(zlib.compress, packed), SECONDS),
        "late, a thread parses": await late(partial(read, html), SECONDS),
    }
    for name, values in found.items():
        times(name, values)
        note(f"  99 of 100 by {statistics.quantiles(values, n=100)[98] * 1000:.1f} ms at most")
    judge("latest tick", max(found["late, a thread parses"]) * 1000, LATE_MS, unit="ms")


async def compare() -> None:
    """Both."""
    await _compare()
    await _ticking()


def main() -> None:
    """Print the figures beside their goals."""
    run(compare())

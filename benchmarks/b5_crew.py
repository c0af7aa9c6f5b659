"""B5: the crew desk on 50 stations (B5_STATIONS) of 20 people and 28 days, by its own answers.

Who can turn out at an instant, an appliance two weeks ahead, coverage of two weeks, hours of a week: each
beside the plain SQL of crew spec D.5, in turn, for one station after the other. Then putting a day in force,
and all of it as stations grow by B5_GROWTH (1,4,16). Reading a grid has a benchmark of its own (`grid`).
`python -m benchmarks b5`; B5_ROUNDS makes it smaller too.
"""

import gc
import os
import statistics
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Final

import uvloop

from benchmarks.b5_days import applying
from benchmarks.b5_ground import add_stations
from benchmarks.b5_ours import Ours
from benchmarks.b5_peers import Plain
from benchmarks.ground import database, interleaved
from benchmarks.printing import heading, judge, note, tell
from service.core.database import Database

STATIONS = int(os.environ.get("B5_STATIONS", "50"))
ROUNDS = int(os.environ.get("B5_ROUNDS", "60"))
GROWTH = tuple(int(one) for one in os.environ.get("B5_GROWTH", "1,4,16").split(","))
PLAIN, SLOPE = 2.5, 1.25
"""Ours against the plain SQL (it says why, how fresh and how complete too); time as stations grow."""
BUDGETS: Final = {"state": 25.0, "forecast": 50.0}
"""Milliseconds, p95 (crew spec E)."""
Ask = Callable[[int], Awaitable[object]]


def main() -> None:
    """At the size of the environment."""
    uvloop.run(measure())


async def measure() -> None:
    """All of it on one database, which grows."""
    async with database() as db:
        await add_stations(db, 1, STATIONS)
        ours, plain = Ours(db), Plain(db)
        await _agree(ours, plain)
        gc.collect()
        gc.freeze()  # as the service does when it has started: a whole collection takes a tenth of a second
        pairs: dict[str, tuple[Ask, Ask]] = {
            "state": (ours.states, plain.states),
            "forecast": (ours.forecast, plain.sweep),
            "coverage": (ours.coverage, plain.coverage),
            "hours": (ours.hours, plain.hours),
        }
        then: dict[str, Ask] = {"state": ours.states_then, "forecast": ours.forecast_then}
        for name, (ask, statement) in pairs.items():
            await _beside(name, ask, statement, then.get(name))
        await applying(db, ROUNDS)
        await _growing(db, ours)


async def _agree(ours: Ours, plain: Plain) -> None:
    """Before anything is timed: how many rows and slots of some stations say something else."""
    heading(f"B5, {STATIONS} stations: ours against the plain SQL, row by row")
    some = range(1, STATIONS + 1, max(1, STATIONS // 5))
    judge("rows that differ", sum([await ours.differing(station, plain) for station in some]), 0)


async def _beside(name: str, ask: Ask, statement: Ask, other: Ask | None) -> None:
    works: dict[str, Callable[[], Awaitable[object]]] = {
        name: _in_turn(ask),
        "plain SQL": _in_turn(statement),
        **({f"{name}, as known then": _in_turn(other)} if other else {}),
    }
    seconds = await interleaved(works, ROUNDS, warm_up=8)
    tell(f"B5, {name} of one of {STATIONS} stations", seconds, name, "plain SQL", PLAIN)
    if name in BUDGETS:
        judge(f"{name}, p95", statistics.quantiles(seconds[name], n=20)[-1] * 1000, BUDGETS[name], unit="ms")


def _in_turn(ask: Ask) -> Callable[[], Awaitable[object]]:
    """The same of the next station each time, far from the last one."""
    stations = cycle([1 + number * 17 % STATIONS for number in range(STATIONS)])
    return lambda: ask(next(stations))


async def _growing(db: Database, ours: Ours) -> None:
    """The same questions about one station, among more and more others."""
    medians: dict[str, list[float]] = {}
    there = STATIONS
    for factor in GROWTH:
        wanted = STATIONS * factor
        if wanted > there:
            await add_stations(db, there + 1, wanted)
            there = wanted
        works: dict[str, Ask] = {
            "state": ours.states,
            "state, as known then": ours.states_then,
            "forecast": ours.forecast,
            "forecast, as known then": ours.forecast_then,
            "coverage": ours.coverage,
            "hours": ours.hours,
        }
        seconds = await interleaved({name: _in_turn(ask) for name, ask in works.items()}, ROUNDS, warm_up=8)
        heading(f"B5, one station among {wanted}")
        for name, values in seconds.items():
            medians.setdefault(name, []).append(statistics.median(values))
            note(f"{name}: {medians[name][-1] * 1000:.1f} ms")
        await applying(db, ROUNDS, among=wanted)
    heading(f"B5, cost of one station, {' : '.join(str(STATIONS * one) for one in GROWTH)} stations")
    for name, values in medians.items():
        judge(f"{name}: last / first", values[-1] / values[0], SLOPE)


if __name__ == "__main__":
    main()

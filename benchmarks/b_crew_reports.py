"""Reports of the crew desk on a month: 20 people and 2 appliances at a station, x1, x4, x16 stations.

Each person books by the quarter of an hour, three to six stretches a day, everybody otherwise. The peer is
reading the same rows and doing nothing with them.
`python -m benchmarks crew-reports`; CREW_PEOPLE, CREW_STATIONS and CREW_ROUNDS make it smaller.
"""

import hashlib
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from benchmarks.ground import database, interleaved, run
from benchmarks.printing import heading, judge, times
from service.access.authenticator import open_authenticator
from service.core.auth import SYSTEM
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.crew.answers.appliances import read
from service.crew.days.applying import apply_day
from service.crew.days.observation import Observation
from service.crew.queries.stations import StationRow, put_station, select_stations
from service.crew.reports import REPORTS
from service.crew.rules.calendar import days
from service.crew.rules.grid import ApplianceRow, Cell, Contract, CrewRow, DayGrid, TitleRule
from service.crew.rules.slots import day_bounds
from service.reporting.report import BuildContext, Report

PEOPLE: Final = int(os.environ.get("CREW_PEOPLE", "20"))
STATIONS: Final = int(os.environ.get("CREW_STATIONS", "16"))
ROUNDS: Final = int(os.environ.get("CREW_ROUNDS", "7"))
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
LABELS: Final = tuple(f"{hour:02}{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45))
BUDGET_MS: Final = 200
NAMES: Final = ("off-the-run", "recovery", "gap-cover", "fairness", "availability", "monthly-return")
ROLES: Final = ("WC", "CC", "FFC", "FFD", "FFD", "FFT")
SKILLS: Final = (("BA", "TTR"), ("BA", "LGV"), ("BA",), ("BA", "ERD"), ("BA",), ())
CONTRACT: Final = Contract(Decimal(61), None, "61")
TITLE: Final = TitleRule("Default", 4, {"MGR": 1, "LGV": 1, "BA": 4})


def row(random: Random) -> tuple[Cell, ...]:
    """A day in stretches of two to eight hours, one in four available: some four turn out at a time."""
    made: list[Cell] = []
    while len(made) < len(LABELS):
        cell = Cell("available") if random.random() < 0.25 else Cell("unavailable", random.choice("WO"))
        made += [cell] * random.randint(8, 32)
    return tuple(made[: len(LABELS)])


def grid(random: Random) -> DayGrid:
    """A day of a station."""
    crew = tuple(
        CrewRow(f"PERSON {n:02}, AB", ROLES[n % 6], CONTRACT, SKILLS[n % 6], row(random))
        for n in range(PEOPLE)
    )
    pumps = tuple(
        ApplianceRow(f"P{pump}", pump, TITLE, tuple(cell.state for cell in row(Random(pump))))
        for pump in (6, 7)
    )
    return DayGrid(LABELS, 15, crew, pumps)


async def fill(runtime: Runtime) -> None:
    """A month of every station, seen when its days had ended."""
    random = Random(1)
    for number in range(STATIONS):
        async with runtime.database.write() as conn:
            station = await put_station(conn, f"P{100 + number}")
        for day in days(FIRST, LAST):
            made = grid(random)
            at = day_bounds(day, station.zone)[1] + timedelta(hours=1)
            digest = hashlib.sha256(repr(made).encode()).digest()
            seen = Observation(
                station=station, day=day, fetched_at=at, sha256=digest, parser_version=1, grid=made
            )
            await apply_day(runtime, seen)


def asked(report: Report[Any, Any]) -> Any:
    """March, of all stations that the caller may see."""
    month = "month" in report.params.model_fields
    return report.params.model_validate({"month": "2026-03"} if month else {"from": FIRST, "to": LAST})


async def _compare(runtime: Runtime) -> None:
    context = BuildContext(now=datetime.now(UTC), caller=SYSTEM, settings=runtime.settings)
    async with runtime.database.read() as conn:
        stations = await select_stations(conn)
    for many in dict.fromkeys((1, 4, STATIONS)):
        if many <= STATIONS:
            await _at(runtime, context, stations[:many])


async def _at(runtime: Runtime, context: BuildContext, stations: Sequence[StationRow]) -> None:
    limited = replace(context, caller=replace(SYSTEM, sites=frozenset(one.code for one in stations)))

    def built(report: Report[Any, Any]) -> Callable[[], Awaitable[object]]:
        async def work() -> object:
            async with runtime.database.snapshot() as conn:
                return await report.build(conn, asked(report), limited)

        return work

    async def plain() -> object:
        async with runtime.database.snapshot() as conn:
            start, end = day_bounds(FIRST, "Europe/London")[0], day_bounds(LAST, "Europe/London")[1]
            return await read(conn, runtime.settings, stations, start, end)

    works = {report.name: built(report) for report in REPORTS if report.name in NAMES}
    heading(f"A month, {PEOPLE} people and 2 appliances at each of {len(stations)} stations")
    seconds = await interleaved({"rows": plain, **works}, ROUNDS)
    for name, taken in seconds.items():
        times(name, taken)
        if name != "rows" and len(stations) == 1:
            judge(f"{name}, CPU of the service", await _cpu(works[name]), BUDGET_MS, unit="ms")


async def _cpu(work: Callable[[], Awaitable[object]]) -> float:
    """Median milliseconds that a round takes of a core: others on the machine do not lengthen it."""
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        await work()
        found.append((time.process_time() - started) * 1000)
    return statistics.median(found)


async def _main() -> None:
    async with database() as db:
        settings = Settings.model_validate(
            {"database": {"url": db.url}, "secret_keys": ["b" * 32], "log": {"level": "WARNING"}}
        )
        async with open_runtime(settings, [], open_authenticator) as runtime:
            await fill(runtime)
            await _compare(runtime)


def main() -> None:
    """Print the times of each report beside reading its rows."""
    run(_main())

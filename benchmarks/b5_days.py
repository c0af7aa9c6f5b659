"""Putting a day of a station in force: what a look at it costs, changed and the same again."""

import hashlib
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import count
from typing import Final

from benchmarks.b5_ground import NOW, PEOPLE
from benchmarks.printing import heading, judge, times
from service.access.authenticator import open_authenticator
from service.core.database import Database
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.core.telemetry.logs import configure_logs
from service.crew.answers.appliances import lists_of
from service.crew.days.applying import apply_day
from service.crew.days.observation import Observation
from service.crew.queries.stations import StationRow, put_station
from service.crew.rules.grid import DayGrid
from service.crew.upstream.pages import PARSER_VERSION, parse_grid
from service.desks import jobs_of, running_desks
from service.simulators.gartan import GeneratorConfig, View, draw, generate

DAY: Final = date(2026, 3, 12)
APPLY: Final = 50.0
"""Milliseconds, p95 (crew spec E)."""


def page(people: int, day: date = DAY) -> str:
    """A grid in quarter hours."""
    [station] = generate(GeneratorConfig(1, people, seed=5)).stations
    return draw(View(station, day))


def parsed(html: str, settings: Settings, day: date = DAY) -> DayGrid:
    """As the sync reads it."""
    return parse_grid(html, 15, settings.crew.codes, lists_of(settings.crew), day=day, zone="Europe/London")


async def applying(db: Database, rounds: int, among: int | None = None) -> None:
    """A day of 20 people that says something else each time, in a transaction of its own."""
    grids = [_grid(day) for day in (DAY, DAY + timedelta(days=1))]
    numbers = count(1)
    async with _runtime(db) as runtime:
        async with runtime.database.write() as conn:
            station = await put_station(conn, "P22")
        came, unchanged = [], []
        for number in range(rounds + 5):
            seen = _seen(station, grids[number % 2], next(numbers), among)
            for kept in (came, unchanged):
                started = time.perf_counter()
                await apply_day(runtime, seen)
                kept.append(time.perf_counter() - started)
                seen = _again(seen)
    heading(f"B5, a day of {PEOPLE} people put in force" + (f", among {among} stations" if among else ""))
    times("applied", came[5:])
    times("the same again", unchanged[5:])
    judge("a day applied, p95", statistics.quantiles(came[5:], n=20)[-1] * 1000, APPLY, unit="ms")


def _grid(day: date) -> DayGrid:
    settings = Settings.model_validate({"secret_keys": ["b" * 32]})
    return parsed(page(PEOPLE, day), settings, day)


def _seen(station: StationRow, grid: DayGrid, number: int, among: int | None) -> Observation:
    at = NOW + timedelta(days=among or 0, seconds=number * 10)
    digest = hashlib.sha256(f"{among} {number}".encode()).digest()
    return Observation(
        station=station, day=DAY, fetched_at=at, sha256=digest, parser_version=PARSER_VERSION, grid=grid
    )


def _again(seen: Observation) -> Observation:
    return Observation(
        station=seen.station,
        day=seen.day,
        fetched_at=seen.fetched_at + timedelta(seconds=1),
        sha256=seen.sha256,
        parser_version=seen.parser_version,
        grid=seen.grid,
    )


@asynccontextmanager
async def _runtime(db: Database) -> AsyncIterator[Runtime]:
    settings = Settings.model_validate(
        {
            "database": {"url": db.url, "pool_size": 5},
            "secret_keys": ["b" * 32],
            "cache": {"warm_seconds": 0},
            "log": {"level": "ERROR"},
        }
    )
    configure_logs(settings.log)
    async with open_runtime(settings, jobs_of(running_desks(settings)), open_authenticator) as runtime:
        yield runtime

"""B10: what the predecessor of the crew desk claimed of itself, each with and without the thing it speaks of.

Their demo has 20 people of eight quarter hours; here they stand among 20 stations of 20 people and 28 days.
Both sides of a ratio do the same work in the same minute: their 255 times was a loop that waits against one
that does not. `python -m benchmarks b10`; B10_STATIONS and B10_ROUNDS make it smaller.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import orjson
import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from benchmarks.crews import make_stations
from benchmarks.ground import database, interleaved, run
from benchmarks.printing import heading, judge, note, ratio_of, times
from service.core.batches import collected, pieces
from service.core.cache import BoundedMemory, Cache
from service.core.database import Database
from service.core.settings import CrewSettings, DatabaseSettings
from service.core.telemetry import profiled
from service.crew.days.applying import apply_in
from service.crew.days.observation import Observation
from service.crew.queries.states import Whom, select_states
from service.crew.queries.stations import StationRow, put_station
from service.crew.rules.grid import AVAILABLE, Cell, Contract, CrewRow, DayGrid

STATIONS = int(os.environ.get("B10_STATIONS", "20"))
ROUNDS = int(os.environ.get("B10_ROUNDS", "15"))
PEOPLE, DAYS = 20, 28
AT = datetime(2026, 3, 11, 9, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_SEGMENTS = "SELECT crew_id, local_date, during, state FROM crew.crew_availability"
_RECORDS = text("""
    INSERT INTO crew.crew_availability (crew_id, local_date, during, state, snapshot_id)
    SELECT crew, :day, tstzrange(start, start + interval '15 min'), 'available', 1
    FROM unnest(CAST(:crew AS integer[]), CAST(:starts AS timestamptz[])) AS t (crew, start)
""")
_NO_INDEX = (
    "SET enable_indexscan = off", "SET enable_bitmapscan = off", "SET enable_indexonlyscan = off",
)  # fmt: skip


def main() -> None:
    """Print the figures."""
    run(_main())


async def _main() -> None:
    async with database() as db:
        made = await make_stations(db, STATIONS, PEOPLE, DAYS)
        heading("B10: what was claimed, with and without")
        note(f"{STATIONS} stations x {PEOPLE} people x {DAYS} days, {made:,} segments")
        await _queries(db)
        await _writing(db)
        await _keeping(db)
        await _streaming(db, made)
    await _waiting()
    _profiling()


async def _queries(db: Database) -> None:
    """Five people of one station at an instant: with and without index, plan, batch and pool."""
    plain = Database(db.url, DatabaseSettings(statement_cache=0))
    single = create_async_engine(db.url, poolclass=NullPool)
    await plain.open()
    five = Whom([1], [1, 2, 3, 4, 5])
    try:
        seconds = await _told(
            {
                "five people at once": lambda: _asked(db, five),
                "not prepared": lambda: _asked(plain, five),
                "without an index": lambda: _asked_without_index(db, five),
                "each by a statement": lambda: _each(db, five),
                "SELECT 1, own connection": lambda: _connected(single),
                "SELECT 1, from the pool": lambda: _pooled(db),
            },
            calls=5,
        )
    finally:
        await plain.close()
        await single.dispose()
    for what, one, other, goal in (
        ("claimed 3-5 x by indexes: without / with", "without an index", "five people at once", 3),
        ("claimed 3-5 x by prepared statements: without / with", "not prepared", "five people at once", 1),
        (
            "claimed 60-80 % fewer round trips: 5 statements / 1",
            "each by a statement",
            "five people at once",
            2,
        ),
        ("pool: own connection / pooled", "SELECT 1, own connection", "SELECT 1, from the pool", 3),
    ):
        judge(what, ratio_of(seconds, one, other), goal, at_least=True)


async def _told(works: dict[str, Callable[[], Awaitable[object]]], calls: int = 1) -> dict[str, list[float]]:
    """Seconds of each, printed by call; in a round each is called several times."""
    seconds = await interleaved({name: _repeated(work, calls) for name, work in works.items()}, ROUNDS)
    for name, values in seconds.items():
        times(name, [value / calls for value in values])
    return seconds


async def _asked(db: Database, whom: Whom) -> list[Any]:
    async with db.read() as conn:
        return list(await select_states(conn, whom, AT))


async def _asked_without_index(db: Database, whom: Whom) -> None:
    async with db.snapshot() as conn:
        for setting in _NO_INDEX:
            await conn.exec_driver_sql(setting.replace("SET", "SET LOCAL"))
        await select_states(conn, whom, AT)


async def _each(db: Database, whom: Whom) -> None:
    for number in whom.people or ():
        await _asked(db, Whom(whom.stations, [number]))


async def _connected(engine: Any) -> None:
    async with engine.connect() as conn:
        await conn.execute(text("SELECT 1"))


async def _pooled(db: Database) -> None:
    async with db.read() as conn:
        await conn.execute(text("SELECT 1"))


def _repeated(work: Callable[[], Awaitable[object]], often: int) -> Callable[[], Awaitable[None]]:
    async def repeat() -> None:
        for _ in range(often):
            await work()

    return repeat


async def _writing(db: Database) -> None:
    """The demo's 160 records: a whole day put in force, and the rows alone in pieces of several sizes."""
    async with db.write() as conn:
        place = await put_station(conn, "DEMO", brigade_id=1)
    days = count()
    seconds = await _told(
        {
            "a day put in force": lambda: _applied(db, place, next(days)),
            "160 rows, one by one": lambda: _stored(db, next(days), 1),
            "160 rows, fifty at a time": lambda: _stored(db, next(days), 50),
            "160 rows at once": lambda: _stored(db, next(days), 160),
        }
    )
    by_one = ratio_of(seconds, "160 rows, one by one", "160 rows at once")
    judge("claimed 3-5 x throughput by batches: one by one / at once", by_one, 3, at_least=True)


def _grid() -> DayGrid:
    labels = tuple(f"{hour:02}{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45))
    row = tuple(AVAILABLE if at % 12 == 0 else Cell("unavailable", "W") for at in range(96))
    crew = tuple(CrewRow(f"DEMO {n}, AB", "FFD", Contract(), ("BA",), row) for n in range(20))
    return DayGrid(labels, 15, crew)


async def _applied(db: Database, place: StationRow, number: int) -> None:
    day = date(2030, 1, 1) + timedelta(days=number)
    content = sha256(day.isoformat().encode()).digest()
    seen = Observation(
        station=place, day=day, fetched_at=datetime.now(UTC), sha256=content, parser_version=1, grid=_grid()
    )
    async with db.write() as conn:
        await apply_in(conn, CrewSettings(), seen)


async def _stored(db: Database, number: int, size: int) -> None:
    """The demo's records of a day, so many by a statement."""
    first = datetime(2060, 1, 1, tzinfo=UTC) + timedelta(days=number)
    rows = [(crew, first + timedelta(hours=hour)) for crew in range(1, 21) for hour in range(0, 24, 3)]
    async with db.write() as conn:
        for some in pieces(rows, size):
            crew, starts = zip(*some, strict=True)
            await conn.execute(_RECORDS, {"day": first.date(), "crew": list(crew), "starts": list(starts)})


async def _keeping(db: Database) -> None:
    """Their ten sets and fifteen gets; then a kept answer beside a built one."""
    cache = Cache(BoundedMemory(1000, 1_000_000))

    async def build() -> bytes:
        return orjson.dumps([row.name for row in await _asked(db, Whom([1]))])

    async def get(key: str) -> bytes:
        return await cache.get_or_build(key, build, ttl=MINUTE, namespace="demo")

    for number in range(10):
        await get(f"key {number}")
    before = cache.stats()["demo"]
    for number in range(15):
        await get(f"key {number}")
    after = cache.stats()["demo"]
    hits, misses = after.hits - before.hits, after.misses - before.misses
    share = hits / (hits + misses) * 100
    judge("claimed 90 % hits: the demo's 10 of 15", share, 66.6, at_least=True, unit="%")
    seconds = await _told({"an answer built": build, "kept": lambda: get("key 1")}, calls=20)
    judge("built / kept", ratio_of(seconds, "an answer built", "kept"), 20, at_least=True)


async def _streaming(db: Database, made: int) -> None:
    """Constant memory: every segment read in blocks, and at once."""
    process = psutil.Process()

    async def streamed() -> float:
        before = most = process.memory_info().rss
        async with db.snapshot() as conn:
            async for block in (await conn.stream(text(_SEGMENTS))).partitions(1000):
                most = max(most, process.memory_info().rss) if block else most
        return (most - before) / 2**20

    async def at_once() -> float:
        before = process.memory_info().rss
        async with db.read() as conn:
            rows = (await conn.execute(text(_SEGMENTS))).all()
            return (process.memory_info().rss - before) / 2**20 if rows else 0.0

    await streamed()
    block, whole = await streamed(), await at_once()
    note(f"all {made:,} segments at once: {whole:.0f} MiB more")
    judge("claimed constant memory: growth while streaming", block, 16, unit="MiB")


async def _waiting() -> None:
    """Their 50 items that wait a millisecond each: the same waits one by one and ten at once."""

    async def work(_: int) -> None:
        await asyncio.sleep(0.001)

    async def one_by_one() -> None:
        for item in range(50):
            await work(item)

    ten = "ten at once"
    seconds = await _told({"one by one": one_by_one, ten: lambda: collected(range(50), work, at_once=10)})
    judge("claimed 255 x: one by one / ten at once", ratio_of(seconds, "one by one", ten), 5, at_least=True)


def _profiling(calls: int = 50_000) -> None:
    """What it costs to count and time a function."""
    plain = cast(Any, SimpleNamespace(double=lambda number: 2 * number)).double
    measured = profiled("benchmarks.double")(plain)
    costs = []
    for function in (plain, measured):
        started = time.process_time()
        for number in range(calls):
            function(number)
        costs.append((time.process_time() - started) / calls * 1e6)
    judge("claimed < 5 % for profiling: a counted call costs", costs[1] - costs[0], 10, unit="us")


if __name__ == "__main__":
    main()

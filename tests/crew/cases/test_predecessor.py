"""What the predecessor's performance report promised, as the specification wants it (spec E), row by row.

Rows that are shown elsewhere are named in `docs/parity.md`, 001.
"""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core.batches import collected, pieces
from service.core.cache import BoundedMemory, Cache
from service.core.errors import UpstreamRefused, UpstreamSilent
from service.core.retries import RetryPolicy, retried
from service.core.settings import GartanSettings
from service.core.telemetry import OPERATIONS, profiled
from service.crew.rules.grid import DayGrid
from service.crew.upstream.client import policy_of
from tests.crew.house import House, open_house
from tests.crew.scenario import DAY, LABELS, cells, person, seen, station
from tests.support.statements import counted_statements

MINUTE = timedelta(minutes=1)
EVERY_THIRD = [(hour, hour + 0.25) for hour in range(0, 24, 3)]
TWENTY = DayGrid(
    LABELS,
    15,
    tuple(person(f"DEMO{number:02}, AB", "FFD", "BA", 61, cells(EVERY_THIRD)) for number in range(20)),
)
"""The demo's people: eight quarter hours each."""


async def doubled(piece: list[int]) -> list[int]:
    """Twice each item."""
    await asyncio.sleep(0)
    return [2 * item for item in piece]


async def test_e_batches_keep_their_order_and_bound() -> None:
    running, most = 0, 0

    async def work(piece: list[int]) -> list[int]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return await doubled(piece)
        finally:
            running -= 1

    batch = await collected(pieces(range(12), 5), work, at_once=2)
    assert batch.results == [[0, 2, 4, 6, 8], [10, 12, 14, 16, 18], [20, 22]]
    assert (batch.errors, most) == ([], 2)


async def test_e_a_failed_batch_is_reported_and_the_others_are_done() -> None:
    async def work(piece: list[int]) -> list[int]:
        if 0 in piece:
            raise UpstreamSilent("the first one fails")
        return piece

    batch = await collected(pieces(range(5), 3), work, at_once=3)
    assert batch.results == [[3, 4]]
    assert [(failed.index, failed.item) for failed in batch.errors] == [(0, [0, 1, 2])]


def test_e_pieces_of_any_iterable() -> None:
    assert [len(piece) for piece in pieces(iter(range(10)), 3)] == [3, 3, 3, 1]
    assert list(pieces([], 3)) == []
    endless = pieces(count(), 2)
    assert [next(endless), next(endless)] == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="at least 1"):
        next(pieces([1], 0))


async def test_e_the_cache_forgets_the_least_recently_used() -> None:
    async def kept(reading_the_first: bool) -> list[int]:
        made: list[str] = []
        cache = Cache(BoundedMemory(2, 1_000_000))

        async def ask(key: str) -> None:
            async def build() -> bytes:
                made.append(key)
                return key.encode()

            assert await cache.get_or_build(key, build, ttl=MINUTE, namespace="e") == key.encode()

        for key in ("k1", "k2", *(["k1"] if reading_the_first else []), "k3"):
            await ask(key)
        before = list(made)
        await ask("k3")
        await ask("k1")
        await ask("k2")
        return [made[len(before) :].count(key) for key in ("k1", "k2")]

    assert await kept(reading_the_first=False) == [1, 1], "k1 is gone; reading it again lets k2 go"
    assert await kept(reading_the_first=True) == [0, 1], "k2 is gone"


async def test_e_without_a_life_nothing_is_kept_and_a_cold_key_is_loaded_once() -> None:
    built = 0
    cache = Cache(BoundedMemory(100, 1_000_000))

    async def build() -> bytes:
        nonlocal built
        built += 1
        await asyncio.sleep(0)
        return b"x"

    async def ask(ttl: timedelta) -> bytes:
        return await cache.get_or_build("cold", build, ttl=ttl, namespace="e")

    for _ in range(3):
        await ask(timedelta(0))
    assert built == 3
    assert set(await asyncio.gather(*(ask(MINUTE) for _ in range(100)))) == {b"x"}
    assert built == 4


def test_e_waits_double_with_a_quarter_more_or_less() -> None:
    plain = RetryPolicy(base=1, jitter=0)
    assert [plain.pause(attempt) for attempt in (1, 2)] == [1, 2]
    polite = policy_of(GartanSettings())
    bounds = [
        (polite.pause(n, lambda low, _: low), polite.pause(n, lambda _, high: high)) for n in (1, 2, 30)
    ]
    assert bounds == [pytest.approx(pair) for pair in ((0.75, 1.25), (1.5, 2.5), (45, 75))]


async def test_e_a_refused_credential_is_one_attempt_and_deadlines_hold() -> None:
    tried = 0

    async def refused(_: int) -> None:
        nonlocal tried
        tried += 1
        raise UpstreamRefused("no", upstream_status=401)

    async def silent(_: int) -> None:
        nonlocal tried
        tried += 1
        raise UpstreamSilent("down")

    with pytest.raises(UpstreamRefused):
        await retried(refused, RetryPolicy(base=0))
    assert tried == 1
    with pytest.raises(UpstreamSilent):
        await retried(silent, RetryPolicy(base=100, jitter=0, deadline=10))
    assert tried == 2, "a wait that would outlast the deadline is not begun"


async def test_e_a_hundred_operations_at_once_are_a_hundred() -> None:
    begun, gate = 0, asyncio.Event()

    @profiled("tests.overlapping")
    async def wait() -> None:
        nonlocal begun
        begun += 1
        if begun == 100:
            gate.set()
        await gate.wait()

    OPERATIONS.clear()
    await asyncio.gather(*(wait() for _ in range(100)))
    [entry] = [one for one in OPERATIONS.snapshot() if one["name"] == "tests.overlapping"]
    assert (entry["count"], entry["errors"]) == (100, 0)


async def test_e_a_day_is_written_by_few_statements_whatever_its_people(house: House) -> None:
    """160 records by one statement of each kind; twenty times the rows take no statement more."""
    made = await station(house.runtime)
    engine = house.runtime.database.engine
    with counted_statements(engine) as small:
        await seen(house.runtime, made, DayGrid(LABELS, 15, TWENTY.crew[:1]))
    with counted_statements(engine) as large:
        await seen(house.runtime, made, TWENTY, DAY + timedelta(days=1))
    inserting = [one for one in large if "INSERT INTO crew.crew_availability (" in one]
    assert len(inserting) == 1
    assert len(large) == len(small)
    assert await house.sql(
        "SELECT count(*) FROM crew.crew_availability WHERE state = 'available' AND local_date = :day",
        day=DAY + timedelta(days=1),
    ) == [(160,)]


async def test_e_a_failure_among_the_inserts_leaves_nothing(house: House) -> None:
    made = await station(house.runtime)
    await house.sql("ALTER TABLE crew.grid_count ADD CONSTRAINT refusing CHECK (value < 0)")
    counts = {"Total Crew": (20,) * len(LABELS)}
    with pytest.raises(DBAPIError):
        await seen(house.runtime, made, DayGrid(LABELS, 15, TWENTY.crew, counts=counts))
    for table in ("crew_availability", "crew_member", "day_snapshot", "day_version"):
        assert await house.sql(f"SELECT count(*) FROM crew.{table}") == [(0,)], table


async def test_e_fifty_requests_never_have_more_connections_than_the_pool(database_url: str) -> None:
    async with open_house(database_url) as house:
        most = 0

        async def one() -> None:
            nonlocal most
            async with house.runtime.database.read() as conn:
                await conn.execute(text("SELECT pg_sleep(0.01)"))
                most = max(most, house.runtime.database.engine.pool.checkedout())  # type: ignore[attr-defined]

        await asyncio.gather(*(one() for _ in range(50)))
        settings = house.runtime.settings.database
        assert 1 < most <= settings.pool_size + settings.max_overflow

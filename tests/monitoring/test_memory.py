"""Memory: slopes, what is called a leak, where it comes from, what is cleaned up and what collecting costs."""

import asyncio
import gc
import random
import weakref
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.core.cache import Bounded
from service.monitoring.memory.cleaning import APART, Cleaner
from service.monitoring.memory.collections import Collections
from service.monitoring.memory.growth import HOUR, MIB, WARM_UP, Point, slope, suspicion, warm
from service.monitoring.memory.report import Held, Memory
from tests.core.refused import checked
from tests.core.whole import Whole, whole

START = 5000.0


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_new() -> None:
    """Whole collections are what is tried here: they need not look through all that other files have left."""
    gc.freeze()


def hour(
    per_hour: float, *, noise: float = 0.0, step_at: float | None = None, base: float = 200.0
) -> list[Point]:
    """An hour of samples, ten seconds apart, in MiB as bytes; `step_at`: all growth at once, at that second."""
    chance = random.Random(7)
    points = []
    for second in range(0, 3600, 10):
        grown = per_hour * second / HOUR if step_at is None else per_hour * (second >= step_at)
        points.append((START + second, (base + grown + chance.gauss(0, noise)) * MIB))
    return points


def test_a_slope_is_that_of_the_line_through_the_samples() -> None:
    line = slope(hour(12.0))
    assert line is not None
    assert line.per_hour == pytest.approx(12.0 * MIB)
    assert line.error == pytest.approx(0.0, abs=1)
    assert (line.samples, line.seconds) == (360, 3590)
    assert slope(hour(12.0)[:2]) is None
    assert slope([(START, 1.0)] * 5) is None


@pytest.mark.parametrize(
    ("points", "suspected"),
    [
        (hour(30.0, noise=1.0), True),
        (hour(8.0, noise=0.5), True),
        (hour(30.0, base=5000.0), False),  # below 1 % an hour
        (hour(2.0, noise=0.5), False),
        (hour(0.0, noise=20.0), False),
        (hour(-30.0), False),
        (hour(60.0, step_at=900.0), False),  # a report with many rows, once
        (hour(60.0)[:100], False),  # 17 minutes
        ([], False),
    ],
)
def test_a_leak_is_what_grows_all_the_time(points: list[Point], suspected: bool) -> None:
    judged = suspicion(points)
    assert judged.suspected is suspected, judged.because


def test_what_a_process_takes_to_warm_up_is_no_leak() -> None:
    points = [(START + s, (100 + min(s, WARM_UP) / 5) * MIB) for s in range(0, 3600, 10)]
    assert suspicion(points[:140]).suspected
    assert not suspicion(warm(points, START)).suspected


@pytest.fixture
async def house(database_url: str) -> Any:
    async with whole(database_url) as opened:
        yield opened


def memory_of(house: Whole) -> Memory:
    memory: Memory = house.app.state.monitor.memory
    return memory


async def test_q06_a_wall_clock_that_jumps_leaves_trend_and_clean_ups_alone(house: Whole) -> None:
    memory = memory_of(house)
    memory.held.clear()
    memory.began = memory.began - 2 * HOUR
    now = memory.began + 2 * HOUR
    for n, (clock, held) in enumerate(hour(24.0)):
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=n % 3 - 1)  # forth and back by a day
        memory.held.append(Held(clock - START - HOUR + now, at, int(held), 1000))
    report = memory.report()
    memory.held.pop()
    assert report.trend is not None
    assert report.leak.suspected, report.leak.because
    assert report.leak.advice is not None
    assert "tracemalloc" in report.leak.advice
    assert len(report.points) <= 60


HOARD: list[bytes] = []


def hoard() -> None:
    HOARD.extend(bytes(10_000) for _ in range(300))


async def test_growing_lines_are_named_and_tracing_ends_by_itself(house: Whole) -> None:
    async with house.client() as client:

        async def ask(action: str, **more: int) -> Any:
            return await client.post("/v1/performance/tracemalloc", json={"action": action, **more})

        try:
            checked(await ask("snapshot"), 409, "not_tracing")
            assert (await ask("start", seconds=600)).json()["tracing"] is True
            checked(await ask("start"), 409, "already_tracing")
            hoard()
            first = (await ask("snapshot")).json()
            top = first["growing"][0]
            assert top["file"].endswith("tests/monitoring/test_memory.py")
            assert not top["file"].startswith("/")
            assert top["growth_bytes"] > 3_000_000
            assert top["count_growth"] >= 300
            del HOARD[100:]
            second = (await ask("stop")).json()
            assert second["tracing"] is False
            assert second["compared_with"] == first["compared_at"]
            assert all(site["growth_bytes"] < 1_000_000 for site in second["growing"])
            assert (await client.get("/v1/performance/memory")).json()["leak"]["growing"]
            await ask("start", seconds=1)
            async with asyncio.timeout(60):
                while memory_of(house).tracing.on:  # noqa: ASYNC110  nobody tells
                    await asyncio.sleep(0.05)
            assert (await ask("stop")).json()["compared_at"] is not None
        finally:
            HOARD.clear()


async def test_too_long_and_too_deep_a_tracing_is_refused(house: Whole) -> None:
    async with house.client() as client:
        for more in ({"seconds": 601}, {"frames": 11}, {"action": "begin"}, {"second": 5}):
            body = {"action": "start", **more}
            assert (await client.post("/v1/performance/tracemalloc", json=body)).status_code == 422


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.me = self


async def test_too_much_memory_is_cleaned_up_once_a_minute(database_url: str) -> None:
    now = [1000.0]
    async with whole(database_url, memory={"gc_threshold": 500}) as house:
        responses: Any = house.app.state.responses
        responses.kept = Bounded(10, 10_000_000, clock=lambda: now[0])
        responses.kept.keep(("old",), None, weight=1, seconds=5, namespace="a")
        responses.kept.keep(("new",), None, weight=1, seconds=500, namespace="a")
        cleaner = Cleaner(house.runtime, responses, clock=lambda: now[0])
        await cleaner.look(499)
        assert cleaner.last is None
        gc.disable()
        try:
            ring = weakref.ref(Ring())
            now[0] += 10
            await cleaner.look(501)
        finally:
            gc.enable()
        assert ring() is None
        assert cleaner.last is not None
        assert (cleaner.last.because, cleaner.last.forgotten, list(responses.kept)) == (
            "threshold",
            1,
            [("new",)],
        )
        assert cleaner.last.collected >= 1
        await cleaner.look(501)
        assert cleaner.times == 1
        now[0] += APART
        await cleaner.look(501)
        assert cleaner.times == 2


async def test_a_clean_up_is_told_in_the_report(house: Whole) -> None:
    memory = memory_of(house)
    await memory.cleaner.scheduled()
    async with house.client() as client:
        told = (await client.get("/v1/performance/memory")).json()
    assert told["clean_ups"]["times"] == 1
    assert told["clean_ups"]["last"]["because"] == "schedule"
    assert told["rss_bytes"] > 10 * MIB
    assert told["heap_blocks"] > 10_000
    assert [one["generation"] for one in told["gc"]] == [0, 1, 2]


def test_every_collection_is_timed() -> None:
    collections = Collections()
    with collections.measured():
        before = collections.generations()
        gc.disable()
        Ring()
        gc.collect()
        gc.enable()
        after = collections.generations()
    gc.collect()
    oldest, was = after[2], before[2]
    assert (oldest.measured - was.measured, oldest.collections - was.collections) == (1, 1)
    assert oldest.collected > was.collected
    assert 0 < oldest.longest <= oldest.seconds
    assert collections.generations()[2].measured == oldest.measured

"""The second cache level: one build, monotonic lives, nothing failed remembered."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from service.core.cache import BoundedMemory, Cache, cached
from service.core.errors import Unavailable
from service.core.telemetry import Timings, _timings
from service.core.versions import Versions
from tests.core.building import Builder, Clock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def cache(clock: Clock) -> AsyncIterator[Cache]:
    made = Cache(BoundedMemory(1000, 1_000_000, clock=clock))
    yield made
    await made.close()


def asked(cache: Cache, build: Callable[[], Awaitable[bytes]], key: str = "k") -> "asyncio.Task[bytes]":
    """One caller more."""
    return asyncio.create_task(cache.get_or_build(key, build, ttl=MINUTE, namespace="reports"))


async def settled() -> None:
    """Let every task run as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_t089_q36_a_thousand_misses_are_one_build(cache: Cache) -> None:
    build = Builder(waits=True)
    callers = [asked(cache, build) for _ in range(1000)]
    await settled()
    build.gate.set()
    assert set(await asyncio.gather(*callers)) == {b"sheet"}
    assert build.calls == 1
    stats = cache.stats()["reports"]
    assert (stats.misses, stats.joins, stats.hits) == (1, 999, 0)


async def test_q37_a_cancelled_first_caller_cancels_nobody(cache: Cache) -> None:
    build = Builder(waits=True)
    first, second = asked(cache, build), asked(cache, build)
    await settled()
    first.cancel()
    await settled()
    build.gate.set()
    assert await second == b"sheet"
    assert first.cancelled()
    assert (build.calls, build.stopped) == (1, 0)
    assert await asked(cache, build) == b"sheet"
    assert build.calls == 1


async def test_q37_when_all_callers_are_gone_the_build_stops(cache: Cache) -> None:
    build = Builder(waits=True)
    callers = [asked(cache, build) for _ in range(3)]
    await settled()
    for caller in callers:
        caller.cancel()
    latecomer = asked(cache, fresh := Builder(b"fresh"))  # boards no flight that is being stopped
    await settled()
    assert await latecomer == b"fresh"
    assert (build.stopped, fresh.calls) == (1, 1)


async def test_t088_q37_a_failed_build_fails_all_and_is_not_remembered(cache: Cache) -> None:
    build = Builder(ValueError("no such month"), waits=True)
    callers = [asked(cache, build) for _ in range(10)]
    await settled()
    build.gate.set()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [str(result) for result in results] == ["no such month"] * 10
    assert await asked(cache, Builder(b"now")) == b"now"


async def test_q37_a_build_stopped_from_within_ends_all_waiting(cache: Cache) -> None:
    async def gives_up() -> bytes:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    callers = [asked(cache, gives_up) for _ in range(3)]
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable] * 3
    assert await asked(cache, Builder(b"now")) == b"now"


async def test_closing_stops_builds_and_tells_who_waits(cache: Cache) -> None:
    build = Builder(waits=True)
    caller = asked(cache, build)
    await settled()
    await cache.close()
    with pytest.raises(Unavailable):
        await caller
    assert build.stopped == 1


async def test_q37_a_failure_nobody_waits_for_is_quiet(cache: Cache) -> None:
    async def stubborn() -> bytes:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise OSError("lost the connection while stopping") from None
        return b""

    complaints: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    caller = asked(cache, stubborn)
    await settled()
    caller.cancel()
    await settled()
    assert caller.cancelled()
    del caller
    gc.collect()  # a task that nobody asked for its failure complains when it goes
    loop.set_exception_handler(None)
    assert complaints == []
    assert await asked(cache, Builder(b"now")) == b"now"


async def test_q6_entries_end_by_the_monotonic_clock(cache: Cache, clock: Clock) -> None:
    build = Builder()
    await asked(cache, build)
    clock.now += 53  # 60 s less 10 % of jitter
    await asked(cache, build)
    assert build.calls == 1
    clock.now += 14  # 60 s and 10 %
    await asked(cache, build)
    assert build.calls == 2
    assert cache.stats()["reports"].expired == 1


async def test_no_life_means_single_flight_only(cache: Cache) -> None:
    build = Builder()
    for _ in range(2):
        await cache.get_or_build("k", build, ttl=timedelta(0), namespace="reports")
    assert build.calls == 2
    assert cache.stats()["reports"].entries == 0


async def test_lives_differ_so_that_they_do_not_end_together(cache: Cache) -> None:
    for n in range(50):
        await asked(cache, Builder(), f"k{n}")
    store = cache.store
    assert isinstance(store, BoundedMemory)
    ends = {kept.expires_at - kept.made_at for kept in store.kept.entries.values()}
    assert len(ends) > 40
    assert all(54 <= end <= 66 for end in ends)


async def test_one_namespace_is_cleared_and_its_neighbour_is_not(cache: Cache) -> None:
    build = Builder()
    for namespace in ("crew", "crew2"):
        await cache.get_or_build("k", build, ttl=MINUTE, namespace=namespace)
    assert await cache.clear("crew") == 1
    assert await cache.clear("never heard of") == 0
    await cache.get_or_build("k", build, ttl=MINUTE, namespace="crew2")
    assert build.calls == 2
    assert await cache.clear() == 1


async def test_what_was_begun_before_a_clear_is_not_kept_after_it(cache: Cache) -> None:
    build = Builder(waits=True)
    caller = asked(cache, build)
    await settled()
    await cache.clear()
    build.gate.set()
    assert await caller == b"sheet"
    await asked(cache, build)
    assert build.calls == 2


async def test_t087_the_clean_up_drops_what_has_ended(cache: Cache, clock: Clock) -> None:
    for n in range(5):
        await asked(cache, Builder(), f"k{n}")
    clock.now += 70
    await asked(cache, Builder(), "young")
    assert cache.prune() == 5
    stats = cache.stats()["reports"]
    assert (stats.entries, stats.expired) == (1, 5)


async def test_t087_hit_rates_of_the_last_minutes(cache: Cache, clock: Clock) -> None:
    build = Builder()
    for n in range(10):
        await asked(cache, build, f"cold {n}")  # ten misses
    clock.now += 100
    await cache.get_or_build("warm", build, ttl=timedelta(hours=1), namespace="reports")
    for _ in range(9):
        await asked(cache, build, "warm")  # nine hits, one miss within the last minute
    stats = cache.stats()["reports"]
    assert stats.hit_rate_1min == pytest.approx(0.9)
    assert stats.hit_rate_5min == stats.hit_rate == pytest.approx(9 / 20)
    assert stats.oldest_seconds == pytest.approx(100)
    clock.now += 90
    assert cache.stats()["reports"].hit_rate_1min is None


async def test_build_and_wait_are_in_the_requests_timings(cache: Cache) -> None:
    build = Builder(waits=True)
    first, second = Timings(), Timings()
    callers = []
    for measured in (first, second):
        token = _timings.set(measured)
        callers.append(asked(cache, build))
        _timings.reset(token)
    await settled()
    build.gate.set()
    await asyncio.gather(*callers)
    assert list(first.seconds) == ["build"]
    assert list(second.seconds) == ["cache"]


async def test_t088_cached_functions_share_their_bytes(cache: Cache) -> None:
    calls = []

    @cached(namespace="bands", ttl=MINUTE, key=lambda month, *, site: f"{month}/{site}")
    async def bands(month: str, *, site: str) -> bytes:
        """The bands of a month."""
        calls.append((month, site))
        return f"{month} {site}".encode()

    assert await bands(cache, "2026-10", site="Villas") == b"2026-10 Villas"
    assert await bands(cache, "2026-10", site="Villas") == b"2026-10 Villas"
    assert await bands(cache, "2026-10", site="Centro") == b"2026-10 Centro"
    assert calls == [("2026-10", "Villas"), ("2026-10", "Centro")]
    assert bands.__doc__ == "The bands of a month."


async def test_cached_functions_follow_the_versions(cache: Cache) -> None:
    cache.versions = versions = Versions("postgresql://nobody@127.0.0.1:1/nothing")
    calls = []

    @cached(namespace="bands", ttl=MINUTE, key=str, scopes=lambda month: [f"attendance/{month}"])
    async def bands(month: str) -> bytes:
        calls.append(month)
        return month.encode()

    for _ in range(2):  # not trusted: built each time
        await bands(cache, "2026-10")
    versions.trusted_until = float("inf")
    for _ in range(2):
        await bands(cache, "2026-10")
    assert len(calls) == 3
    versions.apply({"attendance/2026-09": 1})
    await bands(cache, "2026-10")
    assert len(calls) == 3
    versions.apply({"attendance/2026-10": 1})
    await bands(cache, "2026-10")
    assert len(calls) == 4

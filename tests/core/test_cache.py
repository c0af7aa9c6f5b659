"""The second cache level: one build, bounded, monotonic, nothing failed remembered."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from service.core.cache import Bounded, BoundedMemory, Cache, cached, open_cache
from service.core.cache.bounded import ENTRY_BYTES
from service.core.errors import Unavailable
from service.core.settings import BadSettings, CacheSettings
from service.core.telemetry import Timings, _timings
from service.core.versions import Versions

PROVE = os.environ.get("MUSTER_PROVE") == "1"
MINUTE = timedelta(minutes=1)


class Clock:
    """A monotonic clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Builder:
    """A build that counts its calls and waits until it is let go."""

    def __init__(self, result: bytes | Exception = b"sheet", *, waits: bool = False) -> None:
        self.calls = 0
        self.stopped = 0
        self.result = result
        self.gate = asyncio.Event()
        if not waits:
            self.gate.set()

    async def __call__(self) -> bytes:
        self.calls += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


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


async def test_q36_a_thousand_misses_are_one_build(cache: Cache) -> None:
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


async def test_q37_a_failed_build_fails_all_and_is_not_remembered(cache: Cache) -> None:
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


async def test_the_clean_up_drops_what_has_ended(cache: Cache, clock: Clock) -> None:
    for n in range(5):
        await asked(cache, Builder(), f"k{n}")
    clock.now += 70
    await asked(cache, Builder(), "young")
    assert cache.prune() == 5
    stats = cache.stats()["reports"]
    assert (stats.entries, stats.expired) == (1, 5)


async def test_hit_rates_of_the_last_minutes(cache: Cache, clock: Clock) -> None:
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


async def test_cached_functions_share_their_bytes(cache: Cache) -> None:
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


async def test_q38_any_number_of_keys_stays_within_the_bounds() -> None:
    keys = 1_000_000 if PROVE else 60_000
    store = BoundedMemory(2_000, 4_000_000)
    cache = Cache(store)
    process = psutil.Process()

    async def fill(first: int, last: int) -> None:
        for n in range(first, last):
            await cache.get_or_build(f"key {n}", Builder(bytes(n % 5_000)), ttl=MINUTE, namespace="q38")
            assert len(store.kept) <= 2_000
            assert store.kept.currsize <= 4_000_000

    await fill(0, keys // 3)
    warm = process.memory_info().rss
    await fill(keys // 3, keys)
    assert process.memory_info().rss - warm < 16 * 1024 * 1024
    stats = cache.stats()["q38"]
    assert stats.misses == keys
    assert stats.entries + stats.evictions == keys
    assert stats.bytes <= 4_000_000


def test_least_recently_used_goes_first(clock: Clock) -> None:
    kept: Bounded[str, int] = Bounded(3, 1_000_000, clock=clock)
    for n, name in enumerate("abc"):
        kept.keep(name, n, weight=1, seconds=60, namespace="letters")
    kept.find("a", clock.now)
    kept.keep("d", 3, weight=1, seconds=60, namespace="letters")
    assert sorted(kept) == ["a", "c", "d"]
    kept.statistics()  # looking at the figures uses nothing
    kept.keep("e", 4, weight=1, seconds=60, namespace="letters")
    assert sorted(kept) == ["a", "d", "e"]


def test_one_large_value_does_not_empty_the_cache() -> None:
    kept: Bounded[str, bytes] = Bounded(10, 40_000)
    assert kept.keep("small", b"", weight=100, seconds=60, namespace="n")
    assert not kept.keep("large", b"", weight=10_000, seconds=60, namespace="n")
    assert list(kept) == ["small"]


def test_a_cache_of_nothing_keeps_nothing() -> None:
    for entries, size in ((0, 1000), (1000, 0)):
        kept: Bounded[str, bytes] = Bounded(entries, size)
        assert not kept.keep("k", b"", weight=0, seconds=60, namespace="n")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3_000), st.floats(0.1, 10)), max_size=100))
def test_q38_bounds_hold_after_every_step(steps: list[tuple[int, int, float]]) -> None:
    clock = Clock()
    kept: Bounded[int, int] = Bounded(10, 20_000, clock=clock)
    latest: dict[int, tuple[int, float]] = {}
    for key, weight, seconds in steps:
        clock.now += 0.5
        if kept.keep(key, weight, weight=weight, seconds=seconds, namespace="n"):
            latest[key] = (weight, clock.now + seconds)
        assert len(kept) <= 10
        held = kept.statistics()["n"].bytes if "n" in kept.tallies else 0
        assert held == kept.currsize <= 20_000
        for name in list(kept):
            found = kept.find(name, clock.now)
            value, end = latest[name]
            assert (found is None) == (clock.now >= end)
            assert found is None or (found.value == value and found.size == value + ENTRY_BYTES)


async def test_the_aiocache_interface_holds() -> None:
    clock = Clock()
    store = BoundedMemory(100, 100_000, clock=clock)
    loop = asyncio.get_running_loop()
    timers = len(loop._scheduled)  # type: ignore[attr-defined]  # asyncio's own heap of timers
    await store.set("k", b"1", ttl=10, namespace="n")
    assert await store.get("k", namespace="n") == store.peek("n:k") == b"1"
    assert await store.multi_get(["k", "x"], namespace="n") == [b"1", None]
    assert await store.exists("k", namespace="n")
    with pytest.raises(ValueError, match="there already"):
        await store.add("k", b"2", namespace="n")
    assert await store.add("other", b"2", namespace="n")
    assert await store.increment("count", 3) == 3
    assert await store.increment("count", -1) == 2
    assert await store.expire("k", 1, namespace="n")
    assert not await store.expire("x", 1)
    clock.now += 2
    assert await store.get("k", namespace="n") is None
    await store.multi_set([("a", b"a"), ("b", b"b")], namespace="n")
    assert await store.delete("a", namespace="n") == 1
    assert await store.delete("a", namespace="n") == 0
    await store.clear(namespace="n")
    assert await store.get("b", namespace="n") is None
    await store.clear()
    assert not len(store.kept)
    assert len(loop._scheduled) == timers  # type: ignore[attr-defined]
    with pytest.raises(NotImplementedError):
        await store.raw("keys")


def test_the_settings_decide() -> None:
    store = open_cache(CacheSettings(max_entries=7, max_bytes=9)).store
    assert isinstance(store, BoundedMemory)
    assert (store.kept.max_entries, store.kept.maxsize) == (7, 9)
    with pytest.raises(BadSettings, match="MUSTER_CACHE__URL"):
        open_cache(CacheSettings(url=SecretStr("redis://cache")))

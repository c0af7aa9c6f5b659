"""The store of the second cache level: bounded in entries and bytes, and what aiocache asks of it."""

import asyncio
import os
from datetime import timedelta

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.cache import Bounded, BoundedMemory, Cache, open_cache
from service.core.cache.bounded import ENTRY_BYTES
from service.core.responses import Responses
from service.core.settings import CacheSettings
from tests.core.building import Builder, Clock

MINUTE = timedelta(minutes=1)


PROVE = os.environ.get("MUSTER_PROVE") == "1"


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


def test_t090_least_recently_used_goes_first() -> None:
    clock = Clock()
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
    chosen = CacheSettings(max_entries=7, max_bytes=9)
    store, responses = open_cache(chosen).store, Responses.of(chosen)
    assert isinstance(store, BoundedMemory)
    assert (store.kept.max_entries, store.kept.maxsize) == (3, 4)
    assert (responses.kept.max_entries, responses.kept.maxsize) == (4, 5)  # together what was allowed

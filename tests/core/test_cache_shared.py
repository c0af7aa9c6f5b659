"""The store across the network, against a real one: shared, and never in the way when it is gone."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from service.core.cache import Cache, open_cache
from service.core.cache.clearing import scope_of
from service.core.cache.memory import BoundedMemory
from service.core.cache.shared import FAILURES, SharedStore
from service.core.settings import BadSettings, CacheSettings, load_settings
from service.core.versions import Versions
from tests.core.building import Builder
from tests.support.eventually import eventually
from tests.support.redis_server import PASSWORD, RedisServer, redis_server

HOUR = timedelta(hours=1)
PATIENT = 20.0
"""Seconds: where a test is about what is shared, a slow machine must not look like a store that is away."""


@pytest.fixture
async def server() -> AsyncIterator[RedisServer]:
    async with redis_server() as started:
        yield started


@asynccontextmanager
async def caches(
    server: RedisServer,
    count: int = 2,
    *,
    secrets: Iterable[str] = (),
    patience: float = PATIENT,
) -> AsyncIterator[list[Cache]]:
    """As many processes as asked for, each with its own memory and its own reading of the versions."""
    made = []
    for secret in [*secrets] or ["the same"] * count:
        versions = Versions("postgresql://nobody@127.0.0.1:1/nothing")
        near = BoundedMemory(100, 1_000_000)
        store = SharedStore(server.url, near, secret=secret, versions=versions, patience=patience)
        made.append(Cache(store, versions=versions))
    try:
        yield made
    finally:
        for cache in made:
            await cache.close()


def store_of(cache: Cache) -> SharedStore:
    assert isinstance(cache.store, SharedStore)
    return cache.store


async def asked(cache: Cache, build: Builder, key: str = "k", ttl: timedelta = HOUR) -> bytes:
    """One answer, and what it wrote has arrived."""
    answer = await cache.get_or_build(key, build, ttl=ttl, namespace="reports")
    await asyncio.gather(*store_of(cache).writing)
    return answer


async def contents(server: RedisServer) -> dict[bytes, int]:
    """Every name the server has, with the milliseconds it has left."""
    async with Redis.from_url(server.url) as client:
        return {name: await client.pttl(name) for name in await client.keys("*")}


async def test_what_one_process_built_the_others_find(server: RedisServer) -> None:
    first, second = Builder(b"\0sheet"), Builder(b"never built")
    async with caches(server) as (one, other):
        assert await asked(one, first) == b"\0sheet"
        assert await asked(other, second) == b"\0sheet"
        assert await asked(other, second) == b"\0sheet"  # now from its own memory
        assert (first.calls, second.calls) == (1, 0)
        assert store_of(other).standing().found == 1
        figures = other.stats()["reports"]
        assert (figures.hits, figures.misses, figures.hit_rate) == (2, 0, 1.0)  # nothing was built here
        names = await contents(server)
    assert len(names) == 1
    assert all(0 < left <= 66 * 60 * 1000 for left in names.values())  # an hour and 10 %


async def test_another_installation_on_the_same_store_finds_nothing(server: RedisServer) -> None:
    first, second = Builder(b"ours"), Builder(b"theirs")
    async with caches(server, secrets=("ours", "theirs")) as (one, other):
        await asked(one, first)
        assert await asked(other, second) == b"theirs"
    assert second.calls == 1


async def test_bytes_that_somebody_else_put_there_are_not_answered(server: RedisServer) -> None:
    async with caches(server) as (one, other):
        await asked(one, Builder(b"right"))
        (name,) = await contents(server)
        async with Redis.from_url(server.url) as client:
            await client.set(name, b"0123456789abcdefwrong", px=60_000)
        assert await asked(other, Builder(b"built")) == b"built"
        assert store_of(other).standing().refused == 1


async def test_a_clear_reaches_what_is_shared_and_nothing_else(server: RedisServer) -> None:
    builds = [Builder(b"1"), Builder(b"2"), Builder(b"3")]
    async with caches(server) as (one, other):
        await asked(one, builds[0])
        await one.get_or_build("k", builds[1], ttl=HOUR, namespace="bands")
        for cache in (one, other):  # as a commit tells every process
            assert cache.versions is not None
            cache.versions.apply({scope_of("reports"): 7})
        assert await asked(other, builds[2]) == b"3"
        assert await asked(one, builds[0]) == b"3"  # also what its own memory held is gone
        await asyncio.gather(*store_of(one).writing)
        assert await other.get_or_build("k", builds[2], ttl=HOUR, namespace="bands") == b"2"
        assert [build.calls for build in builds] == [1, 1, 1]


async def test_what_the_network_would_be_slow_with_stays_here(server: RedisServer) -> None:
    large = Builder(bytes(1_100_000))
    async with caches(server, 1) as (cache,):
        store_of(cache).near = BoundedMemory(100, 10_000_000)
        for _ in range(2):
            assert len(await asked(cache, large)) == 1_100_000
        assert large.calls == 1
        assert store_of(cache).standing().dropped == 1
    assert await contents(server) == {}


async def test_entries_end_there_as_well(server: RedisServer) -> None:
    build = Builder()
    async with caches(server) as (one, other):
        await asked(one, build, ttl=timedelta(milliseconds=20))

        async def nothing_left() -> bool:
            return not await contents(server)

        await eventually(nothing_left)
        await asked(other, build)
    assert build.calls == 2


async def test_killed_midway_requests_are_built_and_it_comes_back_by_itself(server: RedisServer) -> None:
    async with caches(server) as (one, other):
        await asked(one, Builder())
        await server.kill()
        for n in range(10):
            assert await asked(one, Builder(b"built"), f"gone {n}") == b"built"
        away = await one.store.probe()
        assert not away.well
        assert away.reason is not None
        assert "cannot be reached" in away.reason
        assert FAILURES <= away.failures < 10  # after these it was left alone
        await server.start()
        build = Builder(b"shared again")

        async def asked_again() -> bool:  # nobody tells it; a request tries now and then
            one.store.forget()
            await asked(one, build, "back")
            return bool(await contents(server))

        await eventually(asked_again)
        assert one.store.standing().well
        assert await asked(other, Builder(b"no"), "back") == b"shared again"


async def test_hung_it_delays_few_requests_and_fails_none(server: RedisServer) -> None:
    async with caches(server, 1, patience=0.04) as (cache,):
        server.hang()
        builds = [Builder(b"built") for _ in range(20)]
        for n, build in enumerate(builds):
            assert await cache.get_or_build(f"k{n}", build, ttl=HOUR, namespace="reports") == b"built"
        assert [build.calls for build in builds] == [1] * 20
        hung = await cache.store.probe()
        assert not hung.well
        assert hung.reason  # too slow, or its queue of connections is full
        # All but the first few did not even ask: none of the others waited.
        assert hung.failures < 20
        assert hung.dropped > 10
        server.go_on()

        async def there_again() -> bool:
            return (await cache.store.probe()).well

        await eventually(there_again)
        assert cache.store.standing().well  # and requests use it again, without waiting for the pause to end


async def test_q36_a_thousand_misses_are_one_build_over_a_hung_store(server: RedisServer) -> None:
    build = Builder(b"built")
    async with caches(server, 1, patience=0.04) as (cache,):
        server.hang()
        answers = await asyncio.gather(
            *(cache.get_or_build("k", build, ttl=HOUR, namespace="reports") for _ in range(1000))
        )
        assert set(answers) == {b"built"}
        assert build.calls == 1
        server.go_on()


async def test_full_it_refuses_and_is_still_there(server: RedisServer) -> None:
    await server.kill()
    await server.start("--maxmemory", "1500kb", "--maxmemory-policy", "noeviction")
    async with caches(server, 1) as (cache,):
        for n in range(20):
            assert len(await asked(cache, Builder(bytes(100_000)), f"k{n}")) == 100_000
        standing = await cache.store.probe()
    assert standing.well
    assert standing.dropped > 0
    assert standing.max_bytes == 1500 * 1024
    assert standing.advice is not None
    assert "allkeys-lru" in standing.advice


async def test_without_a_bound_there_it_says_so(server: RedisServer) -> None:
    async with caches(server, 1) as (cache,):
        advice = (await cache.store.probe()).advice
    assert advice is not None
    assert "maxmemory" in advice


async def test_switched_off_nothing_is_asked_or_kept(server: RedisServer) -> None:
    async with caches(server, 1) as (cache,):
        cache.enabled = False
        build = Builder()
        for _ in range(2):
            await asked(cache, build)
    assert build.calls == 2
    assert await contents(server) == {}


async def test_q60_no_password_in_logs_or_reasons(
    server: RedisServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.url.replace(PASSWORD, "wrong-" + PASSWORD)
    with caplog.at_level(logging.DEBUG):
        store = SharedStore(url, BoundedMemory(10, 10_000), secret="s", patience=PATIENT)
        for n in range(5):
            await store.get(f"reports:{n}")
        standing = await store.probe()
        await store.close()
    assert not standing.well
    assert PASSWORD not in caplog.text + "".join(capsys.readouterr()) + repr(standing) + repr(store)


def test_without_its_library_the_settings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    monkeypatch.delitem(sys.modules, "service.core.cache.shared")
    with pytest.raises(BadSettings, match=r"muster-service\[redis\]"):
        open_cache(CacheSettings(url=SecretStr(f"redis://:{PASSWORD}@cache")))


@pytest.mark.parametrize("url", ["http://cache", "redis://", "redis://cache:port", "cache:6379"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSettings, match=r"MUSTER_CACHE__URL: .*must be like redis://") as refused:
        load_settings({"MUSTER_CACHE__URL": url})
    assert f"'{url}'" not in str(refused.value)


async def test_the_settings_open_it(server: RedisServer) -> None:
    cache = open_cache(CacheSettings(url=SecretStr(server.url), max_entries=80, max_bytes=8_000), secret="s")
    kept = store_of(cache).near.kept
    assert (kept.max_entries, kept.maxsize) == (10, 1_000)  # a quarter of half
    await cache.close()

"""`/health/cache` and `/v1/cache/clear` in the whole application, over one store and several replicas."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from service.access.keys import create_key
from service.core.cache.shared import SharedStore
from service.schemas.monitoring.cache import CacheHealth
from tests.core.refused import checked
from tests.core.test_warming_whole import kept
from tests.core.whole import Whole, whole
from tests.support.eventually import eventually
from tests.support.redis_server import PASSWORD, redis_server

ROUTE = "/v1/kept/rows"


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url) as made:
        made.app.include_router(kept)
        yield made


async def health_of(house: Whole) -> CacheHealth:
    async with house.client() as client:
        answer = await client.get("/health/cache")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return CacheHealth.model_validate_json(answer.content)


async def test_it_tells_what_both_levels_did(house: Whole) -> None:
    async with house.client() as client:
        for _ in range(4):
            await client.get(ROUTE)
    house.app.state.responses.prune()
    health = await health_of(house)
    assert (health.status, health.reasons, health.versions_trusted) == ("ok", [], True)
    first, second = health.levels
    assert (first.level, first.entries, first.hit_rate) == ("responses", 1, 0.75)
    assert first.bytes > 0
    assert [(one.namespace, one.hits, one.misses) for one in first.namespaces] == [(ROUTE, 3, 1)]
    assert (first.cleanup.times, first.cleanup.last_removed, first.cleanup.every_seconds) == (1, 0, 7200)
    assert first.cleanup.last_at is not None
    assert (second.level, second.store.kind, second.cleanup.times) == ("shared", "memory", 0)
    assert first.max_entries + second.max_entries == 10_000
    assert (health.warming.enabled, health.warming.remembered) == (True, 1)
    assert [(one.namespace, one.verdict) for one in health.ttl_advice] == [(ROUTE, "unknown")]


async def test_it_is_for_admins_and_knows_its_parameters(house: Whole) -> None:
    reader = await create_key(house.runtime.database, "reader", ["attendance:admin"])
    async with house.client(token=reader.token) as client:
        checked(await client.get("/health/cache"), 403, "scope_missing")
        checked(await client.post("/v1/cache/clear"), 403, "scope_missing")
    async with house.client() as client:
        checked(await client.get("/health/cache?level=1"), 422, "invalid")
        checked(await client.post("/v1/cache/clear?name=x"), 422, "invalid")
        refused = checked(await client.post("/v1/cache/clear?namespace=report/atendance"), 422, "invalid")
    assert "did you mean report/attendance" in refused["detail"]


async def test_while_versions_cannot_be_followed_it_says_so(house: Whole) -> None:
    await house.runtime.versions.close()
    health = await health_of(house)
    assert (health.status, health.versions_trusted) == ("degraded", False)
    assert "data versions cannot be followed" in health.reasons[0]
    house.app.state.responses.enabled = house.runtime.cache.enabled = False
    assert (await health_of(house)).status == "off"


async def test_a_clear_clears_every_replica(house: Whole, database_url: str) -> None:
    async with whole(database_url) as other, house.client() as here, other.client() as there:
        other.app.include_router(kept)
        for client in (here, there):
            await client.get(ROUTE)
            assert (await client.get(ROUTE)).headers["cache-status"] == "Muster; hit"
        cleared = await here.post(f"/v1/cache/clear?namespace={ROUTE}")
        assert cleared.json()["entries"] == 1
        least = {"Min-Data-Version": cleared.headers["data-version"]}
        assert cleared.json()["data_version"] == cleared.headers["data-version"]
        for client in (here, there):  # whoever has seen the clear never reads what was before it
            answer = await client.get(ROUTE, headers=least)
            assert answer.headers["cache-status"] == "Muster; fwd=miss; stored"
            assert (await client.get(ROUTE)).headers["cache-status"] == "Muster; hit"
        everything = await there.post("/v1/cache/clear")
        assert everything.json()["namespace"] is None
        await eventually(lambda: not house.app.state.responses.kept.entries)


async def test_a_repeated_clear_under_one_key_clears_once(house: Whole) -> None:
    async with house.client(**{"Idempotency-Key": "once"}) as client:
        first, second = [await client.post("/v1/cache/clear") for _ in range(2)]
        deeds = (await client.get("/v1/access/audit", params={"subject": "cache:all"})).json()["items"]
    assert second.headers["idempotency-replayed"] == "true"
    assert first.json() == second.json()
    assert [deed["what"] for deed in deeds] == ["cache.cleared"]
    async with house.runtime.database.read() as conn:
        count = await conn.execute(text("SELECT count(*) FROM muster.data_version WHERE scope = 'cache'"))
        assert count.scalar_one() == 1


async def test_clearing_what_answers_are_built_from_clears_the_answers(house: Whole) -> None:
    async with house.client() as client:
        await client.get(ROUTE)
        await client.post("/v1/cache/clear?namespace=report/attendance")
        assert (await client.get(ROUTE)).headers["cache-status"] == "Muster; fwd=miss; stored"


async def test_with_a_shared_store_that_dies_requests_go_on_and_it_says_so(database_url: str) -> None:
    async with redis_server() as server, whole(database_url, cache={"url": server.url}) as house:
        store = house.runtime.cache.store
        assert isinstance(store, SharedStore)
        store.patience = 20.0  # a slow machine is no store that is away
        async with house.client() as client:
            reports = "/v1/attendance/reports/headcount"
            assert (await client.get(reports)).status_code == 200
            await asyncio.gather(*store.writing)
            well = await health_of(house)
            await server.kill()
            assert (await client.get(f"{reports}?format=csv")).status_code == 200
            ill = await health_of(house)
    assert (well.status, well.levels[1].store.kind, well.levels[1].store.written) == ("ok", "redis", 1)
    assert ill.status == "degraded"
    assert "cannot be reached" in ill.reasons[0]
    assert PASSWORD not in ill.model_dump_json()

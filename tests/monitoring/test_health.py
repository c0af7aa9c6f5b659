"""Alive, ready, measured."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from service.monitoring.health import Readiness
from tests.core.refused import checked, take_away
from tests.core.whole import Whole, whole
from tests.support.ground import Ground


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    """An application of this test's own."""
    async with whole(database_url) as opened:
        yield opened


async def test_alive_touches_nothing_not_even_a_credential(house: Whole) -> None:
    pool: Any = house.runtime.database.engine.pool
    before = pool.checkedout(), pool.checkedin()
    async with house.client(token="mst_ab12cd34_" + "x" * 43) as client:
        answer = await client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"
    assert (pool.checkedout(), pool.checkedin()) == before


async def test_health_says_one_word_to_everybody(house: Whole) -> None:
    async with house.client(token=None) as client:
        for path in ("/health", "/readyz"):
            assert (await client.get(path)).json() == {"status": "ok"}


async def test_ready_looks_once_a_second_whatever_the_number_of_probes(house: Whole) -> None:
    looks = 0
    readiness = house.app.state.readiness = Readiness()
    look = readiness._look

    async def counted(runtime: Any) -> str | None:
        nonlocal looks
        looks += 1
        return await look(runtime)

    readiness._look = counted  # type: ignore[method-assign]  # to count what it does, not to replace it
    async with house.client(token=None) as client:
        answers = await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert looks == 1
        readiness._until = 0.0
        await client.get("/readyz")
    assert looks == 2


async def test_not_ready_while_the_schema_is_another_one(house: Whole) -> None:
    async with house.runtime.database.write() as conn:
        await conn.execute(text("UPDATE muster.alembic_version SET version_num = '0000_before'"))
    async with house.client(token=None) as client:
        document = checked(await client.get("/readyz"), 503, "not_ready")
    assert "schema" in document["detail"]


async def test_t097_not_ready_without_a_database_and_ready_again_after_it(ground: Ground) -> None:
    url = await ground.clone()
    name = url.rpartition("@/")[2].partition("?")[0]
    async with whole(url) as own, own.client(token=None) as client:
        assert (await client.get("/readyz")).status_code == 200
        await take_away(ground, name)
        async with asyncio.timeout(60):
            await until(client, 503)
        checked(await client.get("/health"), 503, "not_ready")
        assert (await client.get("/livez")).status_code == 200
        await ground._run(f"ALTER DATABASE {name}_away RENAME TO {name}")
        async with asyncio.timeout(60):
            await until(client, 200)
    await ground.drop(url)


async def until(client: Any, status: int) -> None:
    while True:
        if (await client.get("/readyz")).status_code == status:
            return
        await asyncio.sleep(0.1)


async def test_neither_before_the_start_nor_while_it_stops(house: Whole) -> None:
    readiness = Readiness()
    assert await readiness.reason(None) == "the service is starting"
    assert await readiness.reason(house.runtime) is None
    readiness.draining = True
    assert await readiness.reason(house.runtime) == "the service is stopping"


async def test_t097_metrics_are_for_admins(house: Whole) -> None:
    async with house.client(token=None) as client:
        checked(await client.get("/metrics"), 401, "not_authenticated")
    async with house.client() as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "muster_requests_total{" in answer.text

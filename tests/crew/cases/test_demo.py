"""The predecessor's demonstration from the page to the answer, with its corrected figures (spec E).

Its 20 people are on a simulated Gartan, each available the first quarter of every third hour; they are
signed in to, fetched, parsed, put in force, looked up and asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from service.core.batches import collected, pieces
from service.core.cache import BoundedMemory, Cache
from service.core.retries import RetryPolicy, retried
from service.crew.rules.slots import midnight
from service.simulators.gartan import GartanServer, Member, Plan, Station, available_only, faults
from tests.crew.following import following, synced
from tests.crew.house import House
from tests.crew.scenario import DAY
from tests.support.ground import Ground

NAMES = [f"DEMO{number:02}, AB" for number in range(20)]
EVERY_THIRD = {DAY: [(hour, hour + 0.25) for hour in range(0, 24, 3)]}
START = midnight(DAY, "Europe/London") + timedelta(seconds=23)
WINDOW = {"from": START.isoformat(), "to": (START + timedelta(hours=24)).isoformat()}


@pytest.fixture(scope="module")
async def demo(ground: Ground) -> AsyncIterator[House]:
    """The demo's day in force, after a site that failed twice."""
    url = await ground.clone()
    crew = tuple(Member(name, "FFD", ("BA",), 61, available_only(EVERY_THIRD)) for name in NAMES)
    async with GartanServer(Plan((Station("P22", 101, crew),))) as server, following(url, server) as house:
        server.faults.add(faults.server_failure(503), nth=(1, 2))
        run = await synced(house, dates=[DAY.isoformat()])
        assert (run.state, server.requests.logins, server.requests.fetches()) == ("done", 1, {DAY: 3})
        yield house
    await ground.drop(url)


async def records(house: House, match: str, ids: list[int] | None = None) -> int:
    """How many stretches of availability the window has."""
    asked = {"crew_ids": ids, "match": match, **WINDOW}
    answer = await house.ask("POST", "/v1/crew/availability/batch", json=asked)
    assert answer.status_code == 200, answer.text
    return sum(len(one["available"]) for one in answer.json()["items"])


async def found(house: House, names: list[str]) -> list[int]:
    """The numbers of these names, in their order."""
    answer = await house.ask("POST", "/v1/crew/lookup", json={"names": names})
    assert answer.json()["missing"] == []
    return [one["crew_id"] for one in answer.json()["items"]]


async def test_e_the_demo_has_160_records(demo: House) -> None:
    stored = "SELECT count(*), count(DISTINCT crew_id) FROM crew.crew_availability WHERE state = 'available'"
    assert await demo.sql(stored) == [(160, 20)]


async def test_e_five_names_are_one_batch_and_the_slot_in_progress_is_not_lost(demo: House) -> None:
    """35 was what they printed: containment loses the quarter of an hour that is under way."""
    five = await found(demo, NAMES[:5])
    assert len(five) == 5
    assert (await records(demo, "within", five), await records(demo, "overlap", five)) == (35, 40)
    assert (await records(demo, "within"), await records(demo, "overlap")) == (140, 160)


async def test_e_200_items_stream_in_batches_of_20() -> None:
    taken = most = 0

    def source() -> Iterator[int]:
        nonlocal taken
        for item in range(200):
            taken += 1
            yield item

    async def work(piece: list[int]) -> int:
        nonlocal most
        most = max(most, taken - piece[0])
        await asyncio.sleep(0)
        return sum(piece)

    batch = await collected(pieces(source(), 20), work, at_once=2)
    assert (len(batch.results), sum(batch.results), batch.errors) == (10, sum(range(200)), [])
    assert most <= 3 * 20, "what is taken is what is worked on"


async def test_e_ten_sets_and_fifteen_gets_are_ten_hits_and_five_misses() -> None:
    cache = Cache(BoundedMemory(100, 1_000_000))

    async def get(number: int) -> bytes:
        async def build() -> bytes:
            return b"%d" % number

        return await cache.get_or_build(f"key {number}", build, ttl=timedelta(minutes=1), namespace="demo")

    for number in range(10):
        await get(number)
    before = cache.stats()["demo"]
    for number in range(15):
        assert await get(number) == b"%d" % number
    after = cache.stats()["demo"]
    assert (after.hits - before.hits, after.misses - before.misses) == (10, 5)


async def test_e_the_retry_succeeds_at_the_third_attempt() -> None:
    async def third(attempt: int) -> str:
        if attempt < 3:
            raise ConnectionError("in passing")
        return f"attempt {attempt}"

    assert await retried(third, RetryPolicy(attempts=3, base=0)) == "attempt 3"

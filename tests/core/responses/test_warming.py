"""After a commit the answers asked for most are ready again: for those who may see them, and in no one's way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import Request, Response

from service.core.auth import Caller
from service.core.cache import JITTER
from service.core.responses import popularity
from service.core.responses.warming import Warmer, warming
from service.core.settings import CacheSettings
from service.core.versions import token
from tests.core.responses.layered import CALLERS, PATH, SCOPE, House, client
from tests.support.eventually import eventually

HIT = "Muster; hit"


def warmer_of(house: House, *, confirm: Any = None, draining: Any = lambda: False, **settings: Any) -> Warmer:
    async def anybody(_: Caller) -> bool:
        return True

    chosen = CacheSettings.model_validate(settings)
    return Warmer(house.responses, chosen, confirm=confirm or anybody, draining=draining)


async def committed(house: House, warmer: Warmer, version: int) -> None:
    """A commit raised the version, and what was to be warmed is."""
    house.versions.apply({SCOPE: version})
    await warmer.round()


async def test_the_next_reader_after_a_commit_gets_a_hit(house: House, http: httpx.AsyncClient) -> None:
    house.headers = {}
    await http.get(f"{PATH}?month=2026-10", headers={"accept": "application/json"})
    async with warming(warmer_of(house)) as warmer:  # by itself, as in the service
        house.versions.apply({SCOPE: 8})
        await eventually(lambda: warmer.statistics().rounds == 1)
    calls = house.calls
    warm = await http.get(f"{PATH}?month=2026-10", headers={"accept": "application/json"})
    assert warm.headers["cache-status"] == HIT
    assert warm.headers["data-version"] == token({SCOPE: 8})
    assert house.calls == calls == 2
    stats = house.responses.stats()[PATH]
    assert (stats.hits, stats.misses) == (1, 1)  # a warmed answer is nobody's miss
    assert warmer.statistics().used == 1


async def test_a_warmed_answer_is_byte_for_byte_the_one_a_reader_would_have_built(house: House) -> None:
    async with client(house.app) as http:
        await http.get(f"{PATH}?b=2&a=1")
        await committed(house, warmer_of(house), 8)
        house.calls = 1
        warm = await http.get(f"{PATH}?b=2&a=1")
        house.responses.clear()
        cold = await http.get(f"{PATH}?b=2&a=1")
    assert warm.headers["cache-status"] == HIT
    assert cold.headers["cache-status"] == "Muster; fwd=miss; stored"
    assert (warm.content, warm.headers["etag"]) == (cold.content, cold.headers["etag"])


async def test_nothing_is_warmed_that_nobody_asked_for(house: House, http: httpx.AsyncClient) -> None:
    warmer = warmer_of(house)
    await committed(house, warmer, 8)
    assert house.calls == 0
    await http.get(PATH)
    for version in range(9, 20):  # the one asking is worth one warming, not one for each commit
        await committed(house, warmer, version)
    assert house.calls == 2
    assert house.responses.popularity.by_key == {}


async def test_other_scopes_and_what_is_already_rebuilt_warm_nothing(
    house: House, http: httpx.AsyncClient
) -> None:
    warmer = warmer_of(house)
    await http.get(PATH)
    house.versions.apply({"attendance/2026-09": 9})
    await warmer.round()
    house.versions.apply({SCOPE: 8})
    await http.get(PATH)
    await warmer.round()
    assert house.calls == 2
    assert warmer.statistics().rounds == 0


async def test_the_most_expensive_of_the_most_asked_come_first(house: House, http: httpx.AsyncClient) -> None:
    for name, times in (("rare", 1), ("cheap", 9), ("dear", 9)):
        for _ in range(times):
            await http.get(f"{PATH}?n={name}")
    costs = {b"n=rare": 5.0, b"n=cheap": 0.1, b"n=dear": 1.0}
    for wanted in house.responses.popularity.by_key.values():
        wanted.cost = costs[wanted.again.query_string]
    house.versions.apply({SCOPE: 8})
    chosen = house.responses.popularity.outdated(house.versions)
    assert [wanted.again.query_string for _, wanted in chosen] == [b"n=dear", b"n=rare", b"n=cheap"]


async def test_q40_an_answer_is_warmed_for_its_visibility_alone(house: House) -> None:
    async with client(house.app) as http:
        await http.get(PATH, headers={"authorization": "villas"})
        await committed(house, warmer_of(house), 8)
        others = await http.get(PATH, headers={"authorization": "centro"})
        own = await http.get(PATH, headers={"authorization": "villas"})
    assert "Villas" not in others.text
    assert others.headers["cache-status"].startswith("Muster; fwd=miss")
    assert own.headers["cache-status"] == HIT
    assert "Villas" in own.text


async def test_a_caller_who_lost_the_rights_is_never_warmed_for(
    house: House, http: httpx.AsyncClient
) -> None:
    asked: list[str] = []

    async def nobody(caller: Caller) -> bool:
        asked.append(caller.id)
        return False

    warmer = warmer_of(house, confirm=nobody)
    await http.get(PATH)
    await committed(house, warmer, 8)
    await committed(house, warmer, 9)
    assert house.calls == 1
    assert asked == [CALLERS[b"all"].id]  # and is forgotten
    assert warmer.statistics().refused == 1


async def test_who_cannot_be_confirmed_now_is_not_warmed_for(house: House, http: httpx.AsyncClient) -> None:
    async def away(_: Caller) -> bool:
        raise OSError("the database is away")

    warmer = warmer_of(house, confirm=away)
    await http.get(PATH)
    await committed(house, warmer, 8)
    assert house.calls == 1
    assert warmer.statistics().failed == 1


@pytest.mark.parametrize("end", ["off", "no time", "draining", "cache off", "untrusted"])
async def test_switched_off_or_draining_nothing_is_warmed(
    house: House, http: httpx.AsyncClient, end: str
) -> None:
    warmer = warmer_of(house, draining=lambda: end == "draining", warm_seconds=0 if end == "no time" else 20)
    await http.get(PATH)
    warmer.enabled = end != "off"
    house.responses.enabled = end != "cache off"
    if end == "untrusted":
        house.versions.trusted_until = 0
    await committed(house, warmer, 8)
    assert house.calls == 1


class Slow(House):
    """A house whose builds wait until they are let go, and note how many there were at once."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.gate, self.at_once, self.most = asyncio.Event(), 0, 0
        self.gate.set()

    async def report(self, request: Request) -> Response:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.gate.wait()
            return await super().report(request)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def slow_house(house: House, questions: int = 6) -> AsyncIterator[tuple[Slow, httpx.AsyncClient]]:
    slow = Slow(house.versions)
    async with client(slow.app) as http:
        for n in range(questions):
            await http.get(f"{PATH}?n={n}")
        slow.gate.clear()
        slow.most = 0
        yield slow, http
        slow.gate.set()


async def test_no_more_are_built_at_once_than_allowed(house: House) -> None:
    async with slow_house(house) as (slow, _):
        warmer = warmer_of(slow, warm_at_once=2)
        slow.versions.apply({SCOPE: 8})
        round_ = asyncio.create_task(warmer.round())
        await eventually(lambda: slow.at_once == 2)
        slow.gate.set()
        await round_
    assert slow.most == 2
    assert warmer.statistics().last_warmed == 6


async def test_warming_waits_while_requests_wait(house: House) -> None:
    async with slow_house(house) as (slow, http):
        warmer = warmer_of(slow, warm_at_once=1)
        reader = asyncio.create_task(http.get(f"{PATH}?n=new"))
        await eventually(lambda: slow.at_once == 1)
        slow.versions.apply({SCOPE: 8})
        round_ = asyncio.create_task(warmer.round())
        for _ in range(20):
            await asyncio.sleep(0.005)
            assert warmer.under_way == 0
        slow.gate.set()
        assert (await reader).status_code == 200
        await round_
    assert slow.responses.waiting == 0
    assert warmer.statistics().warmed == 6


async def test_warming_ends_when_its_time_is_over(house: House) -> None:
    async with slow_house(house) as (slow, _):
        warmer = warmer_of(slow, warm_seconds=0.05, warm_at_once=2)
        await committed(slow, warmer, 8)
        assert slow.at_once == 0  # and what it had begun is stopped
    assert (warmer.statistics().warmed, warmer.statistics().left_over) == (0, 4)


async def test_q38_the_record_of_what_is_asked_is_bounded(
    house: House, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(popularity, "MOST", 40)
    for n in range(200):
        await http.get(f"{PATH}?n={n}")
        await http.get(f"{PATH}?often=1")
        assert len(house.responses.popularity.by_key) <= 40
    assert b"often=1" in {w.again.query_string for w in house.responses.popularity.by_key.values()}


async def test_expiries_rebuilt_unchanged_are_counted(house: House, http: httpx.AsyncClient) -> None:
    for _ in range(2):
        house.calls = 0
        await http.get(PATH)
        house.clock.now += 60 * (1 + JITTER) + 1
    house.versions.apply({SCOPE: 8})
    await http.get(PATH)
    stats = house.responses.stats()[PATH]
    assert (stats.expired, stats.unchanged) == (2, 1)


async def test_what_the_clock_ends_is_no_expiry_of_its_lifetime(
    house: House, http: httpx.AsyncClient
) -> None:
    house.entry = {"ttl": timedelta(hours=1), "expires_at": datetime.now(UTC) + timedelta(seconds=100)}
    for _ in range(2):
        house.calls = 0
        await http.get(PATH)
        house.clock.now += 200
    assert house.responses.stats()[PATH].unchanged == 0


async def test_how_often_data_change_is_observed_by_route(house: House, http: httpx.AsyncClient) -> None:
    warmer = warmer_of(house)
    for n in range(2):
        await http.get(f"{PATH}?n={n}")
    house.clock.now += 100
    await committed(house, warmer, 8)
    await warmer.round()  # nothing new
    found = house.responses.popularity.observed(house.clock.now)
    assert found[PATH] == replace(found[PATH], questions=2, changes=2, seconds=200.0, life=60.0)

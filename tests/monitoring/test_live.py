"""The dashboard's events: worked out once for all who look, for admins only, and never for too many."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import orjson
import pytest

from service.access.keys import create_key
from service.cli.serving import EventStreams
from service.monitoring import live
from tests.client.serving import serving, until
from tests.core.refused import checked
from tests.core.whole import Whole, whole

EVENTS = "/dashboard/events"


@pytest.fixture
async def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Whole]:
    """An application whose dashboard ticks fast."""
    monkeypatch.setattr(live, "TICK", 0.05)
    async with whole(database_url, allowed_hosts=["muster.test", "127.0.0.1"]) as opened:
        yield opened


def browser(house: Whole, base: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {house.token}", "Accept": "text/event-stream"}
    return httpx.AsyncClient(base_url=base, headers=headers, timeout=60)


async def messages(client: httpx.AsyncClient) -> AsyncIterator[tuple[str, Any]]:
    """Kind and data of each event of a stream."""
    kind = ""
    async with client.stream("GET", EVENTS) as answer:
        assert answer.status_code == 200, await answer.aread()
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, orjson.loads(value)


async def heard(client: httpx.AsyncClient, figures: int) -> list[tuple[str, Any]]:
    """All events up to so many figures."""
    found = []
    async with aclosing(messages(client)) as stream:
        async for event in stream:
            found.append(event)
            figures -= event[0] == "figures"
            if figures == 0:
                break
    return found


async def test_everybody_who_looks_is_sent_the_same_figures(house: Whole) -> None:
    monitor = house.app.state.monitor
    await monitor.keep()
    await monitor.keep()
    async with serving(house.app) as base, browser(house, base) as one, browser(house, base) as other:
        first, second = await asyncio.gather(heard(one, 8), heard(other, 8))
        await until(lambda: house.app.state.live.viewers == 0)
    assert first[0][0] == second[0][0] == "recent"
    assert first[0][1]["points"][-1]["figures"]["rss_mib"] > 10
    panels = next(data for kind, data in first if kind == "panels")
    assert [name for name, panel in panels.items() if "unavailable" in panel] == []
    seen = [{data["at"]: data for kind, data in each if kind == "figures"} for each in (first, second)]
    both = seen[0].keys() & seen[1].keys()
    assert len(both) >= 4
    assert all(seen[0][at] == seen[1][at] for at in both)
    assert {data["figures"]["in_flight"] for each in seen for data in each.values()} == {0}  # not the viewers
    assert house.app.state.live._task is None  # nothing is worked out for nobody


async def test_too_many_viewers_are_refused_and_let_in_when_one_leaves(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_VIEWERS", 1)
    async with serving(house.app) as base, browser(house, base) as client:
        async with aclosing(messages(client)) as stream:
            await anext(stream)
            checked(await client.get(EVENTS), 503, "too_many_viewers")
        await until(lambda: house.app.state.live.viewers == 0)
        assert (await heard(client, 1))[-1][0] == "figures"


async def test_a_panel_that_fails_leaves_the_others(house: Whole) -> None:
    async def broken() -> dict[str, Any]:
        raise RuntimeError("no such thing")

    async def whole_one() -> dict[str, Any]:
        return {"items": []}

    watched = live.Live(house.app.state.monitor, {"broken": broken, "whole": whole_one})
    assert await watched._look() == {"broken": {"unavailable": "no such thing"}, "whole": {"items": []}}


async def test_the_stream_ends_when_the_service_is_told_to_stop(house: Whole) -> None:
    streams = EventStreams(house.app)
    async with serving(streams) as base, browser(house, base) as client:
        kinds = []
        async with asyncio.timeout(30):  # by itself it would end after a minute
            async for kind, _ in messages(client):
                kinds.append(kind)
                streams.end.set()
    assert kinds[0] == "recent"
    assert house.app.state.live.viewers == 0


async def test_a_stream_is_cut_after_a_minute_so_that_rights_are_looked_at_again(
    house: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LONGEST", 0.1)
    async with serving(house.app) as base, browser(house, base) as client, asyncio.timeout(30):
        kinds = [kind async for kind, _ in messages(client)]
    assert kinds[0] == "recent"


async def test_page_and_events_are_for_admins(house: Whole) -> None:
    reader = await create_key(house.runtime.database, "reader", ["attendance:read"])
    async with house.client(token=reader.token) as client:
        for path in ("/dashboard", EVENTS):
            checked(await client.get(path), 403, "scope_missing")
    async with house.client(token=None, accept="text/html") as client:
        answer = await client.get("/dashboard")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/dashboard")


async def test_the_start_page_leads_admins_there(house: Whole) -> None:
    reader = await create_key(house.runtime.database, "reader", ["attendance:read"])
    async with house.client() as client, house.client(token=reader.token) as other:
        assert 'href="/dashboard"' in (await client.get("/")).text
        assert 'href="/dashboard"' not in (await other.get("/")).text


async def test_the_page_asks_nobody_else_for_anything(house: Whole) -> None:
    async with house.client() as client:
        answer = await client.get("/dashboard")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"""(src|href|action)=["']?(\w+:)?//""", answer.text)

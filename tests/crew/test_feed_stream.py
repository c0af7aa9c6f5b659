"""Changes as they happen: over a real server, told by NOTIFY, read once for all who listen, resumed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from service.cli.serving import EventStreams
from service.client import EventStream, MusterClient
from service.core.telemetry import LEVELS
from service.crew.answers import listening
from service.crew.queries.scopes import of_station
from service.crew.queries.stations import StationRow
from tests.client.serving import serving, until
from tests.core.refused import checked
from tests.crew.house import House, open_house
from tests.crew.scenario import FETCHED, S1, cells, person, seen, settle_s1, station

STREAM = "/v1/crew/stream"
Event = tuple[str, str | None, Any]
CHANGED = """
    INSERT INTO crew.gone (station_id, local_date, crew_id, during, was, now)
    VALUES (:station, '2026-03-05', 1, '[2026-03-05T01:00Z,2026-03-05T02:00Z)', 'available', 'unknown')
"""


@pytest.fixture
async def told(database_url: str) -> AsyncIterator[House]:
    """S1 at P22, and P23 with the same people."""
    async with open_house(database_url, allowed_hosts=["muster.test", "127.0.0.1"]) as opened:
        await settle_s1(opened.runtime)
        await seen(opened.runtime, await station(opened.runtime, "P23"), S1)
        yield opened


async def look(house: House, at: str, minutes: int, hours: int) -> None:
    """A newer look: ALDER turns out until that hour."""
    newer = person("ALDER, JO", "WC", "BA TTR IC", 61, cells([(0, hours)]))
    made: StationRow = await station(house.runtime, at)
    grid = replace(S1, crew=(newer, *S1.crew[1:]))
    await seen(house.runtime, made, grid, fetched=FETCHED + timedelta(minutes=minutes))


def listener(house: House, base: str, token: str | None = None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token or house.admin}", "Accept": "text/event-stream"}
    return httpx.AsyncClient(base_url=base, headers=headers, timeout=30)


async def events(client: httpx.AsyncClient, last: str | None = None, **params: Any) -> AsyncIterator[Event]:
    """Kind, number and data of each event."""
    headers = {} if last is None else {"Last-Event-ID": last}
    kind, number = "", None
    async with client.stream("GET", STREAM, params=params, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind, number = value, None
            elif name == "id":
                number = value
            elif name == "data":
                yield kind, number, orjson.loads(value)


async def up_to(stream: AsyncIterator[Event], kind: str, count: int = 1) -> list[Event]:
    """The events up to so many of a kind."""
    found = []
    async with asyncio.timeout(60):
        async for one in stream:
            found.append(one)
            count -= one[0] == kind
            if count == 0:
                return found
    raise AssertionError(f"the stream ended after {found}")


async def test_a_change_is_pushed_and_one_who_was_away_misses_none(told: House) -> None:
    async with serving(told.app) as base, listener(told, base) as client:
        async with aclosing(events(client)) as stream:
            [(_, start, _)] = await up_to(stream, "start")
            await look(told, "P22", 1, 8)
            [version] = [one for one in await up_to(stream, "version") if one[0] == "version"]
            assert version[2]["station"] == "P22"
        await look(told, "P22", 2, 7)  # while nobody listens
        async with aclosing(events(client, start)) as stream:
            found = [one for one in await up_to(stream, "change", 3) if one[0] == "change"]
            assert {one[2]["name"] for one in found} == {"ALDER, JO"}
            assert [one[1] for one in found] == [str(one[2]["id"]) for one in found]
            assert [one[2]["id"] for one in found] == sorted({one[2]["id"] for one in found})
            await look(told, "P22", 3, 6)
            [last] = [one for one in await up_to(stream, "change") if one[0] == "change"]
            assert last[2]["from"] == "2026-03-05T06:00:00Z"
            assert last[2]["id"] > found[-1][2]["id"]
        await until(lambda: told.app.state.crew_listeners.count == 0)
    assert told.app.state.crew_listeners._task is None  # nothing is read for nobody


async def test_a_listener_hears_only_of_the_stations_it_may_see_and_of_numbers_where_asked(
    told: House,
) -> None:
    own = await told.token("crew:read", sites=["P23"])
    async with (
        serving(told.app) as base,
        listener(told, base, own) as limited,
        listener(told, base) as all_of_them,
        aclosing(events(limited)) as one,
        aclosing(events(all_of_them, redact="true")) as other,
    ):
        await asyncio.gather(up_to(one, "start"), up_to(other, "start"))
        await look(told, "P22", 1, 8)
        await look(told, "P23", 1, 8)
        heard, every = await asyncio.gather(up_to(one, "version"), up_to(other, "version", 2))
        assert {data["station"] for _, _, data in heard} == {"P23"}
        assert {data["station"] for _, _, data in every} == {"P22", "P23"}
        assert [data["name"] for kind, _, data in heard if kind == "change"] == ["ALDER, JO"] * len(heard[1:])
        assert {data["name"][0] for kind, _, data in every if kind == "change"} == {"#"}


async def test_what_happened_is_read_once_for_all_who_listen(told: House) -> None:
    statements: list[str] = []

    def noted(*given: Any) -> None:
        statements.append(given[2])

    async with serving(told.app) as base, listener(told, base) as client:
        streams = [events(client) for _ in range(20)]
        try:
            await asyncio.gather(*(up_to(one, "start") for one in streams))
            engine = told.runtime.database.engine.sync_engine
            event.listen(engine, "before_cursor_execute", noted)
            await look(told, "P22", 1, 8)
            heard = await asyncio.gather(*(up_to(one, "change") for one in streams))
            event.remove(engine, "before_cursor_execute", noted)
        finally:
            for one in streams:
                await one.aclose()
    assert len({one[-1][1] for one in heard}) == 1
    assert sum("FROM unnest" in one and "crew.state_change x" in one for one in statements) == 1


async def test_a_stream_is_cut_after_a_minute_and_kept_open_by_comments(
    told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LONGEST", 0.5)
    monkeypatch.setattr(listening, "ALIVE_EVERY", 0.05)
    async with serving(told.app) as base, listener(told, base) as client, asyncio.timeout(30):
        answer = await client.get(STREAM)
    assert answer.text.count(": alive") > 2
    assert answer.text.startswith("retry: 1000\n\nevent: start\n")


async def test_who_lags_behind_is_cut_off_and_resumes(told: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_WAITING", 0)
    async with serving(told.app) as base, listener(told, base) as client:
        stream = events(client)
        [(_, start, _)] = await up_to(stream, "start")
        await look(told, "P22", 1, 8)
        async with asyncio.timeout(30):  # a stream ends by itself after a minute
            assert [one async for one in stream] == []
        async with aclosing(events(client, start)) as again:
            assert [one[0] for one in await up_to(again, "change")] == ["start", "change"]


async def test_too_many_listeners_are_refused(told: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_LISTENERS", 1)
    async with serving(told.app) as base, listener(told, base) as client, aclosing(events(client)) as stream:
        await up_to(stream, "start")
        checked(await client.get(STREAM), 503, "too_many_listeners")


@pytest.mark.parametrize("last", ["999999999", "garbage", "-1"])
async def test_a_place_that_is_none_of_ours_begins_anew(told: House, last: str) -> None:
    await look(told, "P22", 1, 8)
    async with serving(told.app) as base, listener(told, base) as client:
        async with aclosing(events(client, last)) as stream:
            [(_, number, data)] = await up_to(stream, "start")
        newest = (await client.get("/v1/crew/changes", params={"station": "P22"})).json()["last"]
    assert (int(number or 0), data) == (newest, {"after": newest})


async def test_the_stream_ends_when_the_service_is_told_to_stop(told: House) -> None:
    streams = EventStreams(told.app)
    async with serving(streams) as base, listener(told, base) as client:
        kinds = []
        async with asyncio.timeout(30):  # a stream ends by itself after a minute
            async for kind, _, _ in events(client):
                kinds.append(kind)
                streams.end.set()
    assert kinds == ["start"]
    assert told.app.state.crew_listeners.count == 0


@pytest.fixture
def warnings_told() -> Iterator[None]:
    """Whatever level another test of this process has left."""
    LEVELS.change(listening.log.name, "WARNING")
    yield
    LEVELS.change(listening.log.name, None)


@pytest.mark.usefixtures("warnings_told")
async def test_a_database_that_fails_in_between_loses_nothing(told: House) -> None:
    p22 = await station(told.runtime)
    async with serving(told.app) as base, listener(told, base) as client, aclosing(events(client)) as stream:
        await up_to(stream, "start")
        with capture_logs() as logs:
            await told.sql("ALTER TABLE crew.state_change RENAME TO gone")
            await told.sql(CHANGED, station=p22.id)
            async with told.runtime.database.write() as conn:
                await told.runtime.versions.raise_in(conn, [of_station("P22")])
            await until(lambda: any(one["event"] == "crew_changes_unread" for one in logs))
        await told.sql("ALTER TABLE crew.gone RENAME TO state_change")
        assert [one[0] for one in await up_to(stream, "version")] == ["change", "version"]


async def test_the_client_follows_through_the_ends_of_the_stream(
    told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LONGEST", 0.3)
    async with (
        serving(told.app) as base,
        MusterClient(base, told.admin) as muster,
        asyncio.timeout(60),
        muster.crew.stream(station="P22") as stream,
    ):
        assert (await anext(stream)).event == "start"
        await look(told, "P22", 1, 8)
        first = await changes_to(stream, "08")
        await until(lambda: told.app.state.crew_listeners.count == 0)
        await look(told, "P22", 2, 7)  # while it is away
        ids = [*first, *await changes_to(stream, "07")]
    assert ids == sorted(set(ids))


async def changes_to(stream: EventStream, hour: str) -> list[int]:
    """The numbers of the changes up to the one from this hour on."""
    ids = []
    async for one in stream:
        if one.event == "change":
            assert one.id == str(one.data["id"])
            ids.append(one.data["id"])
            if one.data["from"] == f"2026-03-05T{hour}:00:00Z":
                return ids
    raise AssertionError(f"the stream ended after {ids}")

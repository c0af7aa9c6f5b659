"""The change feed: observed changes in the order of their commits, and what is to come."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.core.runtime import Runtime
from service.crew.queries import applying
from service.crew.queries.stations import StationRow
from service.schemas.crew.changes import ChangesListing, Upcoming
from tests.crew.house import House, open_house
from tests.crew.scenario import DAY, FETCHED, S1, appliance, cells, person, seen, settle_s1, station
from tests.support.eventually import eventually
from tests.support.ground import Ground

CHANGES, UPCOMING = "/v1/crew/changes", "/v1/crew/changes/upcoming"
ALDER_ALSO_MIDDAY = person("ALDER, JO", "WC", "BA TTR IC", 61, cells([(0, 9), (12, 24)]))
LATER = FETCHED + timedelta(minutes=5)
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def midday(runtime: Runtime, at: StationRow, minutes: int = 5) -> None:
    """A newer look at S1's day: ALDER also turns out from 12 to 17, and the appliance with them."""
    newer = replace(S1, crew=(ALDER_ALSO_MIDDAY, *S1.crew[1:]), appliances=(appliance([(0, 9), (12, 24)]),))
    await seen(runtime, at, newer, fetched=FETCHED + timedelta(minutes=minutes))


@pytest.fixture(scope="module")
async def fed(ground: Ground) -> AsyncIterator[House]:
    """Two stations whose day was looked at twice, for tests that only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await midday(opened.runtime, await settle_s1(opened.runtime))
        other = await station(opened.runtime, "P23")
        await seen(opened.runtime, other, S1)
        await midday(opened.runtime, other, 6)
        yield opened
    await ground.drop(url)


async def read(house: House, path: str = CHANGES, token: str | None = None, **params: Any) -> dict[str, Any]:
    answer = await house.ask("GET", path, token=token, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    (ChangesListing if path == CHANGES else Upcoming).model_validate(body)
    return body


def told(item: dict[str, Any]) -> tuple[Any, ...]:
    return item["station"], item["name"] or item["appliance"], item["from"], item["until"], item["now"]


async def test_a_newer_look_says_what_became_otherwise(fed: House) -> None:
    body = await read(fed, station="P22")
    noon, five = "2026-03-05T12:00:00Z", "2026-03-05T17:00:00Z"
    assert [told(one) for one in body["items"]] == [
        ("P22", "ALDER, JO", noon, five, "available"),
        ("P22", "P22P6", noon, five, "available"),
    ]
    first = body["items"][0]
    assert (first["was"], first["was_reason"], first["now_reason"]) == ("unavailable", "W", None)
    assert (first["seen_at"], first["local_date"]) == (LATER.isoformat().replace("+00:00", "Z"), "2026-03-05")
    assert body["last"] == body["items"][-1]["id"]
    assert body["data"]["complete"] is False  # the grid of today was not read
    assert (await read(fed, station="P22", after=body["last"]))["items"] == []
    assert (await read(fed, after=body["last"]))["items"][0]["station"] == "P23"


async def test_pages_of_the_feed_neither_miss_nor_repeat(fed: House) -> None:
    whole = await read(fed, include="total")
    assert (len(whole["items"]), whole["page"]["total"], whole["page"]["has_more"]) == (4, 4, False)
    found, cursor = [], None
    while True:
        asked = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        body = await read(fed, **asked)
        found += body["items"]
        cursor = body["page"]["next"]
        if cursor is None:
            break
    assert found == whole["items"]
    answer = await fed.ask("GET", CHANGES, params={"limit": 3, "cursor": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_numbers_stand_for_names_where_asked(fed: House) -> None:
    body = await read(fed, station="P22", redact="true")
    assert [one["name"] for one in body["items"]] == ["#1", None]
    coming = await read(fed, UPCOMING, station="P22", redact="true", **{"from": "2026-03-05T05:00:00Z"})
    assert not any("," in (one["name"] or "") for one in coming["items"])


async def test_a_caller_of_one_station_hears_of_no_other(fed: House) -> None:
    own = await fed.token("crew:read", sites=["P23"])
    assert {one["station"] for one in (await read(fed, token=own))["items"]} == {"P23"}
    window = {"from": "2026-03-05T00:00:00Z"}
    assert {one["station"] for one in (await read(fed, UPCOMING, token=own, **window))["items"]} == {"P23"}
    for path in (CHANGES, UPCOMING, "/v1/crew/stream"):
        refused = await fed.ask("GET", path, token=own, params={"station": "P22"})
        assert (refused.status_code, refused.json()["code"]) == (403, "site_not_allowed"), path


async def test_numbers_come_in_the_order_of_the_commits(house: House) -> None:
    one, other = await station(house.runtime), await station(house.runtime, "P23")
    people = [one for [one] in await _people(house, [one, other])]
    row = {
        "appliances": [None], "starts": [FETCHED], "ends": [LATER], "was": ["unavailable"],
        "was_reasons": ["W"], "nows": ["available"], "now_reasons": [None],
    }  # fmt: skip
    first = asyncio.Event()
    done: list[str] = []

    async def write(at: StationRow, crew: int, name: str, before: asyncio.Event | None) -> None:
        async with house.runtime.database.write() as conn:
            where = applying.where_of(at.id, DAY, 0, FETCHED)
            await applying.add_changes(conn, where, {**row, "crews": [crew]})
            if before is not None:
                first.set()
                await before.wait()
        done.append(name)

    go = asyncio.Event()
    slow = asyncio.create_task(write(one, people[0], "slow", go))
    await first.wait()
    fast = asyncio.create_task(write(other, people[1], "fast", None))

    async def blocked() -> bool:
        return bool((await house.sql(WAITING))[0].count)

    await eventually(blocked)  # it may not have a number before the other one is seen
    go.set()
    await asyncio.gather(slow, fast)
    assert done == ["slow", "fast"]
    assert [item["station"] for item in (await read(house))["items"]] == ["P22", "P23"]


async def _people(house: House, stations: list[StationRow]) -> list[Any]:
    insert = """INSERT INTO crew.crew_member (station_id, name_key, grid_name) VALUES (:at, 'A', 'A')
                RETURNING id"""
    return [[(await house.sql(insert, at=one.id))[0].id] for one in stations]


async def test_what_is_to_come_is_told_by_instant(s1: House) -> None:
    start, end = "2026-03-05T10:00:00Z", "2026-03-05T18:30:00Z"
    body = await read(s1, UPCOMING, **{"from": start, "to": end})
    assert [(one["at"][11:16], one["name"] or one["appliance"], one["now"]) for one in body["items"]] == [
        ("12:00", "BIRCH, KE", "unavailable"),
        ("13:00", "BIRCH, KE", "available"),
        ("14:00", "ELDER, SA", "unavailable"),
        ("17:00", "P22P6", "crew_deficient"),
        ("17:00", "ALDER, JO", "available"),
        ("18:00", "P22P6", "available"),
        ("18:00", "DOGWOOD, MI", "available"),
    ]
    birch = body["items"][0]
    assert (birch["now_reason"], birch["until"], birch["until_is_lower_bound"]) == (
        "O", "2026-03-05T13:00:00Z", False,
    )  # fmt: skip
    assert body["items"][-1]["until_is_lower_bound"] is True
    assert body["data"]["complete"] is True


async def test_what_begins_with_the_range_is_in_it_and_the_end_of_knowledge_is_told(s1: House) -> None:
    body = await read(s1, UPCOMING, **{"from": "2026-03-05T18:00:00Z", "to": "2026-03-06T06:00:00Z"})
    assert [one["now"] for one in body["items"]] == ["available"] * 2 + ["unknown"] * 6
    assert {one["at"] for one in body["items"][2:]} == {"2026-03-06T00:00:00Z"}
    assert body["data"]["complete"] is False
    assert "no grid was read of the time from 2026-03-06 00:00" in body["data"]["reasons"][0]


async def test_pages_of_what_is_to_come_are_of_one_range(s1: House) -> None:
    window = {"from": "2026-03-05T10:00:00Z", "to": "2026-03-05T18:30:00Z"}
    whole = await read(s1, UPCOMING, include="total", **window)
    assert whole["page"]["total"] == 7
    first = await read(s1, UPCOMING, limit=4, **window)
    rest = await read(s1, UPCOMING, limit=4, cursor=first["page"]["next"], **window)
    assert first["items"] + rest["items"] == whole["items"]
    assert (rest["from"], rest["page"]["next"]) == (whole["from"], None)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2026-03-05T10:00:00"}, "offset_required"),
        ({"from": "2026-03-05T10:00:00Z", "to": "2026-03-05T10:00:00Z"}, "from_not_before_to"),
        ({"from": "2026-03-05T10:00:00Z", "to": "2026-05-05T10:00:00Z"}, "range_too_long"),
        ({"stations": "P22"}, "unknown_parameter"),
    ],
)
async def test_what_cannot_be_meant_is_refused(s1: House, params: dict[str, str], code: str) -> None:
    answer = await s1.ask("GET", UPCOMING, params=params)
    assert answer.status_code == 422
    assert code in {answer.json()["code"], *(one["code"] for one in answer.json()["errors"])}


async def test_what_was_to_come_is_told_as_it_was_known(fed: House) -> None:
    window = {"station": "P22", "from": "2026-03-05T10:00:00Z", "to": "2026-03-05T16:00:00Z"}
    now = await read(fed, UPCOMING, **window)
    then = await read(fed, UPCOMING, known_at=(LATER - timedelta(seconds=1)).isoformat(), **window)
    assert ("12:00", "ALDER, JO") in {(one["at"][11:16], one["name"]) for one in now["items"]}
    assert "ALDER, JO" not in {one["name"] for one in then["items"]}


async def test_hours_that_clocks_change_are_told_at_their_instants(house: House) -> None:
    made = await station(house.runtime)
    night = date(2026, 10, 25)
    grid = replace(S1, crew=(person("A, B", "WC", "BA", 1, cells([(0, 1), (3, 24)])),), appliances=())
    await seen(house.runtime, made, grid, night, fetched=datetime(2026, 10, 24, 12, tzinfo=UTC))
    body = await read(house, UPCOMING, **{"from": "2026-10-24T23:30:00Z", "to": "2026-10-25T05:00:00Z"})
    assert [(one["at"], one["at_local"], one["now"]) for one in body["items"]] == [
        ("2026-10-25T00:00:00Z", "2026-10-25T01:00:00+01:00", "unavailable"),
        ("2026-10-25T03:00:00Z", "2026-10-25T03:00:00Z", "available"),
    ]

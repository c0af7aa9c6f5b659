"""Answers are kept while they hold: until data, minutes or their age change; and are built once for all."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.crew.rules.grid import DayGrid
from tests.crew.following import today
from tests.crew.house import House
from tests.crew.scenario import LABELS, S1, cells, person, seen, settle_s1, station
from tests.support.statements import counted_statements

AT = {"station": "P22", "at": "2026-03-05T10:00:00Z"}


async def seen_today(house: House) -> datetime:
    """Somebody is available all day; when that was seen."""
    made, day, now = await station(house.runtime), today(), datetime.now(UTC)
    grid = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA", 61, cells([(0, 24)])),))
    await seen(house.runtime, made, grid, day, fetched=now)
    return now


async def test_c103_a_feed_that_is_silent_for_an_hour_is_answered_as_stale(house: House) -> None:
    now = await seen_today(house)
    fresh = (await house.get("/v1/crew", station="P22"))["data"]
    assert (fresh["stale"], fresh["complete"]) == (False, True)
    await house.sql("UPDATE crew.day_version SET fetched_at = :at", at=now - timedelta(hours=1))
    await house.sql("UPDATE muster.data_version SET version = version + 1")
    for path in ("/v1/crew?limit=99", "/v1/crew/1/availability"):
        body = await house.get(path)
        assert body["data"]["stale"] is True  # also just after midnight: a day is judged by what it is now
        states = [one["state"] for one in body.get("items", [body])]
        assert states == ["available"]


async def test_an_answer_about_an_instant_is_had_once(house: House) -> None:
    made = await settle_s1(house.runtime)
    first = await house.ask("GET", "/v1/crew", params=AT)
    again = await house.ask("GET", "/v1/crew", params=AT, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await seen(
        house.runtime, made, replace(S1, crew=S1.crew[:2]), fetched=datetime(2026, 3, 5, 11, tzinfo=UTC)
    )
    other = await house.ask("GET", "/v1/crew", params=AT, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    assert other.json()["data"]["version"] > first.json()["data"]["version"]
    assert (other.json()["available"], other.json()["unknown"]) == (1, 3)


async def test_an_answer_about_now_holds_until_its_minutes_change(house: House) -> None:
    await seen_today(house)
    answer = await house.ask("GET", "/v1/crew/1/availability")
    body = answer.json()
    until = datetime.fromisoformat(body["until"])
    assert body["minutes_left"] == (until - datetime.fromisoformat(body["at"])) // timedelta(minutes=1)
    expiries = [
        kept.expires_at for kept in house.app.state.responses.kept.entries.values()
    ]  # seconds of the keeping clock
    assert min(expiries) - house.app.state.responses.kept.clock() <= 60


async def test_c105_a_hundred_at_once_are_one_load(house: House) -> None:
    made = await settle_s1(house.runtime)
    async with house.http(house.admin) as http:
        await http.get("/livez")
        with counted_statements(house.runtime.database.engine) as sent:
            answers = await asyncio.gather(*(http.get("/v1/crew", params=AT) for _ in range(100)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert sum("person AS" in statement for statement in sent) == 1
        await seen(
            house.runtime, made, replace(S1, crew=S1.crew[:1]), fetched=datetime(2026, 3, 5, 11, tzinfo=UTC)
        )
        after = await http.get("/v1/crew", params=AT)
    assert after.json()["data"]["version"] > answers[0].json()["data"]["version"]
    assert after.json()["unknown"] == 4


async def test_hours_of_this_week_are_built_once_a_request(house: House) -> None:
    await seen_today(house)
    with counted_statements(house.runtime.database.engine) as sent:
        assert (await house.ask("GET", "/v1/crew/hours", params={"station": "P22"})).status_code == 200
    assert sum("sum(s.planned)" in statement for statement in sent) == 1

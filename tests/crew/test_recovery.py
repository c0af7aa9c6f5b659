"""The report `recovery`: who, by booking on when, would recover most time on the run (issue 6.4)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.crew.rules.grid import DayGrid
from service.schemas.crew.reports import RecoveryRow
from tests.crew.house import House, open_house
from tests.crew.scenario import S1, appliance, cells, seen, station, unread
from tests.support.ground import Ground

REPORT = "/v1/crew/reports/recovery"
ONE_DAY = {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"}
HOUR = 3600
Told = list[tuple[tuple[int, ...], str, str, int]]


@pytest.fixture(scope="module")
async def thursday(ground: Ground) -> AsyncIterator[House]:
    """S1 as it was seen the evening before; P33 has two appliances and the same crew; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        eve = datetime(2026, 3, 4, 20, tzinfo=UTC)
        await seen(opened.runtime, await station(opened.runtime), S1, fetched=eve)
        both = replace(S1, appliances=(appliance([(0, 24)], "P33P6"), appliance([(0, 24)], "P33P7", 68)))
        await seen(opened.runtime, await station(opened.runtime, "P33"), both, fetched=eve)
        yield opened
    await ground.drop(url)


def told(body: dict[str, Any]) -> Told:
    """Who, from when to when, and the hours that they would recover."""
    rows = [RecoveryRow.model_validate(row) for row in body["items"]]
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    return [
        (
            (row.crew_id,) if row.with_crew_id is None else (row.crew_id, row.with_crew_id),
            f"{row.starts_at:%H}–{row.ends_at:%H}",
            row.off_for if row.with_off_for is None else f"{row.off_for} {row.with_off_for}",
            row.recovered_seconds // HOUR,
        )
        for row in rows
    ]


async def test_the_ranking_is_by_what_would_be_recovered(thursday: House) -> None:
    body = await thursday.get(REPORT, **ONE_DAY)
    # F.77, person by person: one who is enough, else two of whom neither is.
    assert told(body) == [
        ((4,), "00–06", "AL", 6),
        ((5,), "00–06", "W", 6),
        ((1,), "09–12", "W", 3),
        ((4,), "09–12", "AL", 3),
        ((1, 4), "14–17", "W AL", 3),
        ((1, 5), "14–17", "W W", 3),
        ((4, 5), "14–17", "AL W", 3),
        ((1,), "13–14", "W", 1),
        ((4,), "13–14", "AL", 1),
        ((4,), "17–18", "AL", 1),
        ((5,), "17–18", "W", 1),
        ((1, 2), "12–13", "W O", 1),
        ((1, 4), "12–13", "W AL", 1),
        ((2, 4), "12–13", "O AL", 1),
    ]
    assert body["summary"] == {
        "shown": 14, "singles": 8, "pairs": 6, "off_seconds": 15 * HOUR, "recoverable_seconds": 15 * HOUR,
    }  # fmt: skip
    # Where the grid has it off as well, it is recovered once the grid follows its crew.
    flags = {row["starts_at"][11:13]: row["flag_seconds"] for row in body["items"]}
    assert flags == {"00": 0, "09": 3 * HOUR, "14": 3 * HOUR, "13": HOUR, "17": 0, "12": HOUR}
    assert not body["meta"]["complete"]


async def test_fewer_rows_say_how_many_there_are(thursday: House) -> None:
    body = await thursday.get(REPORT, **ONE_DAY, top=2)
    assert told(body) == [((4,), "00–06", "AL", 6), ((5,), "00–06", "W", 6)]
    assert (body["summary"]["shown"], body["summary"]["singles"], body["summary"]["pairs"]) == (2, 8, 6)


async def test_as_it_was_known_only_what_lies_ahead_is_proposed(thursday: House) -> None:
    body = await thursday.get(REPORT, **ONE_DAY, known_at="2026-03-05T03:10:00Z")
    first = min(body["items"], key=lambda row: row["starts_at"])
    assert (first["starts_at"], first["recovered_seconds"]) == ("2026-03-05T03:15:00Z", 165 * 60)
    before = await thursday.get(REPORT, **ONE_DAY, known_at="2026-03-04T10:00:00Z")
    assert before["items"] == []


async def test_one_person_can_bring_back_two_appliances(thursday: House) -> None:
    body = await thursday.get(REPORT, station="P33", **{"from": "2026-03-05", "to": "2026-03-05"})
    first = body["items"][0]
    assert (first["name"], first["appliances"], first["recovered_seconds"]) == (
        "DOGWOOD, MI", ["P33P6", "P33P7"], 12 * HOUR,
    )  # fmt: skip
    assert body["summary"]["off_seconds"] == 30 * HOUR


async def test_nobody_whose_state_is_not_known_is_proposed(house: House) -> None:
    hidden = replace(S1.crew[3], cells=unread(S1.crew[3].cells, [(0, 6)]))
    grid = DayGrid(S1.labels, 15, (*S1.crew[:3], hidden, S1.crew[4]), S1.appliances)
    await seen(house.runtime, await station(house.runtime), grid)
    rows = told(await house.get(REPORT, **ONE_DAY))
    assert ((4,), "00–06", "AL", 6) not in rows
    assert ((5,), "00–06", "W", 6) in rows


async def test_where_only_the_grid_has_it_off_no_crew_can_recover_anything(house: House) -> None:
    everybody = tuple(replace(row, cells=cells([(0, 24)])) for row in S1.crew)
    grid = DayGrid(S1.labels, 15, everybody, (appliance([]),))
    await seen(house.runtime, await station(house.runtime), grid)
    body = await house.get(REPORT, **ONE_DAY)
    assert (body["items"], body["summary"]["off_seconds"]) == ([], 0)
    off = (await house.get("/v1/crew/reports/off-the-run", **ONE_DAY))["items"][0]
    assert off["by_combination"] == {"flag": 24 * HOUR}


async def test_q08_every_row_follows_from_its_explanation_alone(thursday: House) -> None:
    for row in (await thursday.get(REPORT, **ONE_DAY))["items"]:
        for figure in ("recovered_seconds", "flag_seconds"):
            asked = {**ONE_DAY, "crew_id": row["crew_id"], "starts_at": row["starts_at"], "figure": figure}
            second = {"with_crew_id": row["with_crew_id"]} if row["with_crew_id"] else {}
            explained = await thursday.get(f"{REPORT}/explain", **asked, **second)
            assert explained["value"] == row[figure] == sum(one["value"] for one in explained["inputs"])
    nothing = {**ONE_DAY, "crew_id": 3, "starts_at": "2026-03-05T00:00:00Z"}
    assert (await thursday.ask("GET", f"{REPORT}/explain", params=nothing)).status_code == 404


async def test_the_next_week_is_what_is_asked_for_without_dates(house: House) -> None:
    today = datetime.now(UTC).date()
    made = await station(house.runtime)
    for day in (today + timedelta(days=2), today + timedelta(days=9)):
        await seen(house.runtime, made, S1, day, fetched=datetime.now(UTC))
    body = await house.get(REPORT)
    days = {date.fromisoformat(row["starts_at"][:10]) for row in body["items"]}
    assert days <= {today + timedelta(days=2), today + timedelta(days=1)}
    assert days
    assert any("not yet final" in reason for reason in body["meta"]["incomplete_reasons"])


async def test_whoever_a_look_told_of_before_their_profile_goes_by_number(house: House) -> None:
    made = await station(house.runtime)
    eve = datetime(2026, 3, 4, 20, tzinfo=UTC)
    await seen(house.runtime, made, S1, fetched=eve)
    rule = {"name": "one", "requirements": [{"code": "total_crew", "min_count": 4}]}
    put = await house.ask(
        "PUT", "/v1/crew/appliances/P22P6/rules", json={"rules": [rule]}, headers={"If-Match": '"0"'}
    )
    assert put.status_code == 200
    await house.sql("UPDATE crew.crewing_rule SET valid_from = '2026-03-01'")
    # A day of which the look was made first came in last.
    await seen(house.runtime, made, S1, date(2026, 3, 6), fetched=eve - timedelta(minutes=1))
    day = {"station": "P22", "from": "2026-03-06", "to": "2026-03-06"}
    body = await house.get(REPORT, **day, known_at="2026-03-04T19:59:30Z")
    assert {row["name"] for row in body["items"]} >= {"1", "4", "5"}

"""The report `availability`: merged runs as table, file and calendar, exact where clocks change (spec D.8)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from service.crew.rules.grid import DayGrid
from service.crew.rules.slots import day_bounds
from service.schemas.crew.reports import AvailabilityRow
from tests.crew.house import House, open_house
from tests.crew.scenario import LABELS, S1, cells, person, seen, settle_s2, station
from tests.support.ground import Ground

REPORT = "/v1/crew/reports/availability"
S2_DAYS = {"station": "P22", "from": "2026-03-05", "to": "2026-03-09"}
AUTUMN = {"station": "P33", "from": "2026-10-24", "to": "2026-10-26"}
SPRING = {"station": "P33", "from": "2026-03-28", "to": "2026-03-29"}


@pytest.fixture(scope="module")
async def runs(ground: Ground) -> AsyncIterator[House]:
    """S2 at P22; at P33 nights across both changes of the clocks; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_s2(opened.runtime)
        await clocks(opened)
        yield opened
    await ground.drop(url)


async def clocks(house: House) -> None:
    """BIRCH from 22:00 to 06:00 across each change; CEDAR from the second 01:30 of October on."""
    made = await station(house.runtime, "P33")
    # The grid of October repeats the labels of the hour that comes twice: 100 of them.
    october = (*LABELS[:8], *LABELS[4:8], *LABELS[8:])
    night = cells([(0, 6)])
    for day, labels, late in [
        (date(2026, 3, 28), LABELS, [(22, 24)]),
        (date(2026, 3, 29), LABELS, [(0, 6)]),
        (date(2026, 10, 24), LABELS, [(22, 24)]),
        (date(2026, 10, 25), october, []),
        (date(2026, 10, 26), LABELS, []),
    ]:
        row, second = cells(late), cells([])
        if labels is october:
            row = (*night[:8], *night[4:8], *night[8:])
            off, on = second[0], night[0]
            second = (*[off] * 10, on, on, *[on] * 8, *[off] * 80)
        grid = DayGrid(labels, 15, (
            person("BIRCH, KE", "FFC", "BA LGV", 91, row), person("CEDAR, LU", "FFD", "BA", 61, second),
        ))  # fmt: skip
        await seen(
            house.runtime, made, grid, day, fetched=day_bounds(day, "Europe/London")[1] + timedelta(hours=1)
        )


async def test_runs_are_merged_over_midnight_and_end_where_nothing_is_known(runs: House) -> None:
    body = await runs.get(REPORT, **S2_DAYS)
    [AvailabilityRow.model_validate(row) for row in body["items"]]
    assert [
        (row["starts_at"], row["ends_at"], row["available_seconds"] // 60, row["is_lower_bound"])
        for row in body["items"]
    ] == [
        ("2026-03-05T20:00:00Z", "2026-03-06T06:00:00Z", 600, False),
        ("2026-03-06T18:00:00Z", "2026-03-08T00:00:00Z", 1800, True),
        ("2026-03-09T00:00:00Z", "2026-03-09T12:00:00Z", 720, False),
    ]
    assert not body["meta"]["complete"]
    assert body["meta"]["incomplete_reasons"][0] == "P22: no grid was read of 2026-03-08"


async def test_what_goes_on_beyond_the_period_says_so(runs: House) -> None:
    [row] = (await runs.get(REPORT, **{**S2_DAYS, "from": "2026-03-07", "to": "2026-03-07"}))["items"]
    assert (row["starts_before"], row["ends_after"], row["is_lower_bound"]) == (True, False, True)
    [row] = (await runs.get(REPORT, **{**S2_DAYS, "to": "2026-03-05"}))["items"]
    assert (row["starts_before"], row["ends_after"], row["is_lower_bound"]) == (False, True, False)


def calendar(text: str) -> tuple[Calendar, list[tuple[datetime, datetime]]]:
    """A calendar as another program reads it, and its events in UTC."""
    read = Calendar.from_ical(text)
    assert isinstance(read, Calendar)
    return read, [(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in read.events]


@pytest.mark.parametrize("asked", [S2_DAYS, SPRING, AUTUMN])
async def test_a_calendar_holds_the_runs_of_the_table(runs: House, asked: dict[str, str]) -> None:
    body = await runs.get(REPORT, **asked)
    answer = await runs.ask("GET", REPORT, params={**asked, "format": "ics"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read, events = calendar(answer.text)
    table = [
        (datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"]))
        for row in body["items"]
    ]
    assert events == table
    assert events
    assert read.get("x-wr-caldesc", "").startswith("Not complete") == (not body["meta"]["complete"])
    again = await runs.ask("GET", REPORT, params={**asked, "format": "ics"})
    assert again.content == answer.content


async def test_a_calendar_s_zone_says_when_its_clocks_change(runs: House) -> None:
    spring = (await runs.ask("GET", REPORT, params={**SPRING, "format": "ics"})).text
    assert "DTSTART;TZID=Europe/London:20260328T220000\r\nDTEND;TZID=Europe/London:20260329T060000" in spring
    # The wall time of the change is that of the clocks before it: 01:00 in spring, 02:00 in autumn.
    assert observance(spring, "DAYLIGHT") == {"20260329T010000": ("+0000", "+0100")}
    autumn = (await runs.ask("GET", REPORT, params={**AUTUMN, "format": "ics"})).text
    assert observance(autumn, "STANDARD") == {"20261025T020000": ("+0100", "+0000")}
    assert observance(autumn, "DAYLIGHT") == {"20261024T000000": ("+0100", "+0100")}
    # The second 01:30 cannot be said as a wall time.
    assert "DTSTART:20261025T013000Z\r\nDTEND:20261025T040000Z" in autumn


def observance(text: str, kind: str) -> dict[str, tuple[str, str]]:
    read, _ = calendar(text)
    [zone] = read.timezones
    found: list[Any] = [one for one in zone.subcomponents if one.name == kind]
    return {
        one["dtstart"].to_ical().decode(): (one["tzoffsetfrom"].to_ical(), one["tzoffsetto"].to_ical())
        for one in found
    }


async def test_elapsed_time_is_that_of_the_clock_change(runs: House) -> None:
    spring = (await runs.get(REPORT, **SPRING))["items"]
    assert [row["available_seconds"] for row in spring] == [7 * 3600]
    autumn = (await runs.get(REPORT, **AUTUMN))["items"]
    assert [(row["name"], row["available_seconds"]) for row in autumn] == [
        ("BIRCH, KE", 9 * 3600), ("CEDAR, LU", 9000),
    ]  # fmt: skip


async def test_one_person_s_feed_is_of_that_person_alone(runs: House) -> None:
    whom = next(row for row in (await runs.get(REPORT, **AUTUMN))["items"] if row["name"] == "CEDAR, LU")
    text = (
        await runs.ask("GET", REPORT, params={**AUTUMN, "crew_id": whom["crew_id"], "format": "ics"})
    ).text
    assert ("CEDAR" in text, "BIRCH" in text, text.count("BEGIN:VEVENT")) == (True, False, 1)
    hidden = (await runs.ask("GET", REPORT, params={**AUTUMN, "redact": "1", "format": "ics"})).text
    assert ("CEDAR" in hidden, f"#{whom['crew_id']}" in hidden) == (False, True)


async def test_q08_a_run_follows_from_its_days(runs: House) -> None:
    for row in (await runs.get(REPORT, **S2_DAYS))["items"]:
        asked = {**S2_DAYS, "crew_id": row["crew_id"], "starts_at": row["starts_at"]}
        told = await runs.get(f"{REPORT}/explain", **asked)
        assert told["value"] == sum(one["value"] for one in told["inputs"]) == row["available_seconds"]
    missing = await runs.ask(
        "GET", f"{REPORT}/explain", params={**asked, "starts_at": "2026-03-05T21:00:00Z"}
    )
    assert missing.status_code == 404


async def test_of_one_person_only_their_station_is_read(house: House) -> None:
    await settle_s2(house.runtime)
    mexico = await station(house.runtime, "P33", "America/Mexico_City")
    await seen(house.runtime, mexico, S1)
    body = await house.get(REPORT, crew_id=1, **{"from": "2026-03-05", "to": "2026-03-07"})
    assert (body["meta"]["timezone"], {row["station"] for row in body["items"]}) == ("Europe/London", {"P22"})
    elsewhere = await house.token("crew:read", sites=["P33"])
    for crew_id in ("1", "999"):
        asked = {"crew_id": crew_id, "from": "2026-03-05", "to": "2026-03-07"}
        refused = await house.ask("GET", REPORT, token=elsewhere, params=asked)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_crew_member")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"station": "P22", "from": "2026-01-01", "to": "2027-01-01"}, "range_too_long"),
        ({"from": "2026-01-01", "to": "2026-02-05"}, "range_too_long"),
        (
            {"station": "P22", "crew_id": "999", "from": "2026-03-05", "to": "2026-03-06"},
            "unknown_crew_member",
        ),
    ],
)
async def test_what_is_too_much_or_not_there_is_refused(
    runs: House, asked: dict[str, str], code: str
) -> None:
    answer = await runs.ask("GET", REPORT, params=asked)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

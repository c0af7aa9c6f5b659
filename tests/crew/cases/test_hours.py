"""Spec F.5: hours of a week against the contract, whatever clocks do."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from service.crew.rules.grid import Cell, DayGrid
from service.schemas.crew.hours import PersonHours, StationHours
from tests.crew.house import House
from tests.crew.scenario import LABELS, cells, person, seen, settle_s1, settle_s2, station

WHOLE = [(0, 24)]
Days = Mapping[date, Sequence[tuple[float, float]]]


async def observed(house: House, days: Days, contract: int | None = 61, zone: str = "Europe/London") -> None:
    made = await station(house.runtime, zone=zone)
    for day, hours in days.items():
        grid = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA", contract, cells(hours)),))
        await seen(house.runtime, made, grid, day)


def days_from(start: date, count: int) -> list[date]:
    return [start + timedelta(days=number) for number in range(count)]


async def test_c049_hours_of_a_week_that_is_not_wholly_known(house: House) -> None:
    await settle_s2(house.runtime)
    body = await house.get("/v1/crew/1/hours", week="2026-W10", at="2026-03-07T12:00:00Z")
    PersonHours.model_validate(body)
    assert (body["planned"], body["achieved"], body["still_planned"]) == ("40.00", "28.00", "12.00")
    assert (body["remaining_to_contract"], body["projected_shortfall"]) == ("33.00", "21.00")
    assert (body["known_hours"], Decimal(body["week_hours"]), body["complete"]) == ("72.00", 168, False)
    assert body["data"]["reasons"] == [
        "P22: nothing is known of 2026-03-02T00:00Z – 2026-03-05T00:00Z",
        "P22: nothing is known of 2026-03-08T00:00Z – 2026-03-09T00:00Z",
    ]


async def test_c050_hours_of_all(house: House) -> None:
    await settle_s1(house.runtime)
    body = await house.get("/v1/crew/hours", station="P22", week="2026-W10", at="2026-03-05T10:00:00Z")
    StationHours.model_validate(body)
    by_id = {one["crew_id"]: one for one in body["crew"]}
    assert [by_id[number]["planned"] for number in range(1, 6)] == ["16.00", "23.00", "24.00", "6.00", "8.00"]
    assert [by_id[number]["achieved"] for number in range(1, 6)] == ["9.00", "10.00", "10.00", "0.00", "4.00"]
    assert [one["crew_id"] for one in body["crew"]] == [1, 2, 3, 5, 4]


async def test_c051_a_week_of_spring_has_167_hours(house: House) -> None:
    await observed(house, dict.fromkeys(days_from(date(2026, 3, 23), 7), WHOLE))
    body = await house.get("/v1/crew/1/hours", week="2026-W13", at="2026-04-01T00:00:00Z")
    assert (body["planned"], Decimal(body["week_hours"]), body["complete"]) == ("167.00", 167, True)
    sunday = await house.get(
        "/v1/crew/1/blocks", **{"from": "2026-03-29T00:00:00Z", "to": "2026-03-29T23:00:00Z"}
    )
    assert [one["minutes"] for one in sunday["blocks"]] == [167 * 60]
    await house.sql("DELETE FROM crew.crew_availability WHERE local_date <> '2026-03-29'")
    alone = await house.get("/v1/crew/1/hours", week="2026-W13", at="2026-04-01T00:00:01Z")
    assert alone["planned"] == "23.00"


async def test_c053_nights_over_both_changes(house: House) -> None:
    nights = {
        date(2026, 3, 28): [(22, 24)], date(2026, 3, 29): [(0, 6)],
        date(2026, 10, 24): [(22, 24)], date(2026, 10, 25): [(0, 6)],
    }  # fmt: skip
    await observed(house, nights)
    for week, hours in (("2026-W13", "7.00"), ("2026-W43", "9.00")):
        assert (await house.get("/v1/crew/1/hours", week=week))["planned"] == hours


async def test_c054_refetching_monday_keeps_sunday_night(house: House) -> None:
    await observed(house, {date(2026, 3, 1): [(20, 24)], date(2026, 3, 2): [(0, 6)]})
    again = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA", 61, cells([(0, 6)], "O")),))
    made = await station(house.runtime)
    later = datetime(2026, 3, 5, 11, tzinfo=UTC)
    assert (await seen(house.runtime, made, again, date(2026, 3, 2), fetched=later)).came == "applied"
    for week, hours in (("2026-W09", "4.00"), ("2026-W10", "6.00")):
        assert (await house.get("/v1/crew/1/hours", week=week))["planned"] == hours


async def test_c055_without_a_contract_nothing_is_missing(house: House) -> None:
    await observed(house, {date(2026, 3, 5): WHOLE}, contract=None)
    body = await house.get("/v1/crew/1/hours", week="2026-W10")
    assert (body["contract"], body["remaining_to_contract"], body["projected_shortfall"]) == (None,) * 3
    assert body["planned"] == "24.00"


async def test_q05_the_53rd_week_goes_over_the_new_year(house: House) -> None:
    await observed(house, dict.fromkeys(days_from(date(2026, 12, 28), 7), WHOLE))
    body = await house.get("/v1/crew/1/hours", week="2026-W53")
    assert (body["from"], body["to"]) == ("2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z")
    assert (body["planned"], body["complete"]) == ("168.00", True)
    for wrong in ("2025-W53", "2026-W00", "2026W10", "2026-10"):
        answer = await house.ask("GET", "/v1/crew/1/hours", params={"week": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_week")


async def test_hours_as_they_were_known(house: House) -> None:
    await observed(house, {date(2026, 3, 5): [(0, 9)]})
    made = await station(house.runtime)
    other = DayGrid(LABELS, 15, (person("ALDER, JO", "WC", "BA", 48, cells([(0, 12)])),))
    await seen(house.runtime, made, other, date(2026, 3, 5), fetched=datetime(2026, 3, 5, 13, tzinfo=UTC))
    asked: dict[str, Any] = {"week": "2026-W10", "at": "2026-03-09T00:00:00Z"}
    now = await house.get("/v1/crew/1/hours", **asked)
    then = await house.get("/v1/crew/1/hours", **asked, known_at="2026-03-05T12:00:00Z")
    assert [(one["planned"], one["contract"]) for one in (now, then)] == [
        ("12.00", "48.00"),
        ("9.00", "61.00"),
    ]


async def test_q01_hours_are_those_of_a_minute_oracle(house: House) -> None:
    """Weeks of 167, 168 and 169 hours, a zone that shifts by half an hour and one of 5:30; each minute counted."""
    weeks = {
        "Europe/London": (date(2026, 3, 23), date(2026, 6, 1), date(2026, 10, 19)),
        "Australia/Lord_Howe": (date(2026, 3, 30), date(2026, 9, 28)),
        "Asia/Kolkata": (date(2026, 3, 23),),
    }
    for number, (zone, mondays) in enumerate(weeks.items()):
        made = await station(house.runtime, f"Z{number}", zone)
        for monday in mondays:
            for day in days_from(monday, 7):
                grid = DayGrid(LABELS, 15, (person(f"ALDER, {number}", "WC", "BA", 61, pattern(day)),))
                await seen(house.runtime, made, grid, day)
        [[crew_id]] = await house.sql("SELECT max(id) FROM crew.crew_member")
        for monday in mondays:
            year, week, _ = monday.isocalendar()
            for at in (monday + timedelta(days=3), monday + timedelta(days=30)):
                instant = datetime(at.year, at.month, at.day, 7, 11, tzinfo=UTC)
                body = await house.get(
                    f"/v1/crew/{crew_id}/hours", week=f"{year}-W{week:02}", at=instant.isoformat()
                )
                planned, achieved, known = counted(monday, zone, instant)
                assert [body[name] for name in ("planned", "achieved", "known_hours")] == [
                    hundredths(planned), hundredths(achieved), hundredths(known),
                ]  # fmt: skip
                assert body["complete"]


@cache
def pattern(day: date) -> tuple[Cell, ...]:
    """Available in an hour by its place, with edges within the hours that clocks skip or repeat."""
    return cells([(hour + 0.25 * (day.day % 4), hour + 1) for hour in range(24) if (hour + day.day) % 3])


def counted(monday: date, zone: str, instant: datetime) -> tuple[int, int, int]:
    """Minutes available, available before an instant, and in all, by asking each minute what its clock says."""
    place = ZoneInfo(zone)
    first = datetime(monday.year, monday.month, monday.day, tzinfo=place).astimezone(UTC)
    planned = achieved = known = 0
    at = first
    while (wall := at.astimezone(place)).date() < monday + timedelta(days=7):
        known += 1
        if pattern(wall.date())[wall.hour * 4 + wall.minute // 15].state == "available":
            planned += 1
            achieved += at < instant
        at += timedelta(minutes=1)
    return planned, achieved, known


def hundredths(minutes: int) -> str:
    """Minutes as hours with two decimals, half up, in whole numbers only."""
    whole = (minutes * 1000 // 6 + 50) // 100
    return f"{whole // 100}.{whole % 100:02}"

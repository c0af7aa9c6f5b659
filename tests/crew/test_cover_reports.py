"""The reports `gap-cover` and `fairness`: who keeps an appliance on the run, and who carries how much."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from service.crew.rules.calendar import nights, weekends
from service.crew.rules.slots import day_bounds
from service.crew.rules.spans import length
from service.schemas.crew.reports import CoverRow, FairnessRow
from tests.crew.house import House, open_house
from tests.crew.scenario import DAY, S1, seen, station
from tests.support.ground import Ground

COVER = "/v1/crew/reports/gap-cover"
FAIRNESS = "/v1/crew/reports/fairness"
HOUR = 3600
HALF = timedelta(minutes=30)
ONE_DAY = {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"}
SATURDAY = date(2026, 3, 7)
WEEK = {"station": "P22", "week": "2026-W10"}


@pytest.fixture(scope="module")
async def week(ground: Ground) -> AsyncIterator[House]:
    """S1 on Thursday 5 and Saturday 7 March, both final; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        made = await station(opened.runtime)
        for day in (DAY, SATURDAY):
            await seen(
                opened.runtime, made, S1, day, fetched=day_bounds(day, made.zone)[1] + timedelta(hours=1)
            )
        yield opened
    await ground.drop(url)


async def test_hours_of_critical_presence_are_told_by_person(week: House) -> None:
    body = await week.get(COVER, **ONE_DAY)
    [CoverRow.model_validate(row) for row in body["items"]]
    told = {
        row["crew_id"]: [row[f"{name}_seconds"] / HOUR for name in ("available", "gap_cover", "in_gaps")]
        for row in body["items"]
    }
    # On the run 06–09 {1,2,3,5} and 18–24 {1,2,3,4}: nobody of the four could have been spared.
    assert told == {
        1: [16, 9, 7],  # in vain 00–06, 17–18
        2: [23, 9, 14],  # and 09–12, 13–17
        3: [24, 9, 15],
        4: [6, 6, 0],
        5: [8, 3, 5],
    }
    assert body["meta"]["complete"]
    assert [row["known_percent"] for row in body["items"]] == ["100.00"] * 5


async def test_shares_are_of_the_station_and_its_mean(week: House) -> None:
    body = await week.get(FAIRNESS, **WEEK)
    rows = {row["crew_id"]: row for row in body["items"]}
    [FairnessRow.model_validate(row) for row in rows.values()]
    available = {number: row["available_seconds"] / HOUR for number, row in rows.items()}
    assert available == {1: 32, 2: 46, 3: 48, 4: 12, 5: 16}
    assert {number: row["night_seconds"] / HOUR for number, row in rows.items()} == {
        1: 16, 2: 16, 3: 16, 4: 4, 5: 0,
    }  # fmt: skip
    assert {number: row["weekend_seconds"] / HOUR for number, row in rows.items()} == {
        1: 16, 2: 23, 3: 24, 4: 6, 5: 8,
    }  # fmt: skip
    assert rows[1]["contract_seconds"] == 61 * HOUR
    assert (rows[1]["contract_percent"], rows[1]["available_share"], rows[1]["mean_percent"]) == (
        "52.46", "20.78", "103.90",
    )  # fmt: skip
    assert rows[1]["people"] == 5
    assert rows[1]["known_percent"] == "28.57"  # two of seven days
    assert not body["meta"]["complete"]


@pytest.mark.parametrize("path", [COVER, FAIRNESS])
async def test_q08_every_figure_follows_from_its_explanation_alone(week: House, path: str) -> None:
    for row in (await week.get(path, **WEEK))["items"][:2]:
        for figure in row:
            if not figure.endswith(("_seconds", "_share", "contract_percent", "mean_percent")):
                continue
            told = await week.get(f"{path}/explain", **WEEK, crew_id=row["crew_id"], figure=figure)
            assert told["value"] == row[figure]
            assert recomputed(told) == Decimal(row[figure]), figure


def recomputed(told: dict[str, Any]) -> Decimal:
    values = {one["name"]: Decimal(one["value"]) for one in told["inputs"]}
    if "contract_hours" in values:
        return values["contract_hours"] * HOUR * values["days"] / 7
    if told["unit"] == "seconds":
        return sum(values.values(), Decimal())
    part, whole, *people = values.values()
    share = 100 * part * (people[0] if people else 1) / whole
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


async def test_nobody_who_is_not_there_is_explained(week: House) -> None:
    for path, figure in ((COVER, "gap_cover_seconds"), (FAIRNESS, "night_seconds")):
        asked = {**WEEK, "crew_id": 999, "figure": figure}
        answer = await week.ask("GET", f"{path}/explain", params=asked)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_crew_member")


def test_nights_and_weekends_are_exact_where_clocks_change() -> None:
    zone = "Europe/London"
    hours = timedelta(hours=1)
    # A night of spring has 7 hours, one of autumn 9; of each, what lies within the day.
    for day, within in ((date(2026, 3, 29), 5 + 2), (date(2026, 10, 25), 7 + 2), (DAY, 8)):
        assert length(nights(day, day, zone)) / hours == within
        assert length(nights(day - timedelta(days=1), day, zone)) / hours == within + 8
    assert length(weekends(date(2026, 3, 23), date(2026, 3, 29), zone)) / hours == 47
    assert length(weekends(date(2026, 10, 19), date(2026, 10, 25), zone)) / hours == 49
    assert weekends(DAY, DAY, zone) == []


async def test_who_is_not_known_has_no_share_and_lowers_no_mean(house: House) -> None:
    made = await station(house.runtime)
    for day, crew in ((DAY, S1.crew[:4]), (SATURDAY, S1.crew)):
        await seen(
            house.runtime, made, replace(S1, crew=crew), day, fetched=day_bounds(day, made.zone)[1] + HALF
        )
    rows = {row["name"]: row for row in (await house.get(FAIRNESS, **ONE_DAY))["items"]}
    assert {row["people"] for row in rows.values()} == {4}
    newcomer = FairnessRow.model_validate(rows["ELDER, SA"])
    assert (newcomer.known_percent, newcomer.mean_percent, newcomer.contract_percent) == (0, None, None)
    # 16 + 23 + 24 + 6 hours of four people: CEDAR has 24 of 17.25.
    assert rows["CEDAR, LU"]["mean_percent"] == "139.13"
    asked = {**ONE_DAY, "crew_id": newcomer.crew_id, "figure": "mean_percent"}
    assert (await house.get(f"{FAIRNESS}/explain", **asked))["value"] is None

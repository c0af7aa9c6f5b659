"""The reports on appliances over S1, their explanations, and what needs somebody today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.crew.rules.crewing import Rule, requirements_of
from service.crew.rules.judging import Judge, Person
from service.schemas.crew.appliance_reports import CoverageRow, ForecastRow, GapRow
from tests.crew.following import today
from tests.crew.house import House
from tests.crew.scenario import FETCHED, S1, seen, station

REPORTS = "/v1/crew/reports"
DAY = {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"}


async def rows(house: House, name: str, **more: Any) -> Any:
    """A report over the scenario's day."""
    return await house.get(f"{REPORTS}/{name}", **(DAY | more))


async def test_the_forecast_says_when_the_appliance_is_on_the_run(s1: House) -> None:
    body = await rows(s1, "forecast")
    for row in body["items"]:
        ForecastRow.model_validate(row)
    assert [(row["since"][11:13], row["status"], row["crew"]) for row in body["items"]] == [
        ("00", "crew_deficient", 3),
        ("06", "available", 4),
        ("09", "off_the_run", 2),
        ("17", "crew_deficient", 3),
        ("18", "available", 4),
    ]
    assert body["summary"] == {
        "available_seconds": 9 * 3600,
        "crew_deficient_seconds": 7 * 3600,
        "off_the_run_seconds": 8 * 3600,
        "unknown_seconds": 0,
    }
    assert body["meta"]["rules_version"] == "p22p6"
    assert body["meta"]["timezone"] == "Europe/London"


async def test_the_gaps_name_who_would_close_them(s1: House) -> None:
    body = await rows(s1, "gaps", appliance="P22P6")
    for row in body["items"]:
        GapRow.model_validate(row)
    assert [(row["short"], row["min_additional"], row["who"]) for row in body["items"]][:3] == [
        ("total_crew 1, ba_non_officer 1", 1, "DOGWOOD, MI or ELDER, SA"),
        ("total_crew 1", 1, "ALDER, JO or DOGWOOD, MI"),
        (
            "total_crew 2, officer 1, senior_ba 1",
            2,
            "ALDER, JO with BIRCH, KE or ALDER, JO with DOGWOOD, MI or BIRCH, KE with DOGWOOD, MI",
        ),
    ]
    assert body["summary"] == {"gaps": 2, "duration_seconds": 15 * 3600}


async def test_coverage_in_hours(s1: House) -> None:
    body = await rows(s1, "coverage")
    for row in body["items"]:
        CoverageRow.model_validate(row)
    assert [row["crew"] for row in body["items"]] == [3] * 6 + [4] * 3 + [3] * 3 + [2, 3] + [2] * 3 + [
        3, *[4] * 6,
    ]  # fmt: skip
    assert body["items"][6]["status"] == "P22P6 available"


async def test_a_report_of_days_that_nobody_looked_at_is_not_complete(s1: House) -> None:
    body = await s1.get(f"{REPORTS}/forecast", station="P22", **{"from": "2026-03-05", "to": "2026-03-06"})
    assert body["items"][-1]["status"] == "unknown"
    assert not body["meta"]["complete"]
    assert body["meta"]["incomplete_reasons"][0] == (
        "P22: no grid was read of the time from 2026-03-06 00:00 to 2026-03-07 00:00"
    )


@pytest.mark.parametrize("hour", [3, 7, 10, 12, 15, 17, 20, 30])
async def test_q08_a_status_is_judged_again_from_its_explanation_alone(s1: House, hour: int) -> None:
    at = (datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=hour)).isoformat()
    said = await s1.get(f"{REPORTS}/forecast/explain", station="P22", appliance="P22P6", since=at)
    assert said["value"] == again(said)
    assert said["value"] == (await s1.get("/v1/crew/appliances/P22P6/status", at=at))["status"]


def again(said: Mapping[str, Any]) -> str:
    """The status by the explanation's own flag, people and requirements."""
    covered, flag, *people = said["inputs"]
    if not covered["value"] or flag["value"] == "unknown":
        return "unknown"
    if flag["value"] == "unavailable":
        return "off_the_run"
    rule = Rule("again", requirements_of(said["threshold"]["requirements"]), said["threshold"]["mode"])
    crew = {one["crew_id"]: one for one in available(people)}
    known = {id_: Person(id_, one["role"], frozenset(one["skills"])) for id_, one in crew.items()}
    return "available" if Judge(rule, known).result(frozenset(known)).ok else "crew_deficient"


def available(people: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those who are there."""
    return [one["value"] for one in people if one["value"]["state"] == "available"]


async def test_q08_a_count_is_counted_again(s1: House) -> None:
    asked = {"station": "P22", "at": "2026-03-05T06:00:00Z"}
    for figure, value in (("crew", 4), ("officer", 2), ("driver", 2), ("ba", 4)):
        said = await s1.get(f"{REPORTS}/coverage/explain", figure=figure, **asked)
        assert said["value"] == value
        [threshold] = [said["threshold"]]
        needed = [] if threshold is None else [threshold]
        people = {one["crew_id"]: one for one in available(said["inputs"])}
        known = {id_: Person(id_, one["role"], frozenset(one["skills"])) for id_, one in people.items()}
        judge = Judge(Rule("again", requirements_of(needed)), known)
        counted = [one.have for one in judge.result(frozenset(known)).met] or [len(known)]
        assert counted == [value]


async def test_files_and_pages_of_the_reports(s1: House) -> None:
    for name in ("forecast", "gaps", "coverage"):
        for format_, word in (("csv", b"P22P6"), ("html", b"P22P6"), ("xlsx", b"PK")):
            answer = await s1.ask("GET", f"{REPORTS}/{name}", params=DAY | {"format": format_})
            assert (answer.status_code, word in answer.content) == (200, True)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"from": "2026-03-01", "to": "2026-04-05"}, "range_too_long"),
        ({"station": "P99"}, "unknown_station"),
        ({"appliance": "P22P9"}, "unknown_appliance"),
    ],
)
async def test_what_a_report_cannot_be_asked(s1: House, params: dict[str, str], code: str) -> None:
    refused = await s1.ask("GET", f"{REPORTS}/forecast", params=DAY | params)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)


async def test_what_needs_somebody_today(house: House) -> None:
    assert (await house.get("/v1/gaps"))["items"] == []
    made = await station(house.runtime)
    day_there = today()
    for ahead in (-1, 0, 1, 2):
        day = day_there + timedelta(days=ahead)
        await seen(house.runtime, made, S1, day, fetched=datetime.now(UTC))
    found = (await house.get("/v1/gaps", desk="crew"))["items"]
    assert {one["code"] for one in found} == {"appliance_off_the_run"}
    assert all(one["subject"] == "P22P6 (P22)" for one in found)
    assert any("books on" in remedy for one in found for remedy in one["remedies"])
    other = await station(house.runtime, "P23")
    await seen(house.runtime, other, S1, day_there, fetched=FETCHED)
    foreign = await house.token("crew:read", sites=["P23"])
    listed = (await house.ask("GET", "/v1/gaps", token=foreign)).json()["items"]
    assert {"station_grid_stale", "station_grid_unread"} <= {one["code"] for one in listed}
    assert {one["subject"] for one in listed} <= {"P23", "P22P6 (P23)"}
    page = await house.ask("GET", "/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "P22P6 (P22)" in page.text


async def test_an_appliance_of_which_the_grid_says_nothing_is_told_of(house: House) -> None:
    made = await station(house.runtime)
    now = datetime.now(UTC)
    for ahead in (-1, 0, 1, 2):
        day = (now + timedelta(days=ahead)).date()
        await seen(house.runtime, made, S1, day, fetched=now - timedelta(minutes=1))
        silent = replace(S1, appliances=())
        await seen(house.runtime, made, silent, day, fetched=now)
    dates = {"station": "P22", "from": now.date(), "to": now.date()}
    for name in ("coverage", "forecast", "gaps"):
        body = await house.get(f"{REPORTS}/{name}", **dates)
        assert "does not say whether P22P6 is on the run" in body["meta"]["incomplete_reasons"][0]
    codes = [one["code"] for one in (await house.get("/v1/gaps", desk="crew"))["items"]]
    assert set(codes) == {"appliance_not_known"}


async def test_instants_of_rows_are_in_utc_with_z(s1: House) -> None:
    for name, field in (("forecast", "since"), ("gaps", "until"), ("coverage", "at")):
        first = (await rows(s1, name))["items"][0]
        assert first[field].endswith("Z")

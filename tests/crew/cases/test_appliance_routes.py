"""The appliance's routes over S1: the cases of spec F.7 as callers see them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from service.schemas.crew.appliances import Appliances, ApplianceStatus, CoverageMatrix, Forecasts, WhatIf
from tests.crew.house import House
from tests.crew.scenario import DAY, FETCHED, S1, appliance, seen, settle_s1, station

STATUS = "/v1/crew/appliances/P22P6/status"
FORECAST = "/v1/crew/appliances/P22P6/forecast"
GAPS = "/v1/crew/appliances/P22P6/gaps"
WHAT_IF = "/v1/crew/appliances/P22P6/what-if"
COVERAGE = "/v1/crew/coverage"


def on(hour: int, minute: int = 0, day: int = 5) -> str:
    """An instant of March 2026."""
    return f"2026-03-{day:02}T{hour:02}:{minute:02}:00Z"


DAY_ASKED = {"from": on(0), "to": on(0, day=6)}


async def standing(house: House, at: str, **more: Any) -> Any:
    """The appliance at an instant, held against its schema."""
    body = await house.get(STATUS, at=at, **more)
    ApplianceStatus.model_validate(body)
    return body


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem, or the code of its first finding."""
    body = answer.json()
    return answer.status_code, body["errors"][0]["code"] if body["errors"] else body["code"]


async def test_c072_available_and_nobody_to_spare(s1: House) -> None:
    body = await standing(s1, on(7))
    assert (body["status"], body["level"], body["flag"]) == ("available", "amber", "available")
    assert body["critical_crew"] == [1, 2, 3, 5]
    assert (body["until"], body["until_is_lower_bound"]) == (on(9), False)
    assert (body["rules_ok"], body["rule"], body["next_operational"]) == (True, "p22p6", None)
    assert body["requirements"][0] == {"code": "total_crew", "required": 4, "have": 4, "short": 0}
    assert body["data"]["complete"]


async def test_c073_off_the_run_until_the_evening(s1: House) -> None:
    body = await standing(s1, on(10))
    assert (body["status"], body["level"], body["rules_ok"]) == ("off_the_run", "red", False)
    assert (body["discrepancy"], body["next_operational"]) == (False, on(18))


async def test_c074_until_the_end_of_what_is_known(s1: House) -> None:
    body = await standing(s1, on(18, 30))
    assert (body["status"], body["until"]) == ("available", on(0, day=6))
    assert body["until_is_lower_bound"] is True


async def test_c075_the_grid_says_available_and_the_crew_does_not(s1: House) -> None:
    body = await standing(s1, on(5))
    assert (body["status"], body["level"]) == ("crew_deficient", "red")
    shorts = {one["code"]: one["short"] for one in body["requirements"] if one["short"]}
    assert shorts == {"total_crew": 1, "ba_non_officer": 1}
    assert [(one["rule"], one["ok"]) for one in body["beside"]] == [("Default", False)]


async def test_c079_coverage_in_quarter_hours(s1: House) -> None:
    body = await s1.get(COVERAGE, station="P22", step=15, **DAY_ASKED)
    CoverageMatrix.model_validate(body)
    rows = {row["at"]: row for row in body["items"]}
    assert len(rows) == 96
    for at, crew, drivers in ((on(0), 3, 1), (on(6), 4, 2), (on(23, 45), 4, 1)):
        assert (rows[at]["crew"], rows[at]["driver"]) == (crew, drivers)
    assert rows[on(6)] | {"officer": 2, "ba": 4, "status": {"P22P6": "available"}} == rows[on(6)]
    assert all(row["complete"] for row in body["items"])


@pytest.mark.parametrize(
    ("start", "rows", "end"),
    [
        ("2026-03-29T00:00:00Z", 92, "2026-03-29T23:00:00Z"),
        ("2026-10-24T23:00:00Z", 100, "2026-10-26T00:00:00Z"),
    ],
)
async def test_c080_days_of_23_and_25_hours(s1: House, start: str, rows: int, end: str) -> None:
    body = await s1.get(COVERAGE, station="P22", **{"from": start})
    assert (len(body["items"]), body["to"]) == (rows, end)
    assert {row["crew"] for row in body["items"]} == {None}
    assert {row["status"]["P22P6"] for row in body["items"]} == {"unknown"}
    assert not body["data"]["complete"]


async def test_c081_a_day_that_was_not_fetched(s1: House) -> None:
    body = await standing(s1, on(12, day=6))
    assert (body["status"], body["level"], body["rules_ok"]) == ("unknown", "grey", None)
    assert (body["until"], body["until_is_lower_bound"], body["requirements"]) == (None, None, [])
    assert not body["data"]["complete"]
    assert "no grid was read" in body["data"]["reasons"][0]


async def test_c082_off_the_run_though_the_crew_would_do(house: House) -> None:
    made = await station(house.runtime)
    await seen(house.runtime, made, replace(S1, appliances=(appliance([]),)))
    body = await standing(house, on(7))
    assert (body["status"], body["rules_ok"], body["discrepancy"]) == ("off_the_run", True, True)
    [gap] = (await house.get(GAPS, **DAY_ASKED))["items"]
    assert (gap["minutes"], gap["discrepancy"]) == (1440, True)
    agreed = [part for part in gap["parts"] if part["rules_ok"]]
    assert [(part["from"], part["min_additional"]) for part in agreed] == [(on(6), 0), (on(18), 0)]


async def test_c083_an_appliance_that_nobody_knows(s1: House) -> None:
    for path in ("status", "forecast", "gaps"):
        answer = await s1.ask("GET", f"/v1/crew/appliances/P99P9/{path}")
        assert refusal(answer) == (404, "appliance_not_found")


async def test_the_forecast_has_no_holes_and_names_its_crews(s1: House) -> None:
    body = await s1.get(FORECAST, **{"from": on(0), "to": on(12, day=6)})
    Forecasts.model_validate(body)
    assert [(one["from"][11:13], one["status"]) for one in body["items"]] == [
        ("00", "crew_deficient"),
        ("06", "available"),
        ("09", "off_the_run"),
        ("17", "crew_deficient"),
        ("18", "available"),
        ("00", "unknown"),
    ]
    parts = [part for one in body["items"] for part in one["parts"]]
    assert all(before["until"] == after["from"] for before, after in pairwise(parts))
    assert [part["crew"] for part in body["items"][2]["parts"]] == [[2, 3, 5], [3, 5], [2, 3, 5], [2, 3]]
    assert not body["data"]["complete"]


async def test_short_gaps_can_be_left_out(s1: House) -> None:
    both = await s1.get(GAPS, **DAY_ASKED)
    long = await s1.get(GAPS, min_minutes=500, **DAY_ASKED)
    assert [one["minutes"] for one in both["items"]] == [360, 540]
    assert long["items"] == both["items"][1:]


async def test_what_would_become_of_it_if_somebody_booked_on(s1: House) -> None:
    changes = [
        {"crew_id": 4, "from": on(3), "to": on(6), "state": "available"},
        {"crew_id": 5, "from": on(8), "to": on(10), "state": "unavailable"},
    ]
    answer = await s1.ask("POST", WHAT_IF, json={"changes": changes, **DAY_ASKED})
    body = answer.json()
    WhatIf.model_validate(body)
    assert [
        (one["from"], one["until"], one["was"]["status"], one["would_be"]["status"])
        for one in body["changes"]
    ] == [
        (on(3), on(6), "crew_deficient", "available"),
        (on(8), on(9), "available", "crew_deficient"),
    ]
    assert body["level_changes"] == []
    spare = [{"crew_id": 4, "from": on(6), "to": on(9), "state": "available"}]
    body = (await s1.ask("POST", WHAT_IF, json={"changes": spare})).json()
    [one] = body["level_changes"]
    assert (one["was"]["level"], one["would_be"]["level"], body["changes"]) == ("amber", "green", [])
    stranger = await s1.ask("POST", WHAT_IF, json={"changes": [spare[0] | {"crew_id": 99}]})
    assert refusal(stranger) == (422, "unknown_crew_member")


async def test_as_it_was_known(house: House) -> None:
    made = await settle_s1(house.runtime)
    later = FETCHED + timedelta(minutes=5)
    await seen(house.runtime, made, replace(S1, appliances=(appliance([]),)), fetched=later)
    assert (await standing(house, on(7)))["status"] == "off_the_run"
    then = (later - timedelta(seconds=1)).isoformat()
    assert (await standing(house, on(7), known_at=then))["status"] == "available"
    never = (FETCHED - timedelta(days=1)).isoformat()
    body = await standing(house, on(7), known_at=never)
    assert (body["status"], body["data"]["as_of"]) == ("unknown", None)


async def test_a_cell_that_could_not_be_read_counts_for_nobody(house: House) -> None:
    made = await station(house.runtime)
    await seen(house.runtime, made, S1)
    without = replace(S1, crew=S1.crew[1:])
    await seen(house.runtime, made, without, DAY + timedelta(days=1))
    body = await standing(house, on(7, day=6))
    assert (body["status"], body["crew"], body["complete"]) == ("crew_deficient", [2, 3, 5], False)
    assert body["data"]["reasons"] == [
        "P22: of up to one person nothing is known from 2026-03-06 07:00 to 2026-03-06 09:00"
    ]


async def test_two_stations_with_one_name_and_a_key_of_one(house: House) -> None:
    await settle_s1(house.runtime)
    other = await station(house.runtime, "P23")
    await seen(house.runtime, other, S1)
    assert refusal(await house.ask("GET", STATUS)) == (422, "station_required")
    assert (await standing(house, on(7), station="P23"))["station"] == "P23"
    both = await house.get("/v1/crew/appliances", at=on(7))
    Appliances.model_validate(both)
    assert [one["station"] for one in both["items"]] == ["P22", "P23"]
    one = await house.token("crew:read", sites=["P23"])
    listed = await house.ask("GET", "/v1/crew/appliances", token=one, params={"at": on(7)})
    assert [item["station"] for item in listed.json()["items"]] == ["P23"]
    own = await house.ask("GET", STATUS, token=one, params={"at": on(7)})
    assert own.json()["station"] == "P23"
    for path in (STATUS, COVERAGE, "/v1/crew/appliances"):
        foreign = await house.ask("GET", path, token=one, params={"station": "P22"})
        assert refusal(foreign) == (403, "site_not_allowed")
    nobody = await house.token("attendance:read")
    assert (await house.ask("GET", STATUS, token=nobody)).status_code == 403


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        (STATUS, {"at": "2026-03-05T07:00:00"}, "offset_required"),
        (STATUS, {"station": "P99"}, "unknown_station"),
        (STATUS, {"when": "now"}, "unknown_parameter"),
        (FORECAST, {"from": on(0), "to": on(0)}, "from_not_before_to"),
        (FORECAST, {"from": on(0), "to": "2026-04-09T00:00:01Z"}, "range_too_long"),
        (GAPS, {"min_minutes": -1}, "greater_than_equal"),
        (COVERAGE, {}, "missing"),
        (COVERAGE, {"station": "P22", "step": 7}, "literal_error"),
    ],
)
async def test_what_cannot_be_asked(s1: House, path: str, params: dict[str, Any], code: str) -> None:
    assert refusal(await s1.ask("GET", path, params=params)) == (422, code)


async def test_by_default_it_is_now(s1: House) -> None:
    before = datetime.now(UTC)
    body = await s1.get(STATUS)
    assert before <= datetime.fromisoformat(body["at"]) <= datetime.now(UTC)
    assert len((await s1.get(FORECAST))["items"]) == 1
    assert len((await s1.get(COVERAGE, station="P22"))["items"]) in {92, 96, 100}


async def test_a_status_that_lasts_is_followed_beyond_two_days(house: House) -> None:
    made = await station(house.runtime)
    for ahead in range(4):
        always = replace(S1, crew=(S1.crew[2],), appliances=(appliance([(0, 24)]),))
        whole = always if ahead < 3 else S1
        await seen(house.runtime, made, whole, DAY + timedelta(days=ahead))
    body = await standing(house, on(7))
    assert (body["status"], body["until"]) == ("crew_deficient", on(6, day=8))
    assert (body["until_is_lower_bound"], body["next_operational"]) == (False, on(6, day=8))


async def test_whoever_a_look_told_of_before_their_profile_counts(house: House) -> None:
    made = await settle_s1(house.runtime)
    next_day = DAY + timedelta(days=1)
    earlier = FETCHED - timedelta(hours=1)
    await seen(house.runtime, made, S1, next_day, fetched=earlier)
    other = await station(house.runtime, "P23")
    await seen(house.runtime, other, S1, next_day, fetched=earlier)
    body = await house.get("/v1/crew/appliances", at=on(7, day=6), known_at=earlier.isoformat())
    crews = {one["station"]: one["crew"] for one in body["items"]}
    assert crews["P22"] == [1, 2, 3, 5]
    assert len(crews["P23"]) == 4
    assert not set(crews["P22"]) & set(crews["P23"])


async def test_instants_are_answered_in_utc_however_they_are_asked(s1: House) -> None:
    body = await standing(s1, "2026-03-05T09:00:00+02:00")
    assert (body["at"], body["critical_crew"]) == (on(7), [1, 2, 3, 5])
    ends = {"from": "2026-03-05T02:00:00+02:00", "to": "2026-03-05T19:00:00-05:00"}
    for path, more in ((FORECAST, {}), (GAPS, {}), (COVERAGE, {"station": "P22"})):
        body = await s1.get(path, **ends, **more)
        assert {name: body[name] for name in ("from", "to")} == DAY_ASKED


async def test_as_it_was_known_is_as_old_as_it_was_then(house: House) -> None:
    made = await settle_s1(house.runtime)
    again = FETCHED + timedelta(hours=2)
    assert (await seen(house.runtime, made, S1, fetched=again)).came == "unchanged"
    then = FETCHED + timedelta(hours=1)
    data = (await standing(house, on(10, 30), known_at=then.isoformat()))["data"]
    assert (data["as_of"], data["stale"]) == ("2026-03-05T09:58:11Z", True)
    data = (await standing(house, on(10, 30), known_at=again.isoformat()))["data"]
    assert (data["as_of"], data["stale"]) == ("2026-03-05T11:58:11Z", False)


async def test_a_station_without_any_appliance_is_told_of(house: House) -> None:
    await settle_s1(house.runtime)
    await station(house.runtime, "P23")
    data = (await house.get("/v1/crew/appliances", at=on(7)))["data"]
    assert (data["complete"], data["reasons"]) == (False, ["P23: no grid has told of any appliance"])
    assert (await house.get("/v1/crew/appliances", at=on(7), station="P22"))["data"]["complete"]
    assert not (await house.get("/v1/crew/appliances", at=on(7), station="P23"))["data"]["complete"]

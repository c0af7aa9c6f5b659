"""The reports `turnout` and `hours`: the same figures in every format, each explained, each seen by whom it may."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from service.core.auth import Caller
from service.crew.reports import REPORTS
from service.crew.reports.hours import causes_of_hours
from service.crew.rules.grid import Contract
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.crew.hours import HoursParams, HoursRow
from service.schemas.crew.turnout import TurnoutRow
from tests.crew.house import House, open_house
from tests.crew.scenario import FETCHED, S1, cells, seen, settle_s1, station
from tests.support.ground import Ground

REPORT = "/v1/crew/reports"
AT = {"station": "P22", "at": "2026-03-05T10:00:00Z"}
WEEK = {"station": "P22", "week": "2026-W10", "at": "2026-03-05T10:00:00Z"}
CALLER = Caller(id="key:test", name="test", kind="key", scopes=frozenset({"crew:read"}))


@pytest.fixture(scope="module")
async def both(ground: Ground) -> AsyncIterator[House]:
    """S1 at P22; P33 has nobody yet; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_s1(opened.runtime)
        await station(opened.runtime, "P33")
        yield opened
    await ground.drop(url)


async def test_turnout_is_the_state_of_everybody(both: House) -> None:
    body = await both.get(f"{REPORT}/turnout", **AT)
    [TurnoutRow.model_validate(row) for row in body["items"]]
    assert [(row["crew_id"], row["state"], row["minutes_left"]) for row in body["items"]] == [
        (2, "available", 120), (3, "available", 840), (5, "available", 240), (1, "unavailable", None),
        (4, "unavailable", None),
    ]  # fmt: skip
    summary = body["summary"]
    assert [summary[name] for name in ("available", "unavailable", "unknown", "officers", "drivers")] == [
        3, 2, 0, 1, 2,
    ]  # fmt: skip
    assert body["items"][3]["next_from"] == "2026-03-05T17:00:00Z"
    assert body["meta"]["timezone"] == "Europe/London"


async def test_q08_every_figure_of_turnout_follows_from_its_explanation(both: House) -> None:
    rows = (await both.get(f"{REPORT}/turnout", **AT))["items"]
    for row in rows:
        for figure in ("state", "since", "until", "minutes_left", "next_from", "known_until"):
            asked = {**AT, "crew_id": row["crew_id"], "figure": figure}
            told = await both.get(f"{REPORT}/turnout/explain", **asked)
            assert told["value"] == row[figure], asked
            assert standing_from(told)[figure] == row[figure], (asked, told)
    nobody = await both.ask("GET", f"{REPORT}/turnout/explain", params={**AT, "crew_id": 999})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "crew_not_found")
    unread = {"station": "P22", "at": "2026-05-05T10:00:00Z", "crew_id": 1, "redact": "true"}
    told = await both.get(f"{REPORT}/turnout/explain", **unread)
    assert (told["value"], told["subject"].split(" of ")[1][:3]) == ("unknown", "#1 ")
    assert told["inputs"][1]["value"] == "no grid that covers the instant was read"


def standing_from(told: dict[str, Any]) -> dict[str, Any]:
    """A person's figures from the inputs of an explanation and nothing else."""
    at = told["inputs"][0]["value"]
    said = [(*one["name"].split(" – "), one["value"]["state"]) for one in told["inputs"][1:]]
    known = joined([(start, end) for start, end, _ in said])
    available = joined([(start, end) for start, end, state in said if state == "available"])
    run = next(((start, end) for start, end in available if start <= at < end), (None, None))
    left = None if run[1] is None else datetime.fromisoformat(run[1]) - datetime.fromisoformat(at)
    return {
        "state": next(state for start, end, state in said if start <= at < end),
        "since": run[0],
        "until": run[1],
        "minutes_left": None if left is None else int(left.total_seconds()) // 60,
        "next_from": next((start for start, _ in available if start > at), None),
        "known_until": next(end for start, end in known if start <= at < end),
    }


def joined(stretches: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours as one."""
    found: list[tuple[str, str]] = []
    for start, end in stretches:
        if found and found[-1][1] == start:
            start = found.pop()[0]  # noqa: PLW2901
        found.append((start, end))
    return found


async def test_turnout_as_a_page_and_as_a_file(both: House) -> None:
    page = await both.ask("GET", f"{REPORT}/turnout", params={**AT, "format": "html"})
    assert page.status_code == 200
    assert "until 05/03 12:00 · 120 min" in page.text
    assert "at least until 06/03 00:00" in page.text
    assert "annual leave · next 05/03 18:00" in page.text
    assert 'name="viewport"' in page.text
    spanish = await both.ask("GET", f"{REPORT}/turnout", params={**AT, "format": "html", "locale": "es"})
    assert "hasta 05/03 12:00 · 120 min" in spanish.text
    file = await both.ask("GET", f"{REPORT}/turnout", params={**AT, "format": "csv", "redact": "1"})
    assert (file.text.count("\r\n"), "BIRCH" in file.text, "#2" in file.text) == (6, False, True)
    hidden = await both.ask("GET", f"{REPORT}/turnout", params={**AT, "format": "html", "redact": "1"})
    assert "BIRCH" not in hidden.text


async def test_hours_are_those_of_the_route(both: House) -> None:
    body = await both.get(f"{REPORT}/hours", **WEEK)
    [HoursRow.model_validate(row) for row in body["items"]]
    route = await both.get("/v1/crew/hours", **WEEK)
    assert body["items"] == route["crew"]
    assert not body["meta"]["complete"]
    assert body["meta"]["incomplete_reasons"][: len(route["data"]["reasons"])] == route["data"]["reasons"]


async def test_q08_every_figure_of_hours_follows_from_its_explanation(both: House) -> None:
    body = await both.get(f"{REPORT}/hours", **WEEK)
    for row in body["items"]:
        for figure in ("planned", "achieved", "still_planned", "remaining_to_contract", "projected_shortfall",
                       "known_hours"):  # fmt: skip
            asked = {**WEEK, "crew_id": row["crew_id"], "figure": figure}
            explained = await both.get(f"{REPORT}/hours/explain", **asked)
            assert explained["value"] == row[figure]
            assert recomputed(figure, explained["inputs"]) == Decimal(row[figure])
    nobody = await both.ask("GET", f"{REPORT}/hours/explain", params={**WEEK, "crew_id": 999})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "crew_not_found")


def recomputed(figure: str, inputs: list[dict[str, Any]]) -> Decimal:
    values = [Decimal(one["value"]) for one in inputs]
    if figure in {"planned", "achieved", "known_hours"}:
        assert {one["unit"] for one in inputs} <= {"s"}
        return (sum(values, Decimal()) / 3600).quantize(Decimal("0.01"), ROUND_HALF_UP)
    difference = values[0] - values[1]
    return difference if figure == "still_planned" else max(Decimal(), difference)


async def test_a_report_is_of_one_station_that_the_caller_may_see(both: House) -> None:
    for report in REPORTS[:2]:
        path = f"{REPORT}/{report.name}"
        missing = await both.ask("GET", path)
        assert (missing.status_code, missing.json()["errors"][0]["code"]) == (422, "station_missing")
        wrong = await both.ask("GET", path, params={"station": "P23"})
        assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_station")
        limited = await both.token("crew:read", sites=["P33"])
        own = await both.ask("GET", path, token=limited)
        assert (own.status_code, own.json()["params"]["station"], own.json()["items"]) == (200, "P33", [])
        assert not own.json()["meta"]["complete"]
        foreign = await both.ask("GET", path, token=limited, params={"station": "P22"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")


async def test_q09_what_became_of_sealed_hours_has_its_causes(house: House) -> None:
    made = await station(house.runtime)
    await seen(house.runtime, made, S1)
    asked = {"report": "hours", "params": {"station": "P22", "week": "2026-W10"}, "accept_incomplete": True}
    statement = (await house.ask("POST", "/v1/crew/statements", json=asked)).headers["location"]
    shorter = replace(S1.crew[0], contract=Contract(Decimal(50), None, "50"), cells=cells([(17, 20)]))
    await seen(house.runtime, made, replace(S1, crew=(shorter, *S1.crew[1:])), fetched=datetime.now(UTC))
    items = (await house.get(f"{statement}/changes", limit=1000))["items"]
    why = {
        (one["key"]["crew_id"], one["figure"]): {cause["code"] for cause in one["causes"]} for one in items
    }
    assert {person for person, _ in why} == {1}
    assert why[1, "planned"] == {"observation_changed"}
    assert why[1, "contract"] == {"profile_changed"}
    assert why[1, "projected_shortfall"] == {"observation_changed", "profile_changed"}


async def test_q09_hours_of_a_week_under_way_become_others_by_the_clock(house: House) -> None:
    made = await station(house.runtime)
    await seen(house.runtime, made, S1)
    found = [
        Difference(place=name, kind="changed", key={"crew_id": 1}, figure=name, sealed=1, today=2)
        for name in ("achieved", "planned")
    ]

    async def codes(sealed: datetime, **more: Any) -> list[list[str]]:
        context = BuildContext(
            now=FETCHED + timedelta(days=9), caller=CALLER, settings=house.runtime.settings
        )
        params = HoursParams(station="P22", week="2026-W10", **more)
        sealing = Sealing(read_from=sealed, rules_version=None, rules_today=None)
        async with house.runtime.database.snapshot() as conn:
            causes = await causes_of_hours(conn, params, found, sealing, context)
        return [[cause.code for cause in one if cause.code == "time_passed"] for one in causes]

    assert await codes(FETCHED) == [["time_passed"], []]
    assert await codes(FETCHED, at=FETCHED) == [[], []]  # it names its instant, and stays at it
    assert await codes(FETCHED + timedelta(days=4)) == [[], []]  # the week was over

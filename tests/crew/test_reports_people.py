"""The reports `turnout` and `hours`: the same figures in every format, each explained, each seen by whom it may."""

from collections.abc import AsyncIterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from service.crew.reports import REPORTS
from service.schemas.crew.hours import HoursRow
from service.schemas.crew.turnout import TurnoutRow
from tests.crew.house import House, open_house
from tests.crew.scenario import settle_s1, station
from tests.support.ground import Ground

REPORT = "/v1/crew/reports"
AT = {"station": "P22", "at": "2026-03-05T10:00:00Z"}
WEEK = {"station": "P22", "week": "2026-W10", "at": "2026-03-05T10:00:00Z"}


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

"""Why a figure of the summary is what it is, and how lates are carried over."""

from collections.abc import AsyncIterator
from fractions import Fraction

import httpx
import pytest
from sqlalchemy import text

from service.attendance.reports.summary import SHOWN
from service.attendance.rules.period.cards import CARDS
from service.attendance.rules.period.measures import rounded
from service.attendance.rules.period.variants import KEY_FIGURES, Variant
from tests.attendance.house import House
from tests.attendance.reported import (
    ANA,
    CARLA,
    DARIO,
    LATE_DAYS,
    MONTH,
    SUMMARY,
    got,
    reckoned,
    september_of,
    summary,
)


@pytest.fixture
async def september(house: House) -> House:
    return await september_of(house)


@pytest.fixture
async def http(september: House) -> AsyncIterator[httpx.AsyncClient]:
    async with september.reader() as opened:
        yield opened


@pytest.mark.parametrize("variant", ["recommended", "original", "statistics_fix"])
async def test_q8_every_figure_follows_from_its_explanation(
    http: httpx.AsyncClient, variant: Variant
) -> None:
    asked = {"half": "2026-09-1", "variant": variant}
    found = await summary(http, **asked)
    for person in (ANA, CARLA, DARIO):
        row = found[person]
        leaves = {f"leaves.{word}": days for word, days in row["leaves"].items()}
        for figure in (*SHOWN, *KEY_FIGURES, *leaves):
            explained = await got(http, f"{SUMMARY}/explain", **asked, person=person, figure=figure)
            shown = {**row, **leaves}[figure]
            assert explained["value"] == shown, (person, figure)
            assert reckoned(explained, figure, variant) == shown, (person, figure)


async def test_every_day_of_an_explanation_leads_to_its_own(http: httpx.AsyncClient) -> None:
    explained = await got(http, f"{SUMMARY}/explain", **MONTH, person=ANA, figure="lates")
    assert [given["name"] for given in explained["inputs"]] == [f"2026-09-{day:02}" for day in LATE_DAYS]
    day = await got(http, explained["inputs"][0]["link"].removeprefix("/v1/attendance"))
    late = next(step for step in day["steps"] if step["figure"] == "late_counted")
    assert late["value"] is True


async def test_c25_lates_before_the_period_are_carried_over(http: httpx.AsyncClient) -> None:
    """By calendar month: the third late is the 8th, the second half begins with four and has one more."""
    asked = {"from": "2026-09-05", "to": "2026-09-08", "person": ANA}
    answer = await got(http, SUMMARY, **asked)
    assert (answer["items"][0]["lates"], answer["items"][0]["late_deductions"]) == (1, 1)
    assert "counted anew with each month, here from 2026-09-01" in answer["notes"][-1]
    explained = await got(http, f"{SUMMARY}/explain", **asked, figure="late_deductions")
    numbers, marks = explained["steps"]
    assert {given["name"]: given["value"] for given in numbers["inputs"]} == {
        "2026-09-03": 1, "2026-09-04": 2, "2026-09-08": 3,
    }  # fmt: skip
    assert [given["name"] for given in marks["inputs"]] == ["2026-09-08"]
    assert marks["threshold"] == {"lates_per_absence": 3, "counted_from": "2026-09-01"}
    second = await summary(http, half="2026-09-2", person=ANA)
    assert (second[ANA]["lates"], second[ANA]["late_deductions"]) == (1, 0)


@pytest.mark.parametrize(
    ("carry_over", "asked", "deductions"),
    [
        ("report", {"from": "2026-09-05", "to": "2026-09-17"}, 1),
        ("report", {"from": "2026-09-05", "to": "2026-09-16"}, 0),
        ("pay_period", {"half": "2026-09-2"}, 0),
        ("pay_period", {"month": "2026-09"}, 1),
        ("pay_period", {"from": "2026-09-08", "to": "2026-09-17"}, 1),
    ],
)
async def test_c25_the_count_begins_where_the_rule_set_says(
    september: House, carry_over: str, asked: dict[str, str], deductions: int
) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("""UPDATE attendance.rule_set SET parameters = jsonb_set(parameters,
                    '{punctuality,lates_carry_over}', to_jsonb(CAST(:value AS text)))
                    WHERE name = 'recommended'"""),
            {"value": carry_over},
        )
    async with september.reader() as http:
        assert (await summary(http, **asked, person=ANA))[ANA]["late_deductions"] == deductions


@pytest.mark.parametrize("variant", ["recommended", "original"])
async def test_q8_every_card_follows_from_its_explanation(http: httpx.AsyncClient, variant: Variant) -> None:
    asked = {"half": "2026-09-1", "variant": variant}
    shown = (await got(http, SUMMARY, **asked))["summary"]
    for name in CARDS:
        explained = await got(http, f"{SUMMARY}/explain", **asked, figure=name)
        assert {part: explained[part] for part in ("value", "unit")} == {
            part: shown[name][part] for part in ("value", "unit")
        }
        columns = [[Fraction(given["value"]) for given in step["inputs"]] for step in explained["steps"][:-1]]
        sums = [sum(column) for column in columns]
        whole = sums[1] if len(sums) == 2 else len(columns[0])
        scale = Fraction(1, 3600) if name == "mean_hour_deviation" else 100
        assert explained["value"] == rounded(sums[0] * scale / whole, 1), name
        first = explained["steps"][0]["inputs"][0]
        row = (await got(http, first["link"].removeprefix("/v1/attendance")))["items"][0]
        assert row["person"] == first["name"]
        figure = explained["steps"][0]["figure"]
        assert figure not in row or Fraction(row[figure]) == Fraction(first["value"])

"""Two periods or two sites side by side: sums, shares, differences, and what each is made of."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import text

from service.attendance.queries.day_rows import DaysOf
from service.attendance.queries.totals import select_totals
from service.attendance.reports.compare import sides
from service.attendance.reports.periods import span_of
from service.core.database import ReadConnection
from service.schemas.attendance.total_reports import CompareParams
from tests.attendance.browsing import MONDAY
from tests.attendance.house import House
from tests.attendance.make import Firm
from tests.attendance.plans import INDEXES, assert_by_index, captured, explained

ANA, BEN, CARLA = (f"HR-EMP-0000{number}" for number in (1, 2, 3))
NINE = 32_400
WORKED = {"worked_seconds": NINE, "expected_seconds": NINE, "expected_net_seconds": NINE}
ABSENT = {"status": "ABSENT", "code": "A", "expected_seconds": NINE, "expected_net_seconds": NINE}
HALF_LEAVE = {
    "status": "HALF_DAY_LEAVE", "code": "HD/P", "worked_seconds": NINE // 2,
    "expected_seconds": NINE, "expected_net_seconds": NINE // 2, "leave_hundredths": 50,
}  # fmt: skip
LEAVE = {"status": "ON_LEAVE", "code": "L", "expected_seconds": NINE}
REST_WORKED = {"status": "REST_WORKED", "worked_seconds": 3600, "overtime_seconds": 3600}
LATE = {**WORKED, "status": "LATE", "late_counted": True}


async def fill(made: Firm) -> None:
    """August: Ana 2 days of which one late. September: Ana 3 and half a leave, Ben 1 absent, Carla's split day."""
    for month, number, person, values in (
        (8, 3, ANA, WORKED),
        (8, 4, ANA, LATE),
        (9, 1, ANA, WORKED),
        (9, 2, ANA, WORKED),
        (9, 3, ANA, LATE),
        (9, 4, ANA, HALF_LEAVE),
        (9, 6, ANA, REST_WORKED),
        (9, 1, BEN, ABSENT),
        (9, 1, CARLA, WORKED),
        (9, 2, CARLA, LEAVE),
    ):
        await made.day(person, date(2026, month, number), **values)
    await made.day(CARLA, date(2026, 9, 1), shift_seq=1, **ABSENT)


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.writing() as made:
        await fill(made)
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/compare", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(answer: dict[str, Any], side: str) -> dict[str, Any]:
    return {row["figure"]: row[side] for row in answer["items"]}


async def test_a_month_beside_the_month_before(http: httpx.AsyncClient) -> None:
    answer = await answered(http)
    assert answer["summary"] == {"first": "2026-09-01 – 2026-09-30", "second": "2026-08-01 – 2026-08-31"}
    first, second = figures(answer, "first"), figures(answer, "second")
    # A split day, one half worked and one missed, is half attended and half absent.
    assert {name: first[name] for name in ("people", "scheduled", "attended", "absent", "on_leave", "late")} == {
        "people": 3, "scheduled": 7, "attended": "4.00", "absent": "1.50", "on_leave": "1.50", "late": 1,
    }  # fmt: skip
    assert (second["scheduled"], second["attended"], second["late"], second["punctuality_percent"]) == (
        2, "2.00", 1, "0.0",
    )  # fmt: skip
    assert (first["worked_seconds"], first["overtime_seconds"]) == (4 * NINE + NINE // 2 + 3600, 3600)
    rows = {row["figure"]: row for row in answer["items"]}
    assert (rows["scheduled"]["difference"], rows["scheduled"]["change_percent"]) == (5, "250.0")
    assert (rows["absent"]["difference"], rows["absent"]["change_percent"]) == ("1.50", None)
    assert sum(float(first[name]) for name in ("attended", "absent", "on_leave")) == first["scheduled"]


async def test_two_sites_of_one_period(http: httpx.AsyncClient) -> None:
    answer = await answered(http, site="Villas", with_site="Centro")
    first, second = figures(answer, "first"), figures(answer, "second")
    assert (first["people"], second["people"]) == (2, 1)
    assert (first["attended"], second["attended"]) == ("3.50", "0.50")
    assert answer["summary"]["second"].startswith("Centro, 2026-09-01")


async def test_ranges_beside_the_range_before_or_another(http: httpx.AsyncClient) -> None:
    week = {"month": None, "from": "2026-09-03", "to": "2026-09-04"}
    params = {name: value for name, value in week.items() if value}
    before = (await http.get("/reports/compare", params=params)).json()
    assert before["summary"]["second"] == "2026-09-01 – 2026-09-02"
    other = (await http.get("/reports/compare", params=params | {"with_month": "2026-08"})).json()
    assert figures(other, "second")["scheduled"] == 2


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        ({"half": "2026-10-1"}, ("2026-10-01", "2026-10-15"), ("2026-09-16", "2026-09-30")),
        ({"week": "2026-W01"}, ("2025-12-29", "2026-01-04"), ("2025-12-22", "2025-12-28")),
        ({"month": "2026-10", "cut": 26}, ("2026-09-26", "2026-10-25"), ("2026-08-26", "2026-09-25")),
        (
            {"month": "2026-10", "cut": 26, "with_month": "2026-03"},
            ("2026-09-26", "2026-10-25"),
            ("2026-02-26", "2026-03-25"),
        ),
        (
            {"half": "2026-10-1", "with_site": "Norte"},
            ("2026-10-01", "2026-10-15"),
            ("2026-10-01", "2026-10-15"),
        ),
    ],
)
def test_every_kind_of_pay_period_has_one_before(
    asked: dict[str, Any], first: tuple[str, str], second: tuple[str, str]
) -> None:
    spans = [span_of(side) for side in sides(CompareParams(**asked))]
    assert spans == [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in (first, second)]


async def test_halves_are_compared_over_http(http: httpx.AsyncClient) -> None:
    answer = await http.get("/reports/compare", params={"half": "2026-09-1"})
    assert answer.status_code == 200, answer.text


async def test_both_sides_must_be_complete(http: httpx.AsyncClient) -> None:
    meta = (await answered(http))["meta"]
    assert meta["complete"] is False
    assert {reason[:10] for reason in meta["incomplete_reasons"]} == {"2026-09-01", "2026-08-01"}


@pytest.mark.parametrize(
    ("params", "pointer", "hint"),
    [
        ({"with_site": "Centr"}, "/query/with_site", "Centro"),
        ({"with_from": "2025-08-01", "with_to": "2026-08-02"}, "/query/with_to", "at most 366 days"),
        ({"month": "1900-01"}, "/query/with_month", "no period before"),
        ({"with_from": "2026-01-01"}, "", "with_from and with_to come together"),
        ({"with_month": "2026-08", "with_to": "2026-08-01"}, "", "either with_month or with_from"),
    ],
)
async def test_a_second_side_that_is_none_is_refused(
    http: httpx.AsyncClient, params: dict[str, str], pointer: str, hint: str
) -> None:
    answer = await http.get("/reports/compare", params={"month": "2026-09", **params})
    assert (answer.status_code, hint in answer.text, pointer in answer.text) == (422, True, True), answer.text


async def test_g_n_99_a_foreign_second_site_is_refused(house: House, http: httpx.AsyncClient) -> None:
    async with house.reader("Villas") as limited:
        foreign = await limited.get("/reports/compare", params={"month": "2026-09", "with_site": "Centro"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
        own = (await limited.get("/reports/compare", params={"month": "2026-09"})).json()
    assert figures(own, "first")["people"] == 2


@pytest.mark.parametrize("figure", ["absent", "worked_seconds", "late", "scheduled"])
async def test_a_sum_is_the_sum_of_its_explanation(http: httpx.AsyncClient, figure: str) -> None:
    why = (await http.get("/reports/compare/explain", params={"month": "2026-09", "figure": figure})).json()
    assert float(why["value"]) == sum(float(part["value"]) for part in why["inputs"])
    assert why["value"] == figures(await answered(http), "first")[figure]


async def test_shares_name_their_parts(http: httpx.AsyncClient) -> None:
    asked = {"month": "2026-09", "figure": "attendance_percent", "side": "second"}
    why = (await http.get("/reports/compare/explain", params=asked)).json()
    assert [(part["name"], part["value"]) for part in why["inputs"]] == [
        ("worked seconds", 2 * NINE), ("expected net seconds", 2 * NINE),
    ]  # fmt: skip
    assert why["value"] == "100.0"
    page = await http.get("/reports/compare", params={"month": "2026-09", "format": "html"})
    assert 'data-f="side=second"' in page.text
    assert ">41:30:00<" in page.text


async def test_q33_days_come_by_a_composite_index_in_one_statement(many: Firm) -> None:
    people = (await many.conn.scalars(text("SELECT id FROM attendance.person"))).all()
    days = DaysOf(rule_set=many.ids["recommended"], start=MONDAY, end=date(2026, 9, 20), people=people)
    with captured(many.conn) as seen:
        by_day, by_person = await select_totals(cast(ReadConnection, many.conn), days)
    assert (len(by_day), len(seen)) == (6, 1)
    assert sum(day.attended for day in by_day) == sum(person.attended for person in by_person)
    assert_by_index(await explained(many.conn, *seen[0]), "day", INDEXES)

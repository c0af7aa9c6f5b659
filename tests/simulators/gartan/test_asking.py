"""GetSchedule: both syntaxes, what it refuses, and the grid of the specification (spec A.2, B.2, B.3)."""

import json
from typing import Any

import pytest

from service.simulators.gartan import (
    Appliance,
    GartanServer,
    Member,
    Plan,
    Station,
    available_only,
    faults,
    off_during,
)
from service.simulators.gartan.plan import Booked
from tests.crew.scenario import DAY
from tests.simulators.gartan.browser import ASKED, GRID, JSON, Browser, Table
from tests.simulators.gartan.specified import B2


async def test_literal_and_strict_json_get_the_same_grid(browser: Browser) -> None:
    literal = await browser.ask()
    strict = await browser.http.post(GRID, content=json.dumps(ASKED), headers=JSON)
    assert literal.content == strict.content
    assert literal.headers["content-type"].startswith("application/json")
    assert set(literal.json()) == {"d"}


@pytest.mark.parametrize("given", ["2026-03-05", "5/3/2026", "31/02/2026", "", "05-03-2026", "05/03/26"])
async def test_a_date_in_another_form_is_an_error_of_aspnet(browser: Browser, given: str) -> None:
    answer = await browser.ask(bookingDate=given)
    assert (answer.status_code, set(answer.json())) == (500, {"Message", "StackTrace", "ExceptionType"})
    assert answer.json()["ExceptionType"] == "System.FormatException"


@pytest.mark.parametrize(
    "changes", [{"brigadeId": 999}, {"brigadeId": "x"}, {"resolution": 20}, {"resolution": "x"}]
)
async def test_what_there_is_not_is_an_error_of_aspnet(browser: Browser, changes: dict[str, Any]) -> None:
    answer = await browser.ask(**changes)
    assert (answer.status_code, "d" in answer.json()) == (500, False)


@pytest.mark.parametrize("name", ["brigadeId", "bookingDate", "resolution"])
async def test_a_missing_parameter_is_named(browser: Browser, name: str) -> None:
    asked = {key: value for key, value in ASKED.items() if key != name}
    answer = await browser.http.post(GRID, content=json.dumps(asked), headers=JSON)
    assert (answer.status_code, f"'{name}'" in answer.json()["Message"]) == (500, True)


@pytest.mark.parametrize("body", ["", "{", "brigadeId=101", "{brigadeId:101 resolution:15}", "[1]", "{a:'b}"])
async def test_a_body_that_is_neither_is_refused(browser: Browser, body: str) -> None:
    answer = await browser.http.post(GRID, content=body, headers=JSON)
    assert (answer.status_code, answer.json()["ExceptionType"]) == (500, "System.ArgumentException")


async def test_without_its_content_type_the_page_method_is_a_page(browser: Browser) -> None:
    answer = await browser.http.post(GRID, content="{}")
    assert "<html>" in answer.text


async def test_the_appliances_may_be_left_out(browser: Browser) -> None:
    assert "app_67_0" in (await browser.ask()).json()["d"]
    assert "app_67_0" not in (await browser.ask(includeApplianceStatus="false")).json()["d"]


async def test_the_grid_is_that_of_the_specification(browser: Browser, site: GartanServer) -> None:
    """Row by row and cell by cell: texts, classes, ids, titles, colours."""
    cedar = Booked([*off_during(DAY, [(8, 8.25)], "off"), *off_during(DAY, [(8.5, 8.75)], "F")])
    crew = (
        Member("ALDER, JO", "WC", ("BA", "IC", "TTR"), "61 (96)", available_only({DAY: [(8, 8.5)]})),
        Member("BIRCH, KE", "FFC", ("BA", "LGV"), "91 (168)"),
        Member("CEDAR, LU", "FFD", ("BA",), "61 (40)", cedar),
    )
    engine = Appliance("P22P6", 67, off=available_only({DAY: [(8, 8.5)]}))
    site.plan = Plan((Station("P22", 101, crew, (engine,)),))
    site.faults.add(faults.only_hours(8, 9))
    drawn, specified = await browser.grid(), Table.of(B2)
    assert [[cell.shape for cell in cells] for _, cells in drawn.rows] == [
        [cell.shape for cell in cells] for _, cells in specified.rows
    ]
    assert [kind for kind, _ in drawn.rows] == [kind for kind, _ in specified.rows]

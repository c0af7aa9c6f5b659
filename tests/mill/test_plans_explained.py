"""Q8: every figure of a plan can be recomputed from its explanation alone; of F-58 and of a made-up mill."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.schemas.envelope import Explanation
from service.simulators.mill import generate
from service.simulators.mill.files import tables, write_mill
from service.simulators.mill.plan import Plan
from tests.mill.imports.ground import ON, imported
from tests.mill.recomputing import recomputed
from tests.mill.scenario import settle_f58
from tests.mill.test_plan_runs import RUNS, make_plan
from tests.support.ground import Ground
from tests.support.house import House, open_house

WEEKLY = ("balance", "receipts", "demand", "shortage", "new_shortage", "planned", "available")
WHOLE = {
    "first_short_on": "first_short_on", "gross": "gross_lb", "undated": "undated_lb", "beyond": "beyond_lb",
    "past_due": "past_due_lb", "planned": "planned_lb", "largest_short": "largest_short_lb",
}  # fmt: skip
KINDS = {"yarn_demand_by_order": "yarn_demand", "sales_open": "sales"}


@pytest.fixture(scope="module")
async def small(ground: Ground) -> AsyncIterator[House]:
    """F-58 planned."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f58(opened)
        await make_plan(opened)
        yield opened
    await ground.drop(url)


@pytest.fixture(scope="module")
async def made_up(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A tiny mill out of its files, planned."""
    folder: Path = tmp_path_factory.mktemp("mill")
    url = await ground.clone()
    async with open_house(url) as opened:
        mill = generate(Plan(as_of=date.fromisoformat(ON)))
        write_mill(mill, folder)
        for table in tables(mill):
            kind = KINDS.get(table.kind, table.kind)
            unit = "days" if kind == "suppliers" else None
            await imported(opened, kind, folder / f"{table.name}.csv", lead_unit=unit)
        await make_plan(opened)
        yield opened
    await ground.drop(url)


async def everything(house: House, part: str) -> list[dict[str, Any]]:
    body = await house.get(f"{RUNS}/latest/{part}", limit=1000)
    assert not body["page"]["has_more"]
    items: list[dict[str, Any]] = body["items"]
    return items


async def check(house: House, value: Any, **asked: Any) -> None:
    """The explanation's value is the figure that people see, and follows from its inputs."""
    explanation = await house.get(f"{RUNS}/latest/explain", **asked)
    Explanation.model_validate(explanation)
    assert explanation["value"] == value, asked
    assert recomputed(explanation) == value, (asked, explanation["inputs"])


async def check_weeks(house: House, yarns: set[str], weeks: int) -> int:
    """Every figure of the first weeks of these yarns; how many there were."""
    rows = [row for row in await everything(house, "weeks") if row["yarn"] in yarns and row["bucket"] < weeks]
    for row in rows:
        for figure in WEEKLY:
            await check(house, row[f"{figure}_lb"], yarn=row["yarn"], week=row["bucket"], figure=figure)
    return len(rows) * len(WEEKLY)


async def check_yarns(house: House, yarns: set[str]) -> int:
    """Every figure of these yarns over all weeks."""
    rows = [row for row in await everything(house, "yarns") if row["yarn"] in yarns]
    for row in rows:
        for figure, column in WHOLE.items():
            await check(house, row[column], yarn=row["yarn"], figure=figure)
        await check(house, row["weeks_of_supply"]["value"], yarn=row["yarn"], figure="weeks_of_supply")
    return len(rows) * (1 + len(WHOLE))


async def check_orders(house: House, orders: set[str]) -> int:
    """What these orders need of each yarn, and every figure of their own."""
    gross: dict[tuple[str, str], list[str]] = {}
    for row in await everything(house, "requirements"):
        if row["order"] in orders:
            gross.setdefault((row["yarn"], row["order"]), []).append(row["gross_lb"])
    for (yarn, order), parts in gross.items():
        await check(house, f"{sum(map(_units, parts)) / 10_000:.4f}", yarn=yarn, order=order)
    rows = [row for row in await everything(house, "orders") if row["order"] in orders]
    for row in rows:
        for figure in ("coverage", "ready_on", "quantity"):
            value = row["quantity_lb"] if figure == "quantity" else row[figure]
            await check(house, value, order=row["order"], figure=figure)
    return len(gross) + 3 * len(rows)


async def check_actions(house: House, keys: set[str] | None = None) -> int:
    """The quantities of these pieces of advice, or of all."""
    rows = [row for row in await everything(house, "actions") if keys is None or row["key"] in keys]
    for row in rows:
        await check(house, row["quantity_lb"], action=row["seq"])
    return len(rows)


def _units(pounds: str) -> int:
    return int(pounds.replace(".", ""))


async def test_q8_every_figure_of_f58_is_recomputed_from_its_explanation(small: House) -> None:
    assert await check_weeks(small, {"Y1", "Y2", "Y3"}, 3) == 3 * 3 * 7
    assert await check_yarns(small, {"Y1", "Y2", "Y3"}) == 3 * 8
    assert await check_orders(small, {"O1", "O2", "O3"}) == 6 + 3 * 3
    assert await check_actions(small) == 2


async def test_q8_figures_of_a_made_up_mill_are_recomputed_from_their_explanations(made_up: House) -> None:
    yarns = await everything(made_up, "yarns")
    short = [row["yarn"] for row in yarns if row["first_short_on"]][:2]
    overdue = [row["yarn"] for row in yarns if row["past_due_lb"] != "0.0000"][:1]
    orders = await everything(made_up, "orders")
    planned = [row["order"] for row in orders if row["kind"] == "planned"][:2]
    firm = [row["order"] for row in orders if row["kind"] == "firm" and row["plannable"]][:3]
    assert short
    assert planned
    assert firm
    kinds = {row["action"]: row["key"] for row in await everything(made_up, "actions")}
    assert {"RELEASE", "ORDER"} & kinds.keys()
    assert await check_weeks(made_up, set(short), 9) == 2 * 9 * 7
    assert await check_yarns(made_up, {*short, *overdue})
    assert await check_orders(made_up, {*planned, *firm}) > 3 * 5
    assert await check_actions(made_up, set(kinds.values())) == len(kinds)


async def test_an_explanation_can_be_read_as_a_page(small: House) -> None:
    asked = {"yarn": "Y1", "week": 1, "figure": "balance"}
    page = await small.ask("GET", f"{RUNS}/latest/explain", params={**asked, "format": "html"})
    assert page.status_code == 200
    assert "balance = before + receipts - demand" in page.text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"yarn": "Y9"}, 404),
        ({"yarn": "Y1", "figure": "blance"}, 422),
        ({"yarn": "Y1", "week": 9}, 422),
        ({"order": "O9"}, 404),
        ({"yarn": "Y2", "order": "O2"}, 404),
        ({"action": 99}, 404),
    ],
)
async def test_figures_there_are_not_are_refused(small: House, asked: dict[str, Any], status: int) -> None:
    answer = await small.ask("GET", f"{RUNS}/latest/explain", params=asked)
    assert answer.status_code == status

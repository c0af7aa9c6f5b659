"""All files of a made-up mill, as CSV and as XLSX: both mean the same, and nothing of them is rejected."""

import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.mill.files.recognising import recognised
from service.mill.queries.exporting import ROWS
from service.simulators.mill import generate
from service.simulators.mill.files import Table, tables, write_mill
from service.simulators.mill.plan import Plan
from tests.mill.imports.ground import ON, imported
from tests.support.ground import Ground
from tests.support.house import House, open_house

FULL = bool(os.environ.get("MUSTER_PROVE"))
MILL = generate(Plan(as_of=date.fromisoformat(ON)))

KINDS = {"yarn_demand_by_order": "yarn_demand", "sales_open": "sales"}
STORED = (
    "SELECT yarn_code, description, color, material, size_raw, cost_per_lb, active FROM mill.yarns ORDER BY 1",
    (
        "SELECT y.yarn_code, i.beginning_balance, i.allocated, i.on_order, i.planning_balance"
        " FROM mill.yarn_inventory i JOIN mill.yarns y ON y.id = i.yarn_id ORDER BY 1"
    ),
    (
        "SELECT s.style_code, y.yarn_code, c.style_code, b.quantity_per, b.loss_pct FROM mill.bom b"
        " JOIN mill.styles s ON s.id = b.style_id LEFT JOIN mill.yarns y ON y.id = b.yarn_id"
        " LEFT JOIN mill.styles c ON c.id = b.component_style_id ORDER BY 1, 2, 3"
    ),
    "SELECT style_code, bom_status, rate_lb_per_day, yds_per_lb FROM mill.styles ORDER BY 1",
    "SELECT order_no, quantity, balance, status, start_date, due_date FROM mill.production_orders ORDER BY 1",
    (
        "SELECT p.po_no, p.line_no, p.ordered, p.received, p.status, e.kind, e.due_date, e.quantity"
        " FROM mill.purchase_order_lines p JOIN mill.expected_receipts e ON e.po_line_id = p.id ORDER BY 1, 2, 6, 7"
    ),
    "SELECT yarn_id, order_no, kind, week_start, demand, receipts, balance FROM mill.yarn_demand ORDER BY 1, 2, 3, 4",
    (
        "SELECT document_no, line_no, order_date, open, style_id, quantity, uom, unit_price"
        " FROM mill.sales_activity ORDER BY 1, 2"
    ),
    "SELECT stage, roll_no, style_id, lb, yd FROM mill.stage_inventory ORDER BY 1, 2",
    "SELECT supplier_code, name, origin, lead_time_days, active FROM mill.suppliers ORDER BY 1",
)


async def stored(house: House) -> list[Any]:
    return [await house.sql(statement) for statement in STORED]


@pytest.fixture(scope="module")
async def made(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, Path, list[Any]]]:
    """A house whose mill came in as CSV, the folder of its files, and what was stored."""
    folder, home = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("home")
    write_mill(MILL, folder)
    url = await ground.clone()
    async with open_house(url, home=home) as house:
        for table in tables(MILL):
            await came_in(house, table, folder / f"{table.name}.csv")
        yield house, folder, await stored(house)
    await ground.drop(url)


async def came_in(house: House, table: Table, path: Path) -> None:
    """A file that is known by its name and by its columns comes in whole."""
    kind = KINDS.get(table.kind, table.kind)
    assert recognised(path) == kind
    assert recognised(path, "export") == kind
    report = await imported(house, kind, path, lead_unit="days" if kind == "suppliers" else None)
    rows = sum(1 for _ in table.rows())
    assert (report.status, report.rows_read, report.rows_rejected) == ("done", rows, 0), path.name


async def test_workbooks_mean_the_same_as_text(made: tuple[House, Path, list[Any]]) -> None:
    house, folder, before = made
    assert all(before)
    for table in tables(MILL):
        await came_in(house, table, folder / f"{table.name}.xlsx")
    assert await stored(house) == before
    unnamed = await house.sql("SELECT count(*) FROM mill.sales_activity WHERE style_id IS NULL")
    assert unnamed == [(0,)]


async def test_what_is_exported_comes_in_as_it_is(made: tuple[House, Path, list[Any]]) -> None:
    house, _, before = made
    for at, kind in enumerate(ROWS):
        for wanted in ("csv", "xlsx") if FULL else (("csv", "xlsx")[at % 2],):
            answer = await house.ask("GET", f"/v1/mill/export/{kind}", params={"format": wanted})
            assert answer.status_code == 200, answer.text
            report = await imported(house, kind, answer.content)
            assert (report.status, report.rows_rejected) == ("done", 0), (kind, report.errors)
    assert await stored(house) == before
    unknown = await house.ask("GET", "/v1/mill/export/yarns")
    assert unknown.json()["detail"].startswith("there is no table")

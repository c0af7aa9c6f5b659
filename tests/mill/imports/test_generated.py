"""All files of a made-up mill, as CSV and as XLSX: both mean the same, and nothing of them is rejected."""

from datetime import date
from pathlib import Path
from typing import Any

from service.mill.files.recognising import recognised
from service.mill.queries.exporting import ROWS
from service.simulators.mill import generate
from service.simulators.mill.files import tables, write_mill
from service.simulators.mill.plan import Plan
from tests.mill.imports.ground import ON, imported
from tests.support.house import House

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


async def test_all_files_of_a_mill_come_in_and_both_formats_mean_the_same(
    house: House, tmp_path: Path
) -> None:
    mill = generate(Plan(as_of=date.fromisoformat(ON)))
    write_mill(mill, tmp_path)
    seen = []
    for ending in ("csv", "xlsx"):
        for table in tables(mill):
            kind, path = KINDS.get(table.kind, table.kind), tmp_path / f"{table.name}.{ending}"
            assert recognised(path) == kind
            assert recognised(path, "export") == kind
            unit = "days" if kind == "suppliers" else None
            report = await imported(house, kind, path, lead_unit=unit)
            rows = sum(1 for _ in table.rows())
            assert (report.status, report.rows_read, report.rows_rejected) == ("done", rows, 0), path.name
        seen.append(await stored(house))
        assert all(seen[-1])
    assert seen[0] == seen[1]
    unnamed = await house.sql("SELECT count(*) FROM mill.sales_activity WHERE style_id IS NULL")
    assert unnamed == [(0,)]


async def test_what_is_exported_comes_in_as_it_is(house: House, tmp_path: Path) -> None:
    mill = generate(Plan(as_of=date.fromisoformat(ON)))
    write_mill(mill, tmp_path, ["csv"])
    for table in tables(mill):
        kind = KINDS.get(table.kind, table.kind)
        unit = "days" if kind == "suppliers" else None
        await imported(house, kind, tmp_path / f"{table.name}.csv", lead_unit=unit)
    before = await stored(house)
    for kind in ROWS:
        for wanted in ("csv", "xlsx"):
            answer = await house.ask("GET", f"/v1/mill/export/{kind}", params={"format": wanted})
            assert answer.status_code == 200, answer.text
            unit = "days" if kind == "suppliers" else None
            report = await imported(house, kind, answer.content, lead_unit=unit)
            assert (report.status, report.rows_rejected) == ("done", 0), (kind, report.errors)
    assert await stored(house) == before
    assert (await house.ask("GET", "/v1/mill/export/yarns")).json()["detail"].startswith("there is no table")

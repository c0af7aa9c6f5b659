"""Rows of the mill as spec F words them, put straight into the tables."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.house import House

AS_OF = date(2025, 9, 3)
"""The as-of date of section F: a Wednesday, ISO week 36."""


async def yarn(house: House, code: str, *, stocked: bool = True, **more: Any) -> int:
    """A yarn and, `stocked`, its row of the inventory; `more`: columns of either."""
    master = {name: more.pop(name) for name in list(more) if name in _YARN}
    key = await _insert(house, "yarns", {"yarn_code": code, **master})
    if stocked:
        await _insert(house, "yarn_inventory", {"yarn_id": key, **more}, returning="yarn_id")
    return key


async def style(house: House, code: str, **more: Any) -> int:
    """A style without recipe."""
    return await _insert(house, "styles", {"style_code": code, **more})


async def line(house: House, of: str, component: str, quantity_per: float | str, **more: Any) -> None:
    """A line of a recipe, of yarn where there is such a yarn, else of a style; the recipe then counts as ok."""
    await house.sql(
        "INSERT INTO mill.bom (style_id, yarn_id, component_style_id, quantity_per, loss_pct, valid_from,"
        " valid_to) SELECT s.id, y.id, CASE WHEN y.id IS NULL THEN c.id END, CAST(:per AS numeric),"
        " CAST(:loss AS numeric), coalesce(CAST(:valid_from AS date), '1900-01-01'),"
        " coalesce(CAST(:valid_to AS date), '9999-12-31')"
        " FROM mill.styles s LEFT JOIN mill.yarns y ON y.yarn_code = :component"
        " LEFT JOIN mill.styles c ON c.style_code = :component WHERE s.style_code = :of",
        of=of, component=component, per=str(quantity_per), loss=str(more.get("loss", 0)),
        valid_from=more.get("valid_from"), valid_to=more.get("valid_to"),
    )  # fmt: skip
    await house.sql("UPDATE mill.styles SET bom_status = 'ok' WHERE style_code = :of", of=of)


async def order(house: House, number: str, of: str, quantity: float | str, **more: Any) -> int:
    """A knit order."""
    rows = await house.sql("SELECT id FROM mill.styles WHERE style_code = :of", of=of)
    return await _insert(
        house, "production_orders",
        {"order_no": number, "style_id": rows[0].id, "quantity": _decimal(quantity), **more},
    )  # fmt: skip


async def receipt(
    house: House, po: str, of: str, quantity: float | str, *, kind: str = "dated", due: date | None = None
) -> int:
    """A purchase order line and what it still brings."""
    rows = await house.sql("SELECT id FROM mill.yarns WHERE yarn_code = :of", of=of)
    line_id = await _insert(
        house, "purchase_order_lines",
        {"po_no": po, "yarn_id": rows[0].id, "ordered": _decimal(quantity)},
    )  # fmt: skip
    values = {"po_line_id": line_id, "yarn_id": rows[0].id, "kind": kind, "due_date": due}
    return await _insert(house, "expected_receipts", {**values, "quantity": _decimal(quantity)})


async def read_files(house: House, *kinds: str, on: date = AS_OF) -> None:
    """As if a whole file of each kind had been put in force just now."""
    for kind in kinds:
        await house.sql(
            "INSERT INTO mill.import_jobs (file_kind, file_name, sha256, content_key, mode, status,"
            " rows_read, rows_ok, rows_repaired, rows_rejected, snapshot_date, requested_by, finished_at)"
            " VALUES (:kind, :kind, :kind, :kind, 'strict', 'done', 1, 1, 0, 0, :on, 'test', now())",
            kind=kind, on=on,
        )  # fmt: skip


async def settle_f58(house: House) -> None:
    """Spec F-58 end to end, with production lead 0: the need date of an order is its due date."""
    await house.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by)"
        " VALUES ('production_lead_days', '2025-01-01', '0', 'test')"
    )
    await yarn(house, "Y1", beginning_balance=1000, allocated=-200, on_order=300, min_stock=1200)
    await yarn(house, "Y2", beginning_balance=224, allocated=-1500)
    await yarn(house, "Y3", stocked=False)
    for code in ("F1", "G1", "G2"):
        await style(house, code)
    await line(house, "F1", "G1", 1, loss="0.03")
    await line(house, "G1", "Y1", "0.7", loss="0.02")
    await line(house, "G1", "Y2", "0.3", loss="0.02")
    await line(house, "G2", "Y1", "0.6")
    await line(house, "G2", "Y3", "0.4")
    await order(house, "O1", "F1", 500, priority=1, due_date=date(2025, 9, 11))
    await order(house, "O2", "G2", 1000, priority=2, due_date=date(2025, 9, 1))
    await order(house, "O3", "G2", 500, priority=1, due_date=date(2025, 9, 6))
    await receipt(house, "PO-1", "Y1", 500, due=date(2025, 9, 10))
    await receipt(house, "PO-2", "Y1", 300, kind="past_due")
    await receipt(house, "PO-3", "Y1", 100, kind="later")
    await read_files(house, "yarn_inventory", "bom", "knit_orders", "expected_receipts")


_YARN = frozenset((
    "description", "color", "blend", "material", "fibre_form", "size_raw", "ply", "filaments", "tex",
    "supplier_id", "customer", "cost_per_lb", "lead_time_days", "moq_lb", "order_multiple_lb",
    "order_max_lb", "safety_stock_lb", "active",
))  # fmt: skip


def _decimal(value: float | str) -> Decimal:
    return Decimal(str(value))


async def _insert(house: House, table: str, values: dict[str, Any], *, returning: str = "id") -> int:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    rows = await house.sql(
        f"INSERT INTO mill.{table} ({names}) VALUES ({marks}) RETURNING {returning}", **values
    )
    return int(rows[0][0])

"""The report `order-list`: accepted advice of the newest plan, as it is sent to suppliers and signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.order_list import money_of, need_day, sent
from service.mill.queries.advice import select_advice
from service.mill.queries.known import require_known
from service.mill.reports.frame import SCOPES, framed
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.actions import BUYS
from service.mill.rules.costing import sum_of
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.sources import PLAN_NEEDS
from service.reporting.report import BuildContext, Built, Report
from service.schemas.mill.plan_reports import MillOrderListParams, MillOrderListRow


async def order_list(conn: ReadConnection, params: MillOrderListParams, context: BuildContext) -> Built:
    """A row for each piece of advice that somebody accepted, by supplier and yarn."""
    await require_known(conn, params)
    frame = await framed(conn, context, PLAN_NEEDS)
    run = frame.plan.id
    found = [] if run is None else await select_advice(conn, run, state="accepted", supplier=params.supplier)
    rows = [_row(one, frame.plan.as_of) for one in sent(found)]
    return frame.built(rows, summary=_summary(rows), doubts=frame.plan.doubts, notes=frame.plan.notes)


def _row(one: Row[Any], as_of: date | None) -> dict[str, Any]:
    cost = one.cost_per_lb
    return {
        "supplier": one.supplier_code,
        "yarn_code": one.yarn_code,
        "description": one.description,
        "action": one.action,
        "quantity_lb": rounded(one.quantity),
        "release_date": one.release_date,
        "need_date": need_day(one, as_of),
        "po_no": one.po_no,
        "cost_per_lb": None if cost is None else rounded(cost),
        "money": money_of(one),
        "decided_by": one.decided_by,
        "note": one.note,
        "number": one.seq,
    }


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    bought = [row for row in rows if row["action"] in BUYS]
    money = sum_of(row["money"] for row in bought)
    return {
        "accepted": len(rows),
        "suppliers": len({row["supplier"] for row in rows}),
        "changes": len(rows) - len(bought),
        "quantity_lb": rounded(sum((row["quantity_lb"] for row in bought), ZERO)),
        "money": money.total,
        "known_money": money.known,
        "without_cost": money.unknown,
    }


ORDER_LIST: Final[Report[MillOrderListParams, MillOrderListRow]] = Report(
    name="order-list",
    title="Order list",
    titles={"es": "Lista de pedidos"},
    description="The advice of the newest plan that was accepted, by supplier: to be sent, and to be signed. "
    "Sums are of what is bought; lines that hasten, put off or give back are counted as changes.",
    params=MillOrderListParams,
    row=MillOrderListRow,
    build=order_list,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("supplier", "yarn_code", "action", "need_date"),
    causes=causes_of_stock,
    labels=LABELS,
    example={
        "params": {"supplier": "SUP-A"},
        "items": [
            {
                "supplier": "SUP-A", "yarn_code": "90001", "description": "1/150/36 POLY SEMI-DULL",
                "action": "ORDER", "quantity_lb": "600.0000", "release_date": "2025-09-15",
                "need_date": "2025-10-06", "po_no": None, "cost_per_lb": "4.2500", "money": "2550.00",
                "decided_by": "person:3", "note": None, "number": 4,
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "accepted": 1, "suppliers": 1, "changes": 0,
            "quantity_lb": "600.0000", "money": "2550.00", "known_money": "2550.00", "without_cost": 0,
        },
        "notes": ["Plan 41 as of 2025-09-03."],
    },
)  # fmt: skip

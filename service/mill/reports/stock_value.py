"""The report `stock-value`: what lies in store times its cost; what the books owe apart (E.12, F-71)."""

from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.queries.known import require_known
from service.mill.queries.stocks import StockAsk, StockedYarn, select_stocks
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_STOCK, SCOPES, framed, kept_day, no_such, stock_ask
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.costing import stock_value, sum_of
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.stock_reports import (
    MillStockParams,
    MillStockValueFigureParams,
    MillStockValueRow,
)

FIGURES: Final = {
    "theoretical_balance_lb": Figure("what lies there by the books (R3)"),
    "cost_per_lb": Figure("as the inventory states it; 0: the customer's own; null: nobody states it"),
    "value": Figure(
        "balance x cost to the cent where the balance is above 0, else 0 (E.12)",
        ("theoretical_balance_lb", "cost_per_lb"),
    ),
    "negative_value": Figure(
        "balance x cost to the cent where the balance is below 0, else 0 (E.12)",
        ("theoretical_balance_lb", "cost_per_lb"),
    ),
}


async def value_of_stock(conn: ReadConnection, params: MillStockParams, context: BuildContext) -> Built:
    """A row for each yarn of the inventory, the dearest first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_STOCK, params.as_of)
    found = await select_stocks(conn, stock_ask(params, await kept_day(conn, params.as_of)))
    rows = [_row(one) for one in found]
    rows.sort(key=lambda row: (-(row["value"] or ZERO), row["yarn_code"]))
    missing = [row for row in rows if row["reason"] is not None]
    doubts = [f"{len(missing)} yarns have no cost: their value is not known"] if missing else []
    return frame.built(rows, summary=_summary(rows, missing), doubts=doubts)


def _row(yarn: StockedYarn) -> dict[str, Any]:
    worth = stock_value(yarn.stock.theoretical, yarn.cost)
    return {
        "yarn_code": yarn.code,
        "description": yarn.description,
        "supplier": yarn.supplier,
        "customer": yarn.customer,
        "theoretical_balance_lb": rounded(yarn.stock.theoretical),
        "cost_per_lb": None if yarn.cost is None else rounded(yarn.cost),
        "value": worth.value if worth.value is None else rounded(worth.value, 2),
        "negative_value": worth.negative if worth.negative is None else rounded(worth.negative, 2),
        "reason": worth.reason,
    }


def _summary(rows: list[dict[str, Any]], missing: list[dict[str, Any]]) -> dict[str, Any]:
    value, negative = (sum_of(row[name] for row in rows) for name in ("value", "negative_value"))
    return {
        "yarns": len(rows),
        "value": value.total,
        "known_value": value.known,
        "negative_value": negative.total,
        "known_negative_value": negative.known,
        "without_cost": len(missing),
        "without_cost_lb": rounded(sum((row["theoretical_balance_lb"] for row in missing), ZERO)),
    }


async def explain_value(
    conn: ReadConnection, params: MillStockValueFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a yarn is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_STOCK, params.as_of)
    day = await kept_day(conn, params.as_of)
    found = await select_stocks(conn, StockAsk(code=params.yarn_code, day=day))
    if not found:
        raise no_such("yarn", params.yarn_code)
    subject = f"{params.yarn_code}, {frame.as_of}"
    return explanation(FIGURES, params.figure, subject, _row(found[0]), {}, frame.in_force.version)


STOCK_VALUE: Final[Report[MillStockParams, MillStockValueRow]] = Report(
    name="stock-value",
    title="Value of the stock",
    titles={"es": "Valor de las existencias"},
    description="What lies in store of each yarn times its cost. What is on order is not stock yet; a "
    "balance below zero stands apart; a yarn without cost is listed, never counted as nothing.",
    params=MillStockParams,
    row=MillStockValueRow,
    build=value_of_stock,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code",),
    causes=causes_of_stock,
    explain=explain_value,
    explain_params=MillStockValueFigureParams,
    explain_example={
        "params": {"yarn_code": "90002", "figure": "value"},
        "answer": {
            "subject": "90002, 2025-09-03",
            "value": "1319.20",
            "rule": FIGURES["value"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "theoretical_balance_lb", "value": "310.4000", "unit": "lb"},
                {"name": "cost_per_lb", "value": "4.2500", "unit": "money/lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {},
        "items": [
            {
                "yarn_code": "90002", "description": "30/1 COMBED COTTON", "supplier": "SUP-B",
                "customer": None, "theoretical_balance_lb": "310.4000", "cost_per_lb": "4.2500",
                "value": "1319.20", "negative_value": "0.00", "reason": None,
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "value": "1319.20", "known_value": "1319.20",
            "negative_value": "0.00", "known_negative_value": "0.00", "without_cost": 0,
            "without_cost_lb": "0.0000",
        },
    },
)  # fmt: skip

"""The report `safety-stock`: what each yarn needs against chance, when to order it, how much (E.6.8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.answers.yarn_states import YarnState
from service.mill.queries.known import require_known
from service.mill.queries.stocks import StockAsk
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_STOCK, SCOPES, framed, no_such, stock_ask
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.words import LABELS
from service.mill.reports.yarn_figures import FIGURES as OF_YARN
from service.mill.reports.yarn_figures import states_of
from service.mill.rules.balances import NO_DEMAND
from service.mill.rules.lots import lead_time
from service.mill.rules.quantities import rounded
from service.mill.rules.reserves import Reserve, lead_sigma, reserve
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.stock_reports import (
    MillSafetyStockFigureParams,
    MillSafetyStockParams,
    MillSafetyStockRow,
)

FIGURES: Final[Mapping[str, Figure]] = {
    "weekly_demand_lb": OF_YARN["weekly_demand_lb"],
    "daily_demand_lb": Figure("weekly demand / 7", ("weekly_demand_lb",)),
    "sigma_lb": Figure(
        "daily demand x demand_variation where that is stated; else the standard deviation of the weeks of "
        "dated demand / square root of 7; null: neither is known",
        ("daily_demand_lb", "dated_demand_lb"),
        "demand_variation",
    ),
    "lead_days": Figure("of the yarn, else of its supplier, else of the supplier's origin", ("lead_source",)),
    "safety_stock_lb": Figure(
        "service_z x square root of (lead days x sigma squared + (daily demand x sigma of the lead) squared)",
        ("daily_demand_lb", "sigma_lb", "lead_days", "lead_sigma_days"),
        "service_z",
    ),
    "reorder_point_lb": Figure(
        "daily demand x lead days + safety stock", ("daily_demand_lb", "lead_days", "safety_stock_lb")
    ),
    "economic_lb": Figure(
        "square root of (2 x weekly demand x 52 x order_cost / (cost x holding_rate)); null without a cost",
        ("weekly_demand_lb", "order_cost", "cost_per_lb", "holding_rate"),
    ),
}


async def safety_stock(conn: ReadConnection, params: MillSafetyStockParams, context: BuildContext) -> Built:
    """A row for each yarn of the inventory, the lowest planning balance first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_STOCK)
    states = await states_of(conn, frame, stock_ask(params, None))
    rows = [_row(one) for one in states]
    known = [row["safety_stock_lb"] for row in rows if row["safety_stock_lb"] is not None]
    summary = {
        "yarns": len(rows),
        "known": len(known),
        "safety_stock_lb": rounded(sum(known, Decimal(0))),
        "without_known_demand": sum(row["weekly_demand_lb"] is None for row in rows),
    }
    notes = ["Plans keep the safety stock that is set for a yarn; what is computed here is advice."]
    return frame.built(rows, summary=summary, doubts=frame.plan.missing, notes=[*notes, *frame.plan.notes])


def _row(state: YarnState) -> dict[str, Any]:
    yarn, parameters = state.yarn, state.parameters
    lead = lead_time(yarn.lead_days, yarn.supplier_days, yarn.origin, parameters)
    known = {
        "yarn_code": yarn.code,
        "description": yarn.description,
        "supplier": yarn.supplier,
        "lead_days": lead.days,
        "lead_source": lead.source,
        "lead_sigma_days": lead_sigma(yarn.origin, parameters),
        "set_safety_stock_lb": rounded(yarn.safety),
    }
    if state.weekly is None:
        return {**known, **_UNKNOWN}
    found = reserve(state.dated, state.weekly, lead, yarn.origin, yarn.cost, parameters)
    return {
        **known, "method": state.weekly.method, "weekly_demand_lb": rounded(state.weekly.value),
        **_figures(found),
    }  # fmt: skip


def _figures(found: Reserve) -> dict[str, Any]:
    spread = found.spread
    return {
        "daily_demand_lb": found.daily,
        "sigma_lb": None if spread is None else spread.sigma,
        "sigma_source": None if spread is None else spread.source,
        "safety_stock_lb": found.safety,
        "reorder_point_lb": found.reorder,
        "economic_lb": found.economic,
        "reasons": ", ".join(found.reasons),
    }


_UNKNOWN: Final[Mapping[str, Any]] = {
    "method": None, "weekly_demand_lb": None, "daily_demand_lb": None, "sigma_lb": None, "sigma_source": None,
    "safety_stock_lb": None, "reorder_point_lb": None, "economic_lb": None, "reasons": NO_DEMAND,
}  # fmt: skip


async def explain_safety_stock(
    conn: ReadConnection, params: MillSafetyStockFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a yarn is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_STOCK)
    found = await states_of(conn, frame, StockAsk(code=params.yarn_code))
    if not found:
        raise no_such("yarn", params.yarn_code)
    values, version = frame.parameters.as_values(), frame.in_force.version
    money = {name: values[name] for name in ("order_cost", "holding_rate")}
    facts = {**found[0].facts(), **money, "cost_per_lb": found[0].yarn.cost, **_row(found[0])}
    subject = f"{params.yarn_code}, {frame.as_of}"
    return explanation(FIGURES, params.figure, subject, facts, values, version)


SAFETY_STOCK: Final[Report[MillSafetyStockParams, MillSafetyStockRow]] = Report(
    name="safety-stock",
    title="Safety stock, reorder point and economic quantity",
    titles={"es": "Existencias de seguridad, punto de pedido y cantidad económica"},
    description="What each yarn's demand and lead time ask for: safety stock at the service level, the stock "
    "at which to order, the quantity that costs least; null where demand, its spread or the cost is unknown.",
    params=MillSafetyStockParams,
    row=MillSafetyStockRow,
    build=safety_stock,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code",),
    explain=explain_safety_stock,
    explain_params=MillSafetyStockFigureParams,
    explain_example={
        "params": {"yarn_code": "90010", "figure": "reorder_point_lb"},
        "answer": {
            "subject": "90010, 2025-09-03",
            "value": "1553.4080",
            "unit": "lb",
            "rule": FIGURES["reorder_point_lb"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "daily_demand_lb", "value": "100.0000", "unit": "lb"},
                {"name": "lead_days", "value": 14, "unit": "days"},
                {"name": "safety_stock_lb", "value": "153.4080", "unit": "lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"q": "90010"},
        "items": [
            {
                "yarn_code": "90010", "description": "1/150/36 POLY", "supplier": "SUP-A",
                "method": "consumed", "weekly_demand_lb": "700.0000", "daily_demand_lb": "100.0000",
                "sigma_lb": "20.0000", "sigma_source": "parameter", "lead_days": 14, "lead_source": "yarn",
                "lead_sigma_days": 0, "safety_stock_lb": "153.4080", "reorder_point_lb": "1553.4080",
                "economic_lb": "2336.6643", "set_safety_stock_lb": "0.0000", "reasons": "",
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "known": 1, "safety_stock_lb": "153.4080",
            "without_known_demand": 0,
        },
        "notes": ["Plans keep the safety stock that is set for a yarn; what is computed here is advice."],
    },
)  # fmt: skip

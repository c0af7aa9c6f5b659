"""The report `forecast-shortages`: what the coming weeks take that nobody brings (A.5, F-14, F-16)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.answers.yarn_states import YarnState
from service.mill.queries.known import require_known
from service.mill.queries.stocks import StockAsk
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_STOCK, SCOPES, framed, no_such, stock_ask
from service.mill.reports.shortages import LIFETIME, RISKS, at_least
from service.mill.reports.words import LABELS
from service.mill.reports.yarn_figures import FIGURES as OF_YARN
from service.mill.reports.yarn_figures import states_of
from service.mill.rules.balances import Stock, forecast_shortage
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.stock_reports import (
    MillForecastFigureParams,
    MillForecastParams,
    MillForecastRow,
)

FIGURES: Final[Mapping[str, Figure]] = {
    "theoretical_balance_lb": OF_YARN["theoretical_balance_lb"],
    "balance_lb": Figure(
        "theoretical balance + on order, and allocated only where the demand is not of orders (R8)",
        ("theoretical_balance_lb", "on_order_lb", "allocated_lb", "balance_kind"),
    ),
    "weekly_demand_lb": OF_YARN["weekly_demand_lb"],
    "requirement_lb": Figure(
        "pounds of demand / weeks they are of x weeks of the forecast",
        ("demand_pounds_lb", "demand_weeks"),
        "forecast_weeks",
    ),
    "net_position_lb": Figure("balance - requirement", ("balance_lb", "requirement_lb")),
    "net_shortage_lb": Figure("what the net position is below 0, else 0", ("net_position_lb",)),
    "stock_out_day": Figure(
        "whole days: theoretical balance x weeks x 7 / pounds, down, at least 0 (F-14)",
        ("theoretical_balance_lb", "demand_pounds_lb", "demand_weeks"),
    ),
    "stock_out_week": Figure(
        "whole weeks of these days and 1, at most the last of the forecast",
        ("stock_out_day",),
        "forecast_weeks",
    ),
    "urgency": Figure(
        "CRITICAL, HIGH, MEDIUM below the days in turn, each strict; else LOW (F-14)",
        ("stock_out_day",),
        "urgency_days",
    ),
}


async def forecast_shortages(
    conn: ReadConnection, params: MillForecastParams, context: BuildContext
) -> Built:
    """A row for each yarn that the forecast's weeks leave short, the most urgent first."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_STOCK)
    states = await states_of(conn, frame, stock_ask(params, None))
    rows = [row for one in states if (row := _row(one, frame.parameters)) and row["net_shortage_lb"] > 0]
    shown = [
        row for row in rows if params.min_urgency is None or at_least(row["urgency"], params.min_urgency)
    ]
    shown.sort(key=lambda row: (RISKS.index(row["urgency"]), -row["net_shortage_lb"], row["yarn_code"]))
    unknown = sum(one.weekly is None for one in states)
    summary = {
        "yarns": len(shown),
        **{name.lower(): sum(row["urgency"] == name for row in shown) for name in RISKS},
        "net_shortage_lb": rounded(sum((row["net_shortage_lb"] for row in shown), ZERO)),
        "without_known_demand": unknown,
    }
    notes = [f"Over {frame.parameters.forecast_weeks} weeks.", *frame.plan.notes]
    if unknown:
        notes.append(f"{unknown} yarns have no known demand (NO_DEMAND): nothing is foretold of them.")
    return frame.built(shown, summary=summary, doubts=frame.plan.missing, notes=notes)


def _row(state: YarnState, parameters: Parameters) -> dict[str, Any] | None:
    """None where no demand is known."""
    if state.weekly is None:
        return None
    against = _without_orders(state)
    found = forecast_shortage(against, state.weekly, parameters)
    return {
        "yarn_code": state.yarn.code,
        "description": state.yarn.description,
        "supplier": state.yarn.supplier,
        "theoretical_balance_lb": rounded(state.stock.theoretical),
        "balance_lb": rounded(against.planning),
        "balance_kind": "planning_balance" if against is state.stock else "without_allocated",
        "weekly_demand_lb": rounded(state.weekly.value),
        "method": state.weekly.method,
        "requirement_lb": rounded(found.requirement),
        "net_position_lb": rounded(found.net_position),
        "net_shortage_lb": rounded(found.shortage),
        "stock_out_day": found.stock_out_day,
        "stock_out_week": found.week,
        "urgency": found.urgency,
    }


def _without_orders(state: YarnState) -> Stock:
    """R8: `allocated` is what orders ask for; demand that comes from orders is not taken off twice."""
    assert state.weekly is not None
    return state.stock if state.weekly.method == "consumed" else replace(state.stock, allocated=ZERO)


async def explain_forecast(
    conn: ReadConnection, params: MillForecastFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a yarn is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_STOCK)
    found = await states_of(conn, frame, StockAsk(code=params.yarn_code))
    row = _row(found[0], frame.parameters) if found else None
    if row is None:
        raise no_such("yarn with a known demand", params.yarn_code)
    facts = {**found[0].facts(), **row}
    values, version = frame.parameters.as_values(), frame.in_force.version
    subject = f"{params.yarn_code}, {frame.as_of}"
    return explanation(FIGURES, params.figure, subject, facts, values, version)


FORECAST_SHORTAGES: Final[Report[MillForecastParams, MillForecastRow]] = Report(
    name="forecast-shortages",
    title="Forecast shortages",
    titles={"es": "Faltas previstas"},
    description="What each yarn lacks over the weeks of the forecast at its weekly demand, the day on which "
    "what lies there is used up, and how urgent that is.",
    params=MillForecastParams,
    row=MillForecastRow,
    build=forecast_shortages,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code",),
    explain=explain_forecast,
    explain_params=MillForecastFigureParams,
    explain_example={
        "params": {"yarn_code": "90010", "figure": "net_position_lb"},
        "answer": {
            "subject": "90010, 2025-09-03",
            "value": "-800.0000",
            "unit": "lb",
            "rule": FIGURES["net_position_lb"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "balance_lb", "value": "500.0000", "unit": "lb"},
                {"name": "requirement_lb", "value": "1300.0000", "unit": "lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {},
        "items": [
            {
                "yarn_code": "90010", "description": "1/150/36 POLY", "supplier": "SUP-A",
                "theoretical_balance_lb": "250.0000", "balance_lb": "500.0000",
                "balance_kind": "planning_balance", "weekly_demand_lb": "100.0000", "method": "consumed",
                "requirement_lb": "1300.0000", "net_position_lb": "-800.0000",
                "net_shortage_lb": "800.0000", "stock_out_day": 17, "stock_out_week": 3, "urgency": "HIGH",
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "yarns": 1, "critical": 0, "high": 1, "medium": 0, "low": 0,
            "net_shortage_lb": "800.0000", "without_known_demand": 0,
        },
        "notes": ["Over 13 weeks."],
    },
)  # fmt: skip

"""The figures of a yarn that lies in store: what each follows from, and how its row is found again."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from service.core.database import ReadConnection
from service.mill.answers.newest import NewestPlan
from service.mill.answers.yarn_states import YarnState, yarn_states
from service.mill.queries.stocks import StockAsk, select_stocks
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_STOCK, Frame, framed, kept_day, no_such
from service.reporting.report import BuildContext
from service.schemas.envelope import Explanation
from service.schemas.mill.stock_reports import YarnFigureParams

FIGURES: Final[Mapping[str, Figure]] = {
    "theoretical_balance_lb": Figure(
        "beginning + received + consumed + adjustments + misc; what was consumed is stored negative (R3)",
        ("beginning_balance_lb", "received_lb", "consumed_lb", "adjustments_lb", "misc_lb"),
    ),
    "allocated_lb": Figure("as the inventory has it: promised to orders, stored negative (R2)"),
    "on_order_lb": Figure("as the inventory has it: bought and not yet received"),
    "min_stock_lb": Figure("as it was set for the yarn"),
    "planning_balance_lb": Figure(
        "theoretical balance + allocated + on order (R3)",
        ("theoretical_balance_lb", "allocated_lb", "on_order_lb"),
    ),
    "available_now_lb": Figure(
        "theoretical balance + allocated (R3)", ("theoretical_balance_lb", "allocated_lb")
    ),
    "shortage_lb": Figure(
        "least stock - planning balance where that is above 0, else 0; equal is not short (R4)",
        ("min_stock_lb", "planning_balance_lb"),
    ),
    "risk": Figure(
        "CRITICAL, HIGH, MEDIUM below the thresholds in turn, each strict; else LOW (R4)",
        ("planning_balance_lb",),
        "risk_balance_levels",
    ),
    "balance_score": Figure(
        "a point for each hundred pounds that the planning balance is below 0, at most 100 (A.3)",
        ("planning_balance_lb",),
    ),
    "criticality_score": Figure(
        "points of shortage + weeks of supply + nothing on order + high demand, each limit strict (A.3)",
        ("shortage_lb", "weeks_of_supply", "on_order_lb", "weekly_demand_lb", "criticality_parts"),
        "criticality_weights",
    ),
    "criticality": Figure(
        "CRITICAL, HIGH, MEDIUM from the thresholds in turn on; else LOW (A.3)",
        ("criticality_score",),
        "criticality_levels",
    ),
    "weekly_demand_lb": Figure(
        "pounds / weeks of the first source that knows any: dated demand of the newest plan, consumption of "
        "the month, allocated over the production cycle; null: none does (E.3)",
        ("demand_pounds_lb", "demand_weeks", "weeks_method", "dated_demand_lb"),
        "weekly_demand_source",
    ),
    "weeks_of_supply": Figure(
        "full weeks of dated demand that the balance covers and the part of the next; without dated demand "
        "balance x weeks / pounds; 0 where nothing lies there; null where no demand is known (E.3)",
        ("theoretical_balance_lb", "dated_demand_lb", "demand_pounds_lb", "demand_weeks", "weeks_method"),
    ),
    "first_short_on": Figure(
        "the first day that the newest plan has below the level of shortage, day by day",
        ("first_short_on", "first_short_lb", "culprit_orders"),
        "weekly_shortage_level",
    ),
    "first_short_lb": Figure(
        "what is missing at the end of that day; the orders lack it in their order of service",
        ("first_short_on", "culprit_orders"),
        "weekly_shortage_level",
    ),
}


async def states_of(
    conn: ReadConnection, frame: Frame, asked: StockAsk, yarns: Any = None
) -> list[YarnState]:
    """The states of the yarns asked for (or of those given), on the frame's day."""
    found = await select_stocks(conn, asked) if yarns is None else yarns
    # An inventory of another day is held against no plan: plans are of the data of now.
    plan = frame.plan if asked.day is None else NewestPlan()
    return await yarn_states(conn, found, frame.parameters, plan, frame.as_of)


async def explain_yarn(conn: ReadConnection, params: YarnFigureParams, context: BuildContext) -> Explanation:
    """Why a figure of a yarn is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_STOCK, params.as_of)
    asked = StockAsk(code=params.yarn_code, day=await kept_day(conn, params.as_of))
    found = await states_of(conn, frame, asked)
    if not found:
        raise no_such("yarn", params.yarn_code)
    return explanation(
        FIGURES,
        params.figure,
        f"{params.yarn_code}, {frame.as_of}",
        found[0].facts(),
        frame.parameters.as_values(),
        frame.in_force.version,
        f"/v1/mill/yarns/{quote(params.yarn_code)}",
    )


EXPLAINED: Final[Mapping[str, Any]] = {
    "params": {"yarn_code": "90002", "figure": "planning_balance_lb"},
    "answer": {
        "subject": "90002, 2025-09-03",
        "value": "65.2500",
        "unit": "lb",
        "rule": FIGURES["planning_balance_lb"].rule,
        "rule_version": "mill-parameters/defaults",
        "inputs": [
            {"name": "theoretical_balance_lb", "value": "310.4000", "unit": "lb"},
            {"name": "allocated_lb", "value": "-245.1500", "unit": "lb"},
            {"name": "on_order_lb", "value": "0.0000", "unit": "lb"},
        ],
    },
}

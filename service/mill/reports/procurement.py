"""The report `procurement`: what to buy or move, by when it has to leave, and why (E.6.7, E.6.10, F-17)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.order_list import need_day
from service.mill.answers.yarn_states import YarnState
from service.mill.queries.advice import select_advice
from service.mill.queries.known import require_known
from service.mill.queries.stocks import StockAsk
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import SCOPES, Frame, framed, no_such
from service.mill.reports.shortages import LIFETIME
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.reports.yarn_figures import states_of
from service.mill.rules.actions import BUYS
from service.mill.rules.balances import predecessor_order
from service.mill.rules.costing import sum_of
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.sources import PLAN_NEEDS
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.plan_reports import (
    MillProcurementFigureParams,
    MillProcurementParams,
    MillProcurementRow,
)

_GIVEN_UP: Final = ("dismissed", "superseded")
FIGURES: Final[Mapping[str, Figure]] = {
    "quantity_lb": Figure(
        "what is missing, raised to the least quantity, up to the multiple, split by the most (E.6.6)",
        ("trigger",),
    ),
    "release_date": Figure(
        "need date - lead days, the working day before; never before the as-of day (E.6.7)",
        ("need_date", "lead_days", "as_of"),
    ),
    "days_late": Figure(
        "release date + lead days - need date where that is above 0",
        ("release_date", "lead_days", "need_date"),
    ),
    "money": Figure("quantity x cost, to the cent", ("quantity_lb", "cost_per_lb")),
    "predecessor_lb": Figure(
        "the larger of weekly demand x 4 x 1.2 and shortage x 1.5, less what is on order, at least 0; "
        "the shortage is what the planning balance is below 0 (A.3): shown beside the advice, never used",
        ("weekly_demand_lb", "planning_balance_lb", "on_order_lb"),
    ),
}


async def procurement(conn: ReadConnection, params: MillProcurementParams, context: BuildContext) -> Built:
    """A row for each piece of advice, what has to leave first before the others."""
    await require_known(conn, params)
    frame = await framed(conn, context, PLAN_NEEDS)
    if frame.plan.id is None:
        return frame.built([], summary=_summary([]), doubts=frame.plan.doubts)
    found = await select_advice(
        conn, frame.plan.id, action=params.action, state=params.state, supplier=params.supplier,
        yarn=params.yarn,
    )  # fmt: skip
    states = {one.yarn.id: one for one in await states_of(conn, frame, StockAsk(code=params.yarn))}
    rows = [_row(one, states.get(one.yarn_id), frame.plan.as_of) for one in found]
    return frame.built(rows, summary=_summary(rows), doubts=frame.plan.doubts, notes=frame.plan.notes)


def _row(one: Row[Any], state: YarnState | None, as_of: date | None) -> dict[str, Any]:
    buys = one.action in BUYS and one.quantity is not None and one.cost_per_lb is not None
    return {
        "number": one.seq,
        "yarn_code": one.yarn_code,
        "supplier": one.supplier_code,
        "action": one.action,
        "quantity_lb": None if one.quantity is None else rounded(one.quantity),
        "from_date": one.from_date,
        "need_date": need_day(one, as_of),
        "release_date": one.release_date,
        "days_late": one.days_late,
        "lead_days": one.lead_days,
        "lead_source": one.lead_source,
        "cost_per_lb": None if one.cost_per_lb is None else rounded(one.cost_per_lb),
        "money": rounded(one.quantity * one.cost_per_lb, 2) if buys else None,
        "po_no": one.po_no,
        "trigger": "; ".join(f"{name} {_told(value)}" for name, value in one.trigger.items()),
        "alternatives": one.alternatives,
        "predecessor_lb": None if state is None else _predecessor(state),
        "state": one.state,
        "assignee": one.assignee,
    }


def _told(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def _predecessor(state: YarnState) -> Decimal | None:
    if state.weekly is None:
        return None
    short = max(ZERO, -state.stock.planning)
    return rounded(predecessor_order(state.weekly.value, short, state.stock.on_order))


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    bought = [row for row in rows if row["action"] in BUYS and row["state"] not in _GIVEN_UP]
    money = sum_of(row["money"] for row in bought)
    return {
        "advice": len(rows),
        "to_buy_lb": rounded(sum((row["quantity_lb"] or ZERO for row in bought), ZERO)),
        "money": money.total,
        "known_money": money.known,
        "without_cost": money.unknown,
        "late": sum((row["days_late"] or 0) > 0 for row in rows),
        "undecided": sum(row["state"] == "open" for row in rows),
    }


async def explain_advice(
    conn: ReadConnection, params: MillProcurementFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of a piece of advice is what it is. Raises `NotFound`."""
    frame: Frame = await framed(conn, context, PLAN_NEEDS)
    run = frame.plan.id
    found = [] if run is None else await select_advice(conn, run, number=params.number)
    if not found:
        raise no_such("advice", str(params.number))
    states = await states_of(conn, frame, StockAsk(code=found[0].yarn_code))
    row = _row(found[0], states[0] if states else None, frame.plan.as_of)
    stock = states[0].facts() if states else {}
    facts = {**stock, **row, "as_of": frame.plan.as_of, "trigger": found[0].trigger}
    for name in FIGURES[params.figure].of:
        facts.setdefault(name, None)
    subject = f"{row['action']} {row['yarn_code']}, plan {run}"
    version = frame.plan.rules_version or frame.in_force.version
    return explanation(FIGURES, params.figure, subject, facts, {}, version, f"/v1/mill/plan-runs/{run}")


PROCUREMENT: Final[Report[MillProcurementParams, MillProcurementRow]] = Report(
    name="procurement",
    title="What to buy and to move",
    titles={"es": "Qué comprar y qué mover"},
    description="The advice of the newest plan for each yarn: lot-sized quantity, need date, the day the "
    "order has to leave, how late it is, the values that led to it, and approved substitutes.",
    params=MillProcurementParams,
    row=MillProcurementRow,
    build=procurement,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("yarn_code", "action", "need_date", "po_no"),
    causes=causes_of_stock,
    explain=explain_advice,
    explain_params=MillProcurementFigureParams,
    explain_example={
        "params": {"number": 1, "figure": "release_date"},
        "answer": {
            "subject": "RELEASE Y3, plan 41",
            "value": "2025-09-03",
            "rule": FIGURES["release_date"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "need_date", "value": "2025-09-03"},
                {"name": "lead_days", "value": 21, "unit": "days"},
                {"name": "as_of", "value": "2025-09-03"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"action": "RELEASE"},
        "items": [
            {
                "number": 1, "yarn_code": "Y3", "supplier": None, "action": "RELEASE",
                "quantity_lb": "600.0000", "from_date": None, "need_date": "2025-09-03",
                "release_date": "2025-09-03", "days_late": 21, "lead_days": 21,
                "lead_source": "default:unknown", "cost_per_lb": None, "money": None, "po_no": None,
                "trigger": "balance -600.0000; safety_stock 0.0000; missing 600.0000", "alternatives": "",
                "predecessor_lb": None, "state": "open", "assignee": None,
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "advice": 1, "to_buy_lb": "600.0000", "money": None, "known_money": "0.00",
            "without_cost": 1, "late": 1, "undecided": 1,
        },
        "notes": ["Plan 41 as of 2025-09-03."],
    },
)  # fmt: skip

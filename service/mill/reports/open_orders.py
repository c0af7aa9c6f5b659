"""The report `open-orders`: how far each knit order is, and what is at stake with it (F-73, F-78)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries.known import require_known
from service.mill.queries.order_book import select_order_book
from service.mill.reports.explained import Figure, explanation
from service.mill.reports.frame import OF_ORDERS, SCOPES, Frame, framed, no_such
from service.mill.reports.shortages import LIFETIME, RISKS, at_least
from service.mill.reports.signed import causes_of_stock
from service.mill.reports.words import LABELS
from service.mill.rules.orders import Progress, days_until, order_risk
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.reporting.report import BuildContext, Built, Report
from service.schemas.envelope import Explanation
from service.schemas.mill.order_reports import (
    MillOpenOrderFigureParams,
    MillOpenOrderRow,
    MillOpenOrdersParams,
)

FIGURES: Final[Mapping[str, Figure]] = {
    "balance_lb": Figure(
        "ordered - produced - shipped + rejects, at least 0: rejects are knitted again (R5)",
        ("ordered_lb", "produced_lb", "shipped_lb", "seconds_lb"),
    ),
    "completion_percent": Figure(
        "(produced + shipped) x 100 / ordered", ("produced_lb", "shipped_lb", "ordered_lb")
    ),
    "over_shipped_percent": Figure(
        "(shipped - ordered) x 100 / ordered where that is more than is allowed, else null",
        ("shipped_lb", "ordered_lb"),
        "over_ship_pct",
    ),
    "days_until_due": Figure("due date - as-of date, in whole days (R14)", ("due_date", "as_of")),
    "risk_score": Figure(
        "delivery + quantity + production + material; null without a due date (A.10)",
        ("risk_delivery", "risk_quantity", "risk_production", "risk_material"),
    ),
    "risk": Figure(
        "CRITICAL, HIGH, MEDIUM from the thresholds in turn on; else LOW",
        ("risk_score",),
        "criticality_levels",
    ),
    "risk_delivery": Figure(
        "more than 30 days late 40 (15 if started); late 30 + days/3 (10 if started); due within 7 days 20; "
        "else 20 - days/2, at least 0",
        ("days_until_due", "started"),
    ),
    "risk_quantity": Figure(
        "less than 25 lb left 0; more than 5,000: 30; more than 2,000: 20; else 10", ("balance_lb",)
    ),
    "risk_production": Figure("less than 25 lb left 0; not started 20; else 10", ("balance_lb", "started")),
    "risk_material": Figure("10 without a recipe, else 0", ("has_recipe",)),
}


async def open_orders(conn: ReadConnection, params: MillOpenOrdersParams, context: BuildContext) -> Built:
    """A row for each order that is not finished, in the order of service."""
    await require_known(conn, params)
    frame = await framed(conn, context, OF_ORDERS)
    found = await select_order_book(
        conn, frame.as_of, frame.plan.id if frame.plan.current else None, status=params.status,
        style=params.style, q=params.q, late=params.late,
    )  # fmt: skip
    rows = [_row(one, frame.as_of, frame.parameters) for one in found]
    least = params.min_risk
    shown = [row for row in rows if least is None or (row["risk"] and at_least(row["risk"], least))]
    return frame.built(shown, summary=_summary(shown), doubts=_doubts(frame, shown), notes=frame.plan.notes)


def _row(one: Row[Any], as_of: date, parameters: Parameters) -> dict[str, Any]:
    progress = Progress(one.quantity, one.produced, one.shipped, one.seconds)
    days = days_until(one.due_date, as_of)
    risk = order_risk(
        days, progress.balance, started=progress.started, has_recipe=one.has_recipe, parameters=parameters
    )
    return {
        "order_no": one.order_no,
        "style_code": one.style_code,
        "customer_ref": one.customer_ref,
        "status": one.status,
        "priority": one.priority,
        "ordered_lb": rounded(one.quantity),
        "produced_lb": rounded(one.produced),
        "shipped_lb": rounded(one.shipped),
        "seconds_lb": rounded(one.seconds),
        "balance_lb": rounded(progress.balance),
        "completion_percent": _percent(progress.completion),
        "over_shipped_percent": _percent(progress.over_shipped(parameters)),
        "start_date": one.start_date,
        "due_date": one.due_date,
        "days_until_due": days,
        "kit_status": one.kit_status,
        "coverage_percent": None if one.coverage is None else _percent(one.coverage * 100),
        "ready_on": one.ready_on,
        "has_recipe": one.has_recipe,
        "risk_score": _percent(risk.score),
        "risk": risk.level,
        "risk_delivery": _percent(risk.delivery),
        "risk_quantity": risk.quantity,
        "risk_production": risk.production,
        "risk_material": risk.material,
        "reason": one.reason or risk.reason or (None if one.has_recipe else "NO_BOM"),
    }


def _percent(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value, 2)


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    overdue = [row for row in rows if (row["days_until_due"] or 0) < 0]
    return {
        "orders": len(rows),
        "balance_lb": rounded(sum((row["balance_lb"] for row in rows), ZERO)),
        "overdue": len(overdue),
        "overdue_lb": rounded(sum((row["balance_lb"] for row in overdue), ZERO)),
        "without_recipe": sum(not row["has_recipe"] for row in rows),
        "over_shipped": sum(row["over_shipped_percent"] is not None for row in rows),
        **{name.lower(): sum(row["risk"] == name for row in rows) for name in RISKS},
    }


def _doubts(frame: Frame, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    without = sum(not row["has_recipe"] for row in rows)
    told = [f"{without} orders have no recipe: what they need is not known"] if without else []
    return [*frame.plan.missing, *told]


async def explain_order(
    conn: ReadConnection, params: MillOpenOrderFigureParams, context: BuildContext
) -> Explanation:
    """Why a figure of an order is what it is. Raises `NotFound`."""
    frame = await framed(conn, context, OF_ORDERS)
    found = await select_order_book(conn, frame.as_of, None, number=params.order_no)
    if not found:
        raise no_such("order", params.order_no)
    row = _row(found[0], frame.as_of, frame.parameters)
    facts = {**row, "as_of": frame.as_of, "started": row["produced_lb"] + row["shipped_lb"] > 0}
    values, version = frame.parameters.as_values(), frame.in_force.version
    return explanation(FIGURES, params.figure, f"{params.order_no}, {frame.as_of}", facts, values, version)


OPEN_ORDERS: Final[Report[MillOpenOrdersParams, MillOpenOrderRow]] = Report(
    name="open-orders",
    title="Open knit orders",
    titles={"es": "Órdenes de tejido abiertas"},
    description="Each knit order that is not finished, in the order of service: what remains, when it is "
    "due, whether its yarn is there, and its risk with the parts it is made of.",
    params=MillOpenOrdersParams,
    row=MillOpenOrderRow,
    build=open_orders,
    scope=lambda _: SCOPES,
    lifetime=LIFETIME,
    key=("order_no",),
    causes=causes_of_stock,
    explain=explain_order,
    explain_params=MillOpenOrderFigureParams,
    explain_example={
        "params": {"order_no": "KO-700001", "figure": "balance_lb"},
        "answer": {
            "subject": "KO-700001, 2025-09-03",
            "value": "662.0000",
            "unit": "lb",
            "rule": FIGURES["balance_lb"].rule,
            "rule_version": "mill-parameters/defaults",
            "inputs": [
                {"name": "ordered_lb", "value": "1800.0000", "unit": "lb"},
                {"name": "produced_lb", "value": "260.5000", "unit": "lb"},
                {"name": "shipped_lb", "value": "940.0000", "unit": "lb"},
                {"name": "seconds_lb", "value": "62.5000", "unit": "lb"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"late": False},
        "items": [
            {
                "order_no": "KO-700001", "style_code": "GK1001/1", "customer_ref": None,
                "status": "in_progress", "priority": 3, "ordered_lb": "1800.0000", "produced_lb": "260.5000",
                "shipped_lb": "940.0000", "seconds_lb": "62.5000", "balance_lb": "662.0000",
                "completion_percent": "66.69", "over_shipped_percent": None, "start_date": "2025-08-18",
                "due_date": "2025-09-11", "days_until_due": 8, "kit_status": "READY",
                "coverage_percent": "100.00", "ready_on": "2025-09-03", "has_recipe": True,
                "risk_score": "36.00", "risk": "MEDIUM", "risk_delivery": "16.00", "risk_quantity": 10,
                "risk_production": 10, "risk_material": 0, "reason": None,
            }
        ],
        "summary": {
            "as_of": "2025-09-03", "orders": 1, "balance_lb": "662.0000", "overdue": 0,
            "overdue_lb": "0.0000", "without_recipe": 0, "over_shipped": 0, "critical": 0, "high": 0,
            "medium": 1, "low": 0,
        },
    },
)  # fmt: skip

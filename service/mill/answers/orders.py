"""Knit orders as they are answered."""

from datetime import date
from typing import Any

from sqlalchemy import Row

from service.mill.answers.shown import decimals, lb
from service.mill.rules.ground import OPEN, OrderGround
from service.mill.rules.orders import OrderRisk, Progress, days_until, order_risk
from service.mill.rules.parameters import Parameters


def progress_of(row: Row[Any]) -> Progress:
    """Pounds of an order (R5)."""
    return Progress(row.quantity, row.produced, row.shipped, row.seconds)


def order_object(row: Row[Any], as_of: date, parameters: Parameters) -> dict[str, Any]:
    """An order on a day."""
    progress = progress_of(row)
    days = days_until(row.due_date, as_of)
    return {
        "order_no": row.order_no,
        "style_code": row.style_code,
        "status": row.status,
        "priority": row.priority,
        "demand_kind": row.demand_kind,
        "quantity_lb": lb(row.quantity),
        "produced_lb": lb(row.produced),
        "shipped_lb": lb(row.shipped),
        "seconds_lb": lb(row.seconds),
        "balance_lb": lb(row.balance),
        "completion_pct": decimals(progress.completion, 2),
        "over_shipped_pct": decimals(progress.over_shipped(parameters), 2),
        "start_date": row.start_date,
        "due_date": row.due_date,
        "scheduled_date": row.scheduled_date,
        "days_until_due": days,
        "late": row.status in OPEN and row.balance > 0 and days is not None and days < 0,
        "machine_code": row.machine_code,
        "customer": row.customer_ref,
        "sales_order": row.sales_order_ref,
        "closed_reason": row.closed_reason,
        "row_version": row.row_version,
    }


def need_of(row: Row[Any], parameters: Parameters) -> date | None:
    """When the yarn of an order has to be there (E.6.1); None: it has no date."""
    order = OrderGround(
        id=row.id, number=row.order_no, style=row.style_code, pounds=row.balance, priority=row.priority,
        status=row.status, start=row.start_date, due=row.due_date,
    )  # fmt: skip
    return order.needed(parameters)


def risk_of(row: Row[Any], as_of: date, parameters: Parameters, *, has_recipe: bool) -> OrderRisk:
    """What is at stake with an order on a day (A.10)."""
    days = days_until(row.due_date, as_of)
    return order_risk(
        days, row.balance, started=progress_of(row).started, has_recipe=has_recipe, parameters=parameters
    )


def risk_object(risk: OrderRisk) -> dict[str, Any]:
    """A risk with its parts."""
    return {
        **risk._asdict(),
        "score": decimals(risk.score, 2),
        "delivery": decimals(risk.delivery, 2),
    }

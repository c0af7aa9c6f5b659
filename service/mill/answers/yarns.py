"""Yarns, suppliers and receipts as the wire has them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.errors import unknown_value
from service.mill.answers.timelines import Timeline
from service.mill.answers.yarn_states import PARTS, YarnState
from service.mill.rules.balances import Stock, balance_score, risk
from service.mill.rules.lots import lead_time
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import EXACT, ZERO, rounded
from service.schemas.mill.yarns import YarnItem

_FIELDS: Final = tuple(YarnItem.model_fields)


def text_of(value: Decimal | None, places: int = 4) -> str | None:
    """A decimal string."""
    return None if value is None else f"{rounded(value, places):f}"


def fields_asked(fields: str | None) -> Sequence[str]:
    """The fields of a list's items. Raises `Invalid` for one that there is not."""
    if fields is None:
        return _FIELDS
    asked = [one.strip() for one in fields.split(",") if one.strip()]
    for one in asked:
        if one not in _FIELDS:
            raise unknown_value("/query/fields", "field", one, _FIELDS)
    return list(dict.fromkeys(("yarn_code", *asked)))


def yarn_item(row: Row[Any], fields: Sequence[str], parameters: Parameters) -> dict[str, Any]:
    """A yarn of a list; without a row of the inventory it has no balances."""
    known = row.planning_balance is not None
    short = max(ZERO, row.min_stock - row.planning_balance) if known else None
    item = {
        "yarn_code": row.yarn_code,
        "description": row.description,
        "color": row.color,
        "blend": row.blend,
        "material": row.material,
        "size": row.size_raw,
        "supplier": row.supplier_code,
        "customer": row.customer,
        "active": row.active,
        "status": row.status,
        "theoretical_balance_lb": text_of(row.theoretical_balance),
        "allocated_lb": text_of(row.allocated),
        "on_order_lb": text_of(row.on_order),
        "planning_balance_lb": text_of(row.planning_balance),
        "min_stock_lb": text_of(row.min_stock),
        "shortage_lb": text_of(short),
        "risk": risk(row.planning_balance, parameters) if known else None,
        "cost_per_lb": text_of(row.cost_per_lb),
        "row_version": row.row_version,
    }
    return {name: item[name] for name in fields}


def yarn_shown(row: Row[Any], parameters: Parameters) -> dict[str, Any]:
    """A yarn with what is set for it, and the lead time that plans take."""
    lead = lead_time(row.lead_time_days, row.supplier_days, row.origin or "unknown", parameters)
    return {
        "yarn_code": row.yarn_code,
        "description": row.description,
        "color": row.color,
        "blend": row.blend,
        "material": row.material,
        "fibre_form": row.fibre_form,
        "size": row.size_raw,
        "tex": text_of(row.tex),
        "supplier": row.supplier_code,
        "customer": row.customer,
        "cost_per_lb": text_of(row.cost_per_lb),
        "min_stock_lb": text_of(row.min_stock) if row.stocked else None,
        "safety_stock_lb": text_of(row.safety_stock_lb),
        "moq_lb": text_of(row.moq_lb),
        "order_multiple_lb": text_of(row.order_multiple_lb),
        "order_max_lb": text_of(row.order_max_lb),
        "lead_time_days": row.lead_time_days,
        "lead_days": lead.days,
        "lead_source": lead.source,
        "status": row.status,
        "active": row.active,
        "row_version": row.row_version,
    }


def balance_shown(state: YarnState, as_of: date, row_version: int) -> dict[str, Any]:
    """The balance of a yarn in the shape of spec E.4."""
    stock, cover = state.stock, state.cover
    parts = (stock.beginning, stock.received, stock.consumed, stock.adjustments, stock.misc)
    found = state.found
    return {
        "yarn_code": state.yarn.code,
        "as_of": as_of,
        "unit": "lb",
        **{name: text_of(value) for name, value in zip(PARTS, parts, strict=True)},
        **_balances(stock),
        "risk": state.risk,
        "balance_score": text_of(balance_score(stock.planning), 2),
        "criticality_score": state.criticality.score,
        "criticality": state.criticality.level,
        "weekly_demand": None if state.weekly is None else text_of(state.weekly.value),
        "weeks_of_supply": {
            "value": text_of(cover.value, 2), "mean": text_of(cover.mean, 2), "method": cover.method,
            "reason": cover.reason,
        },
        "first_short_on": None if found is None else found.day,
        "first_short_lb": None if found is None else text_of(found.pounds),
        "culprits": [
            {"order_no": order, "short_lb": text_of(pounds)}
            for order, pounds in (() if found is None else found.culprits)
        ],
        "row_version": row_version,
    }  # fmt: skip


def _balances(stock: Stock) -> dict[str, Any]:
    return {
        "theoretical_balance": text_of(stock.theoretical),
        "allocated": text_of(stock.allocated),
        "on_order": text_of(stock.on_order),
        "planning_balance": text_of(stock.planning),
        "available_now": text_of(stock.available_now),
        "min_stock": text_of(stock.min_stock),
        "shortage": text_of(stock.shortage),
    }


def timeline_shown(made: Timeline, stock: Stock | None) -> dict[str, Any]:
    """The weeks of a yarn in the shape of spec E.4."""
    record = made.record
    first, recovery = record.first_shortage, record.recovery
    weeks = [
        {name: text_of(value) if isinstance(value, Decimal) else value for name, value in week.items()}
        for week in made.week_rows()
    ]
    return {
        "yarn_code": made.code,
        "as_of": made.as_of,
        "unit": "lb",
        "policy": made.policy,
        "level": text_of(made.level),
        "opening": text_of(record.opening),
        "past_due_receipts": text_of(record.past_due),
        "later_receipts": text_of(record.later_receipts),
        "later_demand": text_of(record.later_demand),
        "undated_demand": text_of(made.undated),
        "weeks": weeks,
        "first_shortage": None if first is None else _short(first.bucket, first.shortage),
        "recovery": None if recovery is None else recovery.bucket,
        "to_buy": text_of(record.to_buy),
        "actions": [
            {
                "action": one.kind, "from_bucket": one.from_bucket, "to_bucket": one.to_bucket,
                "quantity": text_of(one.quantity), "receipt": one.receipt,
                "release_date": one.release_date, "days_late": one.days_late,
            }
            for one in made.actions
        ],
        "demand_of": "open knit orders" if made.plan is None else f"plan {made.plan}",
        "check": None if stock is None else _identity(made, stock),
    }  # fmt: skip


def _short(bucket: int, quantity: Decimal) -> dict[str, Any]:
    return {"bucket": bucket, "quantity": text_of(quantity)}


def _identity(made: Timeline, stock: Stock) -> dict[str, Any]:
    """I9, with what a difference is made of: its parts sum to it; up to the tolerance it is none (E.3)."""
    record = made.record
    parts = {
        "on_order_less_receipts": stock.on_order - record.total_receipts,
        "demand_less_allocated": record.total_demand + stock.allocated,
    }
    difference = stock.planning - record.closing
    return {
        "closing": text_of(record.closing),
        "planning_balance": text_of(stock.planning),
        "difference": text_of(difference),
        "explained_by": {name: text_of(value) for name, value in parts.items() if value},
        "agrees": abs(difference) <= made.tolerance,
    }


def supplier_item(row: Row[Any]) -> Mapping[str, Any]:
    """A supplier of a list."""
    owed = row.open_lb
    return {
        "supplier_code": row.supplier_code,
        "name": row.name,
        "origin": row.origin,
        "lead_time_days": row.lead_time_days,
        "moq_lb": text_of(row.moq_lb),
        "active": row.active,
        "yarns": row.yarns,
        "single_source_yarns": row.alone,
        "open_lb": text_of(Decimal(owed)),
        "past_due_lb": text_of(Decimal(row.past_due_lb)),
        "past_due_percent": text_of(EXACT.divide(row.past_due_lb * 100, owed), 2) if owed else None,
    }


def receipt_item(row: Row[Any], as_of: date) -> Mapping[str, Any]:
    """A receipt of a list."""
    late = None if row.due_date is None else (as_of - row.due_date).days
    return {
        "receipt": row.id,
        "po_no": row.po_no,
        "line_no": row.line_no,
        "yarn_code": row.yarn_code,
        "supplier": row.supplier_code,
        "kind": row.kind,
        "due_date": row.due_date,
        "days_late": late if late is not None and late > 0 else None,
        "quantity_lb": text_of(row.quantity),
        "price_per_lb": text_of(row.price_per_lb),
    }

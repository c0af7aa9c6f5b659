"""Accepted advice of a plan by supplier, as JSON and as rows of a file."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row

from service.mill.answers.plans import pounds_text
from service.mill.rules.actions import BUYS
from service.mill.rules.quantities import ZERO, rounded

TITLES: Final = (
    "Supplier", "Action", "Yarn", "Description", "Quantity (lb)", "Purchase order", "Release date",
    "Need date", "Price per lb", "Money", "Note",
)  # fmt: skip
NOT_ORDERED: Final = ("SUBSTITUTE", "FENCE_CONFLICT")
"""Nothing of these goes to a supplier: the one is knitted from stock, the other only a warning."""


def need_day(one: Row[Any], as_of: date | None) -> date | None:
    """When it is needed, not before the day of the plan: the week that is short may have begun earlier."""
    day: date | None = one.to_date
    return day if day is None or as_of is None else max(day, as_of)


def by_supplier(found: Sequence[Row[Any]], as_of: date) -> list[dict[str, Any]]:
    """Suppliers by code, lines by yarn; yarns without a supplier come last."""
    return [_supplied(code, list(lines), as_of) for code, lines in groupby(sent(found), _supplier)]


def _supplied(code: str | None, lines: Sequence[Row[Any]], as_of: date) -> dict[str, Any]:
    bought = [one for one in lines if one.action in BUYS]
    return {
        "supplier": code,
        "quantity_lb": pounds_text(sum((one.quantity for one in bought), ZERO)),
        "money": _sum(bought),
        "changes": len(lines) - len(bought),
        "lines": [_line(one, as_of) for one in lines],
    }


def cells(found: Sequence[Row[Any]], as_of: date) -> list[list[Any]]:
    """A row of the file for each line, in the same order."""
    return [
        [
            one.supplier_code, one.action, one.yarn_code, one.description, rounded(one.quantity), one.po_no,
            one.release_date, need_day(one, as_of), one.cost_per_lb, money_of(one), one.note,
        ]
        for one in sent(found)
    ]  # fmt: skip


def sent(found: Sequence[Row[Any]]) -> list[Row[Any]]:
    """What goes to a supplier, by supplier and yarn; yarns without a supplier come last."""
    return sorted(
        (one for one in found if one.action not in NOT_ORDERED),
        key=lambda one: (one.supplier_code is None, one.supplier_code or "", one.yarn_code, one.seq),
    )


def _supplier(one: Row[Any]) -> str | None:
    code: str | None = one.supplier_code
    return code


def _line(one: Row[Any], as_of: date) -> dict[str, Any]:
    money = money_of(one)
    return {
        "seq": one.seq,
        "action": one.action,
        "yarn": one.yarn_code,
        "description": one.description,
        "quantity_lb": pounds_text(one.quantity),
        "purchase_order": one.po_no,
        "release_date": one.release_date,
        "need_date": need_day(one, as_of),
        "price_per_lb": pounds_text(one.cost_per_lb),
        "money": None if money is None else f"{money:.2f}",
        "decided_by": one.decided_by,
        "note": one.note,
    }


def money_of(one: Row[Any]) -> Decimal | None:
    """What a line costs; None: its price is not known, or nothing is bought by it."""
    if one.cost_per_lb is None or one.action not in BUYS:
        return None
    return rounded(one.quantity * one.cost_per_lb, 2)


def _sum(lines: Sequence[Row[Any]]) -> str | None:
    known = [money for money in map(money_of, lines) if money is not None]
    return f"{sum(known, ZERO):.2f}" if len(known) == len(lines) else None

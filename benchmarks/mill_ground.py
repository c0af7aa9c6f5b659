"""Invented tables of a mill for the benchmarks of table operations: seeded, clean, pounds of two decimals.

Clean, because the predecessor's forms turn what they cannot read into 0: on dirty tables nothing would be
compared but that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

AS_OF: Final = date(2025, 9, 3)
ONE_QUANTITY: Final = 1000
CENTERS: Final = 91
COSTS: Final = ("material_cost", "labor_cost", "overhead_cost")
Table = Mapping[str, Any]


def tables(rows: int) -> dict[str, Table]:
    """Tables by name, each a dict of NumPy arrays and, for text, object arrays."""
    chance = np.random.default_rng(rows)
    yarns, styles = max(1, rows // 25), max(1, rows // 4)
    number = np.arange(rows)
    return {
        "inventory": _inventory(chance, rows),
        "bom": {
            "style_id": _named("S", number // 4),
            "yarn_id": _named("Y", number % 4 + number // 4 % max(1, styles // 5)),
            "quantity_per": chance.integers(1, 26, rows) / 100,
        },
        "styles": {
            "order_no": _named("O", np.arange((rows + 3) // 4)),
            "style_id": _named("S", np.arange((rows + 3) // 4)),
            "quantity": np.full((rows + 3) // 4, ONE_QUANTITY),
        },
        "orders": _orders(chance, rows, yarns),
        "stock": {
            "yarn_id": _named("Y", np.arange(yarns)),
            "available_quantity": _pounds(chance, 0, 40_000, yarns),
        },
        "capacity": {
            "work_center_id": _named("W", np.arange(CENTERS)),
            "available_hours": np.full(CENTERS, 160),
        },
    }


def _inventory(chance: np.random.Generator, rows: int) -> Table:
    def cut(least: int, most: int, share: float) -> Any:
        return np.where(chance.random(rows) < share, _pounds(chance, least, most, rows), 0.0)

    held, given, coming = _pounds(chance, -50, 5000, rows), cut(-4000, -1, 0.15), cut(1, 9000, 0.06)
    return {
        "yarn_id": _named("Y", np.arange(rows)),
        "theoretical_balance": held,
        "allocated": given,
        "on_order": coming,
        "planning_balance": np.round(held + given + coming, 2),
        "min_stock": _pounds(chance, 0, 500, rows),
    }


def _orders(chance: np.random.Generator, rows: int, yarns: int) -> Table:
    day = np.datetime64(AS_OF) + chance.integers(-20, 90, rows)
    amounts = np.clip(np.round(np.exp(chance.normal(7.5, 1, rows))), 100, 37_600).astype(np.int64)
    return {
        "order_no": _named("O", chance.permutation(rows)),
        "yarn_id": _named("Y", chance.integers(0, yarns, rows)),
        "style_id": _named("S", chance.integers(0, max(1, rows // 20), rows)),
        "work_center_id": _named("W", chance.integers(0, CENTERS, rows)),
        "priority": chance.integers(1, 5, rows),
        "order_date": _texts(day - 30),
        "delivery_date": _texts(day - 3),
        "due_date": _texts(day),
        "quantity": amounts,
        # Rates with which each hour is whole milliseconds: then floats and ours agree.
        "production_rate": np.array([25, 50, 100])[chance.integers(0, 3, rows)],
        "required_quantity": _pounds(chance, 1, 4000, rows),
        **{name: _pounds(chance, 0, 900, rows) for name in COSTS},
        "note": _one_of(chance, rows, "  rush ", "on time", " wait for yarn"),
        "price": _one_of(chance, rows, "$1,234.50 ", "12.75", " $4.25"),
    }


def _pounds(chance: np.random.Generator, least: int, most: int, rows: int) -> Any:
    return chance.integers(least * 100, most * 100, rows) / 100


def _one_of(chance: np.random.Generator, rows: int, *texts: str) -> Any:
    return np.array(texts, dtype=object)[chance.integers(0, len(texts), rows)]


def _named(letter: str, numbers: Any) -> Any:
    return np.array([f"{letter}{number:06}" for number in numbers.tolist()], dtype=object)


def _texts(days: Any) -> Any:
    return days.astype(str).astype(object)

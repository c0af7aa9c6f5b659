"""The ten operations of `service.mill.vector`, on pandas frames with Decimals out, and in whole units."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks.mill_ground import AS_OF
from service.mill import vector
from service.mill.rules.quantities import SCALE

Tables = dict[str, Any]
Columns = tuple[Any, ...]
LEVELS: Final = (("CRITICAL", -1000), ("HIGH", -100), ("MEDIUM", 0))


class Ours:
    """Each operation on one kind of tables: in pounds, or (`units`) in int64 units of 0.0001 lb."""

    def __init__(self, tables: Tables, *, units: bool = False) -> None:
        self._tables, self._units = tables, units
        self._recipe = vector.recipe_of(tables["bom"]) if units else None
        self.works: dict[str, Callable[[], Columns]] = {
            "planning balance": self._balance,
            "shortages": self._shortages,
            "explosion": self._explosion,
            "allocation": self._allocation,
            "scheduling": self._scheduling,
            "cost": self._cost,
            "aggregation": self._aggregation,
        }
        if not units:
            self.works |= {"dates": self._dates, "choice": self._choice, "text": self._text}

    def _balance(self) -> Columns:
        found = vector.planning_balance(self._tables["inventory"], units=self._units)
        return (found.frame["planning_balance"],)

    def _shortages(self) -> Columns:
        found = vector.shortages(self._tables["inventory"], units=self._units).frame
        return found["planning_balance"], found["shortage_amount"]

    def _explosion(self) -> Columns:
        """In units: with the recipes read once before, as a plan does."""
        bom = self._recipe or self._tables["bom"]
        found = vector.explode(self._tables["styles"], bom, units=self._units)
        return (found.frame["required_quantity"],)

    def _allocation(self) -> Columns:
        found = vector.allocate(self._tables["orders"], self._tables["stock"], units=self._units).frame
        return found["order_no"], found["allocated"]

    def _scheduling(self) -> Columns:
        found = vector.schedule(self._tables["orders"], self._tables["capacity"], units=self._units).frame
        return found["order_no"], found["end_hour"], found["can_schedule"]

    def _cost(self) -> Columns:
        found = vector.cost(self._tables["orders"], units=self._units).frame
        return found["total_cost"], found["cost_per_unit"]

    def _dates(self) -> Columns:
        found = vector.dates(self._tables["orders"], AS_OF).frame
        return found["lead_time_days"], found["days_until_due"]

    def _aggregation(self) -> Columns:
        asked = ("sum", "mean", "max", "count")
        found = vector.aggregate(
            self._tables["orders"], "style_id", {"quantity": asked}, units=self._units
        ).frame
        return found["style_id"], *(found[f"quantity_{one}"] for one in asked)

    def _choice(self) -> Columns:
        have = self._tables["inventory"]["planning_balance"]
        rules = [(have < below, name) for name, below in LEVELS]
        return (vector.choose(self._tables["inventory"], rules, "LOW", target="level").frame["level"],)

    def _text(self) -> Columns:
        orders = self._tables["orders"]
        found = vector.clean_text(orders, ["note"], upper=["yarn_id"], amounts=["price"]).frame
        return found["note"], found["yarn_id"], found["price"]


def in_units(tables: Tables) -> Tables:
    """The same tables with quantities, rates and money as int64 units; hours stay hours."""
    return {
        name: {
            column: _scaled(values) if _is_quantity(column, values) else values
            for column, values in table.items()
        }
        for name, table in tables.items()
    }


def _is_quantity(column: str, values: Any) -> bool:
    return values.dtype != object and column not in {"priority", "quantity_per", "available_hours"}


def _scaled(values: Any) -> Any:
    return np.rint(values * SCALE).astype(np.int64)

"""Knit orders that a plan adds: what no stock covers, by style and week, in lots (E.6.3, E.6.6, F-35)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.mill.planning.finished import FORECAST_PRIORITY, Finished, Wish
from service.mill.rules.ground import Ground, OrderGround
from service.mill.rules.netting import Part, PlannedOrder, planned_orders

PLANNED: Final = "planned"
_FURTHEST: Final = 521
"""Weeks that are told apart: ten years, beyond any order."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A knit order that nobody has made yet: the order, and what it serves with all that led to it."""

    order: OrderGround
    serves: tuple[dict[str, Any], ...]


def knit_orders(ground: Ground, asked: Finished) -> list[Planned]:
    """By style and week, each with the demands it serves."""
    wishes = {one.number: one for one in asked.wishes}
    found = planned_orders(asked.netting, ground.as_of, _FURTHEST, ground.parameters)
    return [_planned(one, wishes) for one in found]


def _planned(one: PlannedOrder, wishes: Mapping[str, Wish]) -> Planned:
    order = OrderGround(
        id=None,
        # In upper case, as all codes are that people ask for.
        number=f"PLAN/{one.style}/{one.week or 'UNDATED'}",
        style=one.style,
        pounds=one.pounds,
        priority=one.priority,
        status=PLANNED,
        kind="forecast" if one.priority == FORECAST_PRIORITY else PLANNED,
        due=one.due,
        serves=one.serves,
    )
    return Planned(order, tuple(_served(part, wishes[part.line.demand.order_no]) for part in one.parts))


def _served(part: Part, wish: Wish) -> dict[str, Any]:
    """A demand with all that its pounds can be found again from."""
    return {
        "kind": "forecast" if wish.is_forecast else "sale",
        "number": wish.number,
        "due": None if wish.due is None else wish.due.isoformat(),
        **wish.told,
        "factor": str(wish.factor),
        "demand_lb": str(wish.pounds),
        "from_stock": {stage: str(pounds) for stage, pounds in part.line.used.items()},
        "net_lb": str(part.line.net),
        "served_lb": str(part.pounds),
    }

"""What the knit orders take of each yarn, and in which week (spec I8: without waste)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.simulators.mill.orders import Order
from service.simulators.mill.recipes import Line, Recipe
from service.simulators.mill.weeks import Weeks

KNITTING: Final = timedelta(days=30)
"""The mill's own report places an order without a quoted date a month after its start."""
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Need:
    """What one order takes of one yarn, and the column of the weekly report it stands in."""

    order: Order
    line: Line
    quantity: Decimal
    column: int


def needs(orders: Iterable[Order], recipes: Sequence[Recipe], weeks: Weeks) -> Iterator[Need]:
    """Order by order, yarn by yarn; orders without a recipe or without a balance need nothing."""
    for order in orders:
        if order.style < len(recipes) and order.balance > 0:
            column = max(0, weeks.column(due(order)))  # what should be knitted by now is of this week
            for line in recipes[order.style]:
                quantity = (order.balance * line.fraction).quantize(_CENT, ROUND_HALF_UP)
                yield Need(order, line, quantity, column)


def due(order: Order) -> date | None:
    """When the order is due for the mill's own report."""
    if order.quoted is not None or order.start is None:
        return order.quoted
    return order.start + KNITTING


def totals(found: Iterable[Need]) -> dict[int, Decimal]:
    """All demand of each yarn."""
    summed: defaultdict[int, Decimal] = defaultdict(Decimal)
    for need in found:
        summed[need.line.yarn] += need.quantity
    return dict(summed)

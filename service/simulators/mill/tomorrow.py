"""The same mill a day later: what was knitted, what came and what did not, a new order, another recipe."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np

from service.simulators.mill.mill import Mill
from service.simulators.mill.orders import Order, draw_order, machines_of
from service.simulators.mill.recipes import Line, Recipe, style_code
from service.simulators.mill.stock import Stock
from service.simulators.mill.supply import Delivery, PurchaseLine

_NOTHING: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
_LATE: Final = timedelta(weeks=2)
_SHIFTED: Final = 50
"""Thousandths that the changed recipe has more of one yarn and less of another."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was yesterday: in which file, of which key."""

    what: str
    file: str
    key: str
    before: str
    after: str


def next_day(mill: Mill) -> tuple[Mill, tuple[Change, ...]]:
    """The mill one day later, and all that changed but the day itself.

    Orders on machines are knitted on at the rate of their style, and their yarn is taken from stock. One line
    of five that was to come this week comes, another comes two weeks late; an order is new, and a recipe of
    a style that is knitted has a twentieth more of one yarn.
    """
    day = mill.as_of + timedelta(days=1)
    chance = mill.plan.chance(f"day {day}")
    knitted, used, worked = _knitted(mill, day)
    bought, came, arrivals = _received(mill, chance)
    new = _new_order(mill, day, chance)
    recipes, recipe = _changed_recipe(mill, chance)
    after = Mill(
        mill.plan, day, mill.masters, replace(mill.styles, recipes=recipes), (*knitted, new), bought,
        _moved(mill, used, came),
    )  # fmt: skip
    opened = Change("new order", "knit_orders", new.code, "", str(new.ordered))
    return after, (*worked, *arrivals, opened, *recipe)


def _knitted(mill: Mill, day: date) -> tuple[list[Order], dict[int, Decimal], list[Change]]:
    """The orders as they stand now, and what they took of each yarn."""
    made, used, changes = [], dict[int, Decimal](), list[Change]()
    for order in mill.orders:
        if order.machine is None or order.start is None or order.start > day or order.balance == 0:
            made.append(order)
            continue
        more = min(order.balance, Decimal(int(mill.styles.rates[order.style])))
        later = replace(order, produced=order.produced + more, modified=day)
        made.append(later)
        changes.append(Change("knitted", "knit_orders", order.code, str(order.produced), str(later.produced)))
        for line in _recipe(mill, order):
            taken = (more * line.fraction).quantize(_CENT, ROUND_HALF_UP)
            used[line.yarn] = used.get(line.yarn, _NOTHING) + taken
    return made, used, changes


def _recipe(mill: Mill, order: Order) -> Recipe:
    recipes = mill.styles.recipes
    return recipes[order.style] if order.style < len(recipes) else ()


def _received(
    mill: Mill, chance: np.random.Generator
) -> tuple[tuple[PurchaseLine, ...], dict[int, Decimal], list[Change]]:
    """The purchase lines as they stand now, and what came of each yarn."""
    expected = [at for at, line in enumerate(mill.purchases) if _this_week(mill, line) is not None]
    shuffled = [expected[at] for at in chance.permutation(len(expected)).tolist()]
    coming = shuffled[: -(-len(shuffled) // 5)]
    late = shuffled[len(coming) : len(coming) + 1]
    lines, came, changes = list(mill.purchases), dict[int, Decimal](), list[Change]()
    for at in sorted(coming):
        line, delivery = lines[at], _this_week(mill, lines[at])
        assert delivery is not None
        lines[at] = _arrived(line, delivery)
        came[line.yarn] = came.get(line.yarn, _NOTHING) + delivery.quantity
        changes.append(_told("receipt came", line, str(line.received), str(lines[at].received)))
    for at in late:
        line, delivery = lines[at], _this_week(mill, lines[at])
        assert delivery is not None
        assert delivery.day is not None
        lines[at] = _put_off(line, delivery, delivery.day + _LATE)
        changes.append(_told("receipt late", line, str(delivery.day), str(delivery.day + _LATE)))
    return tuple(line for line in lines if line.balance > 0), came, changes


def _told(what: str, line: PurchaseLine, before: str, after: str) -> Change:
    return Change(what, "expected_receipts", line.code, before, after)


def _this_week(mill: Mill, line: PurchaseLine) -> Delivery | None:
    for delivery in line.deliveries:
        if mill.weeks.column(delivery.day) == 0:
            return delivery
    return None


def _arrived(line: PurchaseLine, delivery: Delivery) -> PurchaseLine:
    left = tuple(one for one in line.deliveries if one is not delivery)
    return replace(line, received=line.received + delivery.quantity, deliveries=left)


def _put_off(line: PurchaseLine, delivery: Delivery, day: date) -> PurchaseLine:
    moved = (replace(one, day=day) if one is delivery else one for one in line.deliveries)
    return replace(line, deliveries=tuple(moved))


def _new_order(mill: Mill, day: date, chance: np.random.Generator) -> Order:
    """An order of a style with a recipe, not begun, due in three weeks."""
    drawn = draw_order(mill.plan, mill.styles, machines_of(mill.masters), len(mill.orders), chance)
    running = mill.styles.running
    style = running[int(chance.integers(len(running)))]
    begun = replace(drawn, style=style, machine=None, modified=day)
    dated = replace(begun, start=day + timedelta(days=7), quoted=day + timedelta(days=21))
    return replace(dated, produced=_NOTHING, shipped=_NOTHING, seconds=_NOTHING)


def _changed_recipe(mill: Mill, chance: np.random.Generator) -> tuple[tuple[Recipe, ...], tuple[Change, ...]]:
    """All recipes, one of them another than before: of a style that an open order needs."""
    recipes = list(mill.styles.recipes)
    able = sorted({need.order.style for need in mill.needs if _changes(recipes[need.order.style])})
    if not able:
        return tuple(recipes), ()
    style = able[int(chance.integers(len(able)))]
    first, second, *rest = recipes[style]
    more, less = Line(first.yarn, first.parts - _SHIFTED), Line(second.yarn, second.parts + _SHIFTED)
    before, recipes[style] = recipes[style], (more, less, *rest)
    words = (_words(mill, one) for one in (before, recipes[style]))
    return tuple(recipes), (Change("changed recipe", "bom", style_code(style), *words),)


def _changes(recipe: Recipe) -> bool:
    return len(recipe) > 1 and recipe[0].parts > _SHIFTED + 10


def _words(mill: Mill, recipe: Iterable[Line]) -> str:
    return ", ".join(f"{mill.masters.yarns[line.yarn].code} {line.fraction.normalize()}" for line in recipe)


def _moved(mill: Mill, used: dict[int, Decimal], came: dict[int, Decimal]) -> tuple[Stock, ...]:
    """What is in stock after what was knitted and what came."""
    return tuple(
        replace(
            stock,
            consumed=stock.consumed - used.get(yarn, _NOTHING),
            received=stock.received + came.get(yarn, _NOTHING),
        )
        for yarn, stock in enumerate(mill.stock)
    )

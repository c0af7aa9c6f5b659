"""Knit orders that a plan adds: what no stock covers, by style and week, in lots (E.6.3, E.6.6, F-35)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from service.mill.planning.finished import FORECAST_PRIORITY, Finished, Wish
from service.mill.rules.ground import Ground, OrderGround
from service.mill.rules.lots import Lot
from service.mill.rules.netting import Netted
from service.mill.rules.precedence import rank
from service.mill.rules.quantities import ZERO
from service.mill.rules.weeks import bucket_of, week_start

PLANNED = "planned"
_FURTHEST = 520


@dataclass(frozen=True, slots=True)
class Planned:
    """A knit order that nobody has made yet: the order, and what it serves with all that led to it."""

    order: OrderGround
    serves: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Wanted:
    """What a demand still lacks."""

    wish: Wish
    line: Netted
    pounds: Decimal


def planned_orders(ground: Ground, asked: Finished) -> list[Planned]:
    """By style and week; what a lot gives beyond its week serves the weeks behind it."""
    wishes = {one.number: one for one in asked.wishes}
    by_style: dict[str, list[_Wanted]] = defaultdict(list)
    for line in asked.netting.lines:
        if line.net > 0:
            wish = wishes[line.demand.order_no]
            by_style[line.demand.style].append(_Wanted(wish, line, line.net))
    return [order for style in sorted(by_style) for order in _of_style(ground, style, by_style[style])]


def _of_style(ground: Ground, style: str, wanted: Sequence[_Wanted]) -> Iterator[Planned]:
    least = Lot(moq=ground.parameters.min_batch_lb)
    weeks: dict[int | None, list[_Wanted]] = defaultdict(list)
    for one in wanted:
        weeks[_week(ground, one.wish.due)].append(one)
    spare = ZERO
    for week in sorted(weeks, key=lambda one: (one is None, one or 0)):
        of = sorted(weeks[week], key=lambda one: rank(one.wish.priority, one.wish.due, one.wish.number))
        spare -= _taken(of, spare)
        missing = sum((one.pounds for one in of), ZERO)
        for lot in least.sizes(missing):
            yield _order(ground, style, week, lot, of)
            spare += lot
        spare -= missing


def _taken(wanted: Sequence[_Wanted], spare: Decimal) -> Decimal:
    """What an earlier lot left goes to the first in the order of service."""
    given = ZERO
    for one in wanted:
        pounds = min(one.pounds, spare - given)
        one.pounds -= pounds
        given += pounds
    return given


def _order(
    ground: Ground, style: str, week: int | None, pounds: Decimal, wanted: Sequence[_Wanted]
) -> Planned:
    of = [one for one in wanted if one.pounds > 0]
    due = min((one.wish.due for one in of if one.wish.due is not None), default=None)
    when = "undated" if week is None else str(week_start(ground.as_of, week))
    priority = min(one.wish.priority for one in of)
    order = OrderGround(
        id=None,
        number=f"PLAN/{style}/{when}",
        style=style,
        pounds=pounds,
        priority=priority,
        status=PLANNED,
        kind="forecast" if priority == FORECAST_PRIORITY else PLANNED,
        due=due,
        serves=tuple(one.wish.number for one in of),
    )
    return Planned(order, tuple(_served(one) for one in of))


def _served(one: _Wanted) -> dict[str, Any]:
    """A demand with all that its pounds can be found again from."""
    return {
        "kind": "forecast" if one.wish.is_forecast else "sale",
        "number": one.wish.number,
        "due": None if one.wish.due is None else one.wish.due.isoformat(),
        **one.wish.told,
        "factor": str(one.wish.factor),
        "demand_lb": str(one.wish.pounds),
        "from_stock": {stage: str(pounds) for stage, pounds in one.line.used.items()},
        "net_lb": str(one.line.net),
        "served_lb": str(one.pounds),
    }


def _week(ground: Ground, due: date | None) -> int | None:
    return None if due is None else max(0, bucket_of(due, ground.as_of, _FURTHEST))

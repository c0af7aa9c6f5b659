"""The planning record of one item week by week (E.6.5), and how orders use up the forecast (E.6.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from service.mill.rules.lots import LOT_FOR_LOT, LotRule
from service.mill.rules.quantities import ZERO


@dataclass(frozen=True, slots=True)
class RecordWeek:
    """One week: what is wanted and comes, what is missing, what to order for it, in pounds.

    `release` is the week to send the orders off (None without orders); before week 0 it is `weeks_late`.
    """

    bucket: int
    gross: Decimal
    receipts: Decimal
    firm: Decimal
    projected: Decimal
    net: Decimal
    orders: tuple[Decimal, ...]
    available: Decimal
    release: int | None
    weeks_late: int

    @property
    def planned(self) -> Decimal:
        """All that is to be ordered for this week."""
        return sum(self.orders, ZERO)


def planning_record(
    on_hand: Decimal,
    safety: Decimal,
    gross: Sequence[Decimal],
    receipts: Sequence[Decimal],
    *,
    firm: Sequence[Decimal] | None = None,
    lead_weeks: int = 0,
    rule: LotRule = LOT_FOR_LOT,
) -> list[RecordWeek]:
    """Gross to net (F-33, F-35, F-37): the item's complete gross, netted once, its safety stock kept once.

    `on_hand` is the theoretical balance and may be negative; `firm` are planned receipts a planner has fixed.
    Raises ValueError for rows of unequal length.
    """
    fixed = firm if firm is not None else [ZERO] * len(gross)
    coming = list(zip(gross, receipts, fixed, strict=True))
    available, record = on_hand, []
    for bucket, (gone, came, kept) in enumerate(coming):
        projected = available + came + kept - gone
        net = max(ZERO, safety - projected)
        ahead = _ahead(projected, coming[bucket + 1 :]) if net and rule.looks_ahead else ()
        orders = rule.orders(net, ahead, safety)
        available = projected + sum(orders, ZERO) if orders else projected
        release = bucket - lead_weeks if orders else None
        late = max(0, lead_weeks - bucket) if orders else 0
        record.append(RecordWeek(bucket, gone, came, kept, projected, net, orders, available, release, late))
    return record


def _ahead(projected: Decimal, coming: Iterable[tuple[Decimal, Decimal, Decimal]]) -> list[Decimal]:
    """Balances of a week and those after it without any further order."""
    return list(accumulate((came + kept - gone for gone, came, kept in coming), initial=projected))


@dataclass(frozen=True, slots=True)
class StyleDemand:
    """Demand of a style by week: the orders, and the forecast that no order has used up."""

    orders: tuple[Decimal, ...]
    forecast: tuple[Decimal, ...]

    @property
    def total(self) -> tuple[Decimal, ...]:
        """Both, by week."""
        return tuple(order + left for order, left in zip(self.orders, self.forecast, strict=True))


def consume_forecast(orders: Sequence[Decimal], forecast: Sequence[Decimal], window: int = 1) -> StyleDemand:
    """Orders use up their own week's forecast; what is over, that of weeks before, then of weeks behind.

    Nearest weeks come first. Without a window the demand is max(orders, forecast) in each week (E.6.1).
    Raises ValueError for rows of unequal length.
    """
    over = [max(ZERO, order - expected) for order, expected in zip(orders, forecast, strict=True)]
    left = [max(ZERO, expected - order) for order, expected in zip(orders, forecast, strict=True)]
    for week, excess in enumerate(over):
        for near in _around(week, window, len(left)):
            taken = min(excess, left[near])
            left[near] -= taken
            excess -= taken  # noqa: PLW2901 - what is still over for the next week
    return StyleDemand(tuple(orders), tuple(left))


def _around(week: int, window: int, weeks: int) -> list[int]:
    """The weeks before within the window, nearest first, then those behind."""
    before = range(week - 1, max(-1, week - window - 1), -1)
    behind = range(week + 1, min(weeks, week + window + 1))
    return [*before, *behind]

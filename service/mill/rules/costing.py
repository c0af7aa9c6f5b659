"""What a pound costs and what stock is worth; what is not known stays unknown (spec E.12, F-69 to F-81)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.mill.rules.exact import ZERO, exact, product
from service.mill.rules.quantities import rounded

Reason = Literal["ZERO_QUANTITY", "COST_MISSING", "NO_RATE", "NO_STOCK"]


@dataclass(frozen=True, slots=True)
class Cost:
    """A figure, or the reason why there is none."""

    value: Decimal | None
    reason: Reason | None = None


def total_cost(parts: Sequence[Decimal | None]) -> Cost:
    """The sum of named costs; unknown as soon as one of them is."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return Cost(None, "COST_MISSING")
    return Cost(sum(known, ZERO))


def per_unit(total: Decimal | None, quantity: Decimal) -> Cost:
    """A total by a quantity, to 4 places (F-69)."""
    if total is None:
        return Cost(None, "COST_MISSING")
    if quantity == 0:
        return Cost(None, "ZERO_QUANTITY")
    return Cost(rounded(total / quantity))


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts added to the cent: `total` is None as soon as one is not known, `known` are those that are."""

    total: Decimal | None
    known: Decimal
    unknown: int


def sum_of(amounts: Iterable[Decimal | None]) -> Sum:
    """What many amounts come to; what nobody knows is not told as a sum."""
    stated = list(amounts)
    known = [amount for amount in stated if amount is not None]
    added = rounded(sum(known, ZERO), 2)
    return Sum(added if len(known) == len(stated) else None, added, len(stated) - len(known))


@dataclass(frozen=True, slots=True)
class StockValue:
    """Money in physical stock; `negative`: what the books owe, listed apart and never set off (F-71)."""

    value: Decimal | None
    negative: Decimal | None
    reason: Reason | None = None


def stock_value(theoretical_balance: Decimal, cost_per_lb: Decimal | None) -> StockValue:
    """Physical balance times cost, to the cent; what is on order is not stock yet. A cost of 0 is known."""
    if cost_per_lb is None:
        return StockValue(None, None, "COST_MISSING")
    money = rounded(product(theoretical_balance, cost_per_lb), 2)
    return StockValue(max(money, ZERO), min(money, ZERO))


def moving_average(balance: Decimal, cost: Decimal | None, received: Decimal, price: Decimal | None) -> Cost:
    """Cost of a pound after a receipt, to 4 places; a balance below 0 has no weight in it (F-71)."""
    held = max(ZERO, balance)
    if held + received <= 0:
        return Cost(None, "NO_STOCK")
    if (cost is None and held > 0) or (price is None and received > 0):
        return Cost(None, "COST_MISSING")
    worth = held * (cost or ZERO) + received * (price or ZERO)
    return Cost(rounded(worth / (held + received)))


@dataclass(frozen=True, slots=True)
class Variance:
    """Money above (`unfavourable`) or below the standard, to the cent, without a sign."""

    amount: Decimal
    verdict: Literal["unfavourable", "favourable", "none"]


def price_variance(actual_price: Decimal, standard_price: Decimal, actual_lb: Decimal) -> Variance:
    """What paying another price than the standard cost (F-81)."""
    return _variance((actual_price - standard_price) * actual_lb)


def usage_variance(actual_lb: Decimal, standard_lb: Decimal, standard_price: Decimal) -> Variance:
    """What using another weight than the standard cost (F-81)."""
    return _variance((actual_lb - standard_lb) * standard_price)


def _variance(money: Decimal) -> Variance:
    amount = rounded(money, 2)
    verdict: Literal["unfavourable", "favourable", "none"] = "none"
    if amount:
        verdict = "unfavourable" if amount > 0 else "favourable"
    return Variance(abs(amount), verdict)


def machine_cost_per_lb(hourly_rate: Decimal | None, lb_per_hour: Decimal | None) -> Cost:
    """Cost of a machine's hour by what it knits in one, to 4 places."""
    if hourly_rate is None:
        return Cost(None, "COST_MISSING")
    if not lb_per_hour or lb_per_hour < 0:
        return Cost(None, "NO_RATE")
    return Cost(rounded(hourly_rate / lb_per_hour))


@dataclass(frozen=True, slots=True)
class Overhead:
    """The one choice of a parameter set: a fraction of conversion, or money a pound."""

    kind: Literal["of_conversion", "per_lb"]
    rate: Decimal

    def per_lb(self, conversion_per_lb: Decimal) -> Decimal:
        """Overhead of a pound, to 6 places."""
        return rounded(conversion_per_lb * self.rate if self.kind == "of_conversion" else self.rate, 6)


def order_cost(
    unit_cost: Decimal | None, pounds: Decimal, setup_hours: Decimal, hourly_rate: Decimal | None
) -> Cost:
    """Unit cost times pounds and the hours of setting up, to the cent."""
    if unit_cost is None or (hourly_rate is None and setup_hours):
        return Cost(None, "COST_MISSING")
    with exact():
        return Cost(rounded(unit_cost * pounds + setup_hours * (hourly_rate or ZERO), 2))

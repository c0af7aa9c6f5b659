"""How much to order and when to send it off: lot sizes, safety stock, reorder point, release (E.6.6-8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from service.mill.rules.parameter_parts import LotPolicy
from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import EXACT, ZERO, rounded

Origin = Literal["domestic", "international", "unknown"]
MAX_BELOW_LEAST: Final = "LOT_MAX_BELOW_LEAST"


@dataclass(frozen=True, slots=True)
class Lot:
    """What a supplier sells at once, in pounds; 0 is no such limit."""

    moq: Decimal = ZERO
    multiple: Decimal = ZERO
    maximum: Decimal = ZERO

    @property
    def conflict(self) -> str | None:
        """LOT_MAX_BELOW_LEAST where no order can keep both limits: the least order is kept then."""
        return MAX_BELOW_LEAST if self.maximum and self.maximum < self._least else None

    def sizes(self, need: Decimal) -> tuple[Decimal, ...]:
        """Orders that cover the need: at least the least, whole multiples, none above the maximum (F-39)."""
        if need <= 0:
            return ()
        quantity = self.rounded_up(max(need, self.moq))
        if not self.maximum or quantity <= self.maximum:
            return (quantity,)
        piece = max(self._down(self.maximum), self._least)
        full, rest = divmod(quantity, piece)
        last = (max(rest, self._least),) if rest else ()
        return (piece,) * int(full) + last

    @property
    def _least(self) -> Decimal:
        return max(self.rounded_up(self.moq), self.multiple)

    def rounded_up(self, quantity: Decimal) -> Decimal:
        """To the next whole multiple."""
        return _lots_in(quantity, self.multiple) * self.multiple if self.multiple else quantity

    def _down(self, quantity: Decimal) -> Decimal:
        return quantity - quantity % self.multiple if self.multiple else quantity


@dataclass(frozen=True, slots=True)
class LotRule:
    """A policy and what it needs: `quantity` (fixed, EOQ), `weeks` (period of supply), `up_to` (min/max)."""

    policy: LotPolicy = "lot_for_lot"
    lot: Lot = Lot()
    quantity: Decimal = ZERO
    weeks: int = 1
    up_to: Decimal = ZERO

    @property
    def looks_ahead(self) -> bool:
        """Whether the balances of later weeks matter to it."""
        return self.policy == "period_of_supply"

    def orders(self, need: Decimal, ahead: Sequence[Decimal], least: Decimal) -> tuple[Decimal, ...]:
        """Orders for a net need of this week.

        `ahead` are the balances of this and the following weeks without any further order (only where the
        policy looks ahead), `least` what they must not fall below.
        """
        if need <= 0:
            return ()
        match self.policy:
            case "fixed_quantity" if self.quantity > 0:
                return (self.quantity,) * _lots_in(need, self.quantity)
            case "eoq":
                return self.lot.sizes(max(need, self.quantity))
            case "period_of_supply":
                return self.lot.sizes(max(need, least - min(ahead[: self.weeks], default=least)))
            case "min_max":
                return self.lot.sizes(max(need, self.up_to - least + need))
            case _:
                return self.lot.sizes(need)


LOT_FOR_LOT: Final = LotRule()


WEEKS_OF_YEAR: Final = 52
"""Weeks of demand that an economic quantity is of."""


def lot_of(moq: Decimal, multiple: Decimal, maximum: Decimal, parameters: Parameters = DEFAULTS) -> Lot:
    """A yarn's own lot; where it states no least order or no multiple, that of the parameters (E.3)."""
    return Lot(moq or parameters.moq_lb, multiple or parameters.lot_multiple_lb, maximum)


class Sized(NamedTuple):
    """The rule of an item, and why it is lot-for-lot where another policy is asked for."""

    rule: LotRule
    reason: Literal["NO_DEMAND", "NO_COST", "NO_LOT_QUANTITY"] | None = None


def lot_rule(
    lot: Lot, weekly: Decimal | None, cost: Decimal | None, safety: Decimal, parameters: Parameters = DEFAULTS
) -> Sized:
    """The parameters' policy for an item of this weekly demand and cost of a pound, None not known (R12).

    Min/max fills up to the safety stock and `lot_period_weeks` of demand.
    """
    plain = LotRule(lot=lot)
    policy, weeks = parameters.lot_policy, parameters.lot_period_weeks
    if policy == "lot_for_lot":
        return Sized(plain)
    if policy == "period_of_supply":
        return Sized(LotRule(policy, lot, weeks=weeks))
    if policy == "fixed_quantity":
        fixed = parameters.lot_fixed_lb
        return Sized(LotRule(policy, lot, fixed)) if fixed > 0 else Sized(plain, "NO_LOT_QUANTITY")
    if weekly is None:
        return Sized(plain, "NO_DEMAND")
    if policy == "min_max":
        return Sized(LotRule(policy, lot, up_to=rounded(safety + weekly * weeks)))
    quantity = economic_order(weekly, cost, parameters)
    return Sized(plain, "NO_COST") if quantity is None else Sized(LotRule(policy, lot, quantity))


def economic_order(
    weekly: Decimal, cost: Decimal | None, parameters: Parameters = DEFAULTS
) -> Decimal | None:
    """Pounds to order at once at a weekly demand, as told with four places; None: holding costs nothing."""
    holding = ZERO if cost is None else cost * parameters.holding_rate
    quantity = economic_quantity(rounded(weekly) * WEEKS_OF_YEAR, parameters.order_cost, holding)
    return None if quantity is None else rounded(quantity)


def _lots_in(quantity: Decimal, lot: Decimal) -> int:
    """Whole lots that hold the quantity (division of decimals truncates, so no floor of a negative)."""
    full, rest = divmod(quantity, lot)
    return int(full) + (1 if rest else 0)


def safety_stock(daily: Decimal, sigma: Decimal, lead: Decimal, sigma_lead: Decimal, z: Decimal) -> Decimal:
    """Pounds against chance: Z x sqrt(LT sigma_d^2 + d^2 sigma_LT^2), days and pounds a day (E.6.8, F-36)."""
    variance = lead * sigma**2 + daily**2 * sigma_lead**2
    return EXACT.multiply(z, variance.sqrt(EXACT))


def reorder_point(daily: Decimal, lead: Decimal, safety: Decimal) -> Decimal:
    """Stock at which to order: what the lead time uses, and the safety stock (E.6.8)."""
    return daily * lead + safety


def economic_quantity(annual: Decimal, order_cost: Decimal, holding: Decimal) -> Decimal | None:
    """EOQ = sqrt(2 D S / H) pounds; None where holding a pound costs nothing or is not known to (E.6.8)."""
    return EXACT.divide(2 * annual * order_cost, holding).sqrt(EXACT) if holding > 0 else None


class Lead(NamedTuple):
    """Days from order to arrival and who says so; `estimated` is a default of the parameters."""

    days: int
    source: Literal["yarn", "supplier", "default"]
    estimated: bool


AT_ONCE: Final = Lead(0, "default", estimated=True)


def lead_time(
    yarn: int | None, supplier: int | None, origin: Origin, parameters: Parameters = DEFAULTS
) -> Lead:
    """The yarn's own lead time, else its supplier's, else the default of the supplier's origin (E.2, E.3)."""
    if yarn is not None:
        return Lead(yarn, "yarn", estimated=False)
    if supplier is not None:
        return Lead(supplier, "supplier", estimated=False)
    usual = parameters.lead_defaults
    days = {"domestic": usual.domestic, "international": usual.international, "unknown": usual.unknown}
    return Lead(days[origin], "default", estimated=True)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days on which orders are sent off: Monday 0 to Sunday 6, without the holidays."""

    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def last_by(self, day: date) -> date:
        """The day itself or the working day before it; a year without one leaves the day as it is."""
        near = (day - timedelta(days=back) for back in range(366))
        return next((one for one in near if one.weekday() in self.weekdays and one not in self.holidays), day)


MONDAY_TO_FRIDAY: Final = WorkingDays()


def working_days(parameters: Parameters) -> WorkingDays:
    """Monday to Friday without the holidays of a set of parameters."""
    return WorkingDays(holidays=frozenset(parameters.holidays))


class Release(NamedTuple):
    """When an order leaves, when it arrives, and by how many days that is too late."""

    day: date
    arrival: date
    days_late: int


def release(need: date, lead_days: int, today: date, working: WorkingDays) -> Release:
    """Need date less the lead time, on the working day before; never in the past: then it is late (F-48)."""
    planned = working.last_by(need - timedelta(days=lead_days))
    day = max(planned, today)
    arrival = day + timedelta(days=lead_days)
    return Release(day, arrival, max(0, (arrival - need).days))

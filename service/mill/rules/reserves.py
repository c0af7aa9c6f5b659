"""What to keep of a yarn against chance, when to order it and how much at once (E.6.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from service.mill.rules.balances import WeeklyDemand
from service.mill.rules.lots import Lead, Origin, economic_order, reorder_point, safety_stock
from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import EXACT, ZERO, rounded

NO_SPREAD: Final = "NO_SPREAD"
"""How much demand varies is stated by nobody and shown by no dated weeks."""
NO_COST: Final = "NO_COST"
DAYS_OF_WEEK: Final = 7
SpreadSource = Literal["parameter", "dated_weeks"]


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of a day's demand in pounds, and which source knew it."""

    sigma: Decimal
    source: SpreadSource


def spread_of(
    dated: Sequence[Decimal], weekly: WeeklyDemand, parameters: Parameters = DEFAULTS
) -> Spread | None:
    """By the share of demand that the parameters state, else by the weeks of dated demand; None: not known.

    The days of a week vary by themselves: of a week's variance each has a seventh.
    """
    if parameters.demand_variation is not None:
        return Spread(rounded(_daily(weekly) * parameters.demand_variation), "parameter")
    if weekly.method != "dated_demand":
        return None
    weeks = dated[: parameters.forecast_weeks]
    mean = EXACT.divide(sum(weeks, ZERO), len(weeks))
    apart = sum((EXACT.power(pounds - mean, 2) for pounds in weeks), ZERO)
    return Spread(rounded(EXACT.divide(apart, len(weeks) * DAYS_OF_WEEK).sqrt(EXACT)), "dated_weeks")


def _daily(weekly: WeeklyDemand) -> Decimal:
    return rounded(EXACT.divide(rounded(weekly.value), DAYS_OF_WEEK))


def lead_sigma(origin: Origin, parameters: Parameters = DEFAULTS) -> int:
    """Days that a lead time of this origin varies by (E.3); suppliers state none of their own."""
    usual = parameters.lead_sigma
    return {
        "domestic": usual.domestic, "international": usual.international, "unknown": usual.unknown
    }[origin]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reserve:
    """Pounds of four places: `daily` demand, `safety` stock, `reorder` point, `economic` quantity.

    Each follows from the others as they are told, not from longer figures behind them; None with a reason.
    """

    daily: Decimal
    spread: Spread | None
    safety: Decimal | None
    reorder: Decimal | None
    economic: Decimal | None

    @property
    def reasons(self) -> list[str]:
        """Why what is None is not known."""
        return [NO_SPREAD] * (self.safety is None) + [NO_COST] * (self.economic is None)


def reserve(
    dated: Sequence[Decimal],
    weekly: WeeklyDemand,
    lead: Lead,
    origin: Origin,
    cost: Decimal | None,
    parameters: Parameters = DEFAULTS,
) -> Reserve:
    """What the demand and the lead time of a yarn ask for; `cost` of a pound, None not known (R12)."""
    daily, spread = _daily(weekly), spread_of(dated, weekly, parameters)
    days, varies = Decimal(lead.days), Decimal(lead_sigma(origin, parameters))
    safety = None
    if spread is not None:
        safety = rounded(safety_stock(daily, spread.sigma, days, varies, parameters.service_z))
    return Reserve(
        daily,
        spread,
        safety,
        None if safety is None else reorder_point(daily, days, safety),
        economic_order(weekly.value, cost, parameters),
    )

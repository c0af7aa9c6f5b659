"""What a yarn has, owes and awaits: balance, shortage, risk and cover of one yarn (R2 to R4, A.3, E.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import EXACT, ZERO

Risk = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Health = Literal["CRITICAL", "WARNING", "GOOD"]
Method = Literal["dated_demand", "consumed", "allocated"]
NO_DEMAND: Final = "NO_DEMAND"
COVERS_HORIZON: Final = "COVERS_HORIZON"
"""The dated demand ends before the stock does: the figure is the least that it can be."""

_RISKS: Final[tuple[Risk, ...]] = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


def outflow(quantity: Decimal) -> Decimal:
    """R2: what leaves a stock as it is stored, never positive, whichever sign it came with.

    The only place where a sign is turned; beyond the snapshot a quantity is `abs` of what is stored.
    """
    return -abs(quantity) if quantity else ZERO


@dataclass(frozen=True, slots=True)
class Stock:
    """One yarn of the inventory snapshot in pounds; `consumed` and `allocated` are stored <= 0 (R2)."""

    beginning: Decimal = ZERO
    received: Decimal = ZERO
    consumed: Decimal = ZERO
    adjustments: Decimal = ZERO
    misc: Decimal = ZERO
    allocated: Decimal = ZERO
    on_order: Decimal = ZERO
    min_stock: Decimal = ZERO

    @property
    def theoretical(self) -> Decimal:
        """What lies there by the books (R3); it may be negative, which is told and never clamped."""
        return self.beginning + self.received + self.consumed + self.adjustments + self.misc

    @property
    def planning(self) -> Decimal:
        """What is left when all that is promised has gone and all that is bought has come (R3)."""
        return self.available_now + self.on_order

    @property
    def available_now(self) -> Decimal:
        """What is there and promised to nobody (R3)."""
        return self.theoretical + self.allocated

    @property
    def shortage(self) -> Decimal:
        """Pounds below the least stock; equal is not short (R4, F-09)."""
        return max(ZERO, self.min_stock - self.planning)


class Mismatch(NamedTuple):
    """A file's own sum that is not the sum of its parts (I1, I2): both are kept, the computed one is used."""

    code: Literal["TB_MISMATCH", "PB_MISMATCH"]
    stated: Decimal
    computed: Decimal


def mismatches(
    stock: Stock, theoretical: Decimal | None, planning: Decimal | None, tolerance: Decimal
) -> list[Mismatch]:
    """Where the file's balances, None not stated, differ by more than the tolerance (F-06)."""
    found = []
    if theoretical is not None and abs(theoretical - stock.theoretical) > tolerance:
        found.append(Mismatch("TB_MISMATCH", theoretical, stock.theoretical))
    if planning is not None and abs(planning - stock.planning) > tolerance:
        found.append(Mismatch("PB_MISMATCH", planning, stock.planning))
    return found


def short_yarns(stocks: Iterable[tuple[str, Stock]]) -> list[tuple[str, Stock]]:
    """The yarns that are short, lowest planning balance first, then by code (Q1, F-09)."""
    short = [(code, stock) for code, stock in stocks if stock.shortage > 0]
    return sorted(short, key=lambda one: (one[1].planning, one[0]))


def risk(planning: Decimal, parameters: Parameters = DEFAULTS) -> Risk:
    """Risk by planning balance; each limit is strict (R4, F-10)."""
    return _first_above(planning, parameters.risk_balance_levels)


def balance_score(planning: Decimal) -> Decimal:
    """0 to 100: a point for each hundred pounds below zero (A.3, F-11)."""
    return min(Decimal(100), max(ZERO, -planning) / 100)


def _first_above(value: Decimal | int, levels: Sequence[Decimal | int]) -> Risk:
    """The first level that the value stays below."""
    return next((name for name, level in zip(_RISKS, levels, strict=False) if value < level), "LOW")


@dataclass(frozen=True, slots=True)
class WeeklyDemand:
    """Pounds over a number of weeks, and which source knew them (E.3)."""

    pounds: Decimal
    weeks: Decimal
    method: Method

    @property
    def value(self) -> Decimal:
        """Pounds a week."""
        return EXACT.divide(self.pounds, self.weeks)


def weekly_demand(
    dated: Sequence[Decimal], stock: Stock, parameters: Parameters = DEFAULTS
) -> WeeklyDemand | None:
    """Mean weekly demand by the first source that has any; None is not known, never a constant (E.3).

    `dated` is the demand by week from the as-of week on; what lies beyond the forecast's weeks is left out.
    """
    source = parameters.weekly_demand_source
    ahead = sum(dated[: parameters.forecast_weeks], ZERO)
    found = {
        "dated": WeeklyDemand(ahead, Decimal(parameters.forecast_weeks), "dated_demand"),
        "consumed": WeeklyDemand(abs(stock.consumed), source.month_weeks, "consumed"),
        "allocated": WeeklyDemand(abs(stock.allocated), source.cycle_weeks, "allocated"),
    }
    return next((found[name] for name in source.order if found[name].pounds > 0), None)


@dataclass(frozen=True, slots=True)
class Cover:
    """Weeks that the stock lasts: `value` by `method`, None with a `reason`; `mean` is by mean demand.

    Of dated demand the mean is over the weeks up to the last that has any (E.3: 1,000 / 650): the weeks
    behind it are not known to need nothing.
    """

    value: Decimal | None
    method: Method | None
    reason: str | None = None
    mean: Decimal | None = None


def weeks_of_supply(balance: Decimal, dated: Sequence[Decimal], weekly: WeeklyDemand | None) -> Cover:
    """Full weeks that the balance covers, and the part of the next (E.3); undated by the mean (F-13)."""
    method = weekly.method if weekly else None
    if balance <= 0:
        return Cover(ZERO, method, mean=ZERO)
    if weekly is None:
        return Cover(None, None, NO_DEMAND)
    if weekly.method != "dated_demand":
        undated = EXACT.divide(balance * weekly.weeks, weekly.pounds)
        return Cover(undated, method, mean=undated)
    mean, left = _mean_cover(balance, dated), balance
    for full, pounds in enumerate(dated):
        if left < pounds:
            return Cover(full + EXACT.divide(left, pounds), method, mean=mean)
        left -= pounds
    return Cover(Decimal(len(dated)), method, COVERS_HORIZON, mean)


def _mean_cover(balance: Decimal, dated: Sequence[Decimal]) -> Decimal:
    weeks = max(week for week, pounds in enumerate(dated, 1) if pounds)
    return EXACT.divide(balance * weeks, sum(dated, ZERO))


def days_to_stock_out(balance: Decimal, weekly: WeeklyDemand | None) -> int | None:
    """Whole days that the balance lasts at the weekly demand (F-14); None where no demand is known."""
    if weekly is None:
        return None
    return max(0, int(EXACT.divide_int(balance * weekly.weeks * 7, weekly.pounds)))


def urgency(days: int | None, parameters: Parameters = DEFAULTS) -> Risk | None:
    """How near the stock-out is (F-14); None where it is not known."""
    return None if days is None else _first_above(days, parameters.urgency_days)


def health(critical_yarns: int, parameters: Parameters = DEFAULTS) -> Health:
    """The mill's health by its number of critical yarns (A.3, F-15)."""
    critical, warning = parameters.health_critical_yarns
    return "CRITICAL" if critical_yarns > critical else "WARNING" if critical_yarns > warning else "GOOD"


@dataclass(frozen=True, slots=True)
class Criticality:
    """The enhanced score (A.3); `parts`: shortage, cover, nothing on order, high demand."""

    score: int
    level: Risk
    listed: bool
    parts: tuple[int, int, int, int]


def criticality(
    shortage: Decimal,
    weeks: Decimal | None,
    on_order: Decimal,
    weekly: Decimal | None,
    parameters: Parameters = DEFAULTS,
) -> Criticality:
    """Points of a yarn; what is not known (None) gives none (A.3, F-12). Listed: short, or little cover."""
    weights = parameters.criticality_weights
    parts = (
        next((points for limit, points in weights.shortage_lb if shortage > limit), 0),
        0
        if weeks is None
        else next((points for limit, points in weights.weeks_of_supply if weeks < limit), 0),
        weights.nothing_on_order if shortage > 0 and on_order <= 0 else 0,
        weights.high_demand if weekly is not None and weekly > weights.weekly_demand_lb else 0,
    )
    score = sum(parts)
    critical, high, medium = parameters.criticality_levels
    level: Risk = (
        "CRITICAL"
        if score >= critical
        else "HIGH"
        if score >= high
        else "MEDIUM"
        if score >= medium
        else "LOW"
    )
    scarce = weeks is not None and weeks < weights.listed_below_weeks
    return Criticality(score, level, shortage > 0 or scarce, parts)


@dataclass(frozen=True, slots=True)
class ForecastShortage:
    """What a yarn lacks over the forecast's weeks, and when its stock runs out (A.5)."""

    requirement: Decimal
    net_position: Decimal
    shortage: Decimal
    stock_out_day: int
    week: int
    urgency: Risk


def forecast_shortage(
    stock: Stock, weekly: WeeklyDemand, parameters: Parameters = DEFAULTS
) -> ForecastShortage:
    """The balance against weekly demand over the forecast's weeks (F-16).

    The demand must be beside what `allocated` already holds, or orders are counted twice (R8): give a stock
    without `allocated` where the weekly demand comes from the orders.
    """
    weeks = parameters.forecast_weeks
    requirement = EXACT.divide(weekly.pounds * weeks, weekly.weeks)
    net = stock.planning - requirement
    days = max(0, int(EXACT.divide_int(stock.theoretical * weekly.weeks * 7, weekly.pounds)))
    near = _first_above(days, parameters.urgency_days)
    return ForecastShortage(requirement, net, max(ZERO, -net), days, min(days // 7 + 1, weeks), near)


def predecessor_order(weekly: Decimal, shortage: Decimal, pending: Decimal) -> Decimal:
    """The predecessor's rule: four weeks and a fifth, or half more than is short, less what comes (F-17).

    Shown beside the advice of `actions` for comparison; plans do not use it.
    """
    return max(ZERO, max(weekly * 4 * Decimal("1.2"), shortage * Decimal("1.5")) - pending)

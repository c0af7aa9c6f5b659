"""Finished demand: sales and what they leave of the forecast, in pounds, less what stock covers (E.6.1-3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from service.mill.rules.exact import ONE, product
from service.mill.rules.explosion import lossy
from service.mill.rules.ground import Ground, SaleGround
from service.mill.rules.netting import Demand, Netting, net
from service.mill.rules.parameter_parts import Stage
from service.mill.rules.quantities import ZERO, NoConversion, finished_factor, rounded, to_pounds
from service.mill.rules.record import consume_forecast
from service.mill.rules.weeks import bucket_of, monday_of, week_start

SALE_PRIORITY: Final = 3
FORECAST_PRIORITY: Final = 4
"""A forecast is served after everything that somebody has ordered."""
_FURTHEST: Final = 520


@dataclass(frozen=True, slots=True)
class Wish:
    """Pounds of knitted fabric that a sale or a forecast asks for, and how they were found.

    `factor` is fabric waste times shrinkage, 1 where the style's recipe has losses of its own (R7).
    """

    number: str
    style: str
    pounds: Decimal
    due: date | None
    priority: int
    factor: Decimal
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_forecast(self) -> bool:
        """Whether nobody has ordered it yet."""
        return self.priority == FORECAST_PRIORITY


@dataclass(frozen=True, slots=True)
class Finished:
    """What is asked for and what of it stock covers; sales that could not be understood, by reason."""

    wishes: Sequence[Wish]
    netting: Netting
    refused: Mapping[str, Sequence[str]]
    estimated: Sequence[str] = ()


def finished(ground: Ground) -> Finished:
    """Sales in pounds, the forecast that they leave, both netted by stage from one pool (F-30 to F-32)."""
    factors = _factors(ground)
    sold, refused, estimated = _sold(ground, factors)
    wishes = [*sold, *_forecast(ground, sold, factors)]
    demands = [Demand(one.number, one.style, one.pounds, one.priority, one.due) for one in wishes]
    return Finished(wishes, net(demands, _pool(ground), ground.parameters), refused, estimated)


def _factors(ground: Ground) -> dict[str, Decimal]:
    """What each finished style is multiplied by: waste and shrinkage, unless its recipe has losses (R7)."""
    asked = {one.style for one in ground.forecasts} | {one.style for one in ground.sales if one.style}
    own = lossy(ground.recipes, asked)
    factor = finished_factor(ground.parameters)
    return {style: ONE if style in own else factor for style in asked}


def _sold(
    ground: Ground, factors: Mapping[str, Decimal]
) -> tuple[list[Wish], dict[str, list[str]], list[str]]:
    wishes: list[Wish] = []
    refused: dict[str, list[str]] = defaultdict(list)
    estimated: list[str] = []
    for sale in ground.sales:
        number = f"{sale.document}/{sale.line}"
        if sale.style is None:
            refused["UNKNOWN_STYLE"].append(number)
            continue
        try:
            wish, is_estimated = _of_sale(ground, sale, sale.style, number, factors[sale.style])
        except NoConversion:
            refused["NO_CONVERSION"].append(number)
            continue
        wishes.append(wish)
        if is_estimated:
            estimated.append(number)
    return wishes, dict(refused), estimated


def _of_sale(ground: Ground, sale: SaleGround, style: str, number: str, factor: Decimal) -> tuple[Wish, bool]:
    converted = to_pounds(sale.quantity, sale.unit, ground.styles[style].fabric)
    told = {"quantity": str(sale.quantity), "unit": sale.unit, "source": converted.source}
    pounds = rounded(product(converted.pounds, factor))
    return Wish(number, style, pounds, sale.due, SALE_PRIORITY, factor, told), converted.estimated


def _forecast(ground: Ground, sold: Iterable[Wish], factors: Mapping[str, Decimal]) -> list[Wish]:
    """What is expected beyond the sales, each style by itself; it is due on the Monday of its week."""
    expected: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for one in ground.forecasts:
        expected[one.style][_bucket(ground, one.week)] += rounded(one.pounds * factors[one.style])
    ordered: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for wish in sold:
        if wish.due is not None and wish.style in expected:
            ordered[wish.style][_bucket(ground, wish.due)] += max(ZERO, wish.pounds)
    wishes = []
    for style, by_week in sorted(expected.items()):
        for week, pounds in _left(by_week, ordered[style], ground.parameters.forecast_window_weeks):
            monday = week_start(ground.as_of, week)
            told = {"forecast": str(by_week[week]), "unit": "lb", "source": "lb"}
            number = f"FORECAST/{style}/{monday}"
            wishes.append(Wish(number, style, pounds, monday, FORECAST_PRIORITY, factors[style], told))
    return wishes


def _left(
    expected: Mapping[int, Decimal], ordered: Mapping[int, Decimal], window: int
) -> list[tuple[int, Decimal]]:
    weeks = range(max([*expected, *ordered]) + 1)
    left = consume_forecast(
        [ordered.get(week, ZERO) for week in weeks], [expected.get(week, ZERO) for week in weeks], window
    ).forecast
    return [(week, pounds) for week, pounds in enumerate(left) if pounds > 0]


def _bucket(ground: Ground, day: date) -> int:
    """Its week from the as-of week on; what is overdue is wanted now."""
    return max(0, bucket_of(max(day, monday_of(ground.as_of)), ground.as_of, _FURTHEST))


def _pool(ground: Ground) -> dict[str, dict[Stage, Decimal]]:
    """Pounds by style and stage; `KO` is what open knit orders will give, those planned among them (F-37)."""
    pool: dict[str, dict[Stage, Decimal]] = defaultdict(dict)
    for (stage, style), pounds in ground.stages.items():
        if stage in ground.parameters.stage_order:
            pool[style][stage] = pounds
    for order in ground.served:
        pool[order.style]["KO"] = pool[order.style].get("KO", ZERO) + order.pounds
    return pool

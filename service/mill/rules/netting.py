"""Finished demand against stock in its stages (E.6.3): one shared pool, each pound used once (C.1.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from service.mill.rules.lots import Lot
from service.mill.rules.parameters import DEFAULTS, Parameters, Stage
from service.mill.rules.precedence import rank
from service.mill.rules.quantities import EXACT, ZERO
from service.mill.rules.weeks import bucket_of, week_start

NO_STAGE_LEAD: Final = "NO_STAGE_LEAD"
"""Stock is there, but nobody states how long its stage takes to finished fabric."""
NOTHING_IN_STOCK: Final = "NOTHING_IN_STOCK"
NOTHING_ASKED: Final = "NOTHING_ASKED"
"""A demand of nothing, or a return: it takes none of what may be there."""

Pool = Mapping[str, Mapping[Stage, Decimal]]
"""Pounds in stock by style and stage; for KO the balances of the open knit orders."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A wish for pounds of a style; a negative one (a return) asks for nothing."""

    order_no: str
    style: str
    pounds: Decimal
    priority: int = 3
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Netted:
    """What a demand takes from each stage, and the rest that must be knitted."""

    demand: Demand
    used: Mapping[Stage, Decimal]
    net: Decimal

    @property
    def coverage(self) -> Decimal | None:
        """Per cent of the demand that stock covers (A.7, F-31); None where nothing was asked for."""
        wanted = max(ZERO, self.demand.pounds)
        return EXACT.divide((wanted - self.net) * 100, wanted) if wanted else None

    def first_available(
        self, today: date, parameters: Parameters = DEFAULTS
    ) -> tuple[date | None, str | None]:
        """When its first stage used can be had, or why that is not known (A.7, F-31)."""
        stage = next(iter(self.used), None)
        if stage is None:
            return None, NOTHING_IN_STOCK if self.demand.pounds > 0 else NOTHING_ASKED
        days: int | None = getattr(parameters.stage_lead_days, stage)
        return (None, NO_STAGE_LEAD) if days is None else (today + timedelta(days=days), None)


@dataclass(frozen=True, slots=True)
class Netting:
    """Every demand in order of service, what was used in all, and what is left in the pool."""

    lines: list[Netted]
    used: dict[Stage, Decimal]
    left: dict[str, dict[Stage, Decimal]] = field(repr=False)

    @property
    def styles(self) -> list[Netted]:
        """Each style as one demand, by code: all that was asked for of it and given to it (A.7)."""
        of: dict[str, list[Netted]] = {}
        for line in self.lines:
            of.setdefault(line.demand.style, []).append(line)
        return [self._style(style, lines) for style, lines in sorted(of.items())]

    def _style(self, style: str, of: Sequence[Netted]) -> Netted:
        used = {stage: sum((line.used.get(stage, ZERO) for line in of), ZERO) for stage in self.used}
        asked = sum((max(ZERO, line.demand.pounds) for line in of), ZERO)
        given = {stage: pounds for stage, pounds in used.items() if pounds}
        return Netted(Demand(style, style, asked), given, sum((line.net for line in of), ZERO))

    @property
    def demanded(self) -> Decimal:
        """All that was asked for; returns ask for nothing."""
        return sum((max(ZERO, line.demand.pounds) for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """All that must be knitted."""
        return sum((line.net for line in self.lines), ZERO)


def net(demands: Iterable[Demand], pool: Pool, parameters: Parameters = DEFAULTS) -> Netting:
    """Demands in order of service (R10) take stock stage by stage; the pool is given once (F-30 to F-32)."""
    left = {style: {stage: max(ZERO, lb) for stage, lb in stages.items()} for style, stages in pool.items()}
    used: dict[Stage, Decimal] = dict.fromkeys(parameters.stage_order, ZERO)
    lines = []
    for demand in sorted(demands, key=lambda one: rank(one.priority, one.due, one.order_no)):
        taken = _taken(max(ZERO, demand.pounds), left.get(demand.style, {}), parameters.stage_order)
        for stage, pounds in taken.items():
            used[stage] += pounds
        lines.append(Netted(demand, taken, max(ZERO, demand.pounds) - sum(taken.values(), ZERO)))
    return Netting(lines, used, left)


def _taken(wanted: Decimal, stock: dict[Stage, Decimal], order: Iterable[Stage]) -> dict[Stage, Decimal]:
    """Takes from a style's stock what is wanted; only the stages that gave something, in their order."""
    taken: dict[Stage, Decimal] = {}
    for stage in order:
        pounds = min(wanted, stock.get(stage, ZERO))
        if pounds > 0:
            stock[stage] -= pounds
            wanted -= pounds
            taken[stage] = pounds
    return taken


@dataclass(frozen=True, slots=True)
class NetWeek:
    """Net requirement of one style in one week; `start` None for demand without a date."""

    style: str
    start: date | None
    demanded: Decimal
    net: Decimal


def net_by_week(netting: Netting, as_of: date, weeks: int) -> list[NetWeek]:
    """The same netting by style and week of the due date (A.7): late demand counts now, undated stands last.

    What is due behind the last week stands in the one after it.
    """
    sums: dict[tuple[str, bool, int], tuple[Decimal, Decimal]] = {}
    for line in netting.lines:
        key = _week_of(line.demand, as_of, weeks)
        demanded, missing = sums.get(key, (ZERO, ZERO))
        sums[key] = (demanded + max(ZERO, line.demand.pounds), missing + line.net)
    return [
        NetWeek(style, None if undated else week_start(as_of, bucket), *sums[style, undated, bucket])
        for style, undated, bucket in sorted(sums)
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """Pounds of a knit order for a demand: its net requirement, less what an earlier lot had to spare."""

    line: Netted
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """A knit order that a plan adds for what stock does not cover; `parts` are the demands, R10 order.

    `week` is the Monday of the week it is for, None where its demands have no date.
    """

    style: str
    pounds: Decimal
    week: date | None
    parts: tuple[Part, ...]

    @property
    def due(self) -> date | None:
        """With the first of its demands."""
        return min((one.line.demand.due for one in self.parts if one.line.demand.due), default=None)

    @property
    def priority(self) -> int:
        """As urgent as the most urgent of its demands."""
        return min(one.line.demand.priority for one in self.parts)

    @property
    def serves(self) -> tuple[str, ...]:
        """The demands it is for."""
        return tuple(one.line.demand.order_no for one in self.parts)


def planned_orders(
    netting: Netting, as_of: date, weeks: int, parameters: Parameters = DEFAULTS
) -> list[PlannedOrder]:
    """The net requirements of a style and week as knit orders of at least a batch (E.6.3), by style and week.

    What a batch gives beyond its week serves the weeks behind it (E.6.5: what is planned stays available).
    """
    groups: dict[tuple[str, bool, int], list[Netted]] = {}
    for line in netting.lines:
        if line.net > 0:
            groups.setdefault(_week_of(line.demand, as_of, weeks), []).append(line)
    lot, spare, planned = Lot(moq=parameters.min_batch_lb), dict[str, Decimal](), list[PlannedOrder]()
    for (style, undated, bucket), lines in sorted(groups.items(), key=lambda one: one[0]):
        parts, left = _unserved(lines, spare.get(style, ZERO))
        missing = sum((one.pounds for one in parts), ZERO)
        week = None if undated else week_start(as_of, bucket)
        sizes = lot.sizes(missing)
        planned += [PlannedOrder(style, pounds, week, parts) for pounds in sizes]
        spare[style] = left + sum(sizes, ZERO) - missing
    return planned


def _unserved(lines: Iterable[Netted], spare: Decimal) -> tuple[tuple[Part, ...], Decimal]:
    """What is over goes to the first in the order of service: parts still open, and what is left of it."""
    parts = []
    for line in lines:
        given = min(line.net, spare)
        spare -= given
        if line.net > given:
            parts.append(Part(line, line.net - given))
    return tuple(parts), spare


def _week_of(demand: Demand, as_of: date, weeks: int) -> tuple[str, bool, int]:
    """Style, whether it has no date, week: sorts as plans are read."""
    due = demand.due
    bucket = 0 if due is None else max(0, bucket_of(due, as_of, weeks - 1))
    return (demand.style, due is None, bucket)

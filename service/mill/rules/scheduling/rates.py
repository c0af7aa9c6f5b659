"""Pounds an hour of a style on a machine: recorded, or estimated and marked so (spec E.7, F-65, F-67)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from math import pi
from statistics import median
from typing import Final

from service.mill.rules.quantities import LB_PER_KG

RATE_DAY_HOURS: Final = Decimal(24)
"""Parameter `rate_day_hours`: the hours that a rate per day is made in (spec E.7)."""
PLANT_LB_PER_DAY: Final = Decimal(616)
"""Parameter `default_rate_lb_day`: the mean of the mill's rate file (spec A.11)."""


class RateSource(Enum):
    """Where a rate comes from, best first."""

    MACHINE_STYLE = "machine_style"
    CENTER_STYLE = "center_style"
    STYLE = "style"
    MACHINE_DATA = "machine_data"
    CENTER_MEDIAN = "center_median"
    PLANT = "plant_default"

    @property
    def estimated(self) -> bool:
        """Whether nobody recorded it for this style."""
        return self in _ESTIMATED


_ESTIMATED: Final = frozenset({RateSource.MACHINE_DATA, RateSource.CENTER_MEDIAN, RateSource.PLANT})


@dataclass(frozen=True, slots=True)
class Rate:
    """Pounds an hour, before the machine's efficiency."""

    pounds_per_hour: float
    source: RateSource


@dataclass(frozen=True, slots=True)
class Knitting:
    """What a circular machine knits with: inches, needles per inch, feeders, turns a minute, mm and tex."""

    diameter: float
    cut: float
    feeders: float
    rpm: float
    stitch_mm: float
    tex: float
    efficiency: float = 1.0

    @property
    def needles(self) -> float:
        """Around the cylinder."""
        return pi * self.diameter * self.cut

    @property
    def kg_per_hour(self) -> float:
        """By the length of yarn that all feeders lay (spec E.7)."""
        stitches = self.needles * self.feeders * self.rpm * 60
        return stitches * self.stitch_mm * self.tex * self.efficiency / 1e9

    @property
    def pounds_per_hour(self) -> float:
        """The same in pounds."""
        return self.kg_per_hour * float(LB_PER_KG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What is known of rates; the first source that states one decides, and one of 0 or less is no rate.

    `machine_style` and `center_style` are pounds an hour; `style_per_day`, `center_median_per_day` and
    `plant_per_day` (None: no such default) pounds a day of `day_hours`; `knitting` is by machine and style.
    """

    machine_style: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    center_style: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    style_per_day: Mapping[str, Decimal] = field(default_factory=dict)
    knitting: Mapping[tuple[str, str], Knitting] = field(default_factory=dict)
    center_median_per_day: Mapping[str, Decimal] = field(default_factory=dict)
    plant_per_day: Decimal | None = PLANT_LB_PER_DAY
    day_hours: Decimal = RATE_DAY_HOURS

    def of(self, machine: str, center: str, style: str) -> Rate | None:
        """The rate of a style on a machine; None: NO_RATE."""
        recorded = self.machine_style.get((machine, style))
        if recorded is not None:
            return _rate(recorded, RateSource.MACHINE_STYLE)
        recorded = self.center_style.get((center, style))
        if recorded is not None:
            return _rate(recorded, RateSource.CENTER_STYLE)
        recorded = self.style_per_day.get(style)
        if recorded is not None:
            return _rate(recorded / self.day_hours, RateSource.STYLE)
        return self._estimate(machine, center, style)

    def _estimate(self, machine: str, center: str, style: str) -> Rate | None:
        knitting = self.knitting.get((machine, style))
        if knitting is not None:
            return Rate(knitting.pounds_per_hour, RateSource.MACHINE_DATA)
        middle = self.center_median_per_day.get(center)
        if middle is not None:
            return _rate(middle / self.day_hours, RateSource.CENTER_MEDIAN)
        if self.plant_per_day is None:
            return None
        return _rate(self.plant_per_day / self.day_hours, RateSource.PLANT)


def center_medians(rates: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The middle rate of each work centre, from (work centre, pounds a day) of its styles; rates above 0."""
    found: defaultdict[str, list[Decimal]] = defaultdict(list)
    for center, per_day in rates:
        if per_day > 0:
            found[center].append(per_day)
    return {center: median(found[center]) for center in sorted(found)}


def _rate(pounds_per_hour: Decimal, source: RateSource) -> Rate | None:
    return Rate(float(pounds_per_hour), source) if pounds_per_hour > 0 else None

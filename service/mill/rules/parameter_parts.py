"""What parameters are made of: their ranges, and those that belong together as one value (spec E.3)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass


def _day(given: Any) -> date:
    # pydantic by itself also takes 1761955200 and 2026-10-01T00:00:00 for days.
    if isinstance(given, str):
        return date.fromisoformat(given)
    if type(given) is not date:
        raise ValueError("a day is written as 2025-12-25")
    return given


Pounds = Annotated[Decimal, Field(ge=0, le=10**9)]
Level = Annotated[Decimal, Field(ge=-(10**9), le=10**9)]
Share = Annotated[Decimal, Field(ge=0, lt=1)]
Positive = Annotated[Decimal, Field(gt=0, le=10**9)]
Hours = Annotated[Decimal, Field(ge=0, le=1000)]
Days = Annotated[int, Field(strict=True, ge=0, le=730)]
Weeks = Annotated[int, Field(strict=True, ge=1, le=104)]
Count = Annotated[int, Field(strict=True, ge=0, le=10**6)]
Points = Annotated[int, Field(strict=True, ge=0, le=100)]
Seconds = Annotated[int, Field(strict=True, ge=0, le=86_400)]
Day = Annotated[date, BeforeValidator(_day)]
Stage = Literal["F01", "I01", "G02", "G00", "KO"]
WeeklySource = Literal["dated", "consumed", "allocated"]
DispatchRule = Literal["PRIORITY_EDD", "EDD", "SPT", "CR", "SLACK", "ARRIVAL"]
LotPolicy = Literal["lot_for_lot", "fixed_quantity", "eoq", "period_of_supply", "min_max"]

WHOLE: Final = ConfigDict(extra="forbid")
"""A name there is not is refused."""


@dataclass(frozen=True, slots=True, config=WHOLE)
class LeadDays:
    """Days from order to arrival where neither the yarn nor its supplier says (A.8, A.12)."""

    domestic: Days = 14
    international: Days = 35
    unknown: Days = 21
    express: Days = 3


@dataclass(frozen=True, slots=True, config=WHOLE)
class LeadSigma:
    """Standard deviation of the lead time in days (A.8)."""

    domestic: Days = 3
    international: Days = 10
    unknown: Days = 5


@dataclass(frozen=True, slots=True, config=WHOLE)
class CriticalityWeights:
    """Points of the enhanced criticality (A.3): the first limit that is passed, strictly, counts."""

    shortage_lb: tuple[tuple[Pounds, Points], ...] = (
        (Decimal(10_000), 40),
        (Decimal(5_000), 30),
        (Decimal(1_000), 20),
        (Decimal(0), 10),
    )
    weeks_of_supply: tuple[tuple[Positive, Points], ...] = (
        (Decimal(1), 30),
        (Decimal(2), 20),
        (Decimal(4), 10),
    )
    nothing_on_order: Points = 20
    weekly_demand_lb: Pounds = Decimal(5_000)
    high_demand: Points = 10
    listed_below_weeks: Positive = Decimal(30)


@dataclass(frozen=True, slots=True, config=WHOLE)
class WeeklyDemandSource:
    """Where a yarn's weekly demand is read, first that knows it; never a constant (A.3 corrected)."""

    order: tuple[WeeklySource, ...] = ("dated", "consumed", "allocated")
    month_weeks: Positive = Decimal("4.3")
    cycle_weeks: Positive = Decimal(8)


@dataclass(frozen=True, slots=True, config=WHOLE)
class StageLeadDays:
    """Days until stock of a stage is finished fabric (A.7); null where nobody states it."""

    F01: Days | None = 0
    I01: Days | None = 2
    G02: Days | None = None
    G00: Days | None = 15
    KO: Days | None = None


@dataclass(frozen=True, slots=True, config=WHOLE)
class CacheTtl:
    """Seconds an answer of a kind may be kept (A.14, optimiser column)."""

    static: Seconds = 3600
    inventory: Seconds = 300
    forecast: Seconds = 900
    planning: Seconds = 600
    yarn: Seconds = 300
    production: Seconds = 180
    default: Seconds = 300

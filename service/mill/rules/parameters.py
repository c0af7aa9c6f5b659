"""Every number of the desk that a planner may set, in one place (spec E.3): all screens read the same set.

A set is stored as a version; an answer tells which values it was made with (`as_values`, `changed`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator
from pydantic.dataclasses import dataclass

from service.mill.rules.parameter_parts import (
    WHOLE,
    CacheTtl,
    Count,
    CriticalityWeights,
    Day,
    Days,
    DispatchRule,
    Hours,
    LeadDays,
    LeadSigma,
    Level,
    LotPolicy,
    Points,
    Positive,
    Pounds,
    Share,
    Stage,
    StageLeadDays,
    WeeklyDemandSource,
    Weeks,
)


class BadParameters(ValueError):
    """Values that are not a parameter set; says in a sentence which and why."""


@dataclass(frozen=True, slots=True, config=WHOLE)
class Parameters:
    """One set of planning parameters (E.3). Pounds, days and hours as the names say; shares are fractions."""

    risk_balance_levels: tuple[Level, Level, Level] = Field(
        default=(Decimal(-1000), Decimal(-100), Decimal(0)),
        description="Planning balance below which the risk is CRITICAL, HIGH, MEDIUM; else LOW (A.3, R4).",
    )
    urgency_days: tuple[Days, Days, Days] = Field(
        default=(7, 21, 45), description="Days to stock-out below which it is CRITICAL, HIGH, MEDIUM (A.5)."
    )
    criticality_weights: CriticalityWeights = Field(
        default=CriticalityWeights(), description="Points of the enhanced criticality (A.3)."
    )
    criticality_levels: tuple[Points, Points, Points] = Field(
        default=(70, 50, 30), description="Points from which it is CRITICAL, HIGH, MEDIUM (A.3)."
    )
    health_critical_yarns: tuple[Count, Count] = Field(
        default=(50, 20), description="More critical yarns than this: CRITICAL, WARNING (A.3)."
    )
    weekly_demand_source: WeeklyDemandSource = Field(
        default=WeeklyDemandSource(), description="Where weekly demand is read (A.3 corrected)."
    )
    weeks_horizon: Weeks = Field(default=9, description="Weeks of a plan: this one and eight more (A.12).")
    forecast_weeks: Weeks = Field(default=13, description="Weeks of a forecast and of dated demand (A.5).")
    past_due_policy: Annotated[str, Field(pattern=r"^(exclude|now|offset:\d{1,2})$")] = Field(
        default="exclude", description="Past-due receipts: exclude, now or offset:<week> (R9, B.2 I5)."
    )
    weekly_shortage_level: Pounds | Literal["safety_stock"] = Field(
        default=Decimal(0),
        description="Balance below which a week is short; or the yarn's safety stock (A.12).",
    )
    production_lead_days: Days = Field(
        default=14,
        description="Days before the due date that an order without start needs yarn (A.8, E.6.1).",
    )
    holidays: Annotated[tuple[Day, ...], Field(max_length=500)] = Field(
        default=(), description="Days on which no order leaves, as on Saturdays and Sundays (E.6.7)."
    )
    planning_fence_days: Days = Field(
        default=0, description="No new order may arrive inside this time: FENCE_CONFLICT (D.1, E.6.10)."
    )
    forecast_window_weeks: Annotated[int, Field(strict=True, ge=0, le=52)] = Field(
        default=1, description="Weeks to each side whose forecast an order may consume (E.6.1)."
    )
    rate_day_hours: Annotated[Decimal, Field(gt=0, le=24)] = Field(
        default=Decimal(24), description="Hours that a rate in lb a day is spread over (E.7)."
    )
    min_batch_lb: Pounds = Field(default=Decimal(100), description="Smallest knit batch (A.11).")
    fabric_waste: Share = Field(
        default=Decimal("0.03"), description="Of finished-yard demand only (A.6, R7)."
    )
    yarn_shrinkage: Share = Field(
        default=Decimal("0.02"), description="Of finished-yard demand only (A.6, R7)."
    )
    scale_incomplete: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Assume that an incomplete recipe adds to 100 % (B.5 BOM_SUM_OFF)."
    )
    bom_sum_tolerance: tuple[Share, Share] = Field(
        default=(Decimal("0.001"), Decimal("0.02")), description="A recipe's sum is OK, near 1 (B.5)."
    )
    balance_tolerance_lb: Pounds = Field(
        default=Decimal("0.01"), description="A file's balance may differ by this from its sum (A.1)."
    )
    kit_tolerance_lb: Pounds = Field(
        default=Decimal("0.01"), description="A yarn missing this little is there (E.6)."
    )
    service_z: Annotated[Decimal, Field(ge=0, le=5)] = Field(
        default=Decimal("2.05"),
        description="Normal deviate of the service level: 2.05 is 98 %, 1.65 is 95 % (A.8).",
    )
    demand_variation: Annotated[Decimal, Field(ge=0, le=10)] | None = Field(
        default=None,
        description="Standard deviation of a day's demand as a share of it; null: that of the dated weeks"
        " (A.8, E.6.8).",
    )
    lead_defaults: LeadDays = Field(
        default=LeadDays(), description="Lead times not stated, days (A.8, A.12)."
    )
    lead_sigma: LeadSigma = Field(default=LeadSigma(), description="Their standard deviation, days (A.8).")
    moq_lb: Pounds = Field(
        default=Decimal(100), description="Least order quantity where a yarn states none (A.8)."
    )
    lot_multiple_lb: Pounds = Field(default=Decimal(50), description="Orders are rounded up to this (A.8).")
    lot_policy: LotPolicy = Field(default="lot_for_lot", description="How net needs become orders (E.6.6).")
    lot_fixed_lb: Pounds = Field(
        default=Decimal(0), description="Quantity of fixed lots; 0 is not set (E.6.6)."
    )
    lot_period_weeks: Weeks = Field(
        default=4, description="Weeks that one order covers by period of supply (A.8)."
    )
    order_cost: Pounds = Field(default=Decimal(75), description="Cost of placing an order (A.8).")
    holding_rate: Positive = Field(
        default=Decimal("0.25"), description="Cost of holding stock, of its value a year (A.8)."
    )
    default_rate_lb_day: Positive = Field(
        default=Decimal(616), description="Where neither style nor work centre has a rate: estimated (A.11)."
    )
    setup_hours: Hours = Field(default=Decimal(1), description="On a change of style (A.11).")
    setup_hours_same_style: Hours = Field(
        default=Decimal(0), description="When the same style follows (A.11)."
    )
    setup_hours_same_construction: Hours | None = Field(
        default=None, description="When the same construction follows; null as any change of style (E.7)."
    )
    schedule_rule: DispatchRule = Field(
        default="PRIORITY_EDD", description="Which order is given a machine first (E.7.1)."
    )
    schedule_direction: Literal["forward", "backward"] = Field(
        default="forward", description="As soon as possible, or no sooner than the due date asks (E.7.4)."
    )
    schedule_split: Annotated[int, Field(strict=True, ge=1, le=4)] = Field(
        default=1, description="Over how many machines an order may be divided (E.7.4)."
    )
    schedule_split_setup: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether a pause may part a set-up from its first run hour (E.7.2)."
    )
    schedule_trials: Count = Field(
        default=0, description="Effort of improving a schedule, in operations timed anew; 0 none (E.7.5)."
    )
    schedule_material: Literal["kit", "ignore"] = Field(
        default="kit",
        description="Whether an order waits for its yarn; ignore: as if all were there (E.7, D.1).",
    )
    schedule_estimates: Annotated[bool, Field(strict=True)] = Field(
        default=True, description="Whether a rate nobody states is estimated; else NO_RATE (A.11, F-67)."
    )
    freeze_days: Days = Field(
        default=0, description="What the published schedule begins within is not moved (E.7, D.3)."
    )
    utilisation_warning: Share = Field(
        default=Decimal("0.85"), description="Load above which to warn (A.11)."
    )
    utilisation_critical: Share = Field(
        default=Decimal("0.95"), description="Load above which it is critical (A.11)."
    )
    over_ship_pct: Annotated[Decimal, Field(ge=0, le=100)] = Field(
        default=Decimal(5), description="An order may be over-shipped by this before it is listed (B.5)."
    )
    damper_days: Days = Field(default=7, description="Moves shorter than this give no message (D.1).")
    damper_lb: Pounds = Field(default=Decimal(1), description="Quantities below this give no message (D.1).")
    increase_open_orders: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Enlarge a receipt of the short week rather than order anew (D.1)."
    )
    stage_order: tuple[Stage, ...] = Field(
        default=("F01", "I01", "G02", "G00", "KO"),
        description="Order in which stages are netted (C.1.7, E.6.3).",
    )
    stage_lead_days: StageLeadDays = Field(
        default=StageLeadDays(), description="Days from a stage to finished fabric (A.7)."
    )
    kit_minimum_fraction: Annotated[Decimal, Field(ge=0, le=1)] = Field(
        default=Decimal(0), description="A kit covered by less than this is given nothing (E.9)."
    )
    machine_rate_per_hour: Pounds | None = Field(
        default=None, description="Money for a machine hour; null unknown (E.12)."
    )
    conversion_cost_per_lb: Pounds | Literal["unknown"] = Field(
        default=Decimal(0),
        description="Money for knitting a pound where its style states none: 0 by E.2; `unknown` leaves the "
        "costs of such styles open (E.12).",
    )
    overhead_basis: Literal["none", "conversion_share", "per_lb"] = Field(
        default="none", description="What overhead is measured by: one choice for a set (E.12)."
    )
    overhead: Pounds = Field(
        default=Decimal(0), description="A share of conversion, or money for a pound (E.12)."
    )
    cache_ttl: CacheTtl = Field(default=CacheTtl(), description="How long answers are kept, seconds (A.14).")

    @field_validator("risk_balance_levels", "urgency_days", "bom_sum_tolerance")
    @classmethod
    def _rising(cls, levels: tuple[Any, ...]) -> tuple[Any, ...]:
        if any(low >= high for low, high in pairwise(levels)):
            raise ValueError("each level must be above the one before")
        return levels

    @field_validator("criticality_levels", "health_critical_yarns")
    @classmethod
    def _falling(cls, levels: tuple[Any, ...]) -> tuple[Any, ...]:
        if any(high <= low for high, low in pairwise(levels)):
            raise ValueError("each level must be below the one before")
        return levels

    @field_validator("stage_order")
    @classmethod
    def _once(cls, stages: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(stages)) != len(stages):
            raise ValueError("a stage stands there twice")
        return stages

    @field_validator("holidays")
    @classmethod
    def _in_order(cls, days: tuple[date, ...]) -> tuple[date, ...]:
        return tuple(sorted(set(days)))

    @property
    def usual_conversion(self) -> Decimal | None:
        """Money for knitting a pound of a style that states none; None: nobody knows."""
        return None if self.conversion_cost_per_lb == "unknown" else self.conversion_cost_per_lb

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "Parameters":
        """A set from stored or posted values; what is not named keeps its default.

        Raises `BadParameters` for a name there is not (with near ones) and for every wrong value.
        """
        try:
            return _ADAPTER.validate_python(dict(values))
        except ValidationError as error:
            raise BadParameters(" ".join(_sentences(error))) from None

    def as_values(self) -> dict[str, Any]:
        """Every value by name as JSON has it; decimal numbers as text. `from_values` takes it back."""
        values: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return values

    def changed(self) -> dict[str, Any]:
        """The values that are not the defaults of the spec: what an answer must tell beside its figures."""
        usual = DEFAULTS.as_values()
        return {name: value for name, value in self.as_values().items() if value != usual[name]}


_ADAPTER: Final = TypeAdapter(Parameters)
DEFAULTS: Final = Parameters()


def described() -> dict[str, Any]:
    """JSON schema of a set: each name with its meaning, origin, range and default."""
    return _ADAPTER.json_schema(mode="serialization")


def _sentences(error: ValidationError) -> Iterator[str]:
    """One sentence for every thing that is wrong."""
    known = list(DEFAULTS.as_values())
    for fault in error.errors(include_url=False):
        where = ".".join(map(str, fault["loc"]))
        if fault["type"] == "unexpected_keyword_argument":
            near = get_close_matches(where, known, n=3)
            hint = f"; near it: {', '.join(near)}" if near else ""
            yield f"There is no parameter {where}{hint}."
        else:
            reason = fault["msg"].removeprefix("Value error, ")
            yield f"{where}: {reason[:1].lower()}{reason[1:]}, not {fault['input']!r}."

"""Appliances: on the run or not, until when, their gaps, what if; and coverage."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from service.schemas.crew.fields import Code, Data, Moment, Number, State
from service.schemas.envelope import Ask, Instant, Wire

Status = Literal["available", "crew_deficient", "off_the_run", "unknown"]
Level = Literal["green", "amber", "red", "grey"]


def _a_number(given: Any) -> Any:
    # A query has only words, and a literal is compared with none.
    return int(given) if isinstance(given, str) and given in {"5", "10", "15", "30", "60"} else given


Step = Annotated[Literal[5, 10, 15, 30, 60], BeforeValidator(_a_number)]
_AT = "Default: now."
_KNOWN_AT = "As it was known at this instant; default: as it is known now."
_STATION = "Code; needed where two stations have an appliance of this name."


class AppliancesAsk(Ask):
    """Which appliances, and at which instant."""

    station: Code | None = Field(None, description="Code; default: every station that you may see.")
    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class StatusAsk(Ask):
    """One appliance at an instant."""

    station: Code | None = Field(None, description=_STATION)
    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class ForecastAsk(Ask):
    """A range of at most 35 days, its end not included; default: the next 14 days."""

    station: Code | None = Field(None, description=_STATION)
    from_: Moment | None = Field(None, alias="from", description=_AT)
    to: Moment | None = Field(None, description="Default: 14 days after `from`.")
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class GapsAsk(ForecastAsk):
    """The same; gaps that last at least so long."""

    min_minutes: int = Field(0, ge=0, le=50_400)


class CoverageAsk(Ask):
    """The slots of a range of at most 35 days; default: today at the station."""

    station: Code
    from_: Moment | None = Field(
        None, alias="from", description="Default: the beginning of the present day at the station."
    )
    to: Moment | None = Field(None, description="Default: the end of the local day in which `from` lies.")
    step: Step = Field(15, description="Minutes of a slot.")
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class RequirementMet(Wire):
    """What a requirement asks and what the crew has of it."""

    code: str
    required: int
    have: int
    short: int


class Judged(Wire):
    """A rule that is reported beside the enforced one."""

    rule: str
    ok: bool
    requirements: list[RequirementMet]


class ApplianceStanding(Wire):
    """Whether an appliance is on the run, and why (spec D.6)."""

    status: Status = Field(
        description="`off_the_run`: the grid says so. `crew_deficient`: it does not, but the crew breaks the "
        "rule. `unknown`: nobody looked at that day, or the grid does not say."
    )
    level: Level = Field(description="`amber`: available, but somebody could not be spared.")
    flag: State = Field(description="What the grid says.")
    rules_ok: bool | None = Field(description="Null: there is no rule, or nothing is known of the crew.")
    discrepancy: bool = Field(description="The grid says off the run though the crew would do.")
    requirements: list[RequirementMet] = Field(description="Of the enforced rule; empty where nobody looked.")
    tier: int | None = Field(description="The lowest tier whose rule the crew meets.")
    tier_name: str | None
    crew: list[int] = Field(description="Who is available, by number.")
    critical_crew: list[int] = Field(description="Whom an available appliance could not spare.")
    complete: bool = Field(description="Whether everybody's state is known.")


class ApplianceAt(ApplianceStanding):
    """An appliance at an instant."""

    appliance: str
    station: str
    at: Instant
    at_local: Instant
    rule: str | None = Field(description="The enforced rule.")
    beside: list[Judged] = Field(description="Rules that are only reported, such as the grid's own.")
    until: Instant | None = Field(description="The end of this status; null: not known.")
    until_local: Instant | None
    until_is_lower_bound: bool | None = Field(
        description="Whether what is known ends there: the status may go on."
    )
    next_operational: Instant | None = Field(
        description="When it is next available; null: it is, or that is not known."
    )
    next_operational_local: Instant | None


class ApplianceStatus(ApplianceAt):
    """The same of one appliance."""

    data: Data


class Appliances(Wire):
    """The appliances of some stations at an instant, by station and name."""

    items: list[ApplianceAt]
    at: Instant
    data: Data


class Span(Wire):
    """From an instant up to another, without it."""

    from_: Instant = Field(alias="from")
    from_local: Instant
    until: Instant
    until_local: Instant
    minutes: int


class ForecastPart(Span, ApplianceStanding):
    """A stretch with one crew."""


class Forecast(Span):
    """A stretch with one status; `level` is its worst."""

    status: Status
    level: Level
    until_is_lower_bound: bool
    parts: list[ForecastPart]


class Forecasts(Wire):
    """What becomes of an appliance over a range, without holes."""

    appliance: str
    station: str
    rule: str | None
    from_: Instant = Field(alias="from")
    to: Instant
    items: list[Forecast]
    data: Data


class GapPart(Span):
    """A stretch of a gap with one status and one outcome of the rule.

    `fix_sets` are the smallest sets of people, known to be unavailable all the while, who together would let
    the rule hold by booking on.
    """

    status: Status
    rules_ok: bool | None
    discrepancy: bool
    short: dict[str, int] = Field(description="What is missing, by requirement; the most at any instant.")
    min_additional: int | None = Field(description="Null: no four people would do, or too little is known.")
    fix_sets: list[list[int]] = Field(description="At most 20, by number.")
    fix_sets_count: int = Field(description="How many there are.")


class ApplianceGap(GapPart):
    """A gap: all the while the appliance is not available; its status is the worst of its parts."""

    until_is_lower_bound: bool
    parts: list[GapPart]


class ApplianceGaps(Wire):
    """When an appliance is not available in a range, and who would close the gaps."""

    appliance: str
    station: str
    rule: str | None
    from_: Instant = Field(alias="from")
    to: Instant
    items: list[ApplianceGap]
    data: Data


class WhatIfChange(Ask):
    """What if this person were available, or not, from an instant up to another."""

    crew_id: Number
    from_: Moment = Field(alias="from")
    to: Moment
    state: Literal["available", "unavailable"]

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.from_ >= self.to:
            raise ValueError("from is not before to")
        return self


class WhatIfAsk(Ask):
    """People who book on or off; of two that meet the later one holds."""

    station: Code | None = Field(None, description=_STATION)
    from_: Moment | None = Field(None, alias="from", description="Default: where the first change begins.")
    to: Moment | None = Field(None, description="Default: where the last change ends.")
    changes: Annotated[list[WhatIfChange], Field(min_length=1, max_length=100)]
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class Effect(Span):
    """A stretch in which the appliance would be otherwise; both as at its beginning."""

    was: ApplianceStanding
    would_be: ApplianceStanding


class WhatIf(Wire):
    """What would become of an appliance. Nothing is written."""

    appliance: str
    station: str
    from_: Instant = Field(alias="from")
    to: Instant
    changes: list[Effect] = Field(description="Where the status would be another one.")
    level_changes: list[Effect] = Field(description="Where the status stays and the level does not.")
    data: Data


class Slot(Wire):
    """Who is there as a slot begins; null where nobody looked."""

    at: Instant
    at_local: Instant
    crew: int | None
    officer: int | None
    driver: int | None
    ba: int | None
    complete: bool
    status: dict[str, Status] = Field(description="By appliance.")


class CoverageMatrix(Wire):
    """A station slot by slot: a local day has 92, 96 or 100 quarter hours."""

    station: str
    from_: Instant = Field(alias="from")
    to: Instant
    step: int
    items: list[Slot]
    data: Data

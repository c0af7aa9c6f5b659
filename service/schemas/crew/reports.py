"""Parameters and rows of the reports about a period: off the run, recovery, cover, shares, the return."""

from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from service.schemas.asked import CalendarDate
from service.schemas.attendance.reports import Month, require_one_way
from service.schemas.crew.fields import Code, Moment, Number, Redacting, Short, Week
from service.schemas.envelope import Ask, Instant, Wire


class Stations(Ask):
    """Whose: of one station, else of all that the caller may see; and as it was known when."""

    station: Code | None = Field(None, description="Code of a station; default all that you may see.")
    known_at: Moment | None = Field(None, description="As it was known at this instant; default now.")


class Period(Stations):
    """Of which local days: a month, an ISO week, or inclusive dates; default the month of yesterday."""

    month: Month = Field(None, description="YYYY-MM.")
    week: Week | None = Field(None, description="An ISO week: 2026-W10.")
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        require_one_way(self.month, self.from_, self.to)
        if self.week is not None and (self.month is not None or self.from_ is not None):
            raise ValueError("give one of month, week, or from and to")
        return self


class OffTheRunParams(Period):
    """Of which appliances and days, by what."""

    appliance: Short | None = Field(None, description="Name of an appliance; default every one.")
    by: Literal["day", "week", "month"] = Field("month", description="What one row covers.")


class OffTheRunRow(Wire):
    """One appliance over one period: on the run + off the run + unknown = the period, to the second."""

    station: str
    appliance: str
    period: str = Field(description="2026-03, 2026-W10 or 2026-03-05.")
    first_day: date
    last_day: date
    period_seconds: int = Field(description="Of the local days: a March in London is an hour shorter.")
    on_the_run_seconds: int
    off_seconds: int
    unknown_seconds: int = Field(description="No grid, or one that does not say whether it is on the run.")
    known_seconds: int = Field(description="On the run and off it.")
    on_the_run_percent: Decimal | None = Field(None, description="Of the time known; null: none is known.")
    off_percent: Decimal | None = Field(None, description="Of the time known.")
    by_reason: dict[str, int] = Field(
        description="Seconds in which each reason held; where several hold at once each has them all."
    )
    percent_by_reason: dict[str, Decimal] = Field(description="The same of the time known.")
    by_combination: dict[str, int] = Field(
        description="Seconds by everything that was wrong at once, joined by `+`; they sum to `off_seconds`."
    )


OffTheRunFigure = Literal[
    "period_seconds", "on_the_run_seconds", "off_seconds", "unknown_seconds", "known_seconds",
    "on_the_run_percent", "off_percent", "by_reason",
]  # fmt: skip


class OffTheRunFigureParams(OffTheRunParams):
    """The figure of an appliance to explain; of `by_reason`, which reason."""

    station: Code
    appliance: Short
    period: str = Field(max_length=10, description="The row's period, such as 2026-03.")
    figure: OffTheRunFigure
    reason: Short | None = Field(None, description="A requirement's code, or `flag`.")


class RecoveryParams(Stations, Redacting):
    """In which days something is to be recovered; default from now on, today and the six days after it."""

    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None
    top: int = Field(50, ge=1, le=500, description="Rows at most; the summary says how many there are.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        require_one_way(None, self.from_, self.to)
        return self


class RecoveryRow(Wire):
    """A person who is off, or two together, and what their booking on for a stretch would recover."""

    rank: int
    station: str
    crew_id: int
    name: str
    off_for: str = Field(description="What the grid says they are off for, such as W.")
    with_crew_id: int | None = Field(None, description="The second person, where one is not enough.")
    with_name: str | None = None
    with_off_for: str | None = None
    starts_at: Instant
    ends_at: Instant
    recovered_seconds: int = Field(description="On the run instead of off it, all appliances together.")
    flag_seconds: int = Field(
        description="Of these, where the grid has the appliance off too: recovered once it follows its crew."
    )
    appliances: list[str]
    short_of: list[str] = Field(description="What is missing in the stretch, by the codes of requirements.")


class RecoveryFigureParams(RecoveryParams):
    """The row to explain."""

    station: Code
    crew_id: Number
    with_crew_id: Number | None = None
    starts_at: Moment
    figure: Literal["recovered_seconds", "flag_seconds"] = "recovered_seconds"


class CoverParams(Period, Redacting):
    """Whose cover of which days."""


class CoverRow(Wire):
    """One person: when the appliance was on the run because of them, and when they were there in vain."""

    station: str
    crew_id: int
    name: str
    role: str | None = None
    available_seconds: int
    gap_cover_seconds: int = Field(
        description="Of these, in which an appliance on the run would have been off without this person."
    )
    gap_cover_percent: Decimal | None = Field(None, description="Of the time available.")
    in_gaps_seconds: int = Field(description="Available while an appliance was short of others.")
    known_seconds: int = Field(description="In which the grid says whether this person is available.")
    known_percent: Decimal = Field(description="Of the period.")


CoverFigure = Literal["available_seconds", "gap_cover_seconds", "in_gaps_seconds", "known_seconds"]


class CoverFigureParams(CoverParams):
    """The figure of a person to explain."""

    station: Code
    crew_id: Number
    figure: CoverFigure


class FairnessParams(Period, Redacting):
    """Whose shares of which days."""


class FairnessRow(Wire):
    """One person's share of hours, nights and weekends, beside the contract and the station's mean."""

    station: str
    crew_id: int
    name: str
    role: str | None = None
    available_seconds: int
    contract_seconds: int | None = Field(None, description="Weekly contract × days / 7; null: none is known.")
    contract_percent: Decimal | None = Field(None, description="Available against contract.")
    night_seconds: int = Field(description="Available between 22:00 and 06:00, local.")
    weekend_seconds: int = Field(description="Available on Saturdays and Sundays, local.")
    available_share: Decimal | None = Field(None, description="Percent of the station's available time.")
    night_share: Decimal | None = Field(None, description="Percent of the station's night time.")
    weekend_share: Decimal | None = Field(None, description="Percent of the station's weekend time.")
    mean_percent: Decimal | None = Field(
        None, description="Available against the station's mean; 100: as much."
    )
    people: int = Field(description="How many people the mean and the shares are of.")
    known_percent: Decimal = Field(description="Share of the period in which this person's state is known.")


FairnessFigure = Literal[
    "available_seconds", "contract_seconds", "contract_percent", "night_seconds", "weekend_seconds",
    "available_share", "night_share", "weekend_share", "mean_percent",
]  # fmt: skip


class FairnessFigureParams(FairnessParams):
    """The figure of a person to explain."""

    station: Code
    crew_id: Number
    figure: FairnessFigure


class AvailabilityParams(Stations, Redacting):
    """Of whom and which days; default today and the 27 days after it."""

    crew_id: Number | None = Field(None, description="Number of a crew member; default everybody.")
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        require_one_way(None, self.from_, self.to)
        return self


class AvailabilityRow(Wire):
    """A run in which a person is available, days merged, cut at the ends of the period."""

    station: str
    crew_id: int
    name: str
    role: str | None = None
    starts_at: Instant
    ends_at: Instant
    available_seconds: int = Field(description="Elapsed, also where clocks change in between.")
    starts_before: bool = Field(description="Whether it is cut here: the run began before the period.")
    ends_after: bool = Field(description="Whether it is cut here: the run goes on after the period.")
    is_lower_bound: bool = Field(description="Whether it ends where nothing more is known.")


class AvailabilityFigureParams(AvailabilityParams):
    """The run to explain."""

    station: Code
    crew_id: Number
    starts_at: Moment
    figure: Literal["available_seconds"] = "available_seconds"


class MonthlyReturnParams(Stations, Redacting):
    """The return of a month; default the month of yesterday."""

    month: Month = Field(None, description="YYYY-MM.")


class MonthlyReturnRow(Wire):
    """An appliance's month, or a crew member's."""

    station: str
    kind: Literal["appliance", "crew"]
    name: str
    role: str | None = Field(None, description="Of a crew member.")
    period_seconds: int
    unknown_seconds: int
    on_the_run_seconds: int | None = Field(None, description="Of an appliance.")
    off_seconds: int | None = None
    on_the_run_percent: Decimal | None = Field(None, description="Of the time known.")
    by_reason: dict[str, int] | None = Field(
        None, description="Seconds off the run in which each reason held."
    )
    by_combination: dict[str, int] | None = Field(None, description="Seconds by all that was wrong at once.")
    available_seconds: int | None = Field(None, description="Of a crew member.")
    contract_seconds: int | None = Field(None, description="Weekly contract × days / 7; null: none is known.")
    contract_percent: Decimal | None = Field(None, description="Available against contract.")


MonthlyReturnFigure = Literal[
    "unknown_seconds", "on_the_run_seconds", "off_seconds", "on_the_run_percent", "by_reason",
    "available_seconds", "contract_seconds", "contract_percent",
]  # fmt: skip


class MonthlyReturnFigureParams(MonthlyReturnParams):
    """The figure of an appliance or a crew member to explain; of `by_reason`, which reason."""

    station: Code
    kind: Literal["appliance", "crew"]
    name: str = Field(min_length=1, max_length=140)
    figure: MonthlyReturnFigure
    reason: Short | None = None

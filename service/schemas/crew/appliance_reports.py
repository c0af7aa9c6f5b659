"""Parameters and rows of the reports on appliances: forecast, gaps, coverage."""

from datetime import timedelta
from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate, Word
from service.schemas.crew.appliances import Level, Status, Step
from service.schemas.crew.fields import Code, Moment, Redacting
from service.schemas.envelope import Ask, Instant, Wire

LONGEST: Final = 35
"""Dates of one report (spec D.7)."""
Counted = Literal["crew", "officer", "driver", "ba"]


class StationDays(Ask):
    """Local dates of a station, both inclusive, at most 35; default: today and the 13 dates after it."""

    station: Code
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None
    known_at: Moment | None = Field(None, description="As it was known at this instant; default: now.")

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        if (self.from_ is None) != (self.to is None):
            raise ValueError("from and to come together")
        if self.from_ is None or self.to is None:
            return self
        if self.from_ > self.to:
            raise ValueError("from is after to")
        if self.to - self.from_ >= timedelta(days=LONGEST):
            raise PydanticCustomError("range_too_long", "at most 35 dates can be asked for at once")
        return self


class ForecastParams(StationDays):
    """Which appliances."""

    appliance: Word | None = Field(None, description="Default: all of the station.")


class ForecastRow(Wire):
    """A stretch in which an appliance has one status."""

    appliance: str
    since: Instant
    until: Instant
    duration_seconds: int
    status: Status
    level: Level
    crew: int = Field(description="The fewest who are available at any instant of it.")
    short: str = Field(description="What the crew lacks at worst, by requirement.")
    until_is_lower_bound: bool = Field(description="What is known, or was asked for, ends there.")
    complete: bool = Field(description="Everybody's state is known all the while.")


class GapsParams(ForecastParams, Redacting):
    """Which gaps."""

    min_minutes: int = Field(0, ge=0, le=50_400, description="Gaps that last at least so long.")


class GapRow(Wire):
    """A stretch of a gap with one outcome of the rule, and who would close it."""

    appliance: str
    since: Instant
    until: Instant
    duration_seconds: int
    status: Status
    short: str = Field(description="What the crew lacks, by requirement.")
    min_additional: int | None = Field(description="How many more are needed; null: no four would do.")
    who: str = Field(description="Sets of people who would do by booking on.")
    sets: int = Field(description="How many such sets there are.")
    discrepancy: bool = Field(description="The grid says off the run though the crew would do.")


class StandingParams(Redacting):
    """An appliance at an instant."""

    station: Code
    appliance: Word
    since: Moment = Field(description="The instant.")
    known_at: Moment | None = Field(None, description="As it was known at this instant; default: now.")


class CoverageParams(StationDays):
    """Which slots."""

    step: Step = Field(60, description="Minutes of a slot.")


class CoverageRow(Wire):
    """Who is there as a slot begins; null where nobody looked."""

    at: Instant
    crew: int | None
    officer: int | None
    driver: int | None
    ba: int | None
    status: str = Field(description="By appliance.")
    complete: bool = Field(description="Everybody's state is known.")


class CoverageFigureParams(Redacting):
    """A figure of a slot."""

    station: Code
    at: Moment
    figure: Counted = "crew"
    known_at: Moment | None = Field(None, description="As it was known at this instant; default: now.")

"""Hours of an ISO week against the contract."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.crew.fields import Code, Data, Moment, Number, Redact, Redacting, Week
from service.schemas.envelope import Ask, Instant, Wire

_WEEK = "ISO week such as 2026-W10; default: this week."
_AT = "Up to when hours are achieved; default: now."
_KNOWN_AT = "As it was known at this instant; default: as it is known now."
Figure = Literal[
    "planned", "achieved", "still_planned", "remaining_to_contract", "projected_shortfall", "known_hours"
]


class WeekAsk(Ask):
    """Which week."""

    week: Week | None = Field(None, description=_WEEK)
    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)
    redact: Redact = False


class StationWeekAsk(WeekAsk):
    """Which week of which station."""

    station: Code


class Hours(Wire):
    """Hours of the week, with two decimals."""

    planned: Decimal = Field(description="Hours of the week that they are available.")
    achieved: Decimal = Field(description="Of these past.")
    still_planned: Decimal = Field(description="Of these to come.")
    contract: Decimal | None = Field(description="Weekly hours of the contract.")
    remaining_to_contract: Decimal | None = Field(description="What hours achieved lack of the contract.")
    projected_shortfall: Decimal | None = Field(description="What hours planned lack of the contract.")
    known_hours: Decimal = Field(description="Hours of the week of which anything is known.")
    complete: bool = Field(description="Whether the whole week is known.")


class CrewHours(Hours):
    """The hours of one of the people."""

    crew_id: int
    name: str
    role: str | None


class PersonHours(CrewHours):
    """The hours of one person."""

    station: str
    week: str
    from_: Instant = Field(alias="from")
    to: Instant
    week_hours: Decimal = Field(description="167, 168 or 169 in London.")
    at: Instant
    data: Data


class StationHours(Wire):
    """The hours of everybody at a station, by rank and name."""

    station: str
    week: str
    from_: Instant = Field(alias="from")
    to: Instant
    week_hours: Decimal = Field(description="167, 168 or 169 in London.")
    at: Instant
    crew: list[CrewHours]
    data: Data


class HoursParams(Redacting):
    """The report's parameters."""

    station: Code | None = Field(None, description="Code; may be left out where you see one station only.")
    week: Week | None = Field(None, description=_WEEK)
    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class HoursRow(Wire):
    """A person's week; all figures in hours."""

    crew_id: int
    name: str
    role: str | None
    planned: Decimal
    achieved: Decimal
    still_planned: Decimal
    contract: Decimal | None
    remaining_to_contract: Decimal | None
    projected_shortfall: Decimal | None
    known_hours: Decimal
    complete: bool


class HoursExplainParams(HoursParams):
    """One figure of a person's week."""

    crew_id: Number
    figure: Figure = "planned"

"""Crew members: who they are, how they stand at an instant, what is known of them over time."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.crew.fields import Code, Data, Moment, Redact, Short, State
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire

Cause = Literal["not_fetched", "not_listed", "unclassified"]
_AT = "Default: now."
_KNOWN_AT = "As it was known at this instant; default: as it is known now."


class CrewAsk(PageAsk):
    """Which people, and at which instant."""

    station: Code | None = Field(None, description="Code; default: every station that you may see.")
    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)
    state: State | None = None
    skill: Short | None = Field(
        None, description="A code or an alias of it; `officer` and `driver` stand for all that count as such."
    )
    role: Short | None = None
    redact: Redact = False


class PersonAsk(Ask):
    """One person."""

    redact: Redact = False


class AvailabilityAsk(PersonAsk):
    """One person at an instant."""

    at: Moment | None = Field(None, description=_AT)
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class RangeAsk(PersonAsk):
    """A range of at most 35 days, its end not included."""

    from_: Moment = Field(alias="from")
    to: Moment
    known_at: Moment | None = Field(None, description=_KNOWN_AT)


class SegmentsAsk(RangeAsk):
    """Segments of one state, or of both."""

    state: Literal["available", "unavailable"] | None = None


class NextAvailable(Wire):
    """The first run of availability that begins after an instant."""

    from_: Instant = Field(alias="from")
    from_local: Instant
    until: Instant
    until_local: Instant
    until_is_lower_bound: bool
    after_gap: bool = Field(description="Whether a stretch lies before it of which nothing is known.")


class PersonState(Wire):
    """How a person stands at an instant: available, unavailable, or not known (spec D.5)."""

    crew_id: int
    station: str
    name: str
    role: str | None
    skills: list[str]
    at: Instant
    state: State
    reason: str | None = Field(description="The grid's code why they are unavailable.")
    meaning: str | None = Field(description="What that code means.")
    cause: Cause | None = Field(
        description="Why nothing is known: no grid of that day; not in it; a cell that could not be read."
    )
    since: Instant | None
    since_is_known_start: bool | None = Field(description="Whether nothing is known of what was before.")
    until: Instant | None
    until_local: Instant | None
    until_is_lower_bound: bool | None = Field(
        description="Whether what is known ends there: they may be available for longer."
    )
    minutes_left: int | None
    next_available: NextAvailable | None = Field(description="Null: none is known of.")
    known_until: Instant | None


class CrewListing(Wire):
    """People at an instant: who is available first, then by rank and name."""

    items: list[PersonState]
    page: Page
    at: Instant
    available: int = Field(description="How many of all who were asked for, on whatever page, are available.")
    unavailable: int
    unknown: int
    data: Data


class Availability(PersonState):
    """The same of one person."""

    data: Data


class CrewMember(Wire):
    """A crew member's profile, as the newest look at a grid has it."""

    crew_id: int
    station: str
    name: str
    display_name: str | None
    role: str | None
    skills: list[str]
    officer: bool
    driver: bool
    contract_hours: Decimal | None
    booked_hours: Decimal | None = Field(description="In brackets in the grid: hours of the displayed week.")
    contract: str | None = Field(description="The grid's own text.")
    active: bool
    first_seen_at: Instant
    last_seen_at: Instant
    data: Data


class Segment(Wire):
    """A stretch of a local day as it was observed; one that lasts beyond midnight goes on in the next."""

    from_: Instant = Field(alias="from")
    until: Instant
    local_date: date
    state: Literal["available", "unavailable"]
    reason: str | None
    meaning: str | None


class Segments(Wire):
    """What was observed of a person in a range, not clipped to it."""

    crew_id: int
    station: str
    name: str
    from_: Instant = Field(alias="from")
    to: Instant
    segments: list[Segment]
    data: Data


class Block(Wire):
    """A run of availability, whole, whatever days it goes over."""

    from_: Instant = Field(alias="from")
    from_local: Instant
    from_is_known_start: bool
    until: Instant
    until_local: Instant
    until_is_lower_bound: bool
    minutes: int


class Blocks(Wire):
    """The runs of availability that touch a range."""

    crew_id: int
    station: str
    name: str
    from_: Instant = Field(alias="from")
    to: Instant
    blocks: list[Block]
    data: Data


class ExportAsk(RangeAsk):
    """The segments of a station, or of all that the caller may see."""

    station: Code | None = Field(None, description="Code; default: every station that you may see.")

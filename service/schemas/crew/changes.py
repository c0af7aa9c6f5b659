"""The change feed: what newer observations said otherwise, what is to come, and both as they happen."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.schemas.crew.fields import Code, Data, Moment, Redact, State
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire

_STATION = "Code; default: every station that you may see."
Place = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A place in the feed: the number of a change."""
Kind = Literal["person", "appliance"]
Status = Literal["available", "crew_deficient", "off_the_run", "unavailable", "unknown"]


class ChangesAsk(PageAsk):
    """Which changes; the oldest come first."""

    station: Code | None = Field(None, description=_STATION)
    after: Place = Field(0, description="Only changes after the one of this number: `last` of an answer.")
    redact: Redact = False


class ObservedChange(Wire):
    """A stretch of which a newer observation says otherwise than the one before it."""

    id: int = Field(description="Its place in the feed; never given twice, always rising.")
    station: str
    seen_at: Instant = Field(description="When the newer observation was made.")
    local_date: date
    kind: Kind
    crew_id: int | None
    name: str | None = Field(description="Of the person.")
    appliance: str | None
    from_: Instant = Field(alias="from")
    from_local: Instant
    until: Instant
    until_local: Instant
    was: State
    was_reason: str | None
    now: State
    now_reason: str | None


class ChangesListing(Wire):
    """Observed changes, oldest first."""

    items: list[ObservedChange]
    page: Page
    last: int = Field(description="Ask with `after` of this number for what comes next.")
    data: Data


class UpcomingAsk(PageAsk):
    """What is to come in a range of at most 35 days, its end not included."""

    station: Code | None = Field(None, description=_STATION)
    from_: Moment | None = Field(None, alias="from", description="Default: now.")
    to: Moment | None = Field(None, description="Default: 24 hours after `from`.")
    known_at: Moment | None = Field(
        None, description="As it was known at this instant; default: as it is known now."
    )
    redact: Redact = False


class Turn(Wire):
    """An instant at which a person's state or an appliance's status becomes another one."""

    at: Instant
    at_local: Instant
    station: str
    kind: Kind
    crew_id: int | None
    name: str | None = Field(description="Of the person.")
    appliance: str | None
    was: Status
    was_reason: str | None
    now: Status = Field(description="`unknown`: what is known ends here.")
    now_reason: str | None
    until: Instant = Field(description="How long that lasts, within the range.")
    until_local: Instant
    until_is_lower_bound: bool = Field(description="Whether it may last longer than can be told.")


class Upcoming(Wire):
    """What is to come, by instant."""

    items: list[Turn]
    page: Page
    from_: Instant = Field(alias="from")
    to: Instant
    data: Data


class StreamAsk(Ask):
    """Whose changes are sent as they happen."""

    station: Code | None = Field(None, description=_STATION)
    redact: Redact = False

"""Who can turn out at an instant, as a report."""

from typing import Literal

from pydantic import Field

from service.schemas.crew.fields import Code, Moment, Number, Redacting, State
from service.schemas.crew.people import Cause
from service.schemas.envelope import Instant, Wire


class TurnoutParams(Redacting):
    """Whose people, when."""

    station: Code | None = Field(None, description="Code; may be left out where you see one station only.")
    at: Moment | None = Field(None, description="Default: now.")
    known_at: Moment | None = Field(
        None, description="As it was known at this instant; default: as it is known now."
    )
    state: State | None = None


class TurnoutRow(Wire):
    """A person at that instant."""

    crew_id: int
    name: str
    role: str | None
    skills: list[str]
    state: State
    reason: str | None = Field(description="Why unavailable: what the grid's code means.")
    cause: Cause | None = Field(description="Why it is not known.")
    since: Instant | None
    until: Instant | None
    until_is_lower_bound: bool | None = Field(description="Whether they may be available for longer.")
    minutes_left: int | None
    next_from: Instant | None = Field(description="When they are available next.")
    next_after_gap: bool | None = Field(description="Whether a stretch before it is not known.")
    known_until: Instant | None


TurnoutFigure = Literal["state", "since", "until", "minutes_left", "next_from", "known_until"]


class TurnoutExplainParams(TurnoutParams):
    """One figure of a person."""

    crew_id: Number
    figure: TurnoutFigure = "state"

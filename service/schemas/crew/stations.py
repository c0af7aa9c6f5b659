"""Stations: how far their grids are known, how signing in stands, what the display shows."""

from datetime import date
from typing import Literal

from pydantic import Field

from service.schemas.crew.fields import Data, Redacting, State
from service.schemas.envelope import Instant, RunState, Wire


class StationLogin(Wire):
    """How signing in at the upstream stands."""

    state: Literal["open", "paused", "locked"] = Field(
        description="`locked`: the credentials were refused; until they change or somebody unlocks."
    )
    since: Instant | None = Field(None, description="When it was locked.")
    next_attempt_at: Instant | None = Field(None, description="When it is tried again after a failure.")
    code: str | None = Field(None, description="Why, in one word.")


class StationSummary(Wire):
    """A fire station."""

    code: str
    name: str
    time_zone: str
    followed: bool = Field(description="Whether its grids are read from Gartan by this installation.")
    seen_at: Instant | None = Field(None, description="When its today was last looked at.")
    known_until: Instant | None = Field(None, description="Until when anything is known.")
    login: StationLogin


class StationWarning(Wire):
    """Something odd that looks in force say."""

    code: str
    times: int = Field(description="How often, over the days listed.")
    dates: list[date]


class StationDay(Wire):
    """A local day of a station."""

    date: date
    seen_at: Instant | None = Field(
        None, description="When what is in force was last seen; null: nothing is."
    )
    age_seconds: int | None = None
    final: bool = Field(description="Seen after it ended: it is not asked for again.")
    fresh: bool = Field(description="Whether the next run leaves it out.")
    stale: bool = Field(description="Whether it is older than three times its freshness.")
    partial: bool = Field(description="Whether a part of the day could not be read.")
    people: int | None = None
    resolution_minutes: int | None = None
    warnings: list[str] = []
    last_look_at: Instant | None = None
    last_look: Literal["applied", "unchanged", "stale", "rejected"] | None = None
    last_look_code: str | None = Field(None, description="Why the last look was rejected.")


class StationRun(Wire):
    """A run that followed the station."""

    id: str
    job: str
    state: RunState
    created_at: Instant
    finished_at: Instant | None = None
    code: str | None = Field(None, description="What went wrong, in one word.")
    counts: dict[str, int] = {}


class StationDetail(StationSummary):
    """One station: the days of last week and all ahead, its last runs, what is odd."""

    known_from: Instant | None = Field(None, description="From when the days listed are known.")
    days: list[StationDay]
    runs: list[StationRun]
    warnings: list[StationWarning]
    data: Data


class LiveCount(Wire):
    """A label of the display: how many are available, and how many more than needed (negative: too few)."""

    label: str
    available: int
    difference: int


class LivePerson(Wire):
    """Somebody whom the display and the grid tell otherwise of."""

    crew_id: int | None = Field(None, description="Null: no grid has listed that name.")
    name: str
    shown: bool = Field(description="Whether the display shows them as available.")
    computed: State = Field(description="What the grid says of that instant.")
    reason: str | None = None


class LiveAppliance(Wire):
    """An appliance of which display and grid say otherwise."""

    appliance: str
    shown: State
    computed: State


class LiveAsk(Redacting):
    """How the display is told."""


class StationLive(Wire):
    """The station display, and where it differs from the state computed for that instant."""

    station: str
    at: Instant = Field(description="When the display was looked at; at most once in 30 seconds.")
    display_time_local: str | None = Field(None, description="The display's own clock.")
    agrees: bool
    crewing: list[LiveCount]
    people: list[LivePerson]
    appliances: list[LiveAppliance]
    data: Data


class Unlocked(Wire):
    """What an unlock came to."""

    station: str
    unlocked: bool = Field(description="Whether there was a lock or a pause.")

"""Figures over several children: side by side, at a glance, of a caseload, of all (spec D4, E8)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.children.analytics import DEFINITIONS, Period, WindowAsk
from service.schemas.children.fields import LARGEST_NUMBER
from service.schemas.children.figures import Direction, Mean, Summary
from service.schemas.children.words import ActivityType, Level, SessionType
from service.schemas.envelope import Instant, Meta, Wire

Dimension = Literal["age_category", "support_level", "communication_style", "session_type"]


def _distinct(given: list[int]) -> list[int]:
    if len(set(given)) < len(given):
        raise PydanticCustomError("duplicate", "name each child once")
    return given


def _distinct_words(given: list[Dimension]) -> list[Dimension]:
    if len(set(given)) < len(given):
        raise PydanticCustomError("duplicate", "name each dimension once")
    return given


class CompareAsk(WindowAsk):
    """Two to five children whom one may see, over one window, each in its own zone unless `tz` is given."""

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]], AfterValidator(_distinct)
    ] = Field(min_length=2, max_length=5, description="Numbers of children: `ids=1&ids=2`.")  # fmt: skip
    session_type: SessionType | None = None


class ComparedChild(Wire):
    """A child's window."""

    child_id: int
    name: str
    window: Period
    summary: Summary
    meta: Meta


class Comparing(Wire):
    """The children in the order of their numbers."""

    children: list[ComparedChild]
    definitions_version: str = DEFINITIONS


class Lately(Wire):
    """What was played in the last local days, today included."""

    finished: int = 0
    completed: int = 0
    active_seconds: int = 0
    activities: int = 0


class ChildGlance(Wire):
    """A child at a glance."""

    child_id: int
    name: str
    access: Level
    points: int
    points_level: int
    last_7_days: Lately
    last_30_days: Lately
    open_sessions: int
    last_session_at: Instant | None = None
    last_activity_at: Instant | None = None


class PointsOfDay(Wire):
    """Points awarded on a day, each child by its own calendar."""

    day: date
    points: int


class LatestActivity(Wire):
    """An activity."""

    activity_id: int
    child_id: int
    activity_type: ActivityType
    activity_name: str
    completed_at: Instant


class Counted(Wire):
    """A count; null where it would be of too few children to be told."""

    count: int | None = None
    suppressed: bool = False


class PlatformGlance(Wire):
    """Everything in counts, nobody by name."""

    people: dict[str, int]
    new_people_30_days: int
    children: Counted
    sessions_7_days: Counted
    sessions_30_days: Counted


class Dashboard(Wire):
    """What concerns whoever asks: their children, or for an admin the platform in counts."""

    role: Literal["parent", "professional", "admin"]
    children: list[ChildGlance] = []
    points_7_days: list[PointsOfDay] = []
    latest_activities: list[LatestActivity] = []
    platform: PlatformGlance | None = None
    as_of: Instant


class CaseloadChild(Wire):
    """A child of a professional over a window."""

    child_id: int
    name: str
    access: Level
    finished: int
    completion_rate: float | None = None
    score: Mean
    score_direction: Direction
    engagement: Mean
    engagement_direction: Direction
    sessions_per_week: float
    open_sessions: int
    last_session_at: Instant | None = None
    recommendations: list[str]


class Caseload(Wire):
    """The children a professional is assigned to, by name."""

    window: str
    children: list[CaseloadChild]
    definitions_version: str = DEFINITIONS
    as_of: Instant


class PopulationAsk(WindowAsk):
    """A window (UTC unless `tz` is given), split by at most three dimensions."""

    by: Annotated[list[Dimension], AfterValidator(_distinct_words)] = Field(
        [], max_length=3, description="Dimensions: `by=age_category&by=support_level`."
    )


class PopulationFigures(Wire):
    """Figures over children, each child counting once; null where too few contribute, or would be told of."""

    n_children: int | None = Field(None, description="Who contribute, rounded down to a multiple of 5.")
    suppressed: bool = False
    sessions_per_week: float | None = None
    completion_rate: float | None = None
    score: float | None = None
    engagement: float | None = None
    accuracy: float | None = None
    active_minutes: float | None = Field(None, description="A finished session's, on average.")


class PopulationCell(PopulationFigures):
    """A part of all."""

    key: dict[str, str]


class Population(Wire):
    """Figures over all children whose guardians agreed to them; never of few (spec E8)."""

    window: Period
    smallest_group: int
    overall: PopulationFigures
    by: list[Dimension]
    cells: list[PopulationCell]
    definitions_version: str = DEFINITIONS
    generated_at: Instant

"""Sessions of play: started, followed, ended, rated, voided; sent in bulk by devices that were offline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, ValidationError, WrapValidator

from service.schemas.asked import CalendarDate
from service.schemas.children.bounds import (
    LARGEST,
    Details,
    Rating,
    Text20,
    Text50,
    Text100,
    Text200,
    Text500,
    Text1000,
    Whole,
)
from service.schemas.children.fields import Within
from service.schemas.children.words import (
    CompletionStatus,
    EmotionalState,
    EnvironmentType,
    SessionType,
)
from service.schemas.envelope import Ask, Instant, PageAsk, Problem, Wire

Words = Annotated[list[Text100], Field(max_length=50)]
Ended = Literal["completed", "abandoned", "interrupted"]
MOST_IN_BATCH: Final = 100


class SessionStartAsk(Ask):
    """A session that begins. Its own id makes a repetition harmless."""

    client_session_id: UUID | None = Field(
        None, description="The game's own id: the same content again is the same session."
    )
    session_type: SessionType
    scenario_name: Text200
    scenario_id: Text100 | None = None
    scenario_version: Text20 | None = None
    started_at: Instant | None = Field(None, description="At most 7 days ago; default: now.")
    initial_state: EmotionalState | None = None
    device_type: Text50 | None = None
    device_model: Text100 | None = None
    app_version: Text20 | None = None
    environment_type: EnvironmentType | None = None
    support_person_present: bool = False


class EmotionalTransition(Ask):
    """A change of feeling during a session."""

    at: Instant | None = None
    from_: EmotionalState | None = Field(None, alias="from")
    to: EmotionalState
    trigger: Text200 | None = None


class SessionProgress(Ask):
    """How far a session is: counts are totals since its beginning, lists are what is new."""

    levels_completed: Whole | None = None
    max_level_reached: Whole | None = None
    score: Whole | None = None
    interactions_count: Whole | None = None
    correct_responses: Whole | None = None
    incorrect_responses: Whole | None = None
    help_requests: Whole | None = None
    hint_usage_count: Whole | None = None
    pause_count: Whole | None = None
    total_pause_seconds: Whole | None = None
    transitions: list[EmotionalTransition] = Field([], max_length=100)
    stress_indicators: Words = []
    positive_indicators: Words = []
    achievements_unlocked: Words = []
    progress_markers: Words = []
    interaction_patterns: Details = Field({}, description="Merged into what is there, by name.")


class SessionProgressAsk(SessionProgress):
    """What has changed in a session under way."""


class SessionEndAsk(SessionProgress):
    """How a session ended, with its last counts."""

    ended_at: Instant | None = Field(None, description="Default: now.")
    exit_reason: Text100 | None = None
    final_state: EmotionalState | None = None
    summary_note: Text500 | None = None


class SessionRecord(SessionStartAsk, SessionEndAsk):
    """A whole session, as a device kept it while it was offline."""

    child_id: Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
    client_session_id: UUID
    started_at: Instant
    ended_at: Instant
    completion_status: Ended = "completed"


@dataclass(frozen=True, slots=True)
class UnusableRecord:
    """One of several records that is none: what is wrong with it, as the framework says it."""

    findings: list[Any]


def _apart(given: Any, _: object) -> SessionRecord | UnusableRecord:
    # One bad record leaves the others as they are: it becomes an outcome and not a refusal of all.
    try:
        return SessionRecord.model_validate(given)
    except ValidationError as refused:
        findings = refused.errors(include_url=False, include_context=False, include_input=False)
        return UnusableRecord(list(findings))


class SessionBatchAsk(Ask):
    """Sessions of children, each by itself: one that is refused leaves the others as they are."""

    items: list[
        Annotated[SessionRecord | UnusableRecord, WrapValidator(_apart, json_schema_input_type=SessionRecord)]
    ] = Field(min_length=1, max_length=MOST_IN_BATCH)


class SessionFeedbackAsk(Ask):
    """What a guardian thinks of a session; what is not named stays."""

    parent_rating: Rating | None = None
    parent_notes: Text1000 | None = None
    parent_observed_behavior: Details | None = None


class VoidAsk(Ask):
    """Why something that was recorded does not count."""

    reason: Text500


class SessionListed(Wire):
    """A session in a list: without its details."""

    id: int
    child_id: int
    client_session_id: UUID | None = None
    session_type: SessionType
    scenario_name: str
    scenario_id: str | None = None
    scenario_version: str | None = None
    started_at: Instant
    ended_at: Instant | None = None
    duration_seconds: int | None = None
    active_seconds: int | None = Field(None, description="Without pauses.")
    completion_status: CompletionStatus
    exit_reason: str | None = None
    levels_completed: int
    max_level_reached: int
    score: int
    interactions_count: int
    correct_responses: int
    incorrect_responses: int
    help_requests: int
    hint_usage_count: int
    pause_count: int
    total_pause_seconds: int
    engagement_score: float | None = Field(None, description="0 to 100; null while it cannot be told.")
    accuracy_pct: float | None = Field(None, description="Percent of the responses that were correct.")
    initial_state: EmotionalState | None = None
    final_state: EmotionalState | None = None
    achievements_unlocked: list[str]
    progress_markers: list[str]
    summary_note: str | None = None
    parent_notes: str | None = None
    parent_rating: int | None = None
    device_type: str | None = None
    device_model: str | None = None
    app_version: str | None = None
    environment_type: EnvironmentType | None = None
    support_person_present: bool
    session_data_quality: str
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="What `If-Match` of a change must name.")


class Session(SessionListed):
    """A session with its details, and what it earned."""

    emotional_data: dict[str, Any]
    interaction_patterns: dict[str, Any]
    parent_observed_behavior: dict[str, Any] | None = None
    points_awarded: int | None = Field(None, description="Null while it is not completed.")
    achievements_earned: list[str] = []


class SessionVoided(Wire):
    """A session that no longer counts."""

    id: int
    child_id: int
    voided_at: Instant
    points_taken: int = Field(description="Points that it had brought and that are taken back.")


class SessionOutcome(Wire):
    """What became of one session of several."""

    index: int
    status: Literal["created", "exists", "rejected"]
    id: int | None = None
    error: Problem | None = None


class SessionOutcomes(Wire):
    """One outcome for each session sent, in the same order."""

    items: list[SessionOutcome]


class SessionsAsk(PageAsk):
    """Filters of a child's sessions; dates are those of the child's own zone, both inclusive."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None
    status: CompletionStatus | None = None
    session_type: SessionType | None = None
    scenario_id: Text100 | None = None
    min_score: Annotated[int, Within(0, LARGEST)] | None = None
    parent_rating: Annotated[int, Within(1, 5)] | None = None
    sort: Literal["started_at", "score"] = "started_at"
    order: Literal["asc", "desc"] = "desc"

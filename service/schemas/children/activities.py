"""Activities: what a child did outside of the game, noted by a person, a game or a sensor."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.schemas.asked import CalendarDate
from service.schemas.children.bounds import Moment, Rating, Text50, Text100, Text1000
from service.schemas.children.fields import Text, Within
from service.schemas.children.words import ActivityType, EmotionalState, EnvironmentType, SupportNeeded
from service.schemas.envelope import Ask, Instant, PageAsk, Wire

Words = Annotated[list[Text100], Field(max_length=20)]
Minutes = Annotated[int, Field(strict=True), Within(0, 480)]
Anxiety = Annotated[int, Field(strict=True), Within(1, 10)]


class _Told(Ask):
    """What can be told of an activity, and told otherwise later."""

    description: Text1000 | None = None
    category: Text50 | None = None
    difficulty_level: Rating | None = None
    duration_minutes: Minutes | None = None
    emotional_state_before: EmotionalState | None = None
    emotional_state_after: EmotionalState | None = None
    anxiety_level_before: Anxiety | None = None
    anxiety_level_after: Anxiety | None = None
    support_level_needed: SupportNeeded | None = None
    support_provided_by: Text100 | None = None
    environment_type: EnvironmentType | None = None
    assistive_technology_used: Words = []
    environmental_modifications: Words = []
    sensory_accommodations: Words = []
    challenges_encountered: Words = []
    strategies_used: Words = []
    success_rating: Rating | None = None
    notes: Text1000 | None = None


class ActivityAsk(_Told):
    """An activity that was done; its points are awarded once."""

    client_activity_id: UUID | None = Field(
        None, description="The sender's own id: the same content again is the same activity."
    )
    activity_type: ActivityType
    activity_name: Annotated[str, Text(200, least=2)]
    points_earned: Annotated[int, Field(strict=True), Within(0, 100)] = 0
    started_at: Moment | None = None
    completed_at: Moment | None = Field(None, description="Default: now.")
    data_source: Literal["manual", "game", "sensor"] = "manual"


class ActivityChangeAsk(_Told):
    """What is told otherwise; what is not named stays. Verifications of what it was are taken off."""

    activity_name: Annotated[str, Text(200, least=2)] | None = None


class VerifyAsk(Ask):
    """That somebody saw it, for their own side; false takes that back."""

    verified: bool = True
    notes: Text1000 | None = None


class Activity(Wire):
    """An activity."""

    id: int
    child_id: int
    client_activity_id: UUID | None = None
    activity_type: ActivityType
    activity_name: str
    description: str | None = None
    category: str | None = None
    points_earned: int
    difficulty_level: int | None = None
    started_at: Instant | None = None
    completed_at: Instant
    duration_minutes: int | None = None
    emotional_state_before: EmotionalState | None = None
    emotional_state_after: EmotionalState | None = None
    anxiety_level_before: int | None = None
    anxiety_level_after: int | None = None
    support_level_needed: SupportNeeded | None = None
    support_provided_by: str | None = None
    assistive_technology_used: list[str]
    environment_type: EnvironmentType | None = None
    environmental_modifications: list[str]
    sensory_accommodations: list[str]
    success_rating: int | None = None
    challenges_encountered: list[str]
    strategies_used: list[str]
    notes: str | None = None
    verified_by_parent: bool
    verified_by_professional: bool
    verification_notes: str | None = None
    data_source: str
    created_at: datetime
    updated_at: datetime
    version: int = Field(description="What `If-Match` of a change must name.")


class ActivityVoided(Wire):
    """An activity that no longer counts."""

    id: int
    child_id: int
    voided_at: Instant
    points_taken: int = Field(description="Points that it had brought and that are taken back.")


class ActivitiesAsk(PageAsk):
    """Filters of a child's activities, newest first; dates are those of the child's zone, both inclusive."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    from_: CalendarDate | None = Field(None, alias="from")
    to: CalendarDate | None = None
    activity_type: ActivityType | None = None
    verified: bool | None = Field(None, description="True: by either side; false: by neither.")

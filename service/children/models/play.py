"""What a child plays and does: sessions, activities, points, achievements (spec D2)."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    String,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.children.models.child import Child
from service.children.models.ground import NO_WORDS, SCHEMA, Changing, Instant, Made, child_key, one_of
from service.core.database import Base
from service.schemas.children import words as lists
from service.schemas.children.words import words

_STATES = words(lists.EmotionalState)
_COUNTERS = (
    "levels_completed",
    "max_level_reached",
    "score",
    "interactions_count",
    "correct_responses",
    "incorrect_responses",
    "help_requests",
    "hint_usage_count",
    "pause_count",
    "total_pause_seconds",
)
_ACTIVE: Final = "(duration_seconds - total_pause_seconds)"
# GREATEST ignores nulls, so a missing duration needs its own branch (spec D2).
ACTIVE_SECONDS: Final = f"CASE WHEN duration_seconds IS NULL THEN NULL ELSE GREATEST({_ACTIVE}, 0) END"
ENGAGEMENT: Final = (
    f"CASE WHEN duration_seconds IS NULL OR {_ACTIVE} <= 0 THEN NULL ELSE round(LEAST("
    f"LEAST(interactions_count * 60.0 / {_ACTIVE} / 5, 1) * 50"
    " + CASE WHEN completion_status = 'completed' THEN 30 ELSE 0 END"
    " + LEAST(5 * cardinality(achievements_unlocked), 20), 100), 2) END"
)
"""Spec D7.1."""
ACCURACY: Final = (
    "CASE WHEN correct_responses + incorrect_responses = 0 THEN NULL ELSE"
    " round(100.0 * correct_responses / (correct_responses + incorrect_responses), 2) END"
)
"""Spec D7.2."""


def _counter() -> Mapped[int]:
    return mapped_column(server_default=text("0"))


class GameSession(Changing, Base):
    """One session of play. Final ones are never edited: what is wrong is voided (`deleted_at`)."""

    __tablename__ = "game_sessions"
    __table_args__ = (
        one_of("session_type", words(lists.SessionType)),
        one_of("completion_status", words(lists.CompletionStatus)),
        one_of("initial_state", _STATES),
        one_of("final_state", _STATES),
        one_of("environment_type", words(lists.EnvironmentType)),
        *(CheckConstraint(f"{counter} >= 0", name=counter) for counter in _COUNTERS),
        CheckConstraint("ended_at >= started_at", name="ended_after_start"),
        CheckConstraint("correct_responses + incorrect_responses <= interactions_count", name="responses"),
        CheckConstraint("help_requests <= interactions_count", name="help_within_interactions"),
        CheckConstraint("duration_seconds >= 0", name="duration_seconds"),
        CheckConstraint("total_pause_seconds <= duration_seconds", name="pause_within_duration"),
        CheckConstraint("parent_rating BETWEEN 1 AND 5", name="parent_rating"),
        CheckConstraint("(completion_status = 'in_progress') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("deleted_at IS NULL OR voided_reason IS NOT NULL", name="voided_reason"),
        Index("uq_game_sessions_client", "child_id", "client_session_id", unique=True),
        Index("idx_game_sessions_child_date_range", "child_id", "started_at", "completion_status"),
        Index("idx_game_sessions_type_completion", "session_type", "completion_status", "started_at"),
        Index("idx_game_sessions_score_performance", "child_id", "score", "started_at"),
        Index("idx_game_sessions_duration_engagement", "duration_seconds", "interactions_count"),
        Index(
            "idx_game_sessions_scenario_performance", "scenario_id", "scenario_version", "completion_status"
        ),
        Index("idx_game_sessions_parent_rating", "child_id", "parent_rating", "started_at"),
        Index("idx_game_sessions_recent", "started_at", "child_id"),
        Index(
            "ix_game_sessions_child_keyset",
            "child_id",
            text("started_at DESC"),
            text("id DESC"),
            postgresql_where="deleted_at IS NULL",
        ),
        Index("ix_game_sessions_open", "started_at", postgresql_where="completion_status = 'in_progress'"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    client_session_id: Mapped[UUID | None] = mapped_column(Uuid)
    session_type: Mapped[str] = mapped_column(Text)
    scenario_name: Mapped[str] = mapped_column(String(200))
    scenario_id: Mapped[str | None] = mapped_column(String(100))
    scenario_version: Mapped[str | None] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    duration_seconds: Mapped[int | None]
    pause_count: Mapped[int] = _counter()
    total_pause_seconds: Mapped[int] = _counter()
    levels_completed: Mapped[int] = _counter()
    max_level_reached: Mapped[int] = _counter()
    score: Mapped[int] = _counter()
    interactions_count: Mapped[int] = _counter()
    correct_responses: Mapped[int] = _counter()
    incorrect_responses: Mapped[int] = _counter()
    help_requests: Mapped[int] = _counter()
    hint_usage_count: Mapped[int] = _counter()
    initial_state: Mapped[str | None] = mapped_column(Text)
    final_state: Mapped[str | None] = mapped_column(Text)
    emotional_data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    interaction_patterns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    completion_status: Mapped[str] = mapped_column(Text, server_default="in_progress")
    exit_reason: Mapped[str | None] = mapped_column(String(100))
    achievements_unlocked: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    progress_markers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    summary_note: Mapped[str | None] = mapped_column(String(500))
    parent_notes: Mapped[str | None] = mapped_column(String(1000))
    parent_rating: Mapped[int | None] = mapped_column(SmallInteger)
    parent_observed_behavior: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    device_type: Mapped[str | None] = mapped_column(String(50))
    device_model: Mapped[str | None] = mapped_column(String(100))
    app_version: Mapped[str | None] = mapped_column(String(20))
    environment_type: Mapped[str | None] = mapped_column(Text)
    support_person_present: Mapped[bool] = mapped_column(server_default=text("false"))
    session_data_quality: Mapped[str] = mapped_column(String(20), server_default="good")
    ai_analysis: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    active_seconds: Mapped[int | None] = mapped_column(Computed(ACTIVE_SECONDS, persisted=True))
    engagement_score: Mapped[Decimal | None] = mapped_column(
        Numeric(5, 2), Computed(ENGAGEMENT, persisted=True)
    )
    accuracy_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2), Computed(ACCURACY, persisted=True))
    created_by: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    voided_reason: Mapped[str | None] = mapped_column(Text)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    child: Mapped[Child] = relationship(lazy="raise")


class Activity(Changing, Base):
    """Something a child did outside of the game, noted by a person, a game or a sensor."""

    __tablename__ = "activities"
    __table_args__ = (
        one_of("activity_type", words(lists.ActivityType)),
        one_of("emotional_state_before", _STATES),
        one_of("emotional_state_after", _STATES),
        one_of("environment_type", words(lists.EnvironmentType)),
        one_of("support_level_needed", words(lists.SupportNeeded)),
        one_of("data_source", ("manual", "game", "sensor")),
        CheckConstraint("points_earned BETWEEN 0 AND 100", name="points_earned"),
        CheckConstraint("difficulty_level BETWEEN 1 AND 5", name="difficulty_level"),
        CheckConstraint("success_rating BETWEEN 1 AND 5", name="success_rating"),
        CheckConstraint("anxiety_level_before BETWEEN 1 AND 10", name="anxiety_level_before"),
        CheckConstraint("anxiety_level_after BETWEEN 1 AND 10", name="anxiety_level_after"),
        CheckConstraint("duration_minutes BETWEEN 0 AND 480", name="duration_minutes"),
        CheckConstraint("completed_at >= started_at", name="completed_after_start"),
        Index("uq_activities_client", "child_id", "client_activity_id", unique=True),
        Index("idx_activities_child_timeline", "child_id", "completed_at", "activity_type"),
        Index(
            "ix_activities_child_keyset",
            "child_id",
            text("completed_at DESC"),
            text("id DESC"),
            postgresql_where="deleted_at IS NULL",
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    client_activity_id: Mapped[UUID | None] = mapped_column(Uuid)
    activity_type: Mapped[str] = mapped_column(Text)
    activity_name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(1000))
    category: Mapped[str | None] = mapped_column(String(50))
    points_earned: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    difficulty_level: Mapped[int | None] = mapped_column(SmallInteger)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    duration_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    emotional_state_before: Mapped[str | None] = mapped_column(Text)
    emotional_state_after: Mapped[str | None] = mapped_column(Text)
    anxiety_level_before: Mapped[int | None] = mapped_column(SmallInteger)
    anxiety_level_after: Mapped[int | None] = mapped_column(SmallInteger)
    support_level_needed: Mapped[str | None] = mapped_column(Text)
    support_provided_by: Mapped[str | None] = mapped_column(String(100))
    assistive_technology_used: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    environment_type: Mapped[str | None] = mapped_column(Text)
    environmental_modifications: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    sensory_accommodations: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    success_rating: Mapped[int | None] = mapped_column(SmallInteger)
    challenges_encountered: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    strategies_used: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    notes: Mapped[str | None] = mapped_column(String(1000))
    verified_by_parent: Mapped[bool] = mapped_column(server_default=text("false"))
    verified_by_professional: Mapped[bool] = mapped_column(server_default=text("false"))
    verification_notes: Mapped[str | None] = mapped_column(String(1000))
    data_source: Mapped[str] = mapped_column(Text, server_default="manual")
    created_by: Mapped[str] = mapped_column(Text)
    voided_reason: Mapped[str | None] = mapped_column(Text)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    child: Mapped[Child] = relationship(lazy="raise")


class PointLedger(Made, Base):
    """Every award of points, once per source; a child's points are the sum of its rows (spec D7.9)."""

    __tablename__ = "point_ledger"
    __table_args__ = (
        one_of("source_type", words(lists.PointSource)),
        CheckConstraint("points BETWEEN 1 AND 100 OR source_type = 'adjustment'", name="points"),
        CheckConstraint("points <> 0", name="points_present"),
        Index(
            "uq_point_ledger_source",
            "child_id",
            "source_type",
            "source_id",
            unique=True,
            postgresql_where="source_id IS NOT NULL",
        ),
        Index("ix_point_ledger_child", "child_id", text("id DESC")),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    source_type: Mapped[str] = mapped_column(Text)
    source_id: Mapped[int | None] = mapped_column(BigInteger)
    points: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(200))
    actor_user_id: Mapped[int | None] = mapped_column(BigInteger)


class ChildAchievement(Base):
    """An achievement a child has; never revoked."""

    __tablename__ = "child_achievements"
    __table_args__ = ({"schema": SCHEMA},)

    child_id: Mapped[int] = child_key(primary_key=True)
    achievement_id: Mapped[str] = mapped_column(Text, primary_key=True)
    earned_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    source_session_id: Mapped[int | None] = mapped_column(ForeignKey(GameSession.id, ondelete="SET NULL"))


class EmotionScale(Base):
    """How good a state is, by version of the scale (spec D7.8)."""

    __tablename__ = "emotion_scale"
    __table_args__ = (one_of("state", _STATES), {"schema": SCHEMA})

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(Text, primary_key=True)
    valence: Mapped[int] = mapped_column(SmallInteger)

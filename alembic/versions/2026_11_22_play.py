"""What a child plays and does: sessions, activities, points, achievements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0015_play"
down_revision: str | None = "0014_child"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    _game_sessions()
    _activities()
    _point_ledger()
    _child_achievements()
    _emotion_scale()
    _first_scale()


def _game_sessions() -> None:
    op.create_table(
        "game_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("client_session_id", sa.Uuid(), nullable=True),
        sa.Column("session_type", sa.Text(), nullable=False),
        sa.Column("scenario_name", sa.String(length=200), nullable=False),
        sa.Column("scenario_id", sa.String(length=100), nullable=True),
        sa.Column("scenario_version", sa.String(length=20), nullable=True),
        sa.Column("started_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.Column("pause_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total_pause_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("levels_completed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("max_level_reached", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("score", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("interactions_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("correct_responses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("incorrect_responses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("help_requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("hint_usage_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("initial_state", sa.Text(), nullable=True),
        sa.Column("final_state", sa.Text(), nullable=True),
        sa.Column("emotional_data", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("interaction_patterns", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("completion_status", sa.Text(), server_default="in_progress", nullable=False),
        sa.Column("exit_reason", sa.String(length=100), nullable=True),
        sa.Column("achievements_unlocked", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("progress_markers", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("summary_note", sa.String(length=500), nullable=True),
        sa.Column("parent_notes", sa.String(length=1000), nullable=True),
        sa.Column("parent_rating", sa.SmallInteger(), nullable=True),
        sa.Column("parent_observed_behavior", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("device_type", sa.String(length=50), nullable=True),
        sa.Column("device_model", sa.String(length=100), nullable=True),
        sa.Column("app_version", sa.String(length=20), nullable=True),
        sa.Column("environment_type", sa.Text(), nullable=True),
        sa.Column("support_person_present", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("session_data_quality", sa.String(length=20), server_default="good", nullable=False),
        sa.Column("ai_analysis", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column(
            "active_seconds",
            sa.Integer(),
            sa.Computed(
                "CASE WHEN duration_seconds IS NULL THEN NULL ELSE GREATEST((duration_seconds - total_pause_seconds), 0) END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "engagement_score",
            sa.Numeric(precision=5, scale=2),
            sa.Computed(
                "CASE WHEN duration_seconds IS NULL OR (duration_seconds - total_pause_seconds) <= 0 THEN NULL ELSE round(LEAST(LEAST(interactions_count * 60.0 / (duration_seconds - total_pause_seconds) / 5, 1) * 50 + CASE WHEN completion_status = 'completed' THEN 30 ELSE 0 END + LEAST(5 * cardinality(achievements_unlocked), 20), 100), 2) END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "accuracy_pct",
            sa.Numeric(precision=5, scale=2),
            sa.Computed(
                "CASE WHEN correct_responses + incorrect_responses = 0 THEN NULL ELSE round(100.0 * correct_responses / (correct_responses + incorrect_responses), 2) END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("voided_reason", sa.Text(), nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "(completion_status = 'in_progress') = (ended_at IS NULL)", name=op.f("ck_game_sessions_ended")
        ),
        sa.CheckConstraint(
            "completion_status IN ('in_progress', 'completed', 'abandoned', 'interrupted')",
            name=op.f("ck_game_sessions_completion_status"),
        ),
        sa.CheckConstraint(
            "environment_type IN ('home', 'clinic', 'school', 'community')",
            name=op.f("ck_game_sessions_environment_type"),
        ),
        sa.CheckConstraint(
            "final_state IN ('calm', 'happy', 'excited', 'anxious', 'frustrated', 'overwhelmed', 'focused', 'tired', 'confused', 'confident')",
            name=op.f("ck_game_sessions_final_state"),
        ),
        sa.CheckConstraint(
            "initial_state IN ('calm', 'happy', 'excited', 'anxious', 'frustrated', 'overwhelmed', 'focused', 'tired', 'confused', 'confident')",
            name=op.f("ck_game_sessions_initial_state"),
        ),
        sa.CheckConstraint(
            "session_type IN ('dental_visit', 'therapy_session', 'social_scenario', 'sensory_exploration', 'daily_routine', 'emergency_preparation')",
            name=op.f("ck_game_sessions_session_type"),
        ),
        sa.CheckConstraint(
            "correct_responses + incorrect_responses <= interactions_count",
            name=op.f("ck_game_sessions_responses"),
        ),
        sa.CheckConstraint("correct_responses >= 0", name=op.f("ck_game_sessions_correct_responses")),
        sa.CheckConstraint(
            "deleted_at IS NULL OR voided_reason IS NOT NULL", name=op.f("ck_game_sessions_voided_reason")
        ),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_game_sessions_duration_seconds")),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_game_sessions_ended_after_start")),
        sa.CheckConstraint(
            "help_requests <= interactions_count", name=op.f("ck_game_sessions_help_within_interactions")
        ),
        sa.CheckConstraint("help_requests >= 0", name=op.f("ck_game_sessions_help_requests")),
        sa.CheckConstraint("hint_usage_count >= 0", name=op.f("ck_game_sessions_hint_usage_count")),
        sa.CheckConstraint("incorrect_responses >= 0", name=op.f("ck_game_sessions_incorrect_responses")),
        sa.CheckConstraint("interactions_count >= 0", name=op.f("ck_game_sessions_interactions_count")),
        sa.CheckConstraint("levels_completed >= 0", name=op.f("ck_game_sessions_levels_completed")),
        sa.CheckConstraint("max_level_reached >= 0", name=op.f("ck_game_sessions_max_level_reached")),
        sa.CheckConstraint("parent_rating BETWEEN 1 AND 5", name=op.f("ck_game_sessions_parent_rating")),
        sa.CheckConstraint("pause_count >= 0", name=op.f("ck_game_sessions_pause_count")),
        sa.CheckConstraint("score >= 0", name=op.f("ck_game_sessions_score")),
        sa.CheckConstraint(
            "total_pause_seconds <= duration_seconds", name=op.f("ck_game_sessions_pause_within_duration")
        ),
        sa.CheckConstraint("total_pause_seconds >= 0", name=op.f("ck_game_sessions_total_pause_seconds")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_game_sessions_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game_sessions")),
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_child_date_range",
        "game_sessions",
        ["child_id", "started_at", "completion_status"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_duration_engagement",
        "game_sessions",
        ["duration_seconds", "interactions_count"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_parent_rating",
        "game_sessions",
        ["child_id", "parent_rating", "started_at"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_recent",
        "game_sessions",
        ["started_at", "child_id"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_scenario_performance",
        "game_sessions",
        ["scenario_id", "scenario_version", "completion_status"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_score_performance",
        "game_sessions",
        ["child_id", "score", "started_at"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_game_sessions_type_completion",
        "game_sessions",
        ["session_type", "completion_status", "started_at"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "ix_game_sessions_child_keyset",
        "game_sessions",
        ["child_id", sa.literal_column("started_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="children",
        postgresql_where="deleted_at IS NULL",
    )
    op.create_index(
        "ix_game_sessions_open",
        "game_sessions",
        ["started_at"],
        unique=False,
        schema="children",
        postgresql_where="completion_status = 'in_progress'",
    )
    op.create_index(
        "uq_game_sessions_client",
        "game_sessions",
        ["child_id", "client_session_id"],
        unique=True,
        schema="children",
    )


def _activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("client_activity_id", sa.Uuid(), nullable=True),
        sa.Column("activity_type", sa.Text(), nullable=False),
        sa.Column("activity_name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=True),
        sa.Column("category", sa.String(length=50), nullable=True),
        sa.Column("points_earned", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("difficulty_level", sa.SmallInteger(), nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("completed_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("duration_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("emotional_state_before", sa.Text(), nullable=True),
        sa.Column("emotional_state_after", sa.Text(), nullable=True),
        sa.Column("anxiety_level_before", sa.SmallInteger(), nullable=True),
        sa.Column("anxiety_level_after", sa.SmallInteger(), nullable=True),
        sa.Column("support_level_needed", sa.Text(), nullable=True),
        sa.Column("support_provided_by", sa.String(length=100), nullable=True),
        sa.Column("assistive_technology_used", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("environment_type", sa.Text(), nullable=True),
        sa.Column("environmental_modifications", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("sensory_accommodations", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("success_rating", sa.SmallInteger(), nullable=True),
        sa.Column("challenges_encountered", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("strategies_used", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=True),
        sa.Column("verified_by_parent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("verified_by_professional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("verification_notes", sa.String(length=1000), nullable=True),
        sa.Column("data_source", sa.Text(), server_default="manual", nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("voided_reason", sa.Text(), nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "activity_type IN ('dental_care', 'therapy_session', 'medication', 'exercise', 'social_interaction', 'sensory_break', 'educational', 'free_play')",
            name=op.f("ck_activities_activity_type"),
        ),
        sa.CheckConstraint(
            "data_source IN ('manual', 'game', 'sensor')", name=op.f("ck_activities_data_source")
        ),
        sa.CheckConstraint(
            "emotional_state_after IN ('calm', 'happy', 'excited', 'anxious', 'frustrated', 'overwhelmed', 'focused', 'tired', 'confused', 'confident')",
            name=op.f("ck_activities_emotional_state_after"),
        ),
        sa.CheckConstraint(
            "emotional_state_before IN ('calm', 'happy', 'excited', 'anxious', 'frustrated', 'overwhelmed', 'focused', 'tired', 'confused', 'confident')",
            name=op.f("ck_activities_emotional_state_before"),
        ),
        sa.CheckConstraint(
            "environment_type IN ('home', 'clinic', 'school', 'community')",
            name=op.f("ck_activities_environment_type"),
        ),
        sa.CheckConstraint(
            "support_level_needed IN ('minimal', 'moderate', 'extensive')",
            name=op.f("ck_activities_support_level_needed"),
        ),
        sa.CheckConstraint(
            "anxiety_level_after BETWEEN 1 AND 10", name=op.f("ck_activities_anxiety_level_after")
        ),
        sa.CheckConstraint(
            "anxiety_level_before BETWEEN 1 AND 10", name=op.f("ck_activities_anxiety_level_before")
        ),
        sa.CheckConstraint("completed_at >= started_at", name=op.f("ck_activities_completed_after_start")),
        sa.CheckConstraint("difficulty_level BETWEEN 1 AND 5", name=op.f("ck_activities_difficulty_level")),
        sa.CheckConstraint("duration_minutes BETWEEN 0 AND 480", name=op.f("ck_activities_duration_minutes")),
        sa.CheckConstraint("points_earned BETWEEN 0 AND 100", name=op.f("ck_activities_points_earned")),
        sa.CheckConstraint("success_rating BETWEEN 1 AND 5", name=op.f("ck_activities_success_rating")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_activities_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        schema="children",
    )
    op.create_index(
        "idx_activities_child_timeline",
        "activities",
        ["child_id", "completed_at", "activity_type"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "ix_activities_child_keyset",
        "activities",
        ["child_id", sa.literal_column("completed_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="children",
        postgresql_where="deleted_at IS NULL",
    )
    op.create_index(
        "uq_activities_client",
        "activities",
        ["child_id", "client_activity_id"],
        unique=True,
        schema="children",
    )


def _point_ledger() -> None:
    op.create_table(
        "point_ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "points BETWEEN 1 AND 100 OR source_type = 'adjustment'", name=op.f("ck_point_ledger_points")
        ),
        sa.CheckConstraint(
            "source_type IN ('session', 'activity', 'manual', 'adjustment')",
            name=op.f("ck_point_ledger_source_type"),
        ),
        sa.CheckConstraint("points <> 0", name=op.f("ck_point_ledger_points_present")),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_point_ledger_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_ledger")),
        schema="children",
    )
    op.create_index(
        "ix_point_ledger_child",
        "point_ledger",
        ["child_id", sa.literal_column("id DESC")],
        unique=False,
        schema="children",
    )
    op.create_index(
        "uq_point_ledger_source",
        "point_ledger",
        ["child_id", "source_type", "source_id"],
        unique=True,
        schema="children",
        postgresql_where="source_id IS NOT NULL",
    )


def _child_achievements() -> None:
    op.create_table(
        "child_achievements",
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("achievement_id", sa.Text(), nullable=False),
        sa.Column("earned_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("source_session_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_child_achievements_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_session_id"],
            ["children.game_sessions.id"],
            name=op.f("fk_child_achievements_source_session_id_game_sessions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("child_id", "achievement_id", name=op.f("pk_child_achievements")),
        schema="children",
    )


def _emotion_scale() -> None:
    op.create_table(
        "emotion_scale",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("valence", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('calm', 'happy', 'excited', 'anxious', 'frustrated', 'overwhelmed', 'focused', 'tired', 'confused', 'confident')",
            name=op.f("ck_emotion_scale_state"),
        ),
        sa.PrimaryKeyConstraint("version", "state", name=op.f("pk_emotion_scale")),
        schema="children",
    )


def _first_scale() -> None:
    """The scale of spec D7.8; another opinion is another version, so that old figures stay what they were."""
    scale = {
        "overwhelmed": 1,
        "frustrated": 2,
        "anxious": 3,
        "tired": 4,
        "confused": 4,
        "calm": 5,
        "focused": 6,
        "happy": 7,
        "confident": 7,
        "excited": 8,
    }
    for state, valence in scale.items():
        op.execute(
            sa.text(
                "INSERT INTO children.emotion_scale (version, state, valence) VALUES (1, :state, :valence)"
            ).bindparams(state=state, valence=valence)
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("emotion_scale", schema="children")
    op.drop_table("child_achievements", schema="children")
    op.drop_table("point_ledger", schema="children")
    op.drop_table("activities", schema="children")
    op.drop_table("game_sessions", schema="children")

"""What people write about a child, and what guardians ask for by right."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0016_clinical"
down_revision: str | None = "0015_play"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")
EMPTY = sa.text("'{}'")


def upgrade() -> None:
    """Make them."""
    _progress_notes()
    _assessments()
    _reports()
    _report_shares()
    _data_requests()
    _erased_subjects()


def _progress_notes() -> None:
    op.create_table(
        "progress_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="all", nullable=False),
        sa.Column("noted_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "category IN ('behavior', 'communication', 'social', 'academic', 'sensory', 'motor_skills', 'self_care', 'therapy', 'medical', 'general')",
            name=op.f("ck_progress_notes_category"),
        ),
        sa.CheckConstraint(
            "visibility IN ('guardians', 'professionals', 'all')", name=op.f("ck_progress_notes_visibility")
        ),
        sa.CheckConstraint("length(note) BETWEEN 5 AND 2000", name=op.f("ck_progress_notes_note")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_progress_notes_author_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_progress_notes_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_notes")),
        schema="children",
    )
    op.create_index(
        "ix_progress_notes_child",
        "progress_notes",
        ["child_id", sa.literal_column("noted_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="children",
        postgresql_where="deleted_at IS NULL",
    )


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("assessment_type", sa.String(length=100), nullable=False),
        sa.Column("assessment_name", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.String(length=50), nullable=True),
        sa.Column("administered_by", sa.String(length=200), nullable=False),
        sa.Column("administered_at", INSTANT, nullable=False),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("raw_scores", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("standard_scores", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("percentiles", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("age_equivalents", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("interpretation", sa.Text(), nullable=True),
        sa.Column("recommendations", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("goals_identified", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("previous_assessment_id", sa.BigInteger(), nullable=True),
        sa.Column("progress_summary", sa.Text(), nullable=True),
        sa.Column("areas_of_growth", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("areas_of_concern", ARRAY(sa.Text()), server_default=EMPTY, nullable=False),
        sa.Column("status", sa.String(length=50), server_default="completed", nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("length(interpretation) <= 5000", name=op.f("ck_assessments_interpretation")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_assessments_author_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_assessments_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["previous_assessment_id"],
            ["children.assessments.id"],
            name=op.f("fk_assessments_previous_assessment_id_assessments"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        schema="children",
    )
    op.create_index(
        "ix_assessments_child",
        "assessments",
        ["child_id", sa.literal_column("administered_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="children",
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("approver_id", sa.BigInteger(), nullable=True),
        sa.Column("report_type", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("content_schema_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("source_snapshot", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("statement_sha256", sa.Text(), nullable=True),
        sa.Column("period_start", INSTANT, nullable=False),
        sa.Column("period_end", INSTANT, nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("review_note", sa.String(length=1000), nullable=True),
        sa.Column("correction_note", sa.String(length=1000), nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("archived_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "report_type IN ('progress', 'assessment', 'summary', 'incident', 'recommendation', 'discharge')",
            name=op.f("ck_reports_report_type"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_reports_published_at")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'pending_review', 'approved', 'published', 'archived')",
            name=op.f("ck_reports_status"),
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name=op.f("ck_reports_four_eyes")
        ),
        sa.CheckConstraint("period_end > period_start", name=op.f("ck_reports_period")),
        sa.ForeignKeyConstraint(
            ["approver_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_reports_approver_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_reports_author_id_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["children.children.id"],
            name=op.f("fk_reports_child_id_children"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        schema="children",
    )
    op.create_index(
        "idx_reports_child_professional",
        "reports",
        ["child_id", "author_id", "status"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "idx_reports_period", "reports", ["period_start", "period_end"], unique=False, schema="children"
    )
    op.create_index(
        "idx_reports_type_timeline",
        "reports",
        ["report_type", "created_at", "status"],
        unique=False,
        schema="children",
    )
    op.create_index(
        "ix_reports_child",
        "reports",
        ["child_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        schema="children",
    )


def _report_shares() -> None:
    op.create_table(
        "report_shares",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(), nullable=True),
        sa.Column("access", sa.Text(), server_default="view", nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("shared_by", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("last_accessed_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("access IN ('view', 'comment')", name=op.f("ck_report_shares_access")),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (email_hash IS NULL)", name=op.f("ck_report_shares_one_reader")
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_report_shares_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["children.reports.id"],
            name=op.f("fk_report_shares_report_id_reports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shared_by"],
            ["muster.auth_users.id"],
            name=op.f("fk_report_shares_shared_by_auth_users"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["muster.auth_users.id"],
            name=op.f("fk_report_shares_user_id_auth_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_shares")),
        schema="children",
    )
    op.create_index(
        "ix_report_shares_report", "report_shares", ["report_id"], unique=False, schema="children"
    )
    op.create_index(
        "uq_report_shares_token_hash", "report_shares", ["token_hash"], unique=True, schema="children"
    )


def _data_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("child_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("params", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("approvals", JSONB(), server_default=EMPTY, nullable=False),
        sa.Column("executes_at", INSTANT, nullable=True),
        sa.Column("ready_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("downloads", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("verification", JSONB(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('export', 'erasure')", name=op.f("ck_data_requests_kind")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'ready', 'failed', 'expired', 'awaiting', 'pending', 'executing', 'done', 'cancelled')",
            name=op.f("ck_data_requests_state"),
        ),
        sa.CheckConstraint("downloads BETWEEN 0 AND 3", name=op.f("ck_data_requests_downloads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        schema="children",
    )
    op.create_index(
        "ix_data_requests_child",
        "data_requests",
        ["child_id", sa.literal_column("created_at DESC")],
        unique=False,
        schema="children",
    )
    op.create_index(
        "uq_data_requests_erasure",
        "data_requests",
        ["child_id"],
        unique=True,
        schema="children",
        postgresql_where="kind = 'erasure' AND state IN ('awaiting', 'pending', 'executing')",
    )


def _erased_subjects() -> None:
    op.create_table(
        "erased_subjects",
        sa.Column("child_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("erased_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_erased_subjects")),
        schema="children",
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("erased_subjects", schema="children")
    op.drop_table("data_requests", schema="children")
    op.drop_table("report_shares", schema="children")
    op.drop_table("reports", schema="children")
    op.drop_table("assessments", schema="children")
    op.drop_table("progress_notes", schema="children")

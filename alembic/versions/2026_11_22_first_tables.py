"""The first tables: runs, versions, keys, and the attendance desk."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001_first_tables"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA attendance")
    op.create_table(
        "checkin",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unknown_person", sa.Text(), nullable=True),
        sa.Column("local_time", postgresql.TIMESTAMP(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("log_type", sa.Text(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("skip", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("log_type IN ('IN', 'OUT')", name=op.f("ck_checkin_log_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_checkin_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_index(
        "ix_checkin_device_id_local_time",
        "checkin",
        ["device_id", "local_time"],
        unique=False,
        schema="attendance",
    )
    op.create_index(
        "ix_checkin_local_time_id", "checkin", ["local_time", "id"], unique=False, schema="attendance"
    )
    op.create_index(
        "ix_checkin_person_id_local_time",
        "checkin",
        ["person_id", "local_time"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "day",
        sa.Column("rule_set_id", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("shift_seq", sa.SmallInteger(), nullable=False),
        sa.Column("shift_type_id", sa.Integer(), nullable=True),
        sa.Column("schedule_source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("base_status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("other_half", sa.Text(), nullable=True),
        sa.Column("shift_start", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("shift_end", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("window_start", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("window_end", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("first_in", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("last_out", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("pending_reason", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("leave_id", sa.Integer(), nullable=True),
        sa.Column("leave_type_id", sa.Integer(), nullable=True),
        sa.Column("leave_hundredths", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("holiday_id", sa.Integer(), nullable=True),
        sa.Column("punch_count", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "punches", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("hours_hundredths", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("gross_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("break_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("worked_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expected_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expected_net_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("deducted_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("difference_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("overtime_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("late_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("late_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("late_counted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("late_forgiven", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("early", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("early_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("early_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("incidents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("input_hash", sa.BigInteger(), nullable=False),
        sa.Column(
            "computed_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("worked_seconds >= 0 AND expected_seconds >= 0", name=op.f("ck_day_not_negative")),
        sa.PrimaryKeyConstraint("rule_set_id", "person_id", "work_date", "shift_seq", name=op.f("pk_day")),
        schema="attendance",
    )
    op.create_index(
        "ix_day_status", "day", ["rule_set_id", "status", "work_date"], unique=False, schema="attendance"
    )
    op.create_index(
        "ix_day_work_date",
        "day",
        ["rule_set_id", "work_date", "person_id"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "rule_set",
        sa.Column("id", sa.SmallInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), server_default="muster", nullable=False),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_rule_set_name_version")),
        schema="attendance",
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("api_flavour", sa.Text(), nullable=True),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("base_url", name=op.f("uq_source_base_url")),
        schema="attendance",
    )
    op.create_table(
        "upstream_attendance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.SmallInteger(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("other_half", sa.Text(), nullable=True),
        sa.Column("shift_name", sa.Text(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=9, scale=3), server_default=sa.text("0"), nullable=False),
        sa.Column("in_time", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("out_time", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("early", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("leave_type", sa.Text(), nullable=True),
        sa.Column("docstatus", sa.Integer(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upstream_attendance")),
        sa.UniqueConstraint(
            "source_id", "upstream_name", name=op.f("uq_upstream_attendance_source_id_upstream_name")
        ),
        schema="attendance",
    )
    op.create_index(
        "ix_upstream_attendance_day_person_id",
        "upstream_attendance",
        ["day", "person_id"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sites", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("id ~ '^[0-9a-z]{8}$'", name=op.f("ck_api_key_id_form")),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_api_key_scopes_present")),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_api_key_secret_hash_length")),
        sa.CheckConstraint("sites IS NULL OR cardinality(sites) > 0", name=op.f("ck_api_key_sites_present")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        schema="muster",
    )
    op.create_index(
        "ix_api_key_created_at_id", "api_key", ["created_at", "id"], unique=False, schema="muster"
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="muster",
    )
    op.create_index("ix_audit_at_id", "audit", ["at", "id"], unique=False, schema="muster")
    op.create_index("ix_audit_subject_at", "audit", ["subject", "at"], unique=False, schema="muster")
    op.create_index("ix_audit_who_at", "audit", ["who", "at"], unique=False, schema="muster")
    op.create_table(
        "data_version",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "raised_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_data_version")),
        schema="muster",
    )
    op.create_table(
        "idempotency_key",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_key")),
        schema="muster",
    )
    op.create_index(
        "ix_idempotency_key_created_at", "idempotency_key", ["created_at"], unique=False, schema="muster"
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "progress",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "counts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("starts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("heartbeat_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("deadline_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        schema="muster",
    )
    op.create_index("ix_run_created_at_id", "run", ["created_at", "id"], unique=False, schema="muster")
    op.create_index("ix_run_job_created_at", "run", ["job", "created_at"], unique=False, schema="muster")
    op.create_index(
        "uq_run_scope_active",
        "run",
        ["scope"],
        unique=True,
        schema="muster",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "holiday_list",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_holiday_list_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_list")),
        sa.UniqueConstraint(
            "source_id", "upstream_name", name=op.f("uq_holiday_list_source_id_upstream_name")
        ),
        schema="attendance",
    )
    op.create_table(
        "leave_type",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unpaid", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("include_holiday", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("expected_hours", sa.Text(), server_default="zero", nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "expected_hours IN ('zero', 'keep', 'prorate')", name=op.f("ck_leave_type_expected_hours")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_leave_type_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_type")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_leave_type_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_table(
        "site",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_site_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_site_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_table(
        "sync_cursor",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("doctype", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), server_default="new", nullable=False),
        sa.Column("complete_through", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_sync_cursor_source_id_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "doctype", name=op.f("pk_sync_cursor")),
        schema="attendance",
    )
    op.create_table(
        "sync_window",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("doctype", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lower", sa.Text(), server_default="", nullable=False),
        sa.Column("upper", sa.Text(), server_default="", nullable=False),
        sa.Column("from_time", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("to_time", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=True),
        sa.Column("expected_count", sa.Integer(), nullable=True),
        sa.Column("got_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('names', 'time')", name=op.f("ck_sync_window_kind")),
        sa.CheckConstraint("state IN ('open', 'done', 'gap')", name=op.f("ck_sync_window_state")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_sync_window_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_window")),
        sa.UniqueConstraint(
            "source_id",
            "doctype",
            "kind",
            "lower",
            "upper",
            name=op.f("uq_sync_window_source_id_doctype_kind_lower_upper"),
        ),
        schema="attendance",
    )
    op.create_index(
        "ix_sync_window_gap",
        "sync_window",
        ["source_id", "doctype"],
        unique=False,
        schema="attendance",
        postgresql_where=sa.text("state = 'gap'"),
    )
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("ck_browser_session_token_hash_length")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["muster.api_key.id"],
            name=op.f("fk_browser_session_key_id_api_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        schema="muster",
    )
    op.create_index(
        "ix_browser_session_expires_at", "browser_session", ["expires_at"], unique=False, schema="muster"
    )
    op.create_index("ix_browser_session_key_id", "browser_session", ["key_id"], unique=False, schema="muster")
    op.create_index(
        "uq_browser_session_token_hash", "browser_session", ["token_hash"], unique=True, schema="muster"
    )
    op.create_table(
        "run_event",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "data", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["muster.run.id"], name=op.f("fk_run_event_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "sequence", name=op.f("pk_run_event")),
        schema="muster",
    )
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column(
            "created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "target LIKE '/%' AND target NOT LIKE '//%'", name=op.f("ck_sign_in_link_target_is_local")
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_sign_in_link_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["muster.api_key.id"], name=op.f("fk_sign_in_link_key_id_api_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_link")),
        schema="muster",
    )
    op.create_index(
        "ix_sign_in_link_expires_at", "sign_in_link", ["expires_at"], unique=False, schema="muster"
    )
    op.create_index("ix_sign_in_link_key_id", "sign_in_link", ["key_id"], unique=False, schema="muster")
    op.create_table(
        "company",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holiday_list_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["holiday_list_id"],
            ["attendance.holiday_list.id"],
            name=op.f("fk_company_holiday_list_id_holiday_list"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_company_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_company_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["site_id"], ["attendance.site.id"], name=op.f("fk_device_site_id_site")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_device_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("source_id", "name", name=op.f("uq_device_source_id_name")),
        schema="attendance",
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("holiday_list_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("weekly_off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("half_day", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["holiday_list_id"],
            ["attendance.holiday_list.id"],
            name=op.f("fk_holiday_holiday_list_id_holiday_list"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("holiday_list_id", "day", name=op.f("uq_holiday_holiday_list_id_day")),
        schema="attendance",
    )
    op.create_table(
        "shift_type",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("after_minutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("late_marking", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("late_grace_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("early_marking", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("early_grace_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "half_day_threshold_hours",
            sa.Numeric(precision=6, scale=3),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "absent_threshold_hours",
            sa.Numeric(precision=6, scale=3),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("pairing_mode", sa.Text(), server_default="alternating", nullable=False),
        sa.Column("hours_mode", sa.Text(), server_default="first_last", nullable=False),
        sa.Column("auto_attendance", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("mark_on_holidays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("process_after", sa.Date(), nullable=True),
        sa.Column("last_sync", sa.DateTime(), nullable=True),
        sa.Column("holiday_list_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "hours_mode IN ('first_last', 'every_valid')", name=op.f("ck_shift_type_hours_mode")
        ),
        sa.CheckConstraint(
            "pairing_mode IN ('alternating', 'strict')", name=op.f("ck_shift_type_pairing_mode")
        ),
        sa.CheckConstraint("before_minutes >= 0 AND after_minutes >= 0", name=op.f("ck_shift_type_margins")),
        sa.ForeignKeyConstraint(
            ["holiday_list_id"],
            ["attendance.holiday_list.id"],
            name=op.f("fk_shift_type_holiday_list_id_holiday_list"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_shift_type_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_type")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_shift_type_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_table(
        "person",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="Active", nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("designation", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("holiday_list_id", sa.Integer(), nullable=True),
        sa.Column("default_shift_type_id", sa.Integer(), nullable=True),
        sa.Column("device_user", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["attendance.company.id"], name=op.f("fk_person_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["default_shift_type_id"],
            ["attendance.shift_type.id"],
            name=op.f("fk_person_default_shift_type_id_shift_type"),
        ),
        sa.ForeignKeyConstraint(
            ["holiday_list_id"],
            ["attendance.holiday_list.id"],
            name=op.f("fk_person_holiday_list_id_holiday_list"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["attendance.site.id"], name=op.f("fk_person_site_id_site")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_person_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_person_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_index("ix_person_name_id", "person", ["name", "id"], unique=False, schema="attendance")
    op.create_index(
        "ix_person_site_id_upstream_name",
        "person",
        ["site_id", "upstream_name"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "attendance_request",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("half_day", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("half_day_date", sa.Date(), nullable=True),
        sa.Column("include_holidays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("docstatus", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_attendance_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_attendance_request_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_request")),
        sa.UniqueConstraint(
            "source_id", "upstream_name", name=op.f("uq_attendance_request_source_id_upstream_name")
        ),
        schema="attendance",
    )
    op.create_index(
        "ix_attendance_request_person_id_from_date",
        "attendance_request",
        ["person_id", "from_date"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "dirty_day",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("work_date", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_dirty_day_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "work_date", name=op.f("pk_dirty_day")),
        schema="attendance",
    )
    op.create_table(
        "holiday_list_assignment",
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("holiday_list_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("docstatus", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (company_id IS NULL)", name=op.f("ck_holiday_list_assignment_one_target")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["attendance.company.id"],
            name=op.f("fk_holiday_list_assignment_company_id_company"),
        ),
        sa.ForeignKeyConstraint(
            ["holiday_list_id"],
            ["attendance.holiday_list.id"],
            name=op.f("fk_holiday_list_assignment_holiday_list_id_holiday_list"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_holiday_list_assignment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_holiday_list_assignment_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_list_assignment")),
        sa.UniqueConstraint(
            "source_id", "upstream_name", name=op.f("uq_holiday_list_assignment_source_id_upstream_name")
        ),
        schema="attendance",
    )
    op.create_table(
        "leave",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leave_type_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("half_day", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("half_day_date", sa.Date(), nullable=True),
        sa.Column("half", sa.Text(), nullable=True),
        sa.Column("total_days", sa.Numeric(precision=7, scale=3), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("docstatus", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("half IN ('first', 'second')", name=op.f("ck_leave_half")),
        sa.CheckConstraint("from_date <= to_date", name=op.f("ck_leave_dates")),
        sa.ForeignKeyConstraint(
            ["leave_type_id"], ["attendance.leave_type.id"], name=op.f("fk_leave_leave_type_id_leave_type")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_leave_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_leave_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
        sa.UniqueConstraint("source_id", "upstream_name", name=op.f("uq_leave_source_id_upstream_name")),
        schema="attendance",
    )
    op.create_index("ix_leave_from_date_id", "leave", ["from_date", "id"], unique=False, schema="attendance")
    op.create_index(
        "ix_leave_person_id_from_date",
        "leave",
        ["person_id", "from_date", "to_date"],
        unique=False,
        schema="attendance",
    )
    op.create_table(
        "shift_assignment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("shift_type_id", sa.Integer(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), server_default="Active", nullable=False),
        sa.Column("docstatus", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("upstream_name", sa.Text(), nullable=False),
        sa.Column("upstream_modified", postgresql.TIMESTAMP(), nullable=True),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "first_seen_at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["attendance.person.id"], name=op.f("fk_shift_assignment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["shift_type_id"],
            ["attendance.shift_type.id"],
            name=op.f("fk_shift_assignment_shift_type_id_shift_type"),
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["attendance.source.id"], name=op.f("fk_shift_assignment_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_assignment")),
        sa.UniqueConstraint(
            "source_id", "upstream_name", name=op.f("uq_shift_assignment_source_id_upstream_name")
        ),
        schema="attendance",
    )
    op.create_index(
        "ix_shift_assignment_person_id_start_date",
        "shift_assignment",
        ["person_id", "start_date"],
        unique=False,
        schema="attendance",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_shift_assignment_person_id_start_date", table_name="shift_assignment", schema="attendance"
    )
    op.drop_table("shift_assignment", schema="attendance")
    op.drop_index("ix_leave_person_id_from_date", table_name="leave", schema="attendance")
    op.drop_index("ix_leave_from_date_id", table_name="leave", schema="attendance")
    op.drop_table("leave", schema="attendance")
    op.drop_table("holiday_list_assignment", schema="attendance")
    op.drop_table("dirty_day", schema="attendance")
    op.drop_index(
        "ix_attendance_request_person_id_from_date", table_name="attendance_request", schema="attendance"
    )
    op.drop_table("attendance_request", schema="attendance")
    op.drop_index("ix_person_site_id_upstream_name", table_name="person", schema="attendance")
    op.drop_index("ix_person_name_id", table_name="person", schema="attendance")
    op.drop_table("person", schema="attendance")
    op.drop_table("shift_type", schema="attendance")
    op.drop_table("holiday", schema="attendance")
    op.drop_table("device", schema="attendance")
    op.drop_table("company", schema="attendance")
    op.drop_index("ix_sign_in_link_key_id", table_name="sign_in_link", schema="muster")
    op.drop_index("ix_sign_in_link_expires_at", table_name="sign_in_link", schema="muster")
    op.drop_table("sign_in_link", schema="muster")
    op.drop_table("run_event", schema="muster")
    op.drop_index("uq_browser_session_token_hash", table_name="browser_session", schema="muster")
    op.drop_index("ix_browser_session_key_id", table_name="browser_session", schema="muster")
    op.drop_index("ix_browser_session_expires_at", table_name="browser_session", schema="muster")
    op.drop_table("browser_session", schema="muster")
    op.drop_index(
        "ix_sync_window_gap",
        table_name="sync_window",
        schema="attendance",
        postgresql_where=sa.text("state = 'gap'"),
    )
    op.drop_table("sync_window", schema="attendance")
    op.drop_table("sync_cursor", schema="attendance")
    op.drop_table("site", schema="attendance")
    op.drop_table("leave_type", schema="attendance")
    op.drop_table("holiday_list", schema="attendance")
    op.drop_index(
        "uq_run_scope_active",
        table_name="run",
        schema="muster",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_index("ix_run_job_created_at", table_name="run", schema="muster")
    op.drop_index("ix_run_created_at_id", table_name="run", schema="muster")
    op.drop_table("run", schema="muster")
    op.drop_index("ix_idempotency_key_created_at", table_name="idempotency_key", schema="muster")
    op.drop_table("idempotency_key", schema="muster")
    op.drop_table("data_version", schema="muster")
    op.drop_index("ix_audit_who_at", table_name="audit", schema="muster")
    op.drop_index("ix_audit_subject_at", table_name="audit", schema="muster")
    op.drop_index("ix_audit_at_id", table_name="audit", schema="muster")
    op.drop_table("audit", schema="muster")
    op.drop_index("ix_api_key_created_at_id", table_name="api_key", schema="muster")
    op.drop_table("api_key", schema="muster")
    op.drop_index(
        "ix_upstream_attendance_day_person_id", table_name="upstream_attendance", schema="attendance"
    )
    op.drop_table("upstream_attendance", schema="attendance")
    op.drop_table("source", schema="attendance")
    op.drop_table("rule_set", schema="attendance")
    op.drop_index("ix_day_work_date", table_name="day", schema="attendance")
    op.drop_index("ix_day_status", table_name="day", schema="attendance")
    op.drop_table("day", schema="attendance")
    op.drop_index("ix_checkin_person_id_local_time", table_name="checkin", schema="attendance")
    op.drop_index("ix_checkin_local_time_id", table_name="checkin", schema="attendance")
    op.drop_index("ix_checkin_device_id_local_time", table_name="checkin", schema="attendance")
    op.drop_table("checkin", schema="attendance")
    op.execute("DROP SCHEMA attendance")

"""Flags, and what monitoring keeps: history, baselines, alert rules and their events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

revision: str = "0009_monitoring"
down_revision: str | None = "0008_subscriptions"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    """Make all five tables."""
    _flags()
    _history()
    _baselines()
    _alert_rules()
    _alert_events()


def _flags() -> None:
    op.create_table(
        "flag",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_flag_share_is_percent")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_flag")),
        schema="muster",
    )


def _history() -> None:
    op.create_table(
        "figure_history",
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("instance", "seconds", "slot", name=op.f("pk_figure_history")),
        schema="muster",
    )
    op.create_index("ix_figure_history_instance_at", "figure_history", ["instance", "at"], schema="muster")


def _baselines() -> None:
    op.create_table(
        "baseline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("report", JSONB(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        schema="muster",
    )
    op.create_index("uq_baseline_name", "baseline", ["name"], unique=True, schema="muster")
    op.create_index("ix_baseline_created_at_id", "baseline", ["created_at", "id"], schema="muster")


def _alert_rules() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", JSONB(), nullable=False),
        sa.Column("comparison", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("clear_at", sa.Float()),
        sa.Column("for_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("channels", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("flag", sa.Text()),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("silenced_until", INSTANT),
        sa.Column("silenced_because", sa.Text()),
        sa.Column("secret_hash", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'ok'"), nullable=False),
        sa.Column("state_since", INSTANT, server_default=NOW, nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("detail", sa.Text()),
        sa.Column("evaluated_at", INSTANT),
        sa.CheckConstraint(
            "state IN ('ok', 'pending', 'firing', 'unknown')", name=op.f("ck_alert_rule_state_known")
        ),
        sa.CheckConstraint(
            "severity IN ('info', 'warning', 'critical')", name=op.f("ck_alert_rule_severity_known")
        ),
        sa.CheckConstraint(
            "comparison IN ('>', '>=', '<', '<=', '=', '!=')", name=op.f("ck_alert_rule_comparison_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        schema="muster",
    )
    op.create_index("uq_alert_rule_name", "alert_rule", ["name"], unique=True, schema="muster")
    op.create_index("ix_alert_rule_created_at_id", "alert_rule", ["created_at", "id"], schema="muster")


def _alert_events() -> None:
    op.create_table(
        "alert_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("told", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["muster.alert_rule.id"],
            name=op.f("fk_alert_event_rule_id_alert_rule"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
        schema="muster",
    )
    op.create_index("ix_alert_event_rule_id_id", "alert_event", ["rule_id", "id"], schema="muster")
    op.create_index("ix_alert_event_at", "alert_event", ["at"], schema="muster")


def downgrade() -> None:
    """Drop them."""
    for table in ("alert_event", "alert_rule", "baseline", "figure_history", "flag"):
        op.drop_table(table, schema="muster")

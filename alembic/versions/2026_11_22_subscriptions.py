"""Reports that are delivered on a schedule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0008_subscriptions"
down_revision: str | None = "0007_run_files"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    _subscriptions()
    _deliveries()


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("style", JSONB(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary()),
        sa.Column("sites", ARRAY(sa.Text())),
        sa.Column("state", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("last_run", sa.Uuid()),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'ended')", name=op.f("ck_subscription_state_known")
        ),
        sa.CheckConstraint(
            "channel IN ('folder', 'webhook', 'email')", name=op.f("ck_subscription_channel_known")
        ),
        sa.CheckConstraint(
            "(channel = 'webhook') = (secret_hash IS NOT NULL)",
            name=op.f("ck_subscription_webhooks_are_signed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        schema="muster",
    )
    op.create_index("ix_subscription_created_at_id", "subscription", ["created_at", "id"], schema="muster")
    op.create_index(
        "ix_subscription_next_at",
        "subscription",
        ["desk", "next_at"],
        schema="muster",
        postgresql_where=sa.text("state = 'active'"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("run", sa.Uuid()),
        sa.Column("detail", sa.Text()),
        sa.Column("file_name", sa.Text()),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("complete", sa.Boolean()),
        sa.Column("retry_at", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint(
            "state IN ('running', 'waiting', 'delivered', 'logged', 'failed', 'skipped')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.CheckConstraint(
            "(retry_at IS NOT NULL) = (state IN ('running', 'waiting'))",
            name=op.f("ck_delivery_open_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["muster.subscription.id"],
            name=op.f("fk_delivery_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        schema="muster",
    )
    op.create_index(
        "uq_delivery_subscription_id_due_at",
        "delivery",
        ["subscription_id", "due_at"],
        unique=True,
        schema="muster",
    )
    op.create_index(
        "ix_delivery_retry_at",
        "delivery",
        ["retry_at"],
        schema="muster",
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("delivery", schema="muster")
    op.drop_table("subscription", schema="muster")

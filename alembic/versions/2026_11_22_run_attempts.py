"""Which attempt a run is, when a failed one is tried again, and the request that asked for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision: str = "0010_run_attempts"
down_revision: str | None = "0009_monitoring"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns; a constant default rewrites no row."""
    op.add_column(
        "run",
        sa.Column("attempt", sa.Integer(), server_default=sa.text("1"), nullable=False),
        schema="muster",
    )
    op.add_column("run", sa.Column("retry_at", TIMESTAMP(timezone=True)), schema="muster")
    op.add_column("run", sa.Column("correlation_id", sa.Text()), schema="muster")


def downgrade() -> None:
    """Drop them."""
    for column in ("correlation_id", "retry_at", "attempt"):
        op.drop_column("run", column, schema="muster")

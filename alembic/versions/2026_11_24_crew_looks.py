"""Segments and counts are found by the look that they come from: old looks are forgotten without a scan."""

from alembic import op

revision: str = "0021_sync"
down_revision: str | None = "0020_crew_days"
branch_labels = None
depends_on = None

TABLES = ("crew_availability", "appliance_availability", "grid_count")


def upgrade() -> None:
    """Make the indexes that the foreign keys look through for each look that is deleted."""
    for table in TABLES:
        op.create_index(f"ix_{table}_snapshot_id", table, ["snapshot_id"], schema="crew")


def downgrade() -> None:
    """Take them away."""
    for table in TABLES:
        op.drop_index(f"ix_{table}_snapshot_id", table, schema="crew")

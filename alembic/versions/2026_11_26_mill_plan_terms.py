"""What a plan's figures of a yarn can be recomputed from: its lots, its use, how long it lasts, who sells it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0024_mill_plan_terms"
down_revision: str | None = "0023_mill_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    for column in (
        sa.Column("supplier_code", sa.Text(), nullable=True),
        sa.Column("consumed", sa.Numeric(14, 4), server_default=sa.text("0"), nullable=False),
        sa.Column("supply", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("lot", JSONB(), server_default=sa.text("'{}'"), nullable=False),
    ):
        op.add_column("plan_yarns", column, schema="mill")


def downgrade() -> None:
    """Take them away."""
    for name in ("lot", "supply", "consumed", "supplier_code"):
        op.drop_column("plan_yarns", name, schema="mill")

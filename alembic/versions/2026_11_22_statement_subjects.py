"""A statement says whom it is about, where not everybody who reads its desk may see them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0017_writings"
down_revision: str | None = "0016_clinical"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("statement", sa.Column("subjects", ARRAY(sa.BigInteger())), schema="muster")


def downgrade() -> None:
    op.drop_column("statement", "subjects", schema="muster")

"""Punches of people unknown here are found by their name when the person comes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004_unknown_people"
down_revision: str | None = "0003_built_in_rule_sets"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX = "ix_checkin_source_id_unknown_person"


def upgrade() -> None:
    op.create_index(
        INDEX,
        "checkin",
        ["source_id", "unknown_person"],
        schema="attendance",
        postgresql_where=sa.text("person_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="checkin", schema="attendance")

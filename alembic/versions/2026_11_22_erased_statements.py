"""A statement about somebody who is erased goes with them; a line without any figure says that it was."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision: str = "0018_erased_statements"
down_revision: str | None = "0017_writings"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# A row goes only where its tombstone stands, with the same hash: nothing disappears without a trace.
REFUSE = """
CREATE OR REPLACE FUNCTION muster.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'statement' THEN
        IF EXISTS (SELECT FROM muster.erased_statement AS e WHERE e.id = OLD.id AND e.sha256 = OLD.sha256) THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'statement_withdrawal' THEN
        IF EXISTS (SELECT FROM muster.erased_statement AS e WHERE e.id = OLD.statement_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'what was signed stays signed: rows of muster.% are never changed', TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state';
END $$
"""
REFUSE_ALL = """
CREATE OR REPLACE FUNCTION muster.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed stays signed: rows of muster.% are never changed', TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state';
END $$
"""


def upgrade() -> None:
    op.create_table(
        "erased_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("sealed_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("erased_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_statement")),
        schema="muster",
    )
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON muster.erased_statement"
        " FOR EACH ROW EXECUTE FUNCTION muster.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON muster.erased_statement"
        " FOR EACH STATEMENT EXECUTE FUNCTION muster.refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("erased_statement", schema="muster")
    op.execute(REFUSE_ALL)

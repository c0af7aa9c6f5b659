"""Sealed statements, and what rows of the mirror were before they changed: the causes of later differences."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0006_statements"
down_revision: str | None = "0005_schedules_and_corrections"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KEPT = ("statement", "statement_withdrawal")
REFUSE = """
CREATE FUNCTION muster.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed stays signed: rows of muster.% are never changed', TG_TABLE_NAME
        USING ERRCODE = 'object_not_in_prerequisite_state';
END $$
"""
# Tables whose rows are edited in place. Of a person's own row, the row is the person.
MIRRORED = (
    "person", "company", "shift_type", "leave_type", "holiday_list_assignment", "checkin", "shift_assignment",
    "leave", "attendance_request", "upstream_attendance",
)  # fmt: skip
KEEP = """
CREATE FUNCTION attendance.keep_edit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    made jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    told text[] := ARRAY['upstream_modified', 'last_sync', 'first_seen_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF was->>'deleted_at' IS NULL THEN
            told := told || ARRAY['deleted_at'];
        END IF;
        IF was - told = made - told THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO attendance.edit (kind, row_id, person_id, before, after)
    VALUES (
        TG_TABLE_NAME,
        (coalesce(made, was)->>'id')::bigint,
        coalesce((was->>'person_id')::int, (made->>'person_id')::int,
                 CASE WHEN TG_TABLE_NAME = 'person' THEN (made->>'id')::int END),
        was,
        made
    );
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _statements()
    _withdrawals()
    op.execute(REFUSE)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON muster.{table}"
            " FOR EACH ROW EXECUTE FUNCTION muster.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON muster.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION muster.refuse_change()"
        )
    _edits()
    op.execute(KEEP)
    for table in MIRRORED:
        op.execute(
            f"CREATE TRIGGER keep_edit AFTER UPDATE ON attendance.{table}"
            " FOR EACH ROW EXECUTE FUNCTION attendance.keep_edit()"
        )
    # Holidays have no tombstones: the days of a list are erased and made anew.
    op.execute(
        "CREATE TRIGGER keep_edit AFTER INSERT OR UPDATE OR DELETE ON attendance.holiday"
        " FOR EACH ROW EXECUTE FUNCTION attendance.keep_edit()"
    )


def _statements() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date()),
        sa.Column("period_to", sa.Date()),
        sa.Column("sites", ARRAY(sa.Text())),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("sealed_by_name", sa.Text(), nullable=False),
        sa.Column("sealed_at", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("read_from", TIMESTAMP(timezone=True), nullable=False),
        sa.Column("digests", JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        schema="muster",
    )
    op.create_index("ix_statement_sealed_at_id", "statement", ["sealed_at", "id"], schema="muster")
    columns = ["desk", "report", "period_to"]
    op.create_index("ix_statement_desk_report_period_to", "statement", columns, schema="muster")


def _withdrawals() -> None:
    op.create_table(
        "statement_withdrawal",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["muster.statement.id"],
            name=op.f("fk_statement_withdrawal_statement_id_statement"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_withdrawal")),
        schema="muster",
    )


def _edits() -> None:
    op.create_table(
        "edit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB()),
        sa.Column("at", TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit")),
        schema="attendance",
    )
    op.create_index("ix_edit_person_id_at", "edit", ["person_id", "at"], schema="attendance")
    op.create_index("ix_edit_kind_at", "edit", ["kind", "at"], schema="attendance")
    op.create_index("ix_edit_kind_row_id", "edit", ["kind", "row_id"], schema="attendance")


def downgrade() -> None:
    for table in (*MIRRORED, "holiday"):
        op.execute(f"DROP TRIGGER keep_edit ON attendance.{table}")
    op.execute("DROP FUNCTION attendance.keep_edit()")
    op.drop_table("edit", schema="attendance")
    op.drop_table("statement_withdrawal", schema="muster")
    op.drop_table("statement", schema="muster")
    op.execute("DROP FUNCTION muster.refuse_change()")

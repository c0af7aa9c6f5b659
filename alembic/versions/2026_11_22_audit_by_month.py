"""The audit by month, append-only, with whose child it is about and who was refused.

Rows of before move into a partition that ends with this month. Months to come have partitions made ahead; what
fits none falls into the default one, so an audit row is never lost for want of a partition.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0013_audit"
down_revision: str | None = "0012_people"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
_OLD = "id, at, who, what, subject, before, after, request_id"


def upgrade() -> None:
    """Replace the table by a partitioned one that refuses changes."""
    op.rename_table("audit", "audit_before", schema="muster")
    op.execute("ALTER INDEX muster.pk_audit RENAME TO pk_audit_before")
    for index in ("ix_audit_at_id", "ix_audit_subject_at", "ix_audit_who_at"):
        op.execute(f"ALTER INDEX muster.{index} RENAME TO {index}_before")
    op.execute("CREATE SEQUENCE muster.audit_ids")
    op.execute("SELECT setval('muster.audit_ids', coalesce(max(id), 0) + 1, false) FROM muster.audit_before")
    _table()
    _partitions()
    op.execute(f"INSERT INTO muster.audit ({_OLD}) SELECT {_OLD} FROM muster.audit_before")  # noqa: S608  ours
    op.drop_table("audit_before", schema="muster")
    _append_only()


def _table() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger(), server_default=sa.text("nextval('muster.audit_ids')"), nullable=False
        ),
        sa.Column("at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("child_id", sa.BigInteger(), nullable=True),
        sa.Column("child_ids", ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="allow", nullable=False),
        sa.Column("deny_code", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("user_agent_hash", sa.Text(), nullable=True),
        sa.Column("changed_fields", ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint("outcome IN ('allow', 'deny')", name=op.f("ck_audit_outcome")),
        sa.CheckConstraint("(outcome = 'deny') = (deny_code IS NOT NULL)", name=op.f("ck_audit_deny_code")),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_audit")),
        schema="muster",
        postgresql_partition_by="RANGE (at)",
    )
    for name, columns in {
        "ix_audit_at_id": ["at", "id"],
        "ix_audit_subject_at": ["subject", "at"],
        "ix_audit_who_at": ["who", "at"],
        "ix_audit_child": ["child_id", "at"],
        "ix_audit_actor": ["actor_user_id", "at"],
    }.items():
        op.create_index(name, "audit", columns, schema="muster")
    op.create_index("ix_audit_child_ids", "audit", ["child_ids"], schema="muster", postgresql_using="gin")


def _partitions() -> None:
    """`muster.audit_month(date)` makes the partition of a month where there is none yet (months in UTC)."""
    op.execute("CREATE TABLE muster.audit_rest PARTITION OF muster.audit DEFAULT")
    op.execute("""
        CREATE FUNCTION muster.audit_month(month date) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            first date := date_trunc('month', month);
            name text := 'audit_' || to_char(first, 'YYYY_MM');
        BEGIN
            IF to_regclass('muster.' || name) IS NULL THEN
                EXECUTE format(
                    'CREATE TABLE muster.%I PARTITION OF muster.audit FOR VALUES FROM (%L) TO (%L)',
                    name, first::timestamp AT TIME ZONE 'UTC',
                    (first + interval '1 month')::timestamp AT TIME ZONE 'UTC'
                );
            END IF;
        END $$
    """)
    op.execute("""
        SELECT muster.audit_month((date_trunc('month', now() AT TIME ZONE 'UTC') + step * interval '1 month')::date)
        FROM generate_series(0, 2) AS step
    """)


def _append_only() -> None:
    op.execute("""
        CREATE FUNCTION muster.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON muster.audit
        FOR EACH ROW EXECUTE FUNCTION muster.audit_is_append_only()
    """)
    op.execute("""
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON muster.audit
        FOR EACH STATEMENT EXECUTE FUNCTION muster.audit_is_append_only()
    """)


def downgrade() -> None:
    """Back to one table; what it has no columns for is lost."""
    op.rename_table("audit", "audit_by_month", schema="muster")
    op.execute("ALTER INDEX muster.pk_audit RENAME TO pk_audit_by_month")
    for index in ("ix_audit_at_id", "ix_audit_subject_at", "ix_audit_who_at"):
        op.execute(f"DROP INDEX muster.{index}")
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", INSTANT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=True),
        sa.Column("after", JSONB(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        schema="muster",
    )
    op.create_index("ix_audit_at_id", "audit", ["at", "id"], schema="muster")
    op.create_index("ix_audit_subject_at", "audit", ["subject", "at"], schema="muster")
    op.create_index("ix_audit_who_at", "audit", ["who", "at"], schema="muster")
    op.execute(
        f"INSERT INTO muster.audit ({_OLD}) OVERRIDING SYSTEM VALUE"  # noqa: S608  column names of ours
        f" SELECT {_OLD} FROM muster.audit_by_month"
    )
    op.execute(
        "SELECT setval(pg_get_serial_sequence('muster.audit', 'id'), nextval('muster.audit_ids'), false)"
    )
    op.drop_table("audit_by_month", schema="muster")
    op.execute("DROP SEQUENCE muster.audit_ids")
    op.execute("DROP FUNCTION muster.audit_month(date)")
    op.execute("DROP FUNCTION muster.audit_is_append_only()")

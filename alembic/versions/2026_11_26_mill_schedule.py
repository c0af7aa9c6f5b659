"""What a schedule stood on and how full it is: machines and loads of work centres, by run; written once."""

import sqlalchemy as sa
from alembic import op

revision: str = "0025_mill_schedule"
down_revision: str | None = "0024_mill_plan_terms"
branch_labels = None
depends_on = None

HOURS = sa.Numeric(14, 4)
TABLES = ("plan_machines", "plan_loads")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "plan_machines",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("machine_code", sa.Text(), nullable=False),
        sa.Column("work_center", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("efficiency", sa.Numeric(5, 4), nullable=False),
        sa.Column("style_code", sa.Text(), nullable=True),
        sa.Column("busy_hours", HOURS, nullable=False),
        sa.Column("window_hours", HOURS, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "machine_code", name=op.f("pk_plan_machines")),
        _of_run("plan_machines"),
        schema="mill",
    )
    op.create_table(
        "plan_loads",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("work_center", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("machines", sa.Integer(), nullable=False),
        sa.Column("planned_hours", HOURS, nullable=False),
        sa.Column("required_hours", HOURS, nullable=False),
        sa.Column("capacity_hours", HOURS, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "work_center", "bucket", name=op.f("pk_plan_loads")),
        _of_run("plan_loads"),
        schema="mill",
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE ON mill.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mill.refuse_change()"
        )


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table, schema="mill")


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["run_id"], ["mill.plan_runs.id"], name=op.f(f"fk_{table}_run_id_plan_runs"), ondelete="CASCADE"
    )

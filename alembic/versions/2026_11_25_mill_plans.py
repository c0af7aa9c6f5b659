"""Planning runs of the mill and what they found: written once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

revision: str = "0023_mill_plans"
down_revision: str | None = "0022_mill"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
TABLES = (
    "plan_runs",
    "published_runs",
    "plan_actions",
    "plan_allocations",
    "plan_buckets",
    "plan_orders",
    "plan_pegs",
    "plan_receipts",
    "plan_recipes",
    "plan_requirements",
    "plan_yarns",
    "schedule_ops",
)
"""In the order they are made; they are taken away from the end."""

FINAL = tuple(table for table in TABLES if table not in ("plan_runs", "plan_actions", "published_runs"))
"""Nothing of these is ever changed; they go with their run."""
GUARDS = (
    """
    CREATE FUNCTION mill.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of a planning run is never changed', TG_TABLE_NAME USING ERRCODE = '55000';
    END $$
    """,
    """
    CREATE TRIGGER final BEFORE UPDATE ON mill.plan_runs FOR EACH ROW
    WHEN (OLD.status IN ('done', 'failed', 'cancelled')) EXECUTE FUNCTION mill.refuse_change()
    """,
    """
    CREATE TRIGGER final BEFORE UPDATE ON mill.plan_actions FOR EACH ROW
    WHEN (
        (OLD.run_id, OLD.seq, OLD.key, OLD.yarn_id, OLD.action, OLD.expected_receipt_id, OLD.substitute_id,
         OLD.from_date, OLD.to_date, OLD.release_date, OLD.quantity, OLD.days_late, OLD.trigger)
        IS DISTINCT FROM
        (NEW.run_id, NEW.seq, NEW.key, NEW.yarn_id, NEW.action, NEW.expected_receipt_id, NEW.substitute_id,
         NEW.from_date, NEW.to_date, NEW.release_date, NEW.quantity, NEW.days_late, NEW.trigger)
    )
    EXECUTE FUNCTION mill.refuse_change()
    """,
)


def upgrade() -> None:
    """Make them."""
    _plan_runs()
    _published_runs()
    _plan_actions()
    _plan_allocations()
    _plan_buckets()
    _plan_orders()
    _plan_pegs()
    _plan_receipts()
    _plan_recipes()
    _plan_requirements()
    _plan_yarns()
    _schedule_ops()
    for guard in GUARDS:
        op.execute(guard)
    for table in FINAL:
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE ON mill.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mill.refuse_change()"
        )


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table, schema="mill")
    op.execute("DROP FUNCTION mill.refuse_change()")


def _plan_runs() -> None:
    op.create_table(
        "plan_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("assumptions", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("gates", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("input_hash", sa.Text(), nullable=True),
        sa.Column("data_versions", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("progress", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", JSONB(), nullable=True),
        sa.Column("stats", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("work_run_id", sa.Uuid(), nullable=True),
        sa.Column("queued_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('plan', 'mrp', 'time_phased', 'allocation', 'schedule', 'cost', 'six_phase')",
            name=op.f("ck_plan_runs_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_plan_runs_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_runs")),
        schema="mill",
    )
    op.create_index("ix_plan_runs_kind_id", "plan_runs", ["kind", "id"], unique=False, schema="mill")
    op.create_index("ix_plan_runs_work_run_id", "plan_runs", ["work_run_id"], unique=False, schema="mill")


def _published_runs() -> None:
    op.create_table(
        "published_runs",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_published_runs")),
        schema="mill",
    )


def _plan_actions() -> None:
    op.create_table(
        "plan_actions",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("expected_receipt_id", sa.BigInteger(), nullable=True),
        sa.Column("substitute_id", sa.BigInteger(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("trigger", JSONB(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "action IN ('ORDER', 'MAKE', 'RELEASE', 'EXPEDITE', 'DEFER', 'CANCEL', 'INCREASE', 'DECREASE', 'SUBSTITUTE', 'FENCE_CONFLICT')",
            name=op.f("ck_plan_actions_action"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'dismissed', 'superseded')", name=op.f("ck_plan_actions_state")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_actions_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_plan_actions")),
        schema="mill",
    )
    op.create_index("ix_plan_actions_key", "plan_actions", ["key", "run_id"], unique=False, schema="mill")


def _plan_allocations() -> None:
    op.create_table(
        "plan_allocations",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("required_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("quantity_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('hard', 'soft', 'expected')", name=op.f("ck_plan_allocations_kind")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_allocations_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "yarn_id", "order_seq", "part", name=op.f("pk_plan_allocations")),
        schema="mill",
    )
    op.create_index(
        "ix_plan_allocations_order", "plan_allocations", ["run_id", "order_seq"], unique=False, schema="mill"
    )


def _plan_buckets() -> None:
    op.create_table(
        "plan_buckets",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("receipts", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("demand", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("shortage", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("new_shortage", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("planned", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("available", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_buckets_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "yarn_id", "bucket", name=op.f("pk_plan_buckets")),
        schema="mill",
    )


def _plan_orders() -> None:
    op.create_table(
        "plan_orders",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("style_code", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("need_date", sa.Date(), nullable=True),
        sa.Column("machine_code", sa.Text(), nullable=True),
        sa.Column("plannable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("bom_status", sa.Text(), nullable=False),
        sa.Column("kit_status", sa.Text(), nullable=True),
        sa.Column("coverage", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("schedule_reason", sa.Text(), nullable=True),
        sa.Column("serves", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint("kind IN ('firm', 'planned', 'forecast')", name=op.f("ck_plan_orders_kind")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_orders_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_plan_orders")),
        schema="mill",
    )
    op.create_index(
        "ix_plan_orders_order_id", "plan_orders", ["run_id", "order_id"], unique=False, schema="mill"
    )


def _plan_pegs() -> None:
    op.create_table(
        "plan_pegs",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("supply_kind", sa.Text(), nullable=False),
        sa.Column("supply_id", sa.BigInteger(), nullable=True),
        sa.Column("supply_date", sa.Date(), nullable=True),
        sa.Column("order_seq", sa.Integer(), nullable=False),
        sa.Column("need_date", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.CheckConstraint(
            "supply_kind IN ('stock', 'receipt', 'planned', 'unmet')", name=op.f("ck_plan_pegs_supply_kind")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_plan_pegs_quantity")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["mill.plan_runs.id"], name=op.f("fk_plan_pegs_run_id_plan_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_plan_pegs")),
        schema="mill",
    )
    op.create_index("idx_peg_order", "plan_pegs", ["run_id", "order_seq"], unique=False, schema="mill")
    op.create_index("idx_peg_yarn", "plan_pegs", ["run_id", "yarn_id"], unique=False, schema="mill")


def _plan_receipts() -> None:
    op.create_table(
        "plan_receipts",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("po_no", sa.Text(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_receipts_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "receipt_id", name=op.f("pk_plan_receipts")),
        schema="mill",
    )


def _plan_recipes() -> None:
    op.create_table(
        "plan_recipes",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("style_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("style_code", sa.Text(), nullable=False),
        sa.Column("bom_status", sa.Text(), nullable=False),
        sa.Column("scaled", sa.Boolean(), nullable=False),
        sa.Column("lines", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_recipes_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "style_id", name=op.f("pk_plan_recipes")),
        schema="mill",
    )


def _plan_requirements() -> None:
    op.create_table(
        "plan_requirements",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=True),
        sa.Column("need_date", sa.Date(), nullable=True),
        sa.Column("gross_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_plan_requirements_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "yarn_id", "order_seq", "path", name=op.f("pk_plan_requirements")),
        schema="mill",
    )
    op.create_index(
        "ix_plan_requirements_order",
        "plan_requirements",
        ["run_id", "order_seq"],
        unique=False,
        schema="mill",
    )


def _plan_yarns() -> None:
    op.create_table(
        "plan_yarns",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("yarn_code", sa.Text(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("opening", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("allocated", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("on_order", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("min_stock", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("safety_stock", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("past_due", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("dated", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("later", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("gross", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("undated", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("beyond", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("planned", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("first_short_on", sa.Date(), nullable=True),
        sa.Column("first_short_lb", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("largest_short_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("lead_source", sa.Text(), nullable=False),
        sa.Column("culprits", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("doubts", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["mill.plan_runs.id"], name=op.f("fk_plan_yarns_run_id_plan_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "yarn_id", name=op.f("pk_plan_yarns")),
        schema="mill",
    )


def _schedule_ops() -> None:
    op.create_table(
        "schedule_ops",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("order_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("machine_id", sa.BigInteger(), nullable=False),
        sa.Column("machine_code", sa.Text(), nullable=False),
        sa.Column("work_center", sa.Text(), nullable=False),
        sa.Column("setup_start", INSTANT, nullable=False),
        sa.Column("run_start", INSTANT, nullable=False),
        sa.Column("run_end", INSTANT, nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("late_hours", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("frozen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("why", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(run_id, run_id, '[]')"), "&&"),
            (sa.text("int8range(machine_id, machine_id, '[]')"), "&&"),
            (sa.text("tstzrange(setup_start, run_end)"), "&&"),
            using="gist",
            name="ex_schedule_ops_overlap",
        ),
        sa.CheckConstraint(
            "setup_start <= run_start AND run_start < run_end", name=op.f("ck_schedule_ops_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["mill.plan_runs.id"],
            name=op.f("fk_schedule_ops_run_id_plan_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "order_seq", "seq", name=op.f("pk_schedule_ops")),
        schema="mill",
    )

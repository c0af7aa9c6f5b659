"""The mill: yarn, recipes, orders, receipts, machines, the files they come from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

revision: str = "0022_mill"
down_revision: str | None = "0021_sync"
branch_labels = None
depends_on = None

INSTANT = TIMESTAMP(timezone=True)
TABLES = (
    "calendars",
    "import_jobs",
    "planning_params",
    "suppliers",
    "calendar_exceptions",
    "calendar_shifts",
    "import_errors",
    "work_centers",
    "yarns",
    "machines",
    "purchase_order_lines",
    "styles",
    "yarn_demand",
    "yarn_inventory",
    "yarn_inventory_history",
    "yarn_lots",
    "yarn_substitutes",
    "bom",
    "expected_receipts",
    "forecasts",
    "machine_style_rates",
    "production_orders",
    "sales_activity",
    "stage_inventory",
    "style_aliases",
    "style_work_centers",
    "allocations",
)
"""In the order they are made; they are taken away from the end."""


def upgrade() -> None:
    """Make them."""
    op.execute("CREATE SCHEMA mill")
    _calendars()
    _import_jobs()
    _planning_params()
    _suppliers()
    _calendar_exceptions()
    _calendar_shifts()
    _import_errors()
    _work_centers()
    _yarns()
    _machines()
    _purchase_order_lines()
    _styles()
    _yarn_demand()
    _yarn_inventory()
    _yarn_inventory_history()
    _yarn_lots()
    _yarn_substitutes()
    _bom()
    _expected_receipts()
    _forecasts()
    _machine_style_rates()
    _production_orders()
    _sales_activity()
    _stage_inventory()
    _style_aliases()
    _style_work_centers()
    _allocations()


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table, schema="mill")
    op.execute("DROP SCHEMA mill")


def _calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sa.UniqueConstraint("name", name=op.f("uq_calendars_name")),
        schema="mill",
    )


def _import_jobs() -> None:
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("file_kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_key", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("options", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("latest", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=True),
        sa.Column("rows_ok", sa.Integer(), nullable=True),
        sa.Column("rows_repaired", sa.Integer(), nullable=True),
        sa.Column("rows_rejected", sa.Integer(), nullable=True),
        sa.Column("counts", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("totals", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("snapshot_date", sa.Date(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.CheckConstraint("mode IN ('dry_run', 'strict', 'lenient')", name=op.f("ck_import_jobs_mode")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'refused', 'failed')", name=op.f("ck_import_jobs_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
        schema="mill",
    )
    op.create_index("ix_import_jobs_run_id", "import_jobs", ["run_id"], unique=False, schema="mill")
    op.create_index(
        "uq_import_applied",
        "import_jobs",
        ["file_kind", "content_key"],
        unique=True,
        schema="mill",
        postgresql_where=sa.text("status = 'done' AND mode <> 'dry_run' AND latest"),
    )


def _planning_params() -> None:
    op.create_table(
        "planning_params",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", "valid_from", name=op.f("pk_planning_params")),
        schema="mill",
    )


def _suppliers() -> None:
    op.create_table(
        "suppliers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("supplier_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("moq_lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "origin IN ('domestic', 'international', 'unknown')", name=op.f("ck_suppliers_origin")
        ),
        sa.CheckConstraint(
            "supplier_code = btrim(supplier_code) AND supplier_code <> ''",
            name=op.f("ck_suppliers_supplier_code"),
        ),
        sa.CheckConstraint("lead_time_days BETWEEN 0 AND 730", name=op.f("ck_suppliers_lead_time_days")),
        sa.CheckConstraint("moq_lb >= 0", name=op.f("ck_suppliers_moq_lb")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("supplier_code", name=op.f("uq_suppliers_supplier_code")),
        schema="mill",
    )


def _calendar_exceptions() -> None:
    op.create_table(
        "calendar_exceptions",
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.CheckConstraint(
            "NOT working OR (start_time IS NOT NULL AND end_time IS NOT NULL)",
            name=op.f("ck_calendar_exceptions_times"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["mill.calendars.id"],
            name=op.f("fk_calendar_exceptions_calendar_id_calendars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("calendar_id", "day", name=op.f("pk_calendar_exceptions")),
        schema="mill",
    )


def _calendar_shifts() -> None:
    op.create_table(
        "calendar_shifts",
        sa.Column("calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column(
            "efficiency", sa.Numeric(precision=5, scale=4), server_default=sa.text("1"), nullable=False
        ),
        sa.CheckConstraint(
            "efficiency > 0 AND efficiency <= 1.5", name=op.f("ck_calendar_shifts_efficiency")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_calendar_shifts_weekday")),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["mill.calendars.id"],
            name=op.f("fk_calendar_shifts_calendar_id_calendars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("calendar_id", "weekday", "start_time", name=op.f("pk_calendar_shifts")),
        schema="mill",
    )


def _import_errors() -> None:
    op.create_table(
        "import_errors",
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("raw_value", sa.Text(), nullable=True),
        sa.Column("used_value", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("original", ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint(
            "action IN ('rejected', 'repaired', 'kept', 'skipped')", name=op.f("ck_import_errors_action")
        ),
        sa.CheckConstraint(
            "severity IN ('error', 'warning', 'info')", name=op.f("ck_import_errors_severity")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["mill.import_jobs.id"],
            name=op.f("fk_import_errors_job_id_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_import_errors")),
        schema="mill",
    )


def _work_centers() -> None:
    op.create_table(
        "work_centers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("construction", sa.SmallInteger(), nullable=False),
        sa.Column("diameter_in", sa.SmallInteger(), nullable=False),
        sa.Column("needle_cut", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}\\.[A-Z]{1,4}$'", name=op.f("ck_work_centers_code")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["mill.calendars.id"], name=op.f("fk_work_centers_calendar_id_calendars")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_centers")),
        sa.UniqueConstraint("code", name=op.f("uq_work_centers_code")),
        schema="mill",
    )


def _yarns() -> None:
    op.create_table(
        "yarns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("yarn_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("color", sa.Text(), nullable=True),
        sa.Column("blend", sa.Text(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("fibre_form", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("size_raw", sa.Text(), nullable=True),
        sa.Column("ply", sa.SmallInteger(), nullable=True),
        sa.Column("filaments", sa.Integer(), nullable=True),
        sa.Column("tex", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("cost_per_lb", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("moq_lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "order_multiple_lb",
            sa.Numeric(precision=14, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column(
            "order_max_lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "safety_stock_lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("fibre_form IN ('spun', 'filament', 'unknown')", name=op.f("ck_yarns_fibre_form")),
        sa.CheckConstraint(
            "yarn_code = btrim(yarn_code) AND yarn_code <> ''", name=op.f("ck_yarns_yarn_code")
        ),
        sa.CheckConstraint("cost_per_lb >= 0", name=op.f("ck_yarns_cost_per_lb")),
        sa.CheckConstraint("lead_time_days BETWEEN 0 AND 730", name=op.f("ck_yarns_lead_time_days")),
        sa.CheckConstraint("moq_lb >= 0", name=op.f("ck_yarns_moq_lb")),
        sa.CheckConstraint("order_max_lb >= 0", name=op.f("ck_yarns_order_max_lb")),
        sa.CheckConstraint("order_multiple_lb >= 0", name=op.f("ck_yarns_order_multiple_lb")),
        sa.CheckConstraint("safety_stock_lb >= 0", name=op.f("ck_yarns_safety_stock_lb")),
        sa.CheckConstraint("tex > 0", name=op.f("ck_yarns_tex")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["mill.suppliers.id"], name=op.f("fk_yarns_supplier_id_suppliers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yarns")),
        sa.UniqueConstraint("yarn_code", name=op.f("uq_yarns_yarn_code")),
        schema="mill",
    )
    op.create_index(op.f("ix_yarns_supplier_id"), "yarns", ["supplier_id"], unique=False, schema="mill")


def _machines() -> None:
    op.create_table(
        "machines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("machine_code", sa.Text(), nullable=False),
        sa.Column("work_center_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), server_default="available", nullable=False),
        sa.Column(
            "efficiency", sa.Numeric(precision=5, scale=4), server_default=sa.text("1"), nullable=False
        ),
        sa.Column("current_style_id", sa.BigInteger(), nullable=True),
        sa.Column("available_from", INSTANT, nullable=True),
        sa.Column("calendar_id", sa.BigInteger(), nullable=True),
        sa.Column("feeders", sa.Integer(), nullable=True),
        sa.Column("rpm", sa.Numeric(precision=8, scale=3), nullable=True),
        sa.Column("stitch_mm", sa.Numeric(precision=8, scale=4), nullable=True),
        sa.Column("hourly_rate", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "status IN ('available', 'running', 'setup', 'maintenance', 'down', 'retired')",
            name=op.f("ck_machines_status"),
        ),
        sa.CheckConstraint("efficiency > 0 AND efficiency <= 1.5", name=op.f("ck_machines_efficiency")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["mill.calendars.id"], name=op.f("fk_machines_calendar_id_calendars")
        ),
        sa.ForeignKeyConstraint(
            ["work_center_id"], ["mill.work_centers.id"], name=op.f("fk_machines_work_center_id_work_centers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
        sa.UniqueConstraint("machine_code", name=op.f("uq_machines_machine_code")),
        schema="mill",
    )
    op.create_index("idx_machine_center", "machines", ["work_center_id"], unique=False, schema="mill")
    op.create_index("idx_machine_status", "machines", ["status"], unique=False, schema="mill")


def _purchase_order_lines() -> None:
    op.create_table(
        "purchase_order_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("po_no", sa.Text(), nullable=False),
        sa.Column("line_no", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True),
        sa.Column("ordered", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("received", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "open_qty",
            sa.Numeric(precision=14, scale=4),
            sa.Computed("GREATEST(0, ordered - received)", persisted=True),
            nullable=False,
        ),
        sa.Column("price_per_lb", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("po_date", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("ordered > 0", name=op.f("ck_purchase_order_lines_ordered")),
        sa.CheckConstraint("price_per_lb >= 0", name=op.f("ck_purchase_order_lines_price_per_lb")),
        sa.CheckConstraint("received >= 0", name=op.f("ck_purchase_order_lines_received")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["mill.suppliers.id"], name=op.f("fk_purchase_order_lines_supplier_id_suppliers")
        ),
        sa.ForeignKeyConstraint(
            ["yarn_id"], ["mill.yarns.id"], name=op.f("fk_purchase_order_lines_yarn_id_yarns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order_lines")),
        sa.UniqueConstraint("po_no", "line_no", name=op.f("uq_purchase_order_lines_po_no_line_no")),
        schema="mill",
    )
    op.create_index(
        op.f("ix_purchase_order_lines_yarn_id"),
        "purchase_order_lines",
        ["yarn_id"],
        unique=False,
        schema="mill",
    )


def _styles() -> None:
    op.create_table(
        "styles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("style_code", sa.Text(), nullable=False),
        sa.Column("base_code", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), server_default="greige", nullable=False),
        sa.Column("yds_per_lb", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("oz_per_lin_yd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("width_in", sa.Numeric(precision=8, scale=3), nullable=True),
        sa.Column("gsm", sa.Numeric(precision=9, scale=3), nullable=True),
        sa.Column("lb_per_piece", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("rate_lb_per_day", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("work_center_id", sa.BigInteger(), nullable=True),
        sa.Column("conversion_cost_per_lb", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("loss_mode", sa.Text(), server_default="add_on", nullable=False),
        sa.Column("bom_status", sa.Text(), server_default="none", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "bom_status IN ('none', 'ok', 'near', 'incomplete', 'rejected')",
            name=op.f("ck_styles_bom_status"),
        ),
        sa.CheckConstraint("loss_mode IN ('add_on', 'yield')", name=op.f("ck_styles_loss_mode")),
        sa.CheckConstraint("stage IN ('greige', 'finished', 'other')", name=op.f("ck_styles_stage")),
        sa.CheckConstraint(
            "style_code = btrim(style_code) AND style_code <> ''", name=op.f("ck_styles_style_code")
        ),
        sa.CheckConstraint("conversion_cost_per_lb >= 0", name=op.f("ck_styles_conversion_cost_per_lb")),
        sa.CheckConstraint("gsm > 0", name=op.f("ck_styles_gsm")),
        sa.CheckConstraint("lb_per_piece > 0", name=op.f("ck_styles_lb_per_piece")),
        sa.CheckConstraint("oz_per_lin_yd > 0", name=op.f("ck_styles_oz_per_lin_yd")),
        sa.CheckConstraint("rate_lb_per_day > 0", name=op.f("ck_styles_rate_lb_per_day")),
        sa.CheckConstraint("width_in > 0", name=op.f("ck_styles_width_in")),
        sa.CheckConstraint("yds_per_lb > 0", name=op.f("ck_styles_yds_per_lb")),
        sa.ForeignKeyConstraint(
            ["work_center_id"], ["mill.work_centers.id"], name=op.f("fk_styles_work_center_id_work_centers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_styles")),
        sa.UniqueConstraint("style_code", name=op.f("uq_styles_style_code")),
        schema="mill",
    )
    op.create_index(op.f("ix_styles_base_code"), "styles", ["base_code"], unique=False, schema="mill")


def _yarn_demand() -> None:
    op.create_table(
        "yarn_demand",
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("demand", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("receipts", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.CheckConstraint(
            "kind IN ('past_due', 'week', 'later', 'total')", name=op.f("ck_yarn_demand_kind")
        ),
        sa.ForeignKeyConstraint(["yarn_id"], ["mill.yarns.id"], name=op.f("fk_yarn_demand_yarn_id_yarns")),
        sa.PrimaryKeyConstraint("yarn_id", "order_no", "kind", "week_start", name=op.f("pk_yarn_demand")),
        schema="mill",
    )


def _yarn_inventory() -> None:
    op.create_table(
        "yarn_inventory",
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "theoretical_balance",
            sa.Numeric(precision=14, scale=4),
            sa.Computed("beginning_balance + received + consumed + adjustments + misc", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "planning_balance",
            sa.Numeric(precision=14, scale=4),
            sa.Computed(
                "beginning_balance + received + consumed + adjustments + misc + allocated + on_order",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("reconcile_date", sa.Date(), nullable=True),
        sa.Column("as_of", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("import_job_id", sa.BigInteger(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column(
            "beginning_balance",
            sa.Numeric(precision=14, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("received", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("consumed", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "adjustments", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("misc", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "allocated", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("on_order", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "min_stock", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.CheckConstraint("status IN ('active', 'hold', 'obsolete')", name=op.f("ck_yarn_inventory_status")),
        sa.CheckConstraint("allocated <= 0", name=op.f("ck_yarn_inventory_allocated")),
        sa.CheckConstraint("consumed <= 0", name=op.f("ck_yarn_inventory_consumed")),
        sa.CheckConstraint("min_stock >= 0", name=op.f("ck_yarn_inventory_min_stock")),
        sa.CheckConstraint("on_order >= 0", name=op.f("ck_yarn_inventory_on_order")),
        sa.ForeignKeyConstraint(["yarn_id"], ["mill.yarns.id"], name=op.f("fk_yarn_inventory_yarn_id_yarns")),
        sa.PrimaryKeyConstraint("yarn_id", name=op.f("pk_yarn_inventory")),
        schema="mill",
    )
    op.create_index("idx_yarn_planning", "yarn_inventory", ["planning_balance"], unique=False, schema="mill")
    op.create_index(
        "idx_yarn_shortage", "yarn_inventory", ["planning_balance", "min_stock"], unique=False, schema="mill"
    )
    op.create_index("idx_yarn_status", "yarn_inventory", ["status"], unique=False, schema="mill")


def _yarn_inventory_history() -> None:
    op.create_table(
        "yarn_inventory_history",
        sa.Column("snapshot_date", sa.Date(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("theoretical_balance", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("planning_balance", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("import_job_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column(
            "beginning_balance",
            sa.Numeric(precision=14, scale=4),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("received", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("consumed", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "adjustments", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("misc", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "allocated", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("on_order", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "min_stock", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["yarn_id"], ["mill.yarns.id"], name=op.f("fk_yarn_inventory_history_yarn_id_yarns")
        ),
        sa.PrimaryKeyConstraint("snapshot_date", "yarn_id", name=op.f("pk_yarn_inventory_history")),
        schema="mill",
    )


def _yarn_lots() -> None:
    op.create_table(
        "yarn_lots",
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_no", sa.Text(), nullable=False),
        sa.Column("lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("lb >= 0", name=op.f("ck_yarn_lots_lb")),
        sa.ForeignKeyConstraint(["yarn_id"], ["mill.yarns.id"], name=op.f("fk_yarn_lots_yarn_id_yarns")),
        sa.PrimaryKeyConstraint("yarn_id", "lot_no", name=op.f("pk_yarn_lots")),
        schema="mill",
    )


def _yarn_substitutes() -> None:
    op.create_table(
        "yarn_substitutes",
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("substitute_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("factor", sa.Numeric(precision=8, scale=6), server_default=sa.text("1"), nullable=False),
        sa.Column("approved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("factor > 0", name=op.f("ck_yarn_substitutes_factor")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_yarn_substitutes_score")),
        sa.CheckConstraint("yarn_id <> substitute_id", name=op.f("ck_yarn_substitutes_another")),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["mill.yarns.id"], name=op.f("fk_yarn_substitutes_substitute_id_yarns")
        ),
        sa.ForeignKeyConstraint(
            ["yarn_id"], ["mill.yarns.id"], name=op.f("fk_yarn_substitutes_yarn_id_yarns")
        ),
        sa.PrimaryKeyConstraint("yarn_id", "substitute_id", name=op.f("pk_yarn_substitutes")),
        schema="mill",
    )


def _bom() -> None:
    op.create_table(
        "bom",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=True),
        sa.Column("component_style_id", sa.BigInteger(), nullable=True),
        sa.Column("quantity_per", sa.Numeric(precision=12, scale=8), nullable=False),
        sa.Column("loss_pct", sa.Numeric(precision=7, scale=6), server_default=sa.text("0"), nullable=False),
        sa.Column("setup_lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("'1900-01-01'"), nullable=False),
        sa.Column("valid_to", sa.Date(), server_default=sa.text("'9999-12-31'"), nullable=False),
        sa.CheckConstraint("component_style_id IS DISTINCT FROM style_id", name=op.f("ck_bom_not_itself")),
        sa.CheckConstraint("loss_pct >= 0 AND loss_pct < 1", name=op.f("ck_bom_loss_pct")),
        sa.CheckConstraint(
            "num_nonnulls(yarn_id, component_style_id) = 1", name=op.f("ck_bom_one_component")
        ),
        sa.CheckConstraint("quantity_per > 0 AND quantity_per <= 1000", name=op.f("ck_bom_quantity_per")),
        sa.CheckConstraint("setup_lb >= 0", name=op.f("ck_bom_setup_lb")),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_bom_valid")),
        sa.CheckConstraint("yarn_id IS NULL OR quantity_per <= 1", name=op.f("ck_bom_yarn_is_a_fraction")),
        sa.ForeignKeyConstraint(
            ["component_style_id"], ["mill.styles.id"], name=op.f("fk_bom_component_style_id_styles")
        ),
        sa.ForeignKeyConstraint(["style_id"], ["mill.styles.id"], name=op.f("fk_bom_style_id_styles")),
        sa.ForeignKeyConstraint(["yarn_id"], ["mill.yarns.id"], name=op.f("fk_bom_yarn_id_yarns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bom")),
        schema="mill",
    )
    op.create_index(
        "idx_bom_component",
        "bom",
        ["component_style_id"],
        unique=False,
        schema="mill",
        postgresql_where=sa.text("component_style_id IS NOT NULL"),
    )
    op.create_index("idx_bom_style", "bom", ["style_id"], unique=False, schema="mill")
    op.create_index(
        "idx_bom_style_yarn",
        "bom",
        ["style_id", "yarn_id"],
        unique=False,
        schema="mill",
        postgresql_include=("quantity_per", "loss_pct"),
    )
    op.create_index("idx_bom_yarn", "bom", ["yarn_id"], unique=False, schema="mill")
    op.create_index(
        "uq_bom_line",
        "bom",
        ["style_id", "yarn_id", "component_style_id", "valid_from"],
        unique=True,
        schema="mill",
        postgresql_nulls_not_distinct=True,
    )


def _expected_receipts() -> None:
    op.create_table(
        "expected_receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("po_line_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.CheckConstraint(
            "(kind = 'dated') = (due_date IS NOT NULL)", name=op.f("ck_expected_receipts_due_date")
        ),
        sa.CheckConstraint("kind IN ('past_due', 'dated', 'later')", name=op.f("ck_expected_receipts_kind")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_expected_receipts_quantity")),
        sa.ForeignKeyConstraint(
            ["po_line_id"],
            ["mill.purchase_order_lines.id"],
            name=op.f("fk_expected_receipts_po_line_id_purchase_order_lines"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["yarn_id"], ["mill.yarns.id"], name=op.f("fk_expected_receipts_yarn_id_yarns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_receipts")),
        schema="mill",
    )
    op.create_index(
        "idx_receipt_yarn_due",
        "expected_receipts",
        ["yarn_id", "due_date"],
        unique=False,
        schema="mill",
        postgresql_include=("quantity",),
    )
    op.create_index(
        "ix_expected_receipts_po_line_id", "expected_receipts", ["po_line_id"], unique=False, schema="mill"
    )


def _forecasts() -> None:
    op.create_table(
        "forecasts",
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.CheckConstraint("extract(isodow FROM week_start) = 1", name=op.f("ck_forecasts_week_start")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_forecasts_quantity")),
        sa.ForeignKeyConstraint(["style_id"], ["mill.styles.id"], name=op.f("fk_forecasts_style_id_styles")),
        sa.PrimaryKeyConstraint("style_id", "week_start", name=op.f("pk_forecasts")),
        schema="mill",
    )


def _machine_style_rates() -> None:
    op.create_table(
        "machine_style_rates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("machine_id", sa.BigInteger(), nullable=True),
        sa.Column("work_center_id", sa.BigInteger(), nullable=True),
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("lb_per_hour", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.CheckConstraint("lb_per_hour > 0", name=op.f("ck_machine_style_rates_lb_per_hour")),
        sa.CheckConstraint(
            "num_nonnulls(machine_id, work_center_id) = 1", name=op.f("ck_machine_style_rates_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["mill.machines.id"], name=op.f("fk_machine_style_rates_machine_id_machines")
        ),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_machine_style_rates_style_id_styles")
        ),
        sa.ForeignKeyConstraint(
            ["work_center_id"],
            ["mill.work_centers.id"],
            name=op.f("fk_machine_style_rates_work_center_id_work_centers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_style_rates")),
        schema="mill",
    )
    op.create_index(
        "uq_machine_style_rates_of",
        "machine_style_rates",
        ["style_id", "machine_id", "work_center_id"],
        unique=True,
        schema="mill",
        postgresql_nulls_not_distinct=True,
    )


def _production_orders() -> None:
    op.create_table(
        "production_orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("produced", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("shipped", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("seconds", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "balance",
            sa.Numeric(precision=14, scale=4),
            sa.Computed("GREATEST(0, quantity - produced - shipped + seconds)", persisted=True),
            nullable=False,
        ),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("3"), nullable=False),
        sa.Column("demand_kind", sa.Text(), server_default="firm", nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("scheduled_date", sa.Date(), nullable=True),
        sa.Column("machine_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_ref", sa.Text(), nullable=True),
        sa.Column("sales_order_ref", sa.Text(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("import_job_id", sa.BigInteger(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "demand_kind IN ('firm', 'planned', 'forecast')", name=op.f("ck_production_orders_demand_kind")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'assigned', 'in_progress', 'completed', 'on_hold', 'cancelled')",
            name=op.f("ck_production_orders_status"),
        ),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name=op.f("ck_production_orders_priority")),
        sa.CheckConstraint("produced >= 0", name=op.f("ck_production_orders_produced")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_production_orders_quantity")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_production_orders_seconds")),
        sa.CheckConstraint("shipped >= 0", name=op.f("ck_production_orders_shipped")),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["mill.machines.id"], name=op.f("fk_production_orders_machine_id_machines")
        ),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_production_orders_style_id_styles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_orders")),
        sa.UniqueConstraint("order_no", name=op.f("uq_production_orders_order_no")),
        schema="mill",
    )
    op.create_index("idx_order_date", "production_orders", ["scheduled_date"], unique=False, schema="mill")
    op.create_index(
        "idx_order_open",
        "production_orders",
        ["style_id"],
        unique=False,
        schema="mill",
        postgresql_where=sa.text("status IN ('pending', 'assigned', 'in_progress')"),
    )
    op.create_index(
        "idx_order_priority", "production_orders", [sa.text("priority DESC")], unique=False, schema="mill"
    )
    op.create_index("idx_order_status", "production_orders", ["status"], unique=False, schema="mill")
    op.create_index(
        "idx_order_status_date",
        "production_orders",
        ["status", "scheduled_date"],
        unique=False,
        schema="mill",
    )


def _sales_activity() -> None:
    op.create_table(
        "sales_activity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=True),
        sa.Column("alias_code", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("uom", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.CheckConstraint("uom IN ('yd', 'lb', 'kg', 'ea')", name=op.f("ck_sales_activity_uom")),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_sales_activity_style_id_styles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_activity")),
        sa.UniqueConstraint("document_no", "line_no", name=op.f("uq_sales_activity_document_no_line_no")),
        schema="mill",
    )
    op.create_index("idx_sales_customer", "sales_activity", ["customer_id"], unique=False, schema="mill")
    op.create_index("idx_sales_date", "sales_activity", ["order_date"], unique=False, schema="mill")
    op.create_index("idx_sales_style", "sales_activity", ["style_id"], unique=False, schema="mill")


def _stage_inventory() -> None:
    op.create_table(
        "stage_inventory",
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("roll_no", sa.Text(), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=True),
        sa.Column("style_code", sa.Text(), nullable=False),
        sa.Column("order_no", sa.Text(), nullable=True),
        sa.Column("lb", sa.Numeric(precision=14, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("yd", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('F01', 'I01', 'G00', 'G02', 'P01')", name=op.f("ck_stage_inventory_stage")
        ),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_stage_inventory_style_id_styles")
        ),
        sa.PrimaryKeyConstraint("stage", "roll_no", name=op.f("pk_stage_inventory")),
        schema="mill",
    )
    op.create_index(
        "ix_stage_inventory_style_id",
        "stage_inventory",
        ["style_id", "stage"],
        unique=False,
        schema="mill",
        postgresql_include=("lb",),
    )


def _style_aliases() -> None:
    op.create_table(
        "style_aliases",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("alias_code", sa.Text(), nullable=False),
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('fstyle', 'gstyle', 'cfbase', 'legacy')", name=op.f("ck_style_aliases_kind")
        ),
        sa.CheckConstraint(
            "method IN ('file', 'exact', 'base', 'manual')", name=op.f("ck_style_aliases_method")
        ),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_style_aliases_style_id_styles")
        ),
        sa.PrimaryKeyConstraint("kind", "alias_code", "style_id", name=op.f("pk_style_aliases")),
        schema="mill",
    )


def _style_work_centers() -> None:
    op.create_table(
        "style_work_centers",
        sa.Column("style_id", sa.BigInteger(), nullable=False),
        sa.Column("work_center_id", sa.BigInteger(), nullable=False),
        sa.Column("preference", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["style_id"], ["mill.styles.id"], name=op.f("fk_style_work_centers_style_id_styles")
        ),
        sa.ForeignKeyConstraint(
            ["work_center_id"],
            ["mill.work_centers.id"],
            name=op.f("fk_style_work_centers_work_center_id_work_centers"),
        ),
        sa.PrimaryKeyConstraint("style_id", "work_center_id", name=op.f("pk_style_work_centers")),
        schema="mill",
    )


def _allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("yarn_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("required_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("quantity_lb", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("expected_receipt_id", sa.BigInteger(), nullable=True),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'expected') = (expected_receipt_id IS NOT NULL)", name=op.f("ck_allocations_expected")
        ),
        sa.CheckConstraint("kind IN ('hard', 'soft', 'expected')", name=op.f("ck_allocations_kind")),
        sa.CheckConstraint("quantity_lb <= required_lb", name=op.f("ck_allocations_within_required")),
        sa.CheckConstraint("quantity_lb >= 0", name=op.f("ck_allocations_quantity_lb")),
        sa.CheckConstraint("required_lb >= 0", name=op.f("ck_allocations_required_lb")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["mill.production_orders.id"],
            name=op.f("fk_allocations_order_id_production_orders"),
        ),
        sa.ForeignKeyConstraint(["yarn_id"], ["mill.yarns.id"], name=op.f("fk_allocations_yarn_id_yarns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
        schema="mill",
    )
    op.create_index(
        "idx_alloc_yarn_live",
        "allocations",
        ["yarn_id"],
        unique=False,
        schema="mill",
        postgresql_include=("quantity_lb",),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "ix_allocations_receipt", "allocations", ["expected_receipt_id"], unique=False, schema="mill"
    )
    op.create_index(
        "uq_alloc_live",
        "allocations",
        ["order_id", "yarn_id", "kind", "expected_receipt_id"],
        unique=True,
        schema="mill",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )

"""What is asked of the mill, what is on its way to it, and what is promised to whom."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import (
    SCHEMA,
    Instant,
    Pounds,
    Price,
    key_of,
    not_negative,
    one_of,
    pounds,
    row_key,
    row_version,
)

OPEN = "status IN ('pending', 'assigned', 'in_progress')"


class ProductionOrder(Base):
    """A knit order. What remains of it is generated (spec R5): rejects are knitted again."""

    __tablename__ = "production_orders"
    __table_args__ = (
        not_negative("quantity"),
        not_negative("produced"),
        not_negative("shipped"),
        not_negative("seconds"),
        one_of("status", "pending", "assigned", "in_progress", "completed", "on_hold", "cancelled"),
        CheckConstraint("priority BETWEEN 1 AND 4", name="priority"),
        one_of("demand_kind", "firm", "planned", "forecast"),
        Index("idx_order_status", "status"),
        Index("idx_order_date", "scheduled_date"),
        Index("idx_order_status_date", "status", "scheduled_date"),
        Index("idx_order_priority", text("priority DESC")),
        Index("idx_order_open", "style_id", postgresql_where=text(OPEN)),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    order_no: Mapped[str] = mapped_column(Text, unique=True)
    style_id: Mapped[int] = key_of("styles")
    quantity: Mapped[Decimal] = mapped_column(Pounds)
    produced: Mapped[Decimal] = pounds()
    shipped: Mapped[Decimal] = pounds()
    seconds: Mapped[Decimal] = pounds()
    balance: Mapped[Decimal] = mapped_column(
        Pounds, Computed("GREATEST(0, quantity - produced - shipped + seconds)", persisted=True)
    )
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("3"))
    demand_kind: Mapped[str] = mapped_column(Text, server_default="firm")
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    scheduled_date: Mapped[date | None]
    machine_id: Mapped[int | None] = key_of("machines")
    customer_ref: Mapped[str | None] = mapped_column(Text)
    sales_order_ref: Mapped[str | None] = mapped_column(Text)
    closed_reason: Mapped[str | None] = mapped_column(Text)
    import_job_id: Mapped[int | None] = mapped_column(BigInteger)
    row_version: Mapped[int] = row_version()


class PurchaseOrderLine(Base):
    """Yarn that was bought."""

    __tablename__ = "purchase_order_lines"
    __table_args__ = (
        CheckConstraint("ordered > 0", name="ordered"),
        not_negative("received"),
        not_negative("price_per_lb"),
        UniqueConstraint("po_no", "line_no"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    po_no: Mapped[str] = mapped_column(Text)
    line_no: Mapped[int] = mapped_column(server_default=text("1"))
    yarn_id: Mapped[int] = key_of("yarns", index=True)
    supplier_id: Mapped[int | None] = key_of("suppliers")
    ordered: Mapped[Decimal] = mapped_column(Pounds)
    received: Mapped[Decimal] = pounds()
    open_qty: Mapped[Decimal] = mapped_column(
        Pounds, Computed("GREATEST(0, ordered - received)", persisted=True)
    )
    price_per_lb: Mapped[Decimal | None] = mapped_column(Price)
    po_date: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text, server_default="open")
    row_version: Mapped[int] = row_version()


class ExpectedReceipt(Base):
    """What a purchase still brings: past due or unscheduled, on a day, or some time later."""

    __tablename__ = "expected_receipts"
    __table_args__ = (
        one_of("kind", "past_due", "dated", "later"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(kind = 'dated') = (due_date IS NOT NULL)", name="due_date"),
        Index("idx_receipt_yarn_due", "yarn_id", "due_date", postgresql_include=("quantity",)),
        Index("ix_expected_receipts_po_line_id", "po_line_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    po_line_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.purchase_order_lines.id", ondelete="CASCADE")
    )
    yarn_id: Mapped[int] = key_of("yarns")
    kind: Mapped[str] = mapped_column(Text)
    due_date: Mapped[date | None]
    quantity: Mapped[Decimal] = mapped_column(Pounds)


class SalesActivity(Base):
    """A line of a sale, or of an open sales order, in the unit it was sold in."""

    __tablename__ = "sales_activity"
    __table_args__ = (
        one_of("uom", "yd", "lb", "kg", "ea"),
        UniqueConstraint("document_no", "line_no"),
        Index("idx_sales_date", "order_date"),
        Index("idx_sales_style", "style_id"),
        Index("idx_sales_customer", "customer_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    document_no: Mapped[str] = mapped_column(Text)
    line_no: Mapped[int]
    order_date: Mapped[date]
    due_date: Mapped[date | None]
    open: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it still has to be delivered: only then it is demand."""
    style_id: Mapped[int | None] = key_of("styles")
    alias_code: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    customer: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Pounds)
    uom: Mapped[str] = mapped_column(Text)
    unit_price: Mapped[Decimal | None] = mapped_column(Price)


class Forecast(Base):
    """Pounds of a style that are expected to be asked for in the ISO week of a Monday."""

    __tablename__ = "forecasts"
    __table_args__ = (
        not_negative("quantity"),
        CheckConstraint("extract(isodow FROM week_start) = 1", name="week_start"),
        {"schema": SCHEMA},
    )

    style_id: Mapped[int] = key_of("styles", primary_key=True)
    week_start: Mapped[date] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Pounds)


class StageInventory(Base):
    """A roll of fabric and how far it has come: G00 greige, G02 finishing, I01 inspection, F01 finished."""

    __tablename__ = "stage_inventory"
    __table_args__ = (
        one_of("stage", "F01", "I01", "G00", "G02", "P01"),
        Index("ix_stage_inventory_style_id", "style_id", "stage", postgresql_include=("lb",)),
        {"schema": SCHEMA},
    )

    stage: Mapped[str] = mapped_column(Text, primary_key=True)
    roll_no: Mapped[str] = mapped_column(Text, primary_key=True)
    style_id: Mapped[int | None] = key_of("styles")
    style_code: Mapped[str] = mapped_column(Text)
    order_no: Mapped[str | None] = mapped_column(Text)
    lb: Mapped[Decimal] = pounds()
    yd: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    location: Mapped[str | None] = mapped_column(Text)


class YarnDemand(Base):
    """The mill's own weekly report of a yarn: past due, weeks and later, to be held against ours (I5–I8).

    `order_no` '' : of all orders together.
    """

    __tablename__ = "yarn_demand"
    __table_args__ = (one_of("kind", "past_due", "week", "later", "total"), {"schema": SCHEMA})

    yarn_id: Mapped[int] = key_of("yarns", primary_key=True)
    order_no: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    week_start: Mapped[date] = mapped_column(primary_key=True)
    """The Monday of a week; of what has none the Monday of the report."""
    demand: Mapped[Decimal | None] = mapped_column(Pounds)
    receipts: Mapped[Decimal | None] = mapped_column(Pounds)
    balance: Mapped[Decimal | None] = mapped_column(Pounds)


class Allocation(Base):
    """Pounds of a yarn that are promised to an order until they are released (spec E.11)."""

    __tablename__ = "allocations"
    __table_args__ = (
        one_of("kind", "hard", "soft", "expected"),
        not_negative("required_lb"),
        not_negative("quantity_lb"),
        CheckConstraint("quantity_lb <= required_lb", name="within_required"),
        CheckConstraint("(kind = 'expected') = (expected_receipt_id IS NOT NULL)", name="expected"),
        Index(
            "uq_alloc_live",
            "order_id",
            "yarn_id",
            "kind",
            "expected_receipt_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "idx_alloc_yarn_live",
            "yarn_id",
            postgresql_include=("quantity_lb",),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index("ix_allocations_receipt", "expected_receipt_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    run_id: Mapped[int | None] = mapped_column(BigInteger)
    order_id: Mapped[int] = key_of("production_orders")
    yarn_id: Mapped[int] = key_of("yarns")
    kind: Mapped[str] = mapped_column(Text)
    required_lb: Mapped[Decimal] = mapped_column(Pounds)
    quantity_lb: Mapped[Decimal] = mapped_column(Pounds)
    expected_receipt_id: Mapped[int | None] = mapped_column(BigInteger)
    """No foreign key: receipts are replaced with each file, and what was promised stays on record."""
    available_on: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[str | None] = mapped_column(Text)
    release_reason: Mapped[str | None] = mapped_column(Text)

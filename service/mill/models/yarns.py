"""Suppliers, yarns and what lies in store of them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Index,
    Numeric,
    SmallInteger,
    Text,
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
    a_code,
    key_of,
    not_negative,
    one_of,
    pounds,
    row_key,
    row_version,
)

_THEORETICAL = "beginning_balance + received + consumed + adjustments + misc"


class Supplier(Base):
    """Who sells yarn. No lead time: the planning parameter for its origin is taken, and said."""

    __tablename__ = "suppliers"
    __table_args__ = (
        a_code("supplier_code"),
        one_of("origin", "domestic", "international", "unknown"),
        CheckConstraint("lead_time_days BETWEEN 0 AND 730", name="lead_time_days"),
        not_negative("moq_lb"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    supplier_code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text, server_default="unknown")
    lead_time_days: Mapped[int | None]
    moq_lb: Mapped[Decimal] = pounds()
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    row_version: Mapped[int] = row_version()
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Yarn(Base):
    """A yarn. Cost null: unknown; 0: the customer's own. Not active: known only from a recipe or receipt."""

    __tablename__ = "yarns"
    __table_args__ = (
        a_code("yarn_code"),
        one_of("fibre_form", "spun", "filament", "unknown"),
        CheckConstraint("tex > 0", name="tex"),
        not_negative("cost_per_lb"),
        CheckConstraint("lead_time_days BETWEEN 0 AND 730", name="lead_time_days"),
        not_negative("moq_lb"),
        not_negative("order_multiple_lb"),
        not_negative("order_max_lb"),
        not_negative("safety_stock_lb"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    yarn_code: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str] = mapped_column(Text, server_default="")
    color: Mapped[str | None] = mapped_column(Text)
    blend: Mapped[str | None] = mapped_column(Text)
    material: Mapped[str | None] = mapped_column(Text)
    fibre_form: Mapped[str] = mapped_column(Text, server_default="unknown")
    size_raw: Mapped[str | None] = mapped_column(Text)
    ply: Mapped[int | None] = mapped_column(SmallInteger)
    filaments: Mapped[int | None]
    tex: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    supplier_id: Mapped[int | None] = key_of("suppliers", index=True)
    customer: Mapped[str | None] = mapped_column(Text)
    cost_per_lb: Mapped[Decimal | None] = mapped_column(Price)
    lead_time_days: Mapped[int | None]
    moq_lb: Mapped[Decimal] = pounds()
    order_multiple_lb: Mapped[Decimal] = pounds()
    order_max_lb: Mapped[Decimal] = pounds()
    safety_stock_lb: Mapped[Decimal] = pounds()
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    row_version: Mapped[int] = row_version()


class StockColumns:
    """What the inventory says of a yarn (spec R2): consumed and allocated are never positive."""

    status: Mapped[str] = mapped_column(Text, server_default="active")
    beginning_balance: Mapped[Decimal] = pounds()
    received: Mapped[Decimal] = pounds()
    consumed: Mapped[Decimal] = pounds()
    adjustments: Mapped[Decimal] = pounds()
    misc: Mapped[Decimal] = pounds()
    allocated: Mapped[Decimal] = pounds()
    on_order: Mapped[Decimal] = pounds()
    min_stock: Mapped[Decimal] = pounds()


class YarnInventory(StockColumns, Base):
    """What lies in store of a yarn; both balances are generated (spec R3), nobody can write them."""

    __tablename__ = "yarn_inventory"
    __table_args__ = (
        one_of("status", "active", "hold", "obsolete"),
        CheckConstraint("consumed <= 0", name="consumed"),
        CheckConstraint("allocated <= 0", name="allocated"),
        not_negative("on_order"),
        not_negative("min_stock"),
        Index("idx_yarn_status", "status"),
        Index("idx_yarn_planning", "planning_balance"),
        Index("idx_yarn_shortage", "planning_balance", "min_stock"),
        {"schema": SCHEMA},
    )

    yarn_id: Mapped[int] = key_of("yarns", primary_key=True)
    theoretical_balance: Mapped[Decimal] = mapped_column(Pounds, Computed(_THEORETICAL, persisted=True))
    planning_balance: Mapped[Decimal] = mapped_column(
        Pounds, Computed(f"{_THEORETICAL} + allocated + on_order", persisted=True)
    )
    reconcile_date: Mapped[date | None]
    as_of: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    import_job_id: Mapped[int | None] = mapped_column(BigInteger)
    row_version: Mapped[int] = row_version()


class YarnInventoryHistory(StockColumns, Base):
    """What lay in store on a day: one row of a yarn and day of import."""

    __tablename__ = "yarn_inventory_history"
    __table_args__ = {"schema": SCHEMA}

    snapshot_date: Mapped[date] = mapped_column(primary_key=True)
    yarn_id: Mapped[int] = key_of("yarns", primary_key=True)
    theoretical_balance: Mapped[Decimal] = mapped_column(Pounds)
    planning_balance: Mapped[Decimal] = mapped_column(Pounds)
    import_job_id: Mapped[int | None] = mapped_column(BigInteger)


class YarnSubstitute(Base):
    """A yarn that may stand for another: `factor` pounds for a pound; planning may use approved ones only."""

    __tablename__ = "yarn_substitutes"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("factor > 0", name="factor"),
        CheckConstraint("yarn_id <> substitute_id", name="another"),
        {"schema": SCHEMA},
    )

    yarn_id: Mapped[int] = key_of("yarns", primary_key=True)
    substitute_id: Mapped[int] = key_of("yarns", primary_key=True)
    score: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    factor: Mapped[Decimal] = mapped_column(Numeric(8, 6), server_default=text("1"))
    approved: Mapped[bool] = mapped_column(server_default=text("false"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    row_version: Mapped[int] = row_version()


class YarnLot(Base):
    """A dye lot of a yarn in store."""

    __tablename__ = "yarn_lots"
    __table_args__ = (not_negative("lb"), {"schema": SCHEMA})

    yarn_id: Mapped[int] = key_of("yarns", primary_key=True)
    lot_no: Mapped[str] = mapped_column(Text, primary_key=True)
    lb: Mapped[Decimal] = mapped_column(Pounds)
    received_on: Mapped[date | None]
    hold: Mapped[bool] = mapped_column(server_default=text("false"))

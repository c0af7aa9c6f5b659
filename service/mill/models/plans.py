"""Planning runs and what they found: written once, never changed (spec R13).

A run keeps what it stood on (orders, yarns, receipts, recipes as they were), so that it can be explained and
compared when all of that has changed. Only what people decide about an action is written later.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import SCHEMA, Instant, Pounds, of_run, one_of, row_key

KINDS = ("plan", "mrp", "time_phased", "allocation", "schedule", "cost", "six_phase")
WHOLE = ("plan", "six_phase")
"""Everything, by our name and by the predecessor's."""
ACTIONS = (
    "ORDER", "MAKE", "RELEASE", "EXPEDITE", "DEFER", "CANCEL", "INCREASE", "DECREASE", "SUBSTITUTE",
    "FENCE_CONFLICT",
)  # fmt: skip
_EMPTY = text("'{}'")


class PlanRun(Base):
    """One planning run: what was asked, on which data, how it ended. `gates`: what is wrong with the data."""

    __tablename__ = "plan_runs"
    __table_args__ = (
        one_of("kind", *KINDS),
        one_of("status", "queued", "running", "done", "failed", "cancelled"),
        Index("ix_plan_runs_kind_id", "kind", "id"),
        Index("ix_plan_runs_work_run_id", "work_run_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    kind: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    assumptions: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    gates: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    input_hash: Mapped[str | None] = mapped_column(Text)
    data_versions: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    status: Mapped[str] = mapped_column(Text, server_default="queued")
    progress: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    stats: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    requested_by: Mapped[str] = mapped_column(Text)
    work_run_id: Mapped[UUID | None]
    """The run (`/v1/runs`) that does the work."""
    queued_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class PlanYarn(Base):
    """A yarn as the run saw it, and what it found of it."""

    __tablename__ = "plan_yarns"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    yarn_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    yarn_code: Mapped[str] = mapped_column(Text)
    known: Mapped[bool]
    """Whether the inventory has a row of it: else its opening is 0 and `NO_STOCK_ROW` is said."""
    opening: Mapped[Decimal] = mapped_column(Pounds)
    allocated: Mapped[Decimal] = mapped_column(Pounds)
    on_order: Mapped[Decimal] = mapped_column(Pounds)
    min_stock: Mapped[Decimal] = mapped_column(Pounds)
    safety_stock: Mapped[Decimal] = mapped_column(Pounds)
    past_due: Mapped[Decimal] = mapped_column(Pounds)
    dated: Mapped[Decimal] = mapped_column(Pounds)
    later: Mapped[Decimal] = mapped_column(Pounds)
    gross: Mapped[Decimal] = mapped_column(Pounds)
    undated: Mapped[Decimal] = mapped_column(Pounds)
    """Pounds of orders without any date: in no week, told apart."""
    beyond: Mapped[Decimal] = mapped_column(Pounds)
    """Pounds needed after the last week of the horizon."""
    planned: Mapped[Decimal] = mapped_column(Pounds)
    first_short_on: Mapped[date | None]
    first_short_lb: Mapped[Decimal | None] = mapped_column(Pounds)
    largest_short_lb: Mapped[Decimal] = mapped_column(Pounds)
    lead_days: Mapped[int]
    lead_source: Mapped[str] = mapped_column(Text)
    culprits: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Orders that make it short on the first short day: seq, what each needs and lacks."""
    doubts: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    supplier_code: Mapped[str | None] = mapped_column(Text)
    consumed: Mapped[Decimal] = mapped_column(Pounds, server_default=text("0"))
    supply: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    """Weeks of supply, by which method, or why not known."""
    lot: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    """How its net need becomes orders: policy, least, multiple, most."""


class PlanOrder(Base):
    """An order as the run saw it, open or planned by the run itself, and what it found of it."""

    __tablename__ = "plan_orders"
    __table_args__ = (
        one_of("kind", "firm", "planned", "forecast"),
        Index("ix_plan_orders_order_id", "run_id", "order_id"),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in the order of service (spec R10)."""
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    order_no: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    style_id: Mapped[int] = mapped_column(BigInteger)
    style_code: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(Pounds)
    priority: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(Text)
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    need_date: Mapped[date | None]
    machine_code: Mapped[str | None] = mapped_column(Text)
    plannable: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    bom_status: Mapped[str] = mapped_column(Text)
    kit_status: Mapped[str | None] = mapped_column(Text)
    coverage: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    ready_on: Mapped[date | None]
    schedule_reason: Mapped[str | None] = mapped_column(Text)
    serves: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Of a planned order: the sales and forecasts it is for."""


class PlanReceipt(Base):
    """A receipt as the run saw it."""

    __tablename__ = "plan_receipts"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    receipt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    yarn_id: Mapped[int] = mapped_column(BigInteger)
    po_no: Mapped[str] = mapped_column(Text)
    line_no: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    due_date: Mapped[date | None]
    quantity: Mapped[Decimal] = mapped_column(Pounds)


class PlanRecipe(Base):
    """A recipe as the run used it."""

    __tablename__ = "plan_recipes"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    style_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    style_code: Mapped[str] = mapped_column(Text)
    bom_status: Mapped[str] = mapped_column(Text)
    scaled: Mapped[bool]
    """Whether an assumption made its fractions add to 1."""
    lines: Mapped[list[Any]] = mapped_column(JSONB)


class PlanRequirement(Base):
    """Pounds of a yarn that an order needs, by the path through its recipe. No bucket: no date."""

    __tablename__ = "plan_requirements"
    __table_args__ = (
        Index("ix_plan_requirements_order", "run_id", "order_seq"),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    yarn_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    order_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    bucket: Mapped[int | None] = mapped_column(SmallInteger)
    need_date: Mapped[date | None]
    gross_lb: Mapped[Decimal] = mapped_column(Pounds)


class PlanBucket(Base):
    """A week of a yarn (spec R9)."""

    __tablename__ = "plan_buckets"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    yarn_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    week_start: Mapped[date]
    receipts: Mapped[Decimal] = mapped_column(Pounds)
    demand: Mapped[Decimal] = mapped_column(Pounds)
    balance: Mapped[Decimal] = mapped_column(Pounds)
    shortage: Mapped[Decimal] = mapped_column(Pounds)
    new_shortage: Mapped[Decimal] = mapped_column(Pounds)
    planned: Mapped[Decimal] = mapped_column(Pounds)
    """What the run advises to arrive in this week; `available` is the balance with it."""
    available: Mapped[Decimal] = mapped_column(Pounds)


class PlanAllocation(Base):
    """What a run promises an order of a yarn: out of stock, or of a receipt; `reason` where it is short."""

    __tablename__ = "plan_allocations"
    __table_args__ = (
        one_of("kind", "hard", "soft", "expected"),
        Index("ix_plan_allocations_order", "run_id", "order_seq"),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    yarn_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    order_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Text)
    required_lb: Mapped[Decimal] = mapped_column(Pounds)
    quantity_lb: Mapped[Decimal] = mapped_column(Pounds)
    receipt_id: Mapped[int | None] = mapped_column(BigInteger)
    available_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)


class PlanPeg(Base):
    """Which supply serves which order; `unmet` where none does (spec E.6.9)."""

    __tablename__ = "plan_pegs"
    __table_args__ = (
        one_of("supply_kind", "stock", "receipt", "planned", "unmet"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("idx_peg_order", "run_id", "order_seq"),
        Index("idx_peg_yarn", "run_id", "yarn_id"),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    yarn_id: Mapped[int] = mapped_column(BigInteger)
    supply_kind: Mapped[str] = mapped_column(Text)
    supply_id: Mapped[int | None] = mapped_column(BigInteger)
    supply_date: Mapped[date | None]
    order_seq: Mapped[int]
    need_date: Mapped[date | None]
    quantity: Mapped[Decimal] = mapped_column(Pounds)


class PlanAction(Base):
    """What a run advises (spec E.6.10). `key` names the same advice from run to run."""

    __tablename__ = "plan_actions"
    __table_args__ = (
        one_of("action", *ACTIONS),
        one_of("state", "open", "accepted", "dismissed", "superseded"),
        Index("ix_plan_actions_key", "key", "run_id"),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Text)
    yarn_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(Text)
    expected_receipt_id: Mapped[int | None] = mapped_column(BigInteger)
    substitute_id: Mapped[int | None] = mapped_column(BigInteger)
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    release_date: Mapped[date | None]
    quantity: Mapped[Decimal | None] = mapped_column(Pounds)
    days_late: Mapped[int | None]
    trigger: Mapped[dict[str, Any]] = mapped_column(JSONB)
    assignee: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="open")
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str | None] = mapped_column(Text)
    row_version: Mapped[int] = mapped_column(server_default=text("1"))

"""What a planning run puts on which machine, and which run is the mill's plan."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Numeric, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import SCHEMA, Instant, Pounds, of_run

Hours = Numeric(14, 4)
_EMPTY = text("'{}'")


class ScheduleOp(Base):
    """A stretch of a machine for an order, set-up first. Two of a run never share an instant of a machine."""

    __tablename__ = "schedule_ops"
    __table_args__ = (
        CheckConstraint("setup_start <= run_start AND run_start < run_end", name="in_order"),
        ExcludeConstraint(
            (func.int8range(text("run_id"), text("run_id"), text("'[]'")), "&&"),
            (func.int8range(text("machine_id"), text("machine_id"), text("'[]'")), "&&"),
            (func.tstzrange(text("setup_start"), text("run_end")), "&&"),
            using="gist",
            name="ex_schedule_ops_overlap",
        ),
        {"schema": SCHEMA},
    )

    run_id: Mapped[int] = of_run()
    order_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    machine_id: Mapped[int] = mapped_column(BigInteger)
    machine_code: Mapped[str] = mapped_column(Text)
    work_center: Mapped[str] = mapped_column(Text)
    setup_start: Mapped[datetime] = mapped_column(Instant)
    run_start: Mapped[datetime] = mapped_column(Instant)
    run_end: Mapped[datetime] = mapped_column(Instant)
    quantity: Mapped[Decimal] = mapped_column(Pounds)
    late_hours: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    frozen: Mapped[bool] = mapped_column(server_default=text("false"))
    why: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)


class PlanMachine(Base):
    """A machine as the run saw it, and how busy it is from the schedule's start to its end, in hours."""

    __tablename__ = "plan_machines"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    machine_code: Mapped[str] = mapped_column(Text, primary_key=True)
    work_center: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    efficiency: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    style_code: Mapped[str | None] = mapped_column(Text)
    busy_hours: Mapped[Decimal] = mapped_column(Hours)
    window_hours: Mapped[Decimal] = mapped_column(Hours)


class PlanLoad(Base):
    """A week of a work centre in hours of work: what the schedule puts there, what due dates ask for."""

    __tablename__ = "plan_loads"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[int] = of_run()
    work_center: Mapped[str] = mapped_column(Text, primary_key=True)
    bucket: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    week_start: Mapped[date]
    machines: Mapped[int]
    planned_hours: Mapped[Decimal] = mapped_column(Hours)
    required_hours: Mapped[Decimal] = mapped_column(Hours)
    capacity_hours: Mapped[Decimal] = mapped_column(Hours)


class PublishedRun(Base):
    """Which run of a kind is the mill's plan: one pointer, moved in one statement."""

    __tablename__ = "published_runs"
    __table_args__ = {"schema": SCHEMA}

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger)
    published_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

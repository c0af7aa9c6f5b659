"""Machines, the centres they stand in, when they work, and how fast they knit what."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import SCHEMA, Instant, Price, key_of, one_of, row_key, row_version


class Calendar(Base):
    """When machines work, in the mill's local time."""

    __tablename__ = "calendars"
    __table_args__ = {"schema": SCHEMA}

    id: Mapped[int] = row_key()
    name: Mapped[str] = mapped_column(Text, unique=True)
    tz: Mapped[str] = mapped_column(Text)
    row_version: Mapped[int] = row_version()


class CalendarShift(Base):
    """A shift of a weekday (Monday is 0); an end not after its start is on the next day."""

    __tablename__ = "calendar_shifts"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("efficiency > 0 AND efficiency <= 1.5", name="efficiency"),
        {"schema": SCHEMA},
    )

    calendar_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.calendars.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    start_time: Mapped[time] = mapped_column(primary_key=True)
    end_time: Mapped[time]
    efficiency: Mapped[Decimal] = mapped_column(Numeric(5, 4), server_default=text("1"))


class CalendarException(Base):
    """A day that is worked otherwise, or not at all."""

    __tablename__ = "calendar_exceptions"
    __table_args__ = (
        CheckConstraint("NOT working OR (start_time IS NOT NULL AND end_time IS NOT NULL)", name="times"),
        {"schema": SCHEMA},
    )

    calendar_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.calendars.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]


class WorkCenter(Base):
    """Machines that can do the same: `construction.diameter.needle-cut.kind`, such as `6.30.28.F`."""

    __tablename__ = "work_centers"
    __table_args__ = (
        CheckConstraint(r"code ~ '^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}\.[A-Z]{1,4}$'", name="code"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    code: Mapped[str] = mapped_column(Text, unique=True)
    construction: Mapped[int] = mapped_column(SmallInteger)
    diameter_in: Mapped[int] = mapped_column(SmallInteger)
    needle_cut: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    calendar_id: Mapped[int | None] = key_of("calendars")
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Machine(Base):
    """A circular-knitting machine. `feeders`, `rpm` and so on give its rate where no rate is known (E.7)."""

    __tablename__ = "machines"
    __table_args__ = (
        one_of("status", "available", "running", "setup", "maintenance", "down", "retired"),
        CheckConstraint("efficiency > 0 AND efficiency <= 1.5", name="efficiency"),
        Index("idx_machine_center", "work_center_id"),
        Index("idx_machine_status", "status"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    machine_code: Mapped[str] = mapped_column(Text, unique=True)
    work_center_id: Mapped[int] = key_of("work_centers")
    status: Mapped[str] = mapped_column(Text, server_default="available")
    efficiency: Mapped[Decimal] = mapped_column(Numeric(5, 4), server_default=text("1"))
    current_style_id: Mapped[int | None] = mapped_column(BigInteger)
    available_from: Mapped[datetime | None] = mapped_column(Instant)
    calendar_id: Mapped[int | None] = key_of("calendars")
    feeders: Mapped[int | None]
    rpm: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    stitch_mm: Mapped[Decimal | None] = mapped_column(Numeric(8, 4))
    hourly_rate: Mapped[Decimal | None] = mapped_column(Price)
    row_version: Mapped[int] = row_version()


class MachineStyleRate(Base):
    """How many pounds of a style an hour gives, on a machine or on any of a work centre."""

    __tablename__ = "machine_style_rates"
    __table_args__ = (
        CheckConstraint("num_nonnulls(machine_id, work_center_id) = 1", name="of_one"),
        CheckConstraint("lb_per_hour > 0", name="lb_per_hour"),
        Index(
            "uq_machine_style_rates_of",
            "style_id",
            "machine_id",
            "work_center_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    machine_id: Mapped[int | None] = key_of("machines")
    work_center_id: Mapped[int | None] = key_of("work_centers")
    style_id: Mapped[int] = key_of("styles")
    lb_per_hour: Mapped[Decimal] = mapped_column(Numeric(12, 4))

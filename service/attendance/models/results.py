"""What we conclude: one row for each person, day, shift and rule set (spec F.3)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.attendance.models.masters import LeaveType, Person, ShiftType
from service.attendance.models.mirrored import SCHEMA, Instant, WallClock
from service.core.database import Base


class RuleSet(Base):
    """How punches are judged, as versioned data; a version never changes."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("name", "version"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(SmallInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    valid_from: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(Text, server_default="muster")
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Day(Base):
    """The result of one shift of one person on one date under one rule set.

    Durations are integer seconds, `hours` hundredths of an hour (Frappe rounds to two decimals).
    `punches` holds the check-ins of the row: the first `punch_count` count, the others are set aside.
    `input_hash` covers everything the row depends on, so recomputing writes only what changed.
    """

    __tablename__ = "day"
    __table_args__ = (
        # The sheet reads a month of one rule set in this order; all it needs is in the index's rows.
        Index("ix_day_work_date", "rule_set_id", "work_date", "person_id"),
        Index("ix_day_status", "rule_set_id", "status", "work_date"),
        CheckConstraint("worked_seconds >= 0 AND expected_seconds >= 0", name="not_negative"),
        {"schema": SCHEMA},
    )

    rule_set_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    work_date: Mapped[date] = mapped_column(primary_key=True)
    shift_seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    shift_type_id: Mapped[int | None]
    schedule_source: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    base_status: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    other_half: Mapped[str | None] = mapped_column(Text)
    shift_start: Mapped[datetime | None] = mapped_column(WallClock)
    shift_end: Mapped[datetime | None] = mapped_column(WallClock)
    window_start: Mapped[datetime | None] = mapped_column(WallClock)
    window_end: Mapped[datetime | None] = mapped_column(WallClock)
    first_in: Mapped[datetime | None] = mapped_column(WallClock)
    last_out: Mapped[datetime | None] = mapped_column(WallClock)
    pending_reason: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    request_id: Mapped[int | None]
    leave_id: Mapped[int | None]
    leave_type_id: Mapped[int | None]
    leave_hundredths: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    holiday_id: Mapped[int | None]
    punch_count: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    punches: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    hours_hundredths: Mapped[int] = mapped_column(server_default=text("0"))
    gross_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    break_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    worked_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    expected_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    expected_net_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    deducted_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    difference_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    overtime_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    late_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    late_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    late_counted: Mapped[bool] = mapped_column(server_default=text("false"))
    late_forgiven: Mapped[bool] = mapped_column(server_default=text("false"))
    early: Mapped[bool] = mapped_column(server_default=text("false"))
    early_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    early_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    incidents: Mapped[int] = mapped_column(server_default=text("0"))
    input_hash: Mapped[int] = mapped_column(BigInteger)
    computed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

    person: Mapped[Person] = relationship(
        lazy="raise",
        primaryjoin=lambda: Day.person_id == Person.id,
        foreign_keys=lambda: Day.person_id,
        viewonly=True,
    )
    shift_type: Mapped[ShiftType | None] = relationship(
        lazy="raise",
        primaryjoin=lambda: Day.shift_type_id == ShiftType.id,
        foreign_keys=lambda: Day.shift_type_id,
        viewonly=True,
    )
    leave_type: Mapped[LeaveType | None] = relationship(
        lazy="raise",
        primaryjoin=lambda: Day.leave_type_id == LeaveType.id,
        foreign_keys=lambda: Day.leave_type_id,
        viewonly=True,
    )


class DirtyDay(Base):
    """A (person, date) whose result may be out of date, and why; emptied by recomputing."""

    __tablename__ = "dirty_day"
    __table_args__ = {"schema": SCHEMA}

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    work_date: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

"""What happens: check-ins, assignments, leaves, requests, and the upstream's own attendance."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.attendance.models.masters import Device, LeaveType, Person, ShiftType
from service.attendance.models.mirrored import SCHEMA, Instant, Mirrored, WallClock
from service.core.database import Base


class Checkin(Base):
    """One punch. The largest table: `day` is stored, foreign keys are left to the merge.

    Persons and devices are never erased and the merge looks both up, so a foreign key per row would only
    cost the first load. `local_time` may be edited upstream; (source, upstream name) stays unique.
    """

    __tablename__ = "checkin"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        CheckConstraint("log_type IN ('IN', 'OUT')", name="log_type"),
        Index("ix_checkin_person_id_local_time", "person_id", "local_time"),
        Index("ix_checkin_local_time_id", "local_time", "id"),
        Index("ix_checkin_device_id_local_time", "device_id", "local_time"),
        Index(
            "ix_checkin_source_id_unknown_person",
            "source_id",
            "unknown_person",
            postgresql_where=text("person_id IS NULL"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(SmallInteger)
    upstream_name: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None]
    unknown_person: Mapped[str | None] = mapped_column(Text)
    local_time: Mapped[datetime] = mapped_column(WallClock)
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    log_type: Mapped[str | None] = mapped_column(Text)
    device_id: Mapped[int | None]
    skip: Mapped[bool] = mapped_column(server_default=text("false"))
    upstream_modified: Mapped[datetime | None] = mapped_column(WallClock)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

    person: Mapped[Person | None] = relationship(
        lazy="raise",
        primaryjoin=lambda: Checkin.person_id == Person.id,
        foreign_keys=lambda: Checkin.person_id,
        viewonly=True,
    )
    device: Mapped[Device | None] = relationship(
        lazy="raise",
        primaryjoin=lambda: Checkin.device_id == Device.id,
        foreign_keys=lambda: Checkin.device_id,
        viewonly=True,
    )


class ShiftAssignment(Base, Mirrored):
    """Which shift a person works from when to when (`end_date` null: open)."""

    __tablename__ = "shift_assignment"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        Index("ix_shift_assignment_person_id_start_date", "person_id", "start_date"),
        {"schema": SCHEMA},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    shift_type_id: Mapped[int] = mapped_column(ForeignKey(ShiftType.id))
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text, server_default="Active")
    docstatus: Mapped[int] = mapped_column(server_default=text("1"))

    person: Mapped[Person] = relationship(lazy="raise")
    shift_type: Mapped[ShiftType] = relationship(lazy="raise")


class Leave(Base, Mirrored):
    """A leave application; it counts when approved and submitted (docstatus 1)."""

    __tablename__ = "leave"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        CheckConstraint("from_date <= to_date", name="dates"),
        CheckConstraint("half IN ('first', 'second')", name="half"),
        Index("ix_leave_person_id_from_date", "person_id", "from_date", "to_date"),
        Index("ix_leave_from_date_id", "from_date", "id"),
        {"schema": SCHEMA},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    leave_type_id: Mapped[int] = mapped_column(ForeignKey(LeaveType.id))
    from_date: Mapped[date]
    to_date: Mapped[date]
    half_day: Mapped[bool] = mapped_column(server_default=text("false"))
    half_day_date: Mapped[date | None]
    half: Mapped[str | None] = mapped_column(Text)
    total_days: Mapped[Decimal | None] = mapped_column(Numeric(7, 3))
    status: Mapped[str] = mapped_column(Text)
    docstatus: Mapped[int]

    person: Mapped[Person] = relationship(lazy="raise")
    leave_type: Mapped[LeaveType] = relationship(lazy="raise")


class AttendanceRequest(Base, Mirrored):
    """Work from home or on duty, asked for and submitted."""

    __tablename__ = "attendance_request"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        Index("ix_attendance_request_person_id_from_date", "person_id", "from_date"),
        {"schema": SCHEMA},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    from_date: Mapped[date]
    to_date: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    half_day: Mapped[bool] = mapped_column(server_default=text("false"))
    half_day_date: Mapped[date | None]
    include_holidays: Mapped[bool] = mapped_column(server_default=text("false"))
    docstatus: Mapped[int]


class UpstreamAttendance(Base):
    """The upstream's own verdict on a day, kept to compare with ours."""

    __tablename__ = "upstream_attendance"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        Index("ix_upstream_attendance_day_person_id", "day", "person_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(SmallInteger)
    upstream_name: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None]
    day: Mapped[date]
    status: Mapped[str] = mapped_column(Text)
    other_half: Mapped[str | None] = mapped_column(Text)
    shift_name: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[Decimal] = mapped_column(Numeric(9, 3), server_default=text("0"))
    in_time: Mapped[datetime | None] = mapped_column(WallClock)
    out_time: Mapped[datetime | None] = mapped_column(WallClock)
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    early: Mapped[bool] = mapped_column(server_default=text("false"))
    leave_type: Mapped[str | None] = mapped_column(Text)
    docstatus: Mapped[int]
    upstream_modified: Mapped[datetime | None] = mapped_column(WallClock)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

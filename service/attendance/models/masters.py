"""What changes seldom: sources, sites, people, shift types, holiday lists, leave types."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.attendance.models.mirrored import SCHEMA, Instant, Mirrored
from service.core.database import Base


class Source(Base):
    """One upstream system, and the zone its clocks show."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("base_url"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    base_url: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    api_flavour: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Site(Base, Mirrored):
    """Where people work (Frappe: Branch)."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("source_id", "upstream_name"), {"schema": SCHEMA})

    name: Mapped[str] = mapped_column(Text)


class HolidayList(Base, Mirrored):
    """A calendar of days off (Frappe: Holiday List)."""

    __tablename__ = "holiday_list"
    __table_args__ = (UniqueConstraint("source_id", "upstream_name"), {"schema": SCHEMA})

    name: Mapped[str] = mapped_column(Text)
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    holidays: Mapped[list["Holiday"]] = relationship(lazy="raise", order_by="Holiday.day")


class Holiday(Base):
    """One day of a holiday list; `weekly_off` tells Sundays from feasts."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("holiday_list_id", "day"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    holiday_list_id: Mapped[int] = mapped_column(ForeignKey(HolidayList.id, ondelete="CASCADE"))
    day: Mapped[date]
    description: Mapped[str] = mapped_column(Text, server_default="")
    weekly_off: Mapped[bool] = mapped_column(server_default=text("false"))
    half_day: Mapped[bool] = mapped_column(server_default=text("false"))


class Company(Base, Mirrored):
    """The employer; its holiday list applies where a person has none."""

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("source_id", "upstream_name"), {"schema": SCHEMA})

    name: Mapped[str] = mapped_column(Text)
    holiday_list_id: Mapped[int | None] = mapped_column(ForeignKey(HolidayList.id))
    holiday_list: Mapped[HolidayList | None] = relationship(lazy="raise")


class ShiftType(Base, Mirrored):
    """Hours of work and how punches are judged against them (spec D.2)."""

    __tablename__ = "shift_type"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        CheckConstraint("before_minutes >= 0 AND after_minutes >= 0", name="margins"),
        CheckConstraint("pairing_mode IN ('alternating', 'strict')", name="pairing_mode"),
        CheckConstraint("hours_mode IN ('first_last', 'every_valid')", name="hours_mode"),
        {"schema": SCHEMA},
    )

    name: Mapped[str] = mapped_column(Text)
    start_time: Mapped[time]
    end_time: Mapped[time]
    before_minutes: Mapped[int] = mapped_column(server_default=text("60"))
    after_minutes: Mapped[int] = mapped_column(server_default=text("60"))
    late_marking: Mapped[bool] = mapped_column(server_default=text("false"))
    late_grace_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    early_marking: Mapped[bool] = mapped_column(server_default=text("false"))
    early_grace_minutes: Mapped[int] = mapped_column(server_default=text("0"))
    half_day_threshold_hours: Mapped[Decimal] = mapped_column(Numeric(6, 3), server_default=text("0"))
    absent_threshold_hours: Mapped[Decimal] = mapped_column(Numeric(6, 3), server_default=text("0"))
    pairing_mode: Mapped[str] = mapped_column(Text, server_default="alternating")
    hours_mode: Mapped[str] = mapped_column(Text, server_default="first_last")
    auto_attendance: Mapped[bool] = mapped_column(server_default=text("false"))
    mark_on_holidays: Mapped[bool] = mapped_column(server_default=text("false"))
    process_after: Mapped[date | None]
    last_sync: Mapped[datetime | None]
    holiday_list_id: Mapped[int | None] = mapped_column(ForeignKey(HolidayList.id))
    holiday_list: Mapped[HolidayList | None] = relationship(lazy="raise")


class LeaveType(Base, Mirrored):
    """A kind of leave; what it does to expected hours."""

    __tablename__ = "leave_type"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        CheckConstraint("expected_hours IN ('zero', 'keep', 'prorate')", name="expected_hours"),
        {"schema": SCHEMA},
    )

    name: Mapped[str] = mapped_column(Text)
    unpaid: Mapped[bool] = mapped_column(server_default=text("false"))
    include_holiday: Mapped[bool] = mapped_column(server_default=text("false"))
    expected_hours: Mapped[str] = mapped_column(Text, server_default="zero")


class Person(Base, Mirrored):
    """Somebody whose attendance is reported (Frappe: Employee); `upstream_name` is the number people know."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        Index("ix_person_site_id_upstream_name", "site_id", "upstream_name"),
        Index("ix_person_name_id", "name", "id"),
        {"schema": SCHEMA},
    )

    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="Active")
    company_id: Mapped[int | None] = mapped_column(ForeignKey(Company.id))
    site_id: Mapped[int | None] = mapped_column(ForeignKey(Site.id))
    department: Mapped[str | None] = mapped_column(Text)
    designation: Mapped[str | None] = mapped_column(Text)
    grade: Mapped[str | None] = mapped_column(Text)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    created_on: Mapped[date | None]
    holiday_list_id: Mapped[int | None] = mapped_column(ForeignKey(HolidayList.id))
    default_shift_type_id: Mapped[int | None] = mapped_column(ForeignKey(ShiftType.id))
    device_user: Mapped[str | None] = mapped_column(Text)

    company: Mapped[Company | None] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    holiday_list: Mapped[HolidayList | None] = relationship(lazy="raise")
    default_shift_type: Mapped[ShiftType | None] = relationship(lazy="raise")


class HolidayListAssignment(Base, Mirrored):
    """Which holiday list applies to a person or company from a date on (Frappe 16)."""

    __tablename__ = "holiday_list_assignment"
    __table_args__ = (
        UniqueConstraint("source_id", "upstream_name"),
        CheckConstraint("(person_id IS NULL) <> (company_id IS NULL)", name="one_target"),
        {"schema": SCHEMA},
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    company_id: Mapped[int | None] = mapped_column(ForeignKey(Company.id))
    holiday_list_id: Mapped[int] = mapped_column(ForeignKey(HolidayList.id))
    from_date: Mapped[date]
    docstatus: Mapped[int] = mapped_column(server_default=text("1"))


class Device(Base):
    """A clock on a wall; mapped to a site by hand or not yet."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("source_id", "name"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey(Source.id))
    name: Mapped[str] = mapped_column(Text)
    site_id: Mapped[int | None] = mapped_column(ForeignKey(Site.id))
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

    site: Mapped[Site | None] = relationship(lazy="raise")

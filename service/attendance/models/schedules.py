"""Weekly schedules, kept here: the upstream knows none."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, SmallInteger, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.attendance.models.masters import Person, ShiftType
from service.attendance.models.mirrored import SCHEMA, Instant
from service.core.database import Base


class WeeklySchedule(Base):
    """Which shift a person works on a weekday, in both halves of the month or one, from when to when (F.1).

    A change is a new row with a later `valid_from`, so that old periods keep what held then (C.26).
    """

    __tablename__ = "weekly_schedule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("half IN ('both', 'first', 'second')", name="half"),
        CheckConstraint("priority IN (1, 2)", name="priority"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        # One shift type once for the same days; two shift types are a split shift.
        Index(
            "uq_weekly_schedule_row",
            "person_id",
            "weekday",
            "half",
            "priority",
            "valid_from",
            "shift_type_id",
            unique=True,
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    shift_type_id: Mapped[int] = mapped_column(ForeignKey(ShiftType.id))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    half: Mapped[str] = mapped_column(Text, server_default="both")
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("2"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    """When its last date was last said."""

    person: Mapped[Person] = relationship(lazy="raise")
    shift_type: Mapped[ShiftType] = relationship(lazy="raise")

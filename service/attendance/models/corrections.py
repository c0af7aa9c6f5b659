"""What people here decided about days, with their reasons; nothing of it is ever changed or erased."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.attendance.models.masters import Person
from service.attendance.models.mirrored import SCHEMA, Instant, WallClock
from service.core.database import Base


class Correction(Base):
    """A day's status set by hand, a check-in that was forgotten, or an incident looked at (F.1 `override`).

    A trigger lets a row be revoked once and refuses everything else.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("kind IN ('status', 'checkin', 'dismissal')", name="kind"),
        CheckConstraint("(kind = 'status') = (status IS NOT NULL)", name="status"),
        CheckConstraint("(kind = 'checkin') = (checkin_id IS NOT NULL)", name="checkin"),
        CheckConstraint("(kind = 'dismissal') = (incident IS NOT NULL)", name="incident"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        Index("ix_correction_person_id_work_date", "person_id", "work_date"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    work_date: Mapped[date]
    kind: Mapped[str] = mapped_column(Text)
    shift_seq: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[str | None] = mapped_column(Text)
    status_before: Mapped[str | None] = mapped_column(Text)
    checkin_id: Mapped[int | None] = mapped_column(BigInteger)
    local_time: Mapped[datetime | None] = mapped_column(WallClock)
    log_type: Mapped[str | None] = mapped_column(Text)
    incident: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_reason: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship(lazy="raise")

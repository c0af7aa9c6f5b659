"""What was observed of each local day: every look at it, which one is in force, and the segments it says."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZMULTIRANGE, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.crew.models.ground import (
    NO_WORDS,
    SCHEMA,
    Instant,
    Segment,
    a_state,
    appliance_key,
    in_one_piece,
    member_key,
    no_overlap,
    snapshot_key,
    station_key,
)


class DaySnapshot(Base):
    """One observation of a day, applied or not; a rejected one is kept as evidence with its code.

    `sha256` is of what was read. `outcome` is what came of it: `applied`, `unchanged`, `stale` (a newer one
    was in force), `rejected`.
    """

    __tablename__ = "day_snapshot"
    __table_args__ = (
        CheckConstraint("source IN ('gartan', 'replay', 'report')", name="source"),
        CheckConstraint("resolution_min IN (5, 10, 15, 30, 60)", name="resolution_min"),
        CheckConstraint("status IN ('ok', 'partial', 'rejected')", name="status"),
        CheckConstraint("outcome IN ('applied', 'unchanged', 'stale', 'rejected')", name="outcome"),
        CheckConstraint("(status = 'rejected') = (code IS NOT NULL)", name="code"),
        Index("ix_day_snapshot_day", "station_id", "local_date", text("fetched_at DESC")),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    station_id: Mapped[int] = station_key()
    local_date: Mapped[date]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("muster.run.id", ondelete="SET NULL"))
    fetched_at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    resolution_min: Mapped[int | None] = mapped_column(SmallInteger)
    parser_version: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class DayPage(Base):
    """The raw page of an observation, compressed, for as long as `MUSTER_CREW__KEEP_PAGES_DAYS` says."""

    __tablename__ = "day_page"
    __table_args__ = (Index("ix_day_page_expires_at", "expires_at"), {"schema": SCHEMA})

    snapshot_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.day_snapshot.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class DayVersion(Base):
    """Which observation of a day was in force from `known_from` to `known_to` (null: it is still).

    `fetched_at` moves on when the same content is seen again. `covered` are the instants that the grid spoke
    of; `listed` the people it had a row for.
    """

    __tablename__ = "day_version"
    __table_args__ = (
        Index(
            "uq_day_version_in_force",
            "station_id",
            "local_date",
            unique=True,
            postgresql_where=text("known_to IS NULL"),
        ),
        Index("ix_day_version_day", "station_id", "local_date", "known_from"),
        {"schema": SCHEMA},
    )

    snapshot_id: Mapped[int] = snapshot_key(primary_key=True)
    station_id: Mapped[int] = station_key()
    local_date: Mapped[date]
    fetched_at: Mapped[datetime] = mapped_column(Instant)
    covered: Mapped[Any] = mapped_column(TSTZMULTIRANGE)
    listed: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=NO_WORDS)
    known_from: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    known_to: Mapped[datetime | None] = mapped_column(Instant)


class CrewSegment(Segment, Base):
    """A stretch in which a person is known to be available or not, and why not; of the day in force."""

    __tablename__ = "crew_availability"
    __table_args__ = (
        in_one_piece(),
        a_state(),
        CheckConstraint("state = 'unavailable' OR reason IS NULL", name="reason"),
        no_overlap("crew_id", "ex_crew_availability_overlap"),
        Index("ix_crew_availability_day", "crew_id", "local_date"),
        Index("ix_crew_availability_snapshot_id", "snapshot_id"),
        Index(
            "ix_crew_availability_available",
            "during",
            postgresql_using="gist",
            postgresql_where=text("state = 'available'"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = member_key()
    reason: Mapped[str | None] = mapped_column(Text)


class CrewSegmentPast(Segment, Base):
    """Segments of observations that were in force before."""

    __tablename__ = "crew_availability_past"
    __table_args__ = (Index("ix_crew_availability_past_snapshot_id", "snapshot_id"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = member_key()
    reason: Mapped[str | None] = mapped_column(Text)


class ApplianceSegment(Segment, Base):
    """A stretch in which the grid says that an appliance is on the run or not; of the day in force."""

    __tablename__ = "appliance_availability"
    __table_args__ = (
        in_one_piece(),
        a_state(),
        no_overlap("appliance_id", "ex_appliance_availability_overlap"),
        Index("ix_appliance_availability_day", "appliance_id", "local_date"),
        Index("ix_appliance_availability_snapshot_id", "snapshot_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    appliance_id: Mapped[int] = appliance_key()


class ApplianceSegmentPast(Segment, Base):
    """The same of observations that were in force before."""

    __tablename__ = "appliance_availability_past"
    __table_args__ = (Index("ix_appliance_availability_past_snapshot_id", "snapshot_id"), {"schema": SCHEMA})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    appliance_id: Mapped[int] = appliance_key()


class GridCount(Base):
    """A count that the grid itself states (its Rules section), for cross-checks; of the day in force."""

    __tablename__ = "grid_count"
    __table_args__ = (
        Index("ix_grid_count_day", "station_id", "local_date"),
        Index("ix_grid_count_snapshot_id", "snapshot_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    station_id: Mapped[int] = station_key()
    local_date: Mapped[date]
    label: Mapped[str] = mapped_column(Text)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    value: Mapped[int] = mapped_column(SmallInteger)
    snapshot_id: Mapped[int] = snapshot_key()


class StateChange(Base):
    """What a newer observation says otherwise than the one before it, of a person or an appliance.

    States: available, unavailable, unknown. `id` numbers the feed.
    """

    __tablename__ = "state_change"
    __table_args__ = (
        CheckConstraint("(crew_id IS NULL) <> (appliance_id IS NULL)", name="subject"),
        Index("ix_state_change_station_id", "station_id", "id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    station_id: Mapped[int] = station_key()
    seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    local_date: Mapped[date]
    crew_id: Mapped[int | None] = member_key()
    appliance_id: Mapped[int | None] = appliance_key()
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    was: Mapped[str] = mapped_column(Text)
    was_reason: Mapped[str | None] = mapped_column(Text)
    now: Mapped[str] = mapped_column(Text)
    now_reason: Mapped[str | None] = mapped_column(Text)

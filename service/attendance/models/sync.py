"""How far the mirror has come: cursors, windows, gaps."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.attendance.models.mirrored import SCHEMA, Instant, WallClock
from service.core.database import Base


class SyncCursor(Base):
    """Where the next incremental sync of one document type starts.

    `modified` is the upstream's own text, given back verbatim. `complete_through` is the instant before
    which everything the upstream recorded is known here (the start of the last complete run).
    """

    __tablename__ = "sync_cursor"
    __table_args__ = {"schema": SCHEMA}

    source_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.source.id"), primary_key=True)
    doctype: Mapped[str] = mapped_column(Text, primary_key=True)
    modified: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    phase: Mapped[str] = mapped_column(Text, server_default="new")
    complete_through: Mapped[datetime | None] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class SyncWindow(Base):
    """One unit of fetching and of reconciling: a range of names (first load) or of local time.

    `checkpoint` is the last name stored, committed with its rows. State `gap` is an open hole that
    reports of that window know of.
    """

    __tablename__ = "sync_window"
    __table_args__ = (
        UniqueConstraint("source_id", "doctype", "kind", "lower", "upper"),
        CheckConstraint("kind IN ('names', 'time')", name="kind"),
        CheckConstraint("state IN ('open', 'done', 'gap')", name="state"),
        Index("ix_sync_window_gap", "source_id", "doctype", postgresql_where=text("state = 'gap'")),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.source.id"))
    doctype: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    lower: Mapped[str] = mapped_column(Text, server_default="")
    upper: Mapped[str] = mapped_column(Text, server_default="")
    from_time: Mapped[datetime | None] = mapped_column(WallClock)
    to_time: Mapped[datetime | None] = mapped_column(WallClock)
    state: Mapped[str] = mapped_column(Text, server_default="open")
    checkpoint: Mapped[str | None] = mapped_column(Text)
    expected_count: Mapped[int | None]
    got_count: Mapped[int] = mapped_column(server_default=text("0"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    reason: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

"""Files that were read, what was said of their rows, and the planning parameters."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.mill.models.ground import SCHEMA, Instant, one_of, row_key


class ImportJob(Base):
    """A file that was read: what it was, and what came of it. The run is its work, this its record."""

    __tablename__ = "import_jobs"
    __table_args__ = (
        one_of("mode", "dry_run", "strict", "lenient"),
        one_of("status", "queued", "running", "done", "refused", "failed"),
        Index(
            "uq_import_applied",
            "file_kind",
            "content_key",
            unique=True,
            postgresql_where=text("status = 'done' AND mode <> 'dry_run' AND latest"),
        ),
        Index("ix_import_jobs_run_id", "run_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = row_key()
    run_id: Mapped[UUID | None]
    file_kind: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    content_key: Mapped[str] = mapped_column(Text)
    """Digest of the bytes with the options that change how they are read."""
    mode: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(Text, server_default="queued")
    latest: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether no later file of this kind replaced what it wrote: else the same file may be read again."""
    rows_read: Mapped[int | None]
    rows_ok: Mapped[int | None]
    rows_repaired: Mapped[int | None]
    rows_rejected: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    totals: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    snapshot_date: Mapped[date | None]
    requested_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportMessage(Base):
    """What a file's import had to say of one cell (spec E.8)."""

    __tablename__ = "import_errors"
    __table_args__ = (
        one_of("severity", "error", "warning", "info"),
        one_of("action", "rejected", "repaired", "kept", "skipped"),
        {"schema": SCHEMA},
    )

    job_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.import_jobs.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_no: Mapped[int]
    column_name: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    raw_value: Mapped[str | None] = mapped_column(Text)
    used_value: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    original: Mapped[list[str] | None] = mapped_column(ARRAY(Text))


class PlanningParameter(Base):
    """A planning parameter as it held from an instant; all screens and plans use the same (spec E.3)."""

    __tablename__ = "planning_params"
    __table_args__ = {"schema": SCHEMA}

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    valid_from: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    set_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)

"""core's own tables, in the PostgreSQL schema `muster`: runs, data versions, flags, idempotency keys,
statements.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base

SCHEMA = "muster"
Instant = TIMESTAMP(timezone=True)
ACTIVE = "state IN ('queued', 'running')"


class DataVersion(Base):
    """How often the data of a scope have changed; raised in the committing transaction."""

    __tablename__ = "data_version"
    __table_args__ = {"schema": SCHEMA}

    scope: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Run(Base):
    """One piece of long work: the only record of it (job, progress, outcome).

    `attempt` counts the runs of one tick, from 1; `retry_at` is when a failed one is tried again, as a run of
    its own. `correlation_id` is that of the request that asked for it, or of the run it repeats.
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("ix_run_job_created_at", "job", "created_at"),
        Index("ix_run_created_at_id", "created_at", "id"),
        # Two runs of one scope never overlap, whatever the number of replicas.
        Index(
            "uq_run_scope_active",
            "scope",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    job: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    progress: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    requested_by: Mapped[str] = mapped_column(Text)
    starts: Mapped[int] = mapped_column(server_default=text("0"))
    cancel_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    attempt: Mapped[int] = mapped_column(server_default=text("1"))
    retry_at: Mapped[datetime | None] = mapped_column(Instant)
    correlation_id: Mapped[str | None] = mapped_column(Text)


class RunEvent(Base):
    """Something that happened in a run, in order."""

    __tablename__ = "run_event"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[UUID] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    kind: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class RunFile(Base):
    """The file a run has written, until it expires; in parts in the database, so any replica can send it."""

    __tablename__ = "run_file"
    __table_args__ = (Index("ix_run_file_expires_at", "expires_at"), {"schema": SCHEMA})

    run_id: Mapped[UUID] = mapped_column(ForeignKey(Run.id, ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class RunFilePart(Base):
    """One piece of a run's file, numbered from 0."""

    __tablename__ = "run_file_part"
    __table_args__ = {"schema": SCHEMA}

    run_id: Mapped[UUID] = mapped_column(ForeignKey(RunFile.run_id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FlagState(Base):
    """The share of callers (percent) that have an optimisation, where somebody changed it at run time.

    `name` is a field of `FlagSettings`; the master has 0 or 100. No row: the setting holds.
    """

    __tablename__ = "flag"
    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 100", name="share_is_percent"), {"schema": SCHEMA})

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    share: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class IdempotencyKey(Base):
    """The stored answer of a write, by caller, route and key; kept at least 24 hours."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created_at", "created_at"), {"schema": SCHEMA})

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    caller: Mapped[str] = mapped_column(Text)
    route: Mapped[str] = mapped_column(Text)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Statement(Base):
    """A report as somebody signed it. Rows are only ever added: a trigger refuses UPDATE, DELETE, TRUNCATE,
    but for the DELETE of one that has its line in `erased_statement`.

    Texts hold canonical JSON, kept to the byte; `rows` is canonical JSON too, compressed. `digests` has the
    SHA-256 of each signed part, and `sha256` that of the digests. `sites` (null: everywhere) is whose figures
    it shows, `subjects` whom it is about (null: nobody whom not everybody at the desk may see); what was
    committed after `read_from` may not be in it.
    """

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_sealed_at_id", "sealed_at", "id"),
        Index("ix_statement_desk_report_period_to", "desk", "report", "period_to"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    desk: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    params: Mapped[str] = mapped_column(Text)
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    sites: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    subjects: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    row_count: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    meta: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text)
    complete: Mapped[bool]
    sealed_by: Mapped[str] = mapped_column(Text)
    sealed_by_name: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(Instant)
    read_from: Mapped[datetime] = mapped_column(Instant)
    digests: Mapped[dict[str, str]] = mapped_column(JSONB)
    sha256: Mapped[str] = mapped_column(Text)


class ErasedStatement(Base):
    """That a statement was signed which went with somebody it was about: the one way for one to go.

    Nothing of what it said is kept but its hash, so that who has a copy can show that it was signed.
    """

    __tablename__ = "erased_statement"
    __table_args__ = {"schema": SCHEMA}

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    desk: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    sealed_by: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(Instant)
    erased_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class StatementWithdrawal(Base):
    """That somebody stands by a statement no longer, and why; the statement itself stays."""

    __tablename__ = "statement_withdrawal"
    __table_args__ = {"schema": SCHEMA}

    statement_id: Mapped[UUID] = mapped_column(ForeignKey(Statement.id), primary_key=True)
    withdrawn_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

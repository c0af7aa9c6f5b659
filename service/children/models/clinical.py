"""What people write about a child: notes, assessments, reports and who they are shared with (spec D2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.access.models import AuthUser
from service.children.models.ground import (
    NO_WORDS,
    SCHEMA,
    Changing,
    Instant,
    Made,
    child_key,
    one_of,
    person_key,
)
from service.core.database import Base
from service.schemas.children import words as lists
from service.schemas.children.words import words


class ProgressNote(Changing, Base):
    """A note about a child; its author may change it for a day."""

    __tablename__ = "progress_notes"
    __table_args__ = (
        one_of("category", words(lists.NoteCategory)),
        one_of("visibility", words(lists.NoteVisibility)),
        CheckConstraint("length(note) BETWEEN 5 AND 2000", name="note"),
        Index(
            "ix_progress_notes_child",
            "child_id",
            text("noted_at DESC"),
            text("id DESC"),
            postgresql_where="deleted_at IS NULL",
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    author_id: Mapped[int] = mapped_column(person_key())
    category: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(Text, server_default="all")
    noted_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    author: Mapped[AuthUser] = relationship(lazy="raise")


class Assessment(Changing, Base):
    """A standardised assessment as a professional administered it."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("length(interpretation) <= 5000", name="interpretation"),
        Index("ix_assessments_child", "child_id", text("administered_at DESC"), text("id DESC")),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    author_id: Mapped[int] = mapped_column(person_key())
    assessment_type: Mapped[str] = mapped_column(String(100))
    assessment_name: Mapped[str] = mapped_column(String(200))
    edition: Mapped[str | None] = mapped_column(String(50))
    administered_by: Mapped[str] = mapped_column(String(200))
    administered_at: Mapped[datetime] = mapped_column(Instant)
    location: Mapped[str | None] = mapped_column(String(200))
    raw_scores: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    standard_scores: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    percentiles: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    age_equivalents: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    interpretation: Mapped[str | None] = mapped_column(Text)
    recommendations: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    goals_identified: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    previous_assessment_id: Mapped[int | None] = mapped_column(
        ForeignKey(f"{SCHEMA}.assessments.id", ondelete="SET NULL")
    )
    progress_summary: Mapped[str | None] = mapped_column(Text)
    areas_of_growth: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    areas_of_concern: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_WORDS)
    status: Mapped[str] = mapped_column(String(50), server_default="completed")

    author: Mapped[AuthUser] = relationship(lazy="raise")


class Report(Changing, Base):
    """A professional's report with the figures it was written from, kept as they were (`source_snapshot`)."""

    __tablename__ = "reports"
    __table_args__ = (
        one_of("report_type", words(lists.ReportType)),
        one_of("status", words(lists.ReportStatus)),
        CheckConstraint("period_end > period_start", name="period"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="four_eyes"),
        Index("ix_reports_child", "child_id", text("created_at DESC"), text("id DESC")),
        Index("idx_reports_child_professional", "child_id", "author_id", "status"),
        Index("idx_reports_type_timeline", "report_type", "created_at", "status"),
        Index("idx_reports_period", "period_start", "period_end"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    child_id: Mapped[int] = child_key()
    author_id: Mapped[int] = mapped_column(person_key())
    approver_id: Mapped[int | None] = mapped_column(person_key())
    report_type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    content_schema_version: Mapped[int] = mapped_column(server_default=text("1"))
    source_snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    statement_sha256: Mapped[str | None] = mapped_column(Text)
    period_start: Mapped[datetime] = mapped_column(Instant)
    period_end: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(Text, server_default="draft")
    review_note: Mapped[str | None] = mapped_column(String(1000))
    correction_note: Mapped[str | None] = mapped_column(String(1000))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

    author: Mapped[AuthUser] = relationship(lazy="raise", foreign_keys=[author_id])
    approver: Mapped[AuthUser | None] = relationship(lazy="raise", foreign_keys=[approver_id])


class ReportShare(Made, Base):
    """A published report shown to one more reader, until it expires or is taken back."""

    __tablename__ = "report_shares"
    __table_args__ = (
        one_of("access", ("view", "comment")),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        CheckConstraint("(user_id IS NULL) <> (email_hash IS NULL)", name="one_reader"),
        Index("uq_report_shares_token_hash", "token_hash", unique=True),
        Index("ix_report_shares_report", "report_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("muster.auth_users.id", ondelete="CASCADE"))
    email_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    access: Mapped[str] = mapped_column(Text, server_default="view")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    shared_by: Mapped[int] = mapped_column(person_key())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_accessed_at: Mapped[datetime | None] = mapped_column(Instant)

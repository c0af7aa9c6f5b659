"""What guardians ask for by right: exports and erasures, and what remains of an erased child (spec E6)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.children.models.ground import NO_WORDS, SCHEMA, Instant, Made, one_of
from service.core.database import Base
from service.schemas.children import words as lists
from service.schemas.children.words import words


class DataRequest(Made, Base):
    """An export or an erasure; it outlives the child, so it refers to it by number alone."""

    __tablename__ = "data_requests"
    __table_args__ = (
        one_of("kind", words(lists.RequestKind)),
        one_of("state", words(lists.RequestState)),
        CheckConstraint("downloads BETWEEN 0 AND 3", name="downloads"),
        Index("ix_data_requests_child", "child_id", text("created_at DESC")),
        Index(
            "uq_data_requests_erasure",
            "child_id",
            unique=True,
            postgresql_where="kind = 'erasure' AND state IN ('awaiting', 'pending', 'executing')",
        ),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    child_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    run_id: Mapped[UUID | None] = mapped_column(Uuid)
    approvals: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_WORDS)
    executes_at: Mapped[datetime | None] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    downloads: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    verification: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ErasedSubject(Base):
    """The tombstone of a child: after any restore from a backup it is erased again."""

    __tablename__ = "erased_subjects"
    __table_args__ = ({"schema": SCHEMA},)

    child_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    erased_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    request_id: Mapped[UUID] = mapped_column(Uuid)

"""The audit: who did, read or was refused what. Partitioned by month; a trigger lets rows only be added."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Sequence, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base
from service.core.models import SCHEMA, Instant

# Not an identity column: a partitioned table has those from PostgreSQL 17 on, and 15 has to do.
_IDS = Sequence("audit_ids", schema=SCHEMA, metadata=Base.metadata)


class Audit(Base):
    """What somebody did, read or was refused (children spec E5).

    `who` is the caller (`person:17`, `key:ab12cd34`, `system`), `actor_user_id` the person behind it. Of a
    child's data it holds names of changed fields, never a value; `before` and `after` are for settings.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("outcome IN ('allow', 'deny')", name="outcome"),
        CheckConstraint("(outcome = 'deny') = (deny_code IS NOT NULL)", name="deny_code"),
        Index("ix_audit_at_id", "at", "id"),
        Index("ix_audit_subject_at", "subject", "at"),
        Index("ix_audit_who_at", "who", "at"),
        Index("ix_audit_child", "child_id", "at"),
        Index("ix_audit_actor", "actor_user_id", "at"),
        Index("ix_audit_child_ids", "child_ids", postgresql_using="gin"),
        {"schema": SCHEMA, "postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, server_default=_IDS.next_value(), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp(), primary_key=True)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    request_id: Mapped[str | None] = mapped_column(Text)
    actor_user_id: Mapped[int | None] = mapped_column(BigInteger)
    child_id: Mapped[int | None] = mapped_column(BigInteger)
    child_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    outcome: Mapped[str] = mapped_column(Text, server_default="allow")
    deny_code: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str | None] = mapped_column(Text)
    network: Mapped[str | None] = mapped_column(Text)
    user_agent_hash: Mapped[str | None] = mapped_column(Text)
    changed_fields: Mapped[list[str] | None] = mapped_column(ARRAY(Text))

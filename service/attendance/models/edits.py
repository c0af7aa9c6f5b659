"""What rows of the mirror were before somebody changed them; written by triggers, whoever changes them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.attendance.models.mirrored import SCHEMA, Instant
from service.core.database import Base


class Edit(Base):
    """One change of one row of the table `kind`; no `before` where it was made, no `after` where erased.

    New and tombstoned documents say so themselves (`first_seen_at`, `deleted_at`); here stands what those two
    cannot tell. Changes of the upstream's own bookkeeping alone (`upstream_modified`, `last_sync`) are none.
    """

    __tablename__ = "edit"
    __table_args__ = (
        Index("ix_edit_person_id_at", "person_id", "at"),
        Index("ix_edit_kind_at", "kind", "at"),
        Index("ix_edit_kind_row_id", "kind", "row_id"),
        {"schema": SCHEMA},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    row_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

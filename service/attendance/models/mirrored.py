"""What every table that mirrors an upstream document has in common."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Text, func
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

SCHEMA = "attendance"
Instant = TIMESTAMP(timezone=True)
WallClock = TIMESTAMP(timezone=False)
"""A reading of the site's clock, without zone; the zone stands in `source`."""


class Mirrored:
    """A row that stands for one document of one source.

    Nothing is erased: a document deleted upstream gets `deleted_at`.
    """

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.source.id"))
    upstream_name: Mapped[str] = mapped_column(Text)
    upstream_modified: Mapped[datetime | None] = mapped_column(WallClock)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())

"""What the tables of this desk have in common: their PostgreSQL schema, instants, versions, word lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

SCHEMA = "children"
Instant = TIMESTAMP(timezone=True)
NO_WORDS = text("'{}'")


def one_of(column: str, words: Sequence[str]) -> CheckConstraint:
    """The constraint that a column holds one of these words (or null where it may)."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def child_key(**more: Any) -> Mapped[int]:
    """The column that says whose row it is; the row ends with the child."""
    return mapped_column(ForeignKey(f"{SCHEMA}.children.id", ondelete="CASCADE"), **more)


def person_key() -> ForeignKey:
    """A person who is named for as long as the row lives."""
    return ForeignKey("muster.auth_users.id", ondelete="RESTRICT")


class Made:
    """A row that says when it was made."""

    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Changing(Made):
    """A row that people change: `version` is what `If-Match` names, raised with each change."""

    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now(), onupdate=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))

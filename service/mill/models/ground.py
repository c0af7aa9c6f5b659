"""What the tables of this desk have in common: their PostgreSQL schema, and how pounds and prices lie there.

The DDL of spec E.2; where it differs, docs/decisions.md says why.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Numeric, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

SCHEMA = "mill"
Instant = TIMESTAMP(timezone=True)
Pounds = Numeric(14, 4)
Price = Numeric(12, 4)
ZERO = text("0")


def row_key() -> Mapped[int]:
    """The surrogate key inside; codes are what travels."""
    return mapped_column(BigInteger, Identity(always=True), primary_key=True)


def key_of(table: str, **more: Any) -> Mapped[Any]:
    """A column that names a row of another table of this desk."""
    return mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.{table}.id"), **more)


def of_run(**more: Any) -> Mapped[int]:
    """The planning run that a row is of; rows go with their run."""
    return mapped_column(
        BigInteger, ForeignKey(f"{SCHEMA}.plan_runs.id", ondelete="CASCADE"), primary_key=True, **more
    )


def pounds() -> Mapped[Decimal]:
    """A weight that is 0 where nothing is said."""
    return mapped_column(Pounds, server_default=ZERO)


def row_version() -> Mapped[int]:
    """How often the row was written, for `If-Match`."""
    return mapped_column(server_default=text("1"))


def a_code(column: str) -> CheckConstraint:
    """Codes have no blanks around them and are never empty."""
    return CheckConstraint(f"{column} = btrim({column}) AND {column} <> ''", name=column)


def one_of(column: str, *words: str) -> CheckConstraint:
    """A word out of a list."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


def not_negative(column: str) -> CheckConstraint:
    """Zero or more."""
    return CheckConstraint(f"{column} >= 0", name=column)

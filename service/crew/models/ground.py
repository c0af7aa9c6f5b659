"""What the tables of this desk have in common: their PostgreSQL schema, instants, segments of time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

SCHEMA = "crew"
Instant = TIMESTAMP(timezone=True)
NO_WORDS = text("'{}'")


def station_key(**more: Any) -> Mapped[int]:
    """The column that says of which station a row is."""
    return mapped_column(ForeignKey(f"{SCHEMA}.station.id", ondelete="CASCADE"), **more)


def member_key(**more: Any) -> Mapped[int]:
    """The column that says of which crew member a row is."""
    return mapped_column(ForeignKey(f"{SCHEMA}.crew_member.id", ondelete="CASCADE"), **more)


def appliance_key(**more: Any) -> Mapped[int]:
    """The column that says of which appliance a row is."""
    return mapped_column(ForeignKey(f"{SCHEMA}.appliance.id", ondelete="CASCADE"), **more)


def snapshot_key(**more: Any) -> Mapped[int]:
    """The column that says by which observation a row is known."""
    return mapped_column(BigInteger, ForeignKey(f"{SCHEMA}.day_snapshot.id"), **more)


def no_overlap(owner: str, name: str) -> ExcludeConstraint:
    """No two segments of an owner share an instant (spec D.3); `int4range` saves the extension btree_gist."""
    return ExcludeConstraint(
        (func.int4range(text(owner), text(owner), text("'[]'")), "&&"),
        (text("during"), "&&"),
        using="gist",
        name=name,
    )


def in_one_piece() -> CheckConstraint:
    """A segment is a range with both its ends, the first inside, the last not."""
    return CheckConstraint(
        "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)"
        " AND lower_inc(during) AND NOT upper_inc(during)",
        name="during",
    )


def a_state() -> CheckConstraint:
    """Unknown is no segment at all: the third state is the absence of both."""
    return CheckConstraint("state IN ('available', 'unavailable')", name="state")


class Segment:
    """A stretch of a local day in which a state was observed; never merged across midnight in storage."""

    local_date: Mapped[date]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    state: Mapped[str] = mapped_column(Text)

    @declared_attr
    def snapshot_id(cls) -> Mapped[int]:  # noqa: N805  a mixin's column is asked of the class
        """By which observation it is known."""
        return snapshot_key()

"""What every figure's statement begins with: the children asked for, their days, their sessions in these.

`asked` has a row for each child that is there, with the caller's level (null: hidden) and the bounds of the
window in the child's zone; `w`, `p` and `a` are the sessions of the window, those of the equal window before
it, and the activities; all three hold rows of visible children alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Interval,
    Subquery,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from service.children.models import Activity, Child, GameSession
from service.children.queries.visibility import level_at, visible
from service.children.rules.permissions import ALLOWED, Action
from service.children.rules.windows import Span
from service.core.auth import Caller
from service.schemas.children.words import SessionType

READERS: Final = sorted(ALLOWED[Action.READ])
_DAY: Final = literal_column("interval '1 day'", Interval)
_LATE: Final = timedelta(days=1)
"""A session that came here so long after it ended was delivered late, by a device without network."""
# Versions of what figures are worked from; the newest of them is when the newest data came.
_RAISED: Final = literal_column(
    "(SELECT max(raised_at) FROM muster.data_version WHERE scope IN ('child/' || dated.child_id,"
    " 'child/' || dated.child_id || '/sessions', 'child/' || dated.child_id || '/activities'))",
    TIMESTAMP(timezone=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whose figures, over which days, as of which moment; `children` None: all that the caller may see."""

    span: Span
    now: datetime
    children: Sequence[int] | None = None
    session_type: SessionType | None = None
    as_of: date | None = None
    only_active: bool = False
    """Leave out archived children."""


def asked_of(caller: Caller, asking: Asking) -> CTE:
    """The children of a question, with the bounds of their window."""
    dated = _dated(caller, asking)
    span = asking.span
    today = dated.c.today
    last = literal(span.last, Date) if span.last is not None else today
    first = literal(span.first, Date) if span.first is not None else today - literal((span.days or 1) - 1)
    bounded = select(dated, first.label("first"), last.label("last"), _RAISED.label("raised_at")).subquery()
    starts = _midnight(bounded.c.first, bounded.c.zone)
    ends = _midnight(bounded.c.last + 1, bounded.c.zone)
    newest = func.least(bounded.c.last, bounded.c.today)
    as_of = literal(asking.as_of, Date) if asking.as_of is not None else newest
    return select(
        bounded,
        starts.label("from_at"),
        ends.label("to_at"),
        (starts - (ends - starts)).label("before_at"),
        as_of.label("as_of"),
        _midnight(as_of + 1, bounded.c.zone).label("until"),
    ).cte("asked")


def _dated(caller: Caller, asking: Asking) -> Subquery:
    zone = func.coalesce(literal(asking.span.zone, Text), Child.timezone)
    now = literal(asking.now, TIMESTAMP(timezone=True))
    of = visible(caller, Child.id) if asking.children is None else Child.id.in_(asking.children)
    rows = select(
        Child.id.label("child_id"),
        level_at(caller, Child.id).label("level"),
        zone.label("zone"),
        cast(func.timezone(zone, now), Date).label("today"),
        Child.name,
        Child.is_active,
        Child.timezone,
        Child.restricted_at.is_not(None).label("restricted"),
    ).where(of, Child.deleted_at.is_(None))
    if asking.only_active:
        rows = rows.where(Child.is_active)
    return rows.subquery("dated")


def _midnight(day: ColumnElement[date], zone: ColumnElement[str]) -> ColumnElement[datetime]:
    return func.timezone(zone, cast(day, TIMESTAMP), type_=TIMESTAMP(timezone=True))


def sessions(
    asked: CTE,
    name: str = "w",
    *,
    starts: str | None = "from_at",
    ends: str = "to_at",
    of: SessionType | None = None,
) -> CTE:
    """Sessions between two instants of `asked` (`starts` None: from the first one on).

    `f`: they are finished, `c`: completed, `late`: they came late.
    """
    row = GameSession
    within = and_(row.child_id == asked.c.child_id, row.started_at < asked.c[ends])
    if starts is not None:
        within = and_(within, row.started_at >= asked.c[starts])
    chosen = select(
        row.id,
        row.child_id,
        row.started_at,
        cast(func.timezone(asked.c.zone, row.started_at), Date).label("day"),
        row.session_type,
        row.scenario_version,
        row.device_type,
        row.completion_status,
        (row.completion_status != "in_progress").label("f"),
        (row.completion_status == "completed").label("c"),
        (row.created_at - func.coalesce(row.ended_at, row.started_at) > _LATE).label("late"),
        row.score,
        row.duration_seconds,
        row.active_seconds,
        row.total_pause_seconds,
        func.cardinality(row.achievements_unlocked).label("achievements"),
        row.interactions_count,
        row.correct_responses,
        row.incorrect_responses,
        row.help_requests,
        row.initial_state,
        row.final_state,
        case(
            (
                func.jsonb_typeof(row.emotional_data["transitions"]) == "array",
                func.jsonb_array_length(row.emotional_data["transitions"]),
            ),
            else_=0,
        ).label("transitions"),
        row.engagement_score,
        row.accuracy_pct,
        row.parent_rating,
    ).join(asked, within)
    chosen = chosen.where(row.deleted_at.is_(None), asked.c.level.in_(READERS))
    return (chosen if of is None else chosen.where(row.session_type == of)).cte(name)


def activities(asked: CTE, name: str = "a") -> CTE:
    """Activities of the window; columns of sessions by the names that the same figures are worked from."""
    row = Activity
    within = and_(
        row.child_id == asked.c.child_id,
        row.completed_at >= asked.c.from_at,
        row.completed_at < asked.c.to_at,
    )
    return (
        select(
            row.id,
            row.child_id,
            row.completed_at,
            cast(func.timezone(asked.c.zone, row.completed_at), Date).label("day"),
            row.activity_type,
            row.points_earned,
            (row.verified_by_parent | row.verified_by_professional).label("verified"),
            row.emotional_state_before.label("initial_state"),
            row.emotional_state_after.label("final_state"),
            row.anxiety_level_before,
            row.anxiety_level_after,
            (~false()).label("f"),
            literal_column("0").label("transitions"),
        )
        .join(asked, within)
        .where(row.deleted_at.is_(None), asked.c.level.in_(READERS))
        .cte(name)
    )

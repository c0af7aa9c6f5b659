"""What every figure's statement begins with: the children asked for, their days, their sessions in these.

`asked` has a row for each child that is there, with the caller's level (null: hidden) and the bounds of the
window in the child's zone; `w`, `p` and `a` are the sessions of the window, those of the equal window before
it, and the activities; all three hold rows of visible children alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Interval,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from service.children.models import Activity, Child, GameSession
from service.children.queries.visibility import Way, asked_by, level_at, visible, way_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What of a question its statement is written by; everything else are values of its execution."""

    way: Way
    by_dates: bool
    of_children: bool
    of_type: bool
    as_of: bool
    only_active: bool


def form_of(caller: Caller, asking: Asking) -> Form:
    """The form of what somebody asks."""
    return Form(
        way=way_of(caller),
        by_dates=asking.span.first is not None,
        of_children=asking.children is not None,
        of_type=asking.session_type is not None,
        as_of=asking.as_of is not None,
        only_active=asking.only_active,
    )


def values_of(caller: Caller, asking: Asking) -> dict[str, Any]:
    """The values of what somebody asks, for a statement of its form."""
    span = asking.span
    return {
        **asked_by(caller),
        "asked_first": span.first,
        "asked_last": span.last,
        "asked_back": (span.days or 1) - 1,
        "asked_zone": span.zone,
        "asked_now": asking.now,
        "asked_children": list(asking.children or ()),
        "asked_type": asking.session_type,
        "asked_as_of": asking.as_of,
    }


def _value(name: str, type_: Any, *, several: bool = False) -> BindParameter[Any]:
    return bindparam(f"asked_{name}", type_=type_, required=True, expanding=several)


def asked_of(form: Form) -> CTE:
    """The children of a question, with the bounds of their window."""
    dated = _dated(form)
    today = dated.c.today
    last = _value("last", Date) if form.by_dates else today
    first = _value("first", Date) if form.by_dates else today - _value("back", Integer)
    bounded = select(dated, first.label("first"), last.label("last"), _RAISED.label("raised_at")).subquery()
    starts = _midnight(bounded.c.first, bounded.c.zone)
    ends = _midnight(bounded.c.last + 1, bounded.c.zone)
    newest = func.least(bounded.c.last, bounded.c.today)
    as_of = _value("as_of", Date) if form.as_of else newest
    return select(
        bounded,
        starts.label("from_at"),
        ends.label("to_at"),
        (starts - (ends - starts)).label("before_at"),
        as_of.label("as_of"),
        _midnight(as_of + 1, bounded.c.zone).label("until"),
    ).cte("asked")


def _dated(form: Form) -> Subquery:
    zone = func.coalesce(_value("zone", Text), Child.timezone)
    now = _value("now", TIMESTAMP(timezone=True))
    given = _value("children", BigInteger, several=True)
    of = Child.id.in_(given) if form.of_children else visible(form.way, Child.id)
    rows = select(
        Child.id.label("child_id"),
        level_at(form.way, Child.id).label("level"),
        zone.label("zone"),
        cast(func.timezone(zone, now), Date).label("today"),
        Child.name,
        Child.is_active,
        Child.timezone,
        Child.restricted_at.is_not(None).label("restricted"),
    ).where(of, Child.deleted_at.is_(None))
    if form.only_active:
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
    of_type: bool = False,
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
    return (chosen.where(row.session_type == _value("type", Text)) if of_type else chosen).cte(name)


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

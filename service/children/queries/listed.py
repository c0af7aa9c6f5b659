"""Children in lists and counts: one statement for a page, one more for each thing included."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, case, func, select

from service.children.models import Child, Consent, GameSession, SensoryDomain
from service.children.queries.profiles import processing
from service.children.queries.visibility import Way, level_at, visible, way_of
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.paging import SortKey

NEWEST_FIRST: Final = (
    SortKey("created_at", Child.__table__.c.created_at, descending=True),
    SortKey("id", Child.__table__.c.id, descending=True),
)
RECENT: Final = 5
"""Sessions of each child that a list shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which of the visible children a list shows; ages in completed years."""

    name: str | None = None
    diagnosis: str | None = None
    support_level: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    is_active: bool | None = None


def children_of(caller: Caller, wanted: Filter) -> Any:
    """The children somebody may see; to be executed with `asked_by(caller)`."""
    return _listed(way_of(caller)).where(*_conditions(wanted))


@cache
def _listed(way: Way) -> Any:
    return select(
        Child.id,
        Child.name,
        Child.date_of_birth,
        Child.age,
        Child.age_recorded_on,
        Child.timezone,
        Child.support_level,
        Child.communication_style,
        Child.avatar_url,
        Child.points,
        Child.level,
        Child.is_active,
        Child.restricted_at,
        Child.created_at,
        Child.version,
        level_at(way, Child.id).label("access"),
        processing(Consent.granted_at).label("agreed_on"),
        processing(Consent.policy_version).label("agreed_to"),
    ).where(visible(way, Child.id))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.name is not None:
        chosen.append(Child.name.icontains(wanted.name, autoescape=True))
    if wanted.diagnosis is not None:
        chosen.append(Child.diagnosis.icontains(wanted.diagnosis, autoescape=True))
    if wanted.support_level is not None:
        chosen.append(Child.support_level == wanted.support_level)
    if wanted.is_active is not None:
        chosen.append(Child.is_active.is_(wanted.is_active))
    if wanted.age_min is not None:
        chosen.append(_at_least(wanted.age_min))
    if wanted.age_max is not None:
        chosen.append(~_at_least(wanted.age_max + 1))
    return chosen


def _today() -> Any:
    """The date where a child lives."""
    return func.date(func.timezone(Child.timezone, func.now()))


def _at_least(years: int) -> ColumnElement[bool]:
    """Of so many completed years: by the date of birth, else by the age once told."""
    born_by = func.date(_today() - func.make_interval(years))
    told_by = func.date(_today() - func.make_interval(func.greatest(years - Child.age, 0)))
    return case(
        (Child.date_of_birth.is_not(None), Child.date_of_birth <= born_by),
        (Child.age >= years, True),
        else_=Child.age_recorded_on <= told_by,
    )


async def select_sensory_of(conn: ReadConnection, children: Sequence[int]) -> Sequence[Row[Any]]:
    """The sensory domains of the children of a page."""
    columns = (
        SensoryDomain.child_id,
        SensoryDomain.domain,
        SensoryDomain.sensitivity,
        SensoryDomain.preferences,
        SensoryDomain.triggers,
        SensoryDomain.accommodations,
    )
    statement: Any = select(*columns).where(SensoryDomain.child_id.in_(children))
    statement = statement.order_by(SensoryDomain.child_id, SensoryDomain.domain)
    found: Sequence[Row[Any]] = (await conn.execute(statement)).all()
    return found


async def select_recent_sessions(conn: ReadConnection, children: Sequence[int]) -> Sequence[Row[Any]]:
    """The newest sessions of each child of a page, ranked over all of them at once (spec D5.2)."""
    place = func.row_number().over(
        partition_by=GameSession.child_id, order_by=(GameSession.started_at.desc(), GameSession.id.desc())
    )
    ranked = (
        select(
            GameSession.child_id,
            GameSession.id,
            GameSession.started_at,
            GameSession.session_type,
            GameSession.scenario_name,
            GameSession.completion_status,
            GameSession.score,
            place.label("place"),
        )
        .where(GameSession.child_id.in_(children), GameSession.deleted_at.is_(None))
        .subquery()
    )
    statement = select(ranked).where(ranked.c.place <= RECENT).order_by(ranked.c.child_id, ranked.c.place)
    return (await conn.execute(statement)).all()

"""Sessions of play: each statement that reads one stays within what the caller may see."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, array, insert

from service.children.models import Child, ChildAchievement, Consent, GameSession, PointLedger
from service.children.queries.pages import from_day, to_day
from service.children.queries.visibility import Way, asked_by, level_at, visible, way_of
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.children.play import Session, SessionListed, SessionsAsk

_SORTABLE: Final[dict[str, ColumnElement[Any]]] = {
    "started_at": GameSession.started_at.expression,
    "score": GameSession.score.expression,
}
_BESIDE: Final = {"points_awarded", "achievements_earned"}
LISTED: Final = [getattr(GameSession, name) for name in SessionListed.model_fields]
WHOLE: Final = [getattr(GameSession, name) for name in Session.model_fields if name not in _BESIDE]
"""The columns of a session as it travels."""


async def select_session(conn: ReadConnection, caller: Caller, session_id: int) -> Row[Any] | None:
    """A session that the caller may see, with what it earned, and how the caller stands to its child."""
    asked = {**asked_by(caller), "session": session_id}
    found: Row[Any] | None = (await conn.execute(_read(way_of(caller)), asked)).one_or_none()
    return found


async def hold_session(conn: WriteConnection, caller: Caller, session_id: int) -> Row[Any] | None:
    """The same without what it earned, held until the transaction ends; with the consent that stands."""
    asked = {**asked_by(caller), "session": session_id}
    found: Row[Any] | None = (await conn.execute(_held(way_of(caller)), asked)).one_or_none()
    return found


async def select_earned(conn: ReadConnection, session_id: int) -> Row[Any]:
    """What a session earned: `points_awarded`, `achievements_earned`."""
    statement = select(_points(), _earned()).select_from(GameSession).where(GameSession.id == session_id)
    return (await conn.execute(statement)).one()


def owner_of(session_id: int) -> Select[Any]:
    """Whose session it is, whoever asks: for the audit of a refusal."""
    return select(GameSession.child_id).where(GameSession.id == session_id, GameSession.deleted_at.is_(None))


async def select_policy(conn: ReadConnection, child_id: int) -> str | None:
    """The policy that the child's guardians consent to; None: they do not."""
    found: str | None = (await conn.execute(select(consented(child_id)))).scalar_one()
    return found


def consented(child_id: Any) -> Any:
    """The column of the policy that the guardians of a child consent to; null: they do not."""
    standing = select(Consent.policy_version).where(
        Consent.child_id == child_id, Consent.purpose == "processing", Consent.withdrawn_at.is_(None)
    )
    return standing.limit(1).scalar_subquery().label("consented")


async def insert_session(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any] | None:
    """Start a session; None where there is one of the same client id."""
    statement = (
        insert(GameSession)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[GameSession.child_id, GameSession.client_session_id])
    )
    return (await conn.execute(statement.returning(*WHOLE))).one_or_none()


async def select_same(conn: WriteConnection, named: Sequence[tuple[int, UUID]]) -> Sequence[Row[Any]]:
    """The sessions of these children and client ids, voided ones too, with what they earned."""
    columns: list[Any] = [*WHOLE, GameSession.deleted_at, _points(), _earned()]
    statement = select(*columns).where(tuple_(GameSession.child_id, GameSession.client_session_id).in_(named))
    return (await conn.execute(statement)).all()


async def update_session(conn: WriteConnection, session_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """Change a session that is held; the row as it is then, one version on, now unless `values` say when."""
    changed = {"updated_at": func.clock_timestamp(), **values, "version": GameSession.version + 1}
    statement = update(GameSession).where(GameSession.id == session_id).values(**changed)
    return (await conn.execute(statement.returning(*WHOLE, GameSession.deleted_at))).one()


def keys_of(ask: SessionsAsk) -> list[SortKey]:
    """The order that is asked for."""
    descending = ask.order == "desc"
    return [
        SortKey(ask.sort, _SORTABLE[ask.sort], descending),
        SortKey("id", GameSession.id.expression, descending),
    ]


def sessions_like(child_id: int, ask: SessionsAsk) -> Select[Any]:
    """A child's sessions by these filters."""
    table = GameSession
    statement = select(*LISTED).where(table.child_id == child_id, table.deleted_at.is_(None))
    if ask.from_ is not None:
        statement = statement.where(from_day(table.started_at.expression, child_id, ask.from_))
    if ask.to is not None:
        statement = statement.where(to_day(table.started_at.expression, child_id, ask.to))
    equal = {
        table.completion_status: ask.status,
        table.session_type: ask.session_type,
        table.scenario_id: ask.scenario_id,
        table.parent_rating: ask.parent_rating,
    }
    for column, value in equal.items():
        if value is not None:
            statement = statement.where(column == value)
    return statement if ask.min_score is None else statement.where(table.score >= ask.min_score)


@cache
def _read(way: Way) -> Select[Any]:
    return _standing(way).add_columns(*WHOLE, _points(), _earned())


@cache
def _held(way: Way) -> Select[Any]:
    statement = _standing(way).add_columns(*WHOLE, GameSession.created_by_id, consented(GameSession.child_id))
    return statement.with_for_update(of=GameSession)


def _standing(way: Way) -> Select[Any]:
    columns: list[Any] = [
        level_at(way, GameSession.child_id).label("level"),
        Child.is_active.label("child_is_active"),
        Child.timezone.label("child_timezone"),
        Child.restricted_at.is_not(None).label("child_restricted"),
    ]
    return (
        select(*columns)
        .join(Child, Child.id == GameSession.child_id)
        .where(
            GameSession.deleted_at.is_(None),
            Child.deleted_at.is_(None),
            visible(way, GameSession.child_id.expression),
            GameSession.id == bindparam("session", type_=BigInteger, required=True),
        )
    )


def _points() -> Any:
    award = select(PointLedger.points).where(
        PointLedger.child_id == GameSession.child_id,
        PointLedger.source_type == "session",
        PointLedger.source_id == GameSession.id,
    )
    return award.scalar_subquery().label("points_awarded")


def _earned() -> Any:
    earned = select(func.array_agg(ChildAchievement.achievement_id)).where(
        ChildAchievement.child_id == GameSession.child_id,
        ChildAchievement.source_session_id == GameSession.id,
    )
    return func.coalesce(earned.scalar_subquery(), cast(array([]), ARRAY(Text))).label("achievements_earned")

"""Every SQL statement of alerts; the connection comes first, nothing here commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.core.database import ReadConnection, WriteConnection
from service.core.models import Run
from service.core.paging import SortKey
from service.monitoring.models import AlertEvent, AlertRule

_RULE, _EVENT, _RUN = AlertRule.__table__.c, AlertEvent.__table__.c, Run.__table__.c
NEWEST_FIRST = (
    SortKey("created_at", _RULE.created_at, descending=True),
    SortKey("id", _RULE.id, descending=True),
)
LATEST_FIRST = (SortKey("id", _EVENT.id, descending=True),)
AnyRow = Row[Any]
CHECKER: Final = "checker"
_KIND = _RULE.source["kind"].astext
_TOLD: Final = (
    select(_EVENT.state)
    .where(_EVENT.rule_id == _RULE.id, func.jsonb_array_length(_EVENT.told) > 0)
    .order_by(_EVENT.id.desc())
    .limit(1)
    .correlate(AlertRule)
    .scalar_subquery()
    .label("told_state")
)
_WAITING: Final = text("""
    EXISTS (SELECT FROM jsonb_array_elements(muster.alert_event.told) AS channel
            WHERE channel ->> 'state' = 'waiting'
                AND CAST(channel ->> 'retry_at' AS timestamptz) <= CAST(:now AS timestamptz))
""")


async def select_now(conn: ReadConnection) -> datetime:
    """The database's time: one clock for all replicas."""
    now = (await conn.execute(select(func.clock_timestamp()))).scalar_one()
    assert isinstance(now, datetime)
    return now


def rules_like(**wanted: Any) -> Select[Any]:
    """Rules whose columns have these values (None: any), to be narrowed to a page by `NEWEST_FIRST`."""
    statement = select(*_RULE)
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_RULE[name] == value)
    return statement


def events_of(rule_id: UUID) -> Select[Any]:
    """What became of a rule, to be narrowed to a page by `LATEST_FIRST`."""
    return select(*_EVENT).where(_EVENT.rule_id == rule_id)


async def select_rule(conn: ReadConnection, rule_id: UUID) -> AnyRow | None:
    """One rule."""
    return (await conn.execute(select(*_RULE).where(_RULE.id == rule_id))).one_or_none()


async def lock_rule(conn: WriteConnection, rule_id: UUID) -> AnyRow | None:
    """One rule, held until the transaction ends."""
    return (await conn.execute(select(*_RULE).where(_RULE.id == rule_id).with_for_update())).one_or_none()


async def select_enabled(conn: ReadConnection) -> Sequence[AnyRow]:
    """Every rule that is switched on, but those on the checker itself."""
    statement = select(*_RULE).where(_RULE.enabled, _KIND != CHECKER).order_by(_RULE.id)
    return (await conn.execute(statement)).all()


async def select_checkers(conn: ReadConnection) -> Sequence[AnyRow]:
    """The rules on the checker itself that are switched on."""
    statement = select(*_RULE).where(_RULE.enabled, _KIND == CHECKER).order_by(_RULE.id)
    return (await conn.execute(statement)).all()


async def lock_standings(conn: WriteConnection, ids: Sequence[UUID]) -> Sequence[AnyRow]:
    """These rules as they are now, held until the transaction ends, with the state people heard of last."""
    statement = select(*_RULE).add_columns(_TOLD).where(_RULE.id.in_(ids)).order_by(_RULE.id)
    return (await conn.execute(statement.with_for_update(of=AlertRule.__table__))).all()


async def count_rules(conn: ReadConnection) -> int:
    """How many rules there are."""
    return int((await conn.execute(select(func.count()).select_from(AlertRule))).scalar_one())


async def insert_rule(conn: WriteConnection, values: Mapping[str, Any]) -> AnyRow | None:
    """Add one; None where its name is taken."""
    statement = upsert(AlertRule).values(**values).on_conflict_do_nothing(index_elements=["name"])
    return (await conn.execute(statement.returning(*_RULE))).one_or_none()


async def name_is_taken(conn: ReadConnection, name: str, but: UUID) -> bool:
    """Whether another rule has this name."""
    other = select(_RULE.id).where(_RULE.name == name, _RULE.id != but)
    return (await conn.execute(other)).one_or_none() is not None


async def update_rule(conn: WriteConnection, rule_id: UUID, **values: Any) -> AnyRow:
    """Set columns of one that is there."""
    statement = update(AlertRule).where(_RULE.id == rule_id).values(**values)
    return (await conn.execute(statement.returning(*_RULE))).one()


async def delete_rule(conn: WriteConnection, rule_id: UUID) -> None:
    """Remove it, with its events."""
    await conn.execute(delete(AlertRule).where(_RULE.id == rule_id))


async def insert_event(conn: WriteConnection, values: Mapping[str, Any]) -> None:
    """Put a change of state on record."""
    await conn.execute(insert(AlertEvent).values(**values))


async def tell_newest(conn: WriteConnection, rule_id: UUID, told: Sequence[Mapping[str, Any]]) -> None:
    """Let the newest event of a rule be told to these channels."""
    newest = select(func.max(_EVENT.id)).where(_EVENT.rule_id == rule_id).scalar_subquery()
    await conn.execute(update(AlertEvent).where(_EVENT.id == newest).values(told=list(told)))


async def lock_waiting(conn: WriteConnection, now: datetime, since: datetime) -> AnyRow | None:
    """An event since then with a channel that waits to be told, held until the transaction ends."""
    statement = (
        select(*_EVENT)
        .where(_EVENT.at >= since, _WAITING.bindparams(now=now))
        .order_by(_EVENT.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await conn.execute(statement)).one_or_none()


async def lock_event(conn: WriteConnection, event_id: int) -> AnyRow | None:
    """One event, held until the transaction ends."""
    statement = select(*_EVENT).where(_EVENT.id == event_id).with_for_update()
    return (await conn.execute(statement)).one_or_none()


async def update_told(conn: WriteConnection, event_id: int, told: Sequence[Mapping[str, Any]]) -> None:
    """Who was told of an event, and who is still to be."""
    await conn.execute(update(AlertEvent).where(_EVENT.id == event_id).values(told=list(told)))


async def select_last_evaluation(conn: ReadConnection, job: str) -> AnyRow | None:
    """The newest run of the evaluation that ended well."""
    ended = (_RUN.job == job) & (_RUN.state == "done")
    statement = select(*_RUN).where(ended).order_by(_RUN.created_at.desc()).limit(1)
    return (await conn.execute(statement)).one_or_none()


async def forget_events(conn: WriteConnection, before: datetime) -> int:
    """Remove events before an instant, except the newest of each rule and what people heard of last."""
    kept = (
        select(func.max(_EVENT.id)).group_by(_EVENT.rule_id),
        select(func.max(_EVENT.id)).where(func.jsonb_array_length(_EVENT.told) > 0).group_by(_EVENT.rule_id),
    )
    statement = delete(AlertEvent).where(_EVENT.at < before, *(_EVENT.id.not_in(ids) for ids in kept))
    return (await conn.execute(statement)).rowcount

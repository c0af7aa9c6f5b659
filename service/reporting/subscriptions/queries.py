"""Every SQL statement of subscriptions; the connection comes first, nothing here commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.reporting.subscriptions.models import Delivery, Subscription

_SUBSCRIPTION, _DELIVERY = Subscription.__table__.c, Delivery.__table__.c
NEWEST_FIRST = (
    SortKey("created_at", _SUBSCRIPTION.created_at, descending=True),
    SortKey("id", _SUBSCRIPTION.id, descending=True),
)
LATEST_FIRST = (SortKey("due_at", _DELIVERY.due_at, descending=True),)
AnyRow = Row[Any]


def subscriptions_of(desk: str, owner: str | None) -> Select[Any]:
    """The subscriptions of a desk that have not ended, of one owner or (None) of everybody."""
    statement = select(*_SUBSCRIPTION).where(_SUBSCRIPTION.desk == desk, _SUBSCRIPTION.state != "ended")
    return statement if owner is None else statement.where(_SUBSCRIPTION.created_by == owner)


def deliveries_of(subscription_id: UUID) -> Select[Any]:
    """What became of a subscription's instants, to be narrowed to a page by `LATEST_FIRST`."""
    return select(*_DELIVERY).where(_DELIVERY.subscription_id == subscription_id)


async def insert_subscription(conn: WriteConnection, values: Mapping[str, Any]) -> AnyRow:
    """Add one."""
    return (await conn.execute(insert(Subscription).values(**values).returning(*_SUBSCRIPTION))).one()


async def select_subscription(
    conn: ReadConnection, desk: str, subscription_id: UUID, owner: str | None
) -> AnyRow | None:
    """One of a desk, also when it has ended; of one owner or (None) of anybody."""
    statement = select(*_SUBSCRIPTION).where(_SUBSCRIPTION.desk == desk, _SUBSCRIPTION.id == subscription_id)
    if owner is not None:
        statement = statement.where(_SUBSCRIPTION.created_by == owner)
    return (await conn.execute(statement)).one_or_none()


async def count_living(conn: ReadConnection, owner: str) -> int:
    """How many subscriptions somebody has that have not ended."""
    own = (_SUBSCRIPTION.created_by == owner) & (_SUBSCRIPTION.state != "ended")
    return int((await conn.execute(select(func.count()).select_from(Subscription).where(own))).scalar_one())


async def update_subscription(conn: WriteConnection, subscription_id: UUID, **values: Any) -> AnyRow:
    """Set columns of one that is there."""
    statement = update(Subscription).where(_SUBSCRIPTION.id == subscription_id).values(**values)
    return (await conn.execute(statement.returning(*_SUBSCRIPTION))).one()


async def end_of(conn: WriteConnection, owner: str) -> None:
    """End what somebody has subscribed to, and forget the addresses they had it sent to."""
    mail = _SUBSCRIPTION.channel == "email"
    forgotten = case((mail, "deleted@invalid"), else_=_SUBSCRIPTION.target)
    statement = update(Subscription).where(_SUBSCRIPTION.created_by == owner)
    await conn.execute(statement.values(state="ended", target=forgotten))


async def count_failure(
    conn: WriteConnection, subscription_id: UUID, detail: str, run: UUID | None
) -> AnyRow:
    """One more delivery that failed, and why; the row as it is then."""
    counted = {"failures": _SUBSCRIPTION.failures + 1, "detail": detail, "last_run": run}
    return await update_subscription(conn, subscription_id, **counted)


async def lock_due(conn: WriteConnection, desk: str, now: datetime) -> AnyRow | None:
    """A subscription that is due and that nobody else is looking at, held until the transaction ends."""
    statement = (
        select(*_SUBSCRIPTION)
        .where(_SUBSCRIPTION.desk == desk, _SUBSCRIPTION.state == "active", _SUBSCRIPTION.next_at <= now)
        .order_by(_SUBSCRIPTION.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_deliveries(conn: WriteConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put instants on record; one that is there already stays as it is."""
    await conn.execute(upsert(Delivery).on_conflict_do_nothing(), list(rows))


async def take_open(
    conn: WriteConnection, desk: str, now: datetime, until: datetime, run: UUID | None
) -> AnyRow | None:
    """Take a delivery that waits, or whose taker must have died; it is ours until `until`."""
    waits = (
        select(_DELIVERY.id)
        .join(Subscription, _SUBSCRIPTION.id == _DELIVERY.subscription_id)
        .where(
            _SUBSCRIPTION.desk == desk,
            _DELIVERY.retry_at <= now,
        )
        .order_by(_DELIVERY.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=Delivery.__table__)
        .scalar_subquery()
    )
    taken = {"state": "running", "attempts": _DELIVERY.attempts + 1, "retry_at": until, "run": run}
    statement = update(Delivery).where(_DELIVERY.id == waits).values(**taken).returning(*_DELIVERY)
    return (await conn.execute(statement)).one_or_none()


async def finish_delivery(
    conn: WriteConnection, delivery_id: UUID, attempt: int, values: Mapping[str, Any]
) -> bool:
    """Record how an attempt ended; False when another attempt has begun meanwhile."""
    mine = (_DELIVERY.id == delivery_id) & (_DELIVERY.attempts == attempt) & (_DELIVERY.state == "running")
    return bool((await conn.execute(update(Delivery).where(mine).values(**values))).rowcount)


async def select_failing(conn: ReadConnection, desk: str, owner: str | None) -> Sequence[AnyRow]:
    """Subscriptions that are paused or whose last delivery failed, with the instant they failed last."""
    last = (
        select(func.max(_DELIVERY.due_at))
        .where(_DELIVERY.subscription_id == _SUBSCRIPTION.id, _DELIVERY.state == "failed")
        .scalar_subquery()
    )
    statement = subscriptions_of(desk, owner).add_columns(last.label("failed_at"))
    failing = (_SUBSCRIPTION.state == "paused") | (_SUBSCRIPTION.failures > 0)
    return (await conn.execute(statement.where(failing).order_by(_SUBSCRIPTION.id))).all()

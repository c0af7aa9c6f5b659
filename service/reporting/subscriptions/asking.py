"""Makes, finds, ends and resumes subscriptions; who sees which."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row

from service.core.auth import Caller
from service.core.cron import due_after
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotFound, unknown_value
from service.core.settings import Settings
from service.reporting.desk import Desk
from service.reporting.exports import checked_params
from service.reporting.subjects import require_own
from service.reporting.subscriptions import queries
from service.reporting.subscriptions.schedule import due_until
from service.reporting.subscriptions.schedule import problem_of as schedule_problem
from service.reporting.subscriptions.signing import fingerprint, new_secret
from service.reporting.subscriptions.targets import problem_of as target_problem
from service.schemas.subscriptions import Delivery, Subscription, SubscriptionAsk

MOST: Final = 100
"""Living subscriptions of one owner."""
PAUSED: Final = "the subscription was paused then"
STYLE: Final = frozenset({"locale", "delimiter", "bom", "durations"})


def owner_seen(desk: Desk, caller: Caller) -> str | None:
    """Whose subscriptions a caller sees: its own; an admin of the whole desk those of everybody (None).

    They name whom they are about: where not everybody may see everybody, nobody sees another's.
    """
    if desk.subjects is not None:
        return caller.id
    return None if caller.sites is None and caller.may(f"{desk.name}:admin") else caller.id


async def checked(
    conn: ReadConnection, settings: Settings, desk: Desk, asked: SubscriptionAsk, caller: Caller
) -> dict[str, Any]:
    """The columns of a subscription that is asked for; raises as `checked_params`."""
    report = desk.report(asked.report)
    if report is None:
        raise unknown_value("/body/report", "report", asked.report, [one.name for one in desk.reports])
    params = await checked_params(conn, settings, desk, report, asked, caller)
    _refuse("/body/cron", "bad_cron", schedule_problem(asked.cron))
    _refuse("/body/target", "bad_target", target_problem(asked.channel, asked.target, settings.delivery))
    await require_own(conn, desk.subjects, caller, asked.channel, asked.target)
    made = uuid4()
    signed = asked.channel == "webhook"
    return {
        "id": made,
        "desk": desk.name,
        "report": report.name,
        "params": params.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "format": asked.format,
        "style": asked.model_dump(include=set(STYLE)),
        "cron": asked.cron,
        "timezone": asked.timezone,
        "channel": asked.channel,
        "target": asked.target,
        "secret_hash": fingerprint(new_secret(settings, made)) if signed else None,
        "sites": None if caller.sites is None else sorted(caller.sites),
        "created_by": caller.id,
        "next_at": due_after(asked.cron, asked.timezone, datetime.now(UTC)),
    }


async def keep(conn: WriteConnection, values: dict[str, Any]) -> Subscription:
    """Add it. Raises `Conflict` where its owner has too many."""
    if await queries.count_living(conn, values["created_by"]) >= MOST:
        raise Conflict(f"you have {MOST} subscriptions; end one first", code="too_many_subscriptions")
    return subscription_of(await queries.insert_subscription(conn, values))


async def find(conn: ReadConnection, desk: Desk, caller: Caller, subscription_id: str) -> Row[Any]:
    """A subscription that the caller may see. Raises `NotFound`."""
    try:
        identifier = UUID(subscription_id)
    except ValueError:
        raise NotFound(f"there is no subscription {subscription_id!r}") from None
    row = await queries.select_subscription(conn, desk.name, identifier, owner_seen(desk, caller))
    if row is None:
        raise NotFound(f"there is no subscription {subscription_id}")
    return row


async def resume(conn: WriteConnection, row: Row[Any]) -> Subscription:
    """Go on from the next instant that comes; those that passed are put on record as skipped.

    Raises `Conflict` for one that has ended.
    """
    if row.state == "ended":
        raise Conflict(f"subscription {row.id} has ended; make another", code="subscription_ended")
    if row.state == "active":
        return subscription_of(row)
    now = datetime.now(UTC)
    if row.next_at <= now:
        passed = due_until(row.cron, row.timezone, row.next_at, now)
        await queries.insert_deliveries(conn, [skipped(row.id, at, PAUSED, now) for at in passed])
    again = {"state": "active", "failures": 0, "detail": None}
    next_at = due_after(row.cron, row.timezone, now)
    return subscription_of(await queries.update_subscription(conn, row.id, **again, next_at=next_at))


def skipped(subscription_id: UUID, due_at: datetime, detail: str, now: datetime) -> dict[str, Any]:
    """The columns of an instant at which nothing is delivered."""
    return {
        "subscription_id": subscription_id,
        "due_at": due_at,
        "state": "skipped",
        "detail": detail,
        "retry_at": None,
        "finished_at": now,
    }


async def end(conn: WriteConnection, row: Row[Any], caller: Caller) -> Subscription:
    """Deliver it no more; what was delivered stays on record. Ending twice changes nothing."""
    if row.state == "ended":
        return subscription_of(row)
    detail = f"ended by {caller.id}"
    return subscription_of(await queries.update_subscription(conn, row.id, state="ended", detail=detail))


def subscription_of(row: Row[Any]) -> Subscription:
    """A row as it travels."""
    values = row._asdict()
    values |= values.pop("style")
    values |= {"id": str(row.id), "last_run": None if row.last_run is None else str(row.last_run)}
    if row.state != "active":
        values["next_at"] = None
    return Subscription.model_validate(values)


def delivery_of(row: Row[Any]) -> Delivery:
    """A row as it travels."""
    run = None if row.run is None else str(row.run)
    return Delivery.model_validate({**row._asdict(), "id": str(row.id), "run": run})


def _refuse(pointer: str, code: str, detail: str | None) -> None:
    if detail is not None:
        raise Invalid(detail, errors=[FieldError(pointer, code, detail)])

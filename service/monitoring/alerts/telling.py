"""Tells people of a rule's state: into the log always, by signed webhook and e-mail where a rule says so.

What is to be told is on record before it is sent, so whoever told may die: it is told again, with the same
`Muster-Delivery`, rather than never.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from sqlalchemy import Row

from service.core.batches import together
from service.core.database import WriteConnection
from service.core.mail import letter
from service.core.runtime import Runtime
from service.core.settings import Settings
from service.core.telemetry import get_logger, happened
from service.core.telemetry import told as as_told
from service.monitoring.alerts import queries
from service.monitoring.alerts.asking import rule_of
from service.reporting.subscriptions.delivering import AGAIN
from service.reporting.subscriptions.mail import post
from service.reporting.subscriptions.parcel import Undeliverable
from service.reporting.subscriptions.webhook import Letter, post_signed
from service.schemas.monitoring.alerts import AlertRule, ToldAlert

LEASE: Final = timedelta(minutes=2)
"""How long a channel belongs to whoever took it; longer than any attempt."""
NEWS: Final = timedelta(hours=24)
"""What could not be told for so long is no news any more."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One event, on its way over one channel; `event` is None where no record of it could be made."""

    rule: AlertRule
    secret_hash: bytes | None
    event: int | None
    at: datetime
    state: str
    value: float | None
    detail: str
    target: str
    settings: Settings

    @property
    def delivery(self) -> str:
        """The same for every attempt at this event and target, and for nothing else."""
        event = self.at.isoformat() if self.event is None else self.event
        return str(uuid5(UUID(self.rule.id), f"{event}\0{self.target}"))

    @property
    def headline(self) -> str:
        """One line."""
        word = {"ok": "resolved"}.get(self.state, self.state)
        return f"[{word}] {self.rule.name} ({self.rule.severity})"

    @property
    def condition(self) -> str:
        """What the rule watches for."""
        rule = self.rule
        held = f" for {rule.for_seconds} s" if rule.for_seconds else ""
        return f"{rule.comparison} {rule.threshold:g} {rule.unit}".rstrip() + held

    def document(self) -> dict[str, Any]:
        """As it is posted."""
        rule = self.rule
        return {
            "event": self.event,
            "rule": rule.id,
            "name": rule.name,
            "severity": rule.severity,
            "state": self.state,
            "at": self.at.isoformat(),
            "value": self.value,
            "unit": rule.unit,
            "comparison": rule.comparison,
            "threshold": rule.threshold,
            "for_seconds": rule.for_seconds,
            "detail": self.detail,
            "link": f"/v1/alerts/{rule.id}",
        }


async def _note(news: News) -> str | None:
    log.warning(
        "alert",
        rule=news.rule.name,
        state=news.state,
        severity=news.rule.severity,
        value=news.value,
        detail=news.detail,
    )
    return None


async def _post(news: News) -> str | None:
    letter = Letter(
        target=news.target,
        owner=UUID(news.rule.id),
        secret_hash=news.secret_hash,
        delivery=news.delivery,
        name="alert.json",
        media_type="application/json",
        body=orjson.dumps(news.document()),
        headers={"Muster-Alert": news.rule.id},
    )
    await post_signed(letter, news.settings)
    return None


async def _mail(news: News) -> str | None:
    chosen = news.settings.delivery
    where = f"{str(news.settings.public_url or '').rstrip('/')}/v1/alerts/{news.rule.id}"
    lines = [news.headline, news.detail, f"rule: {news.condition}", f"since {news.at.isoformat()}", where]
    text = "\n".join(lines) + "\n"
    return await post(
        chosen, letter(chosen.sender, news.target, news.headline, text, at=news.at, number=news.delivery)
    )


CHANNELS: Final[Mapping[str, Callable[[News], Awaitable[str | None]]]] = {
    "log": _note,
    "webhook": _post,
    "email": _mail,
}


def channels_of(row: Row[Any], now: datetime) -> list[dict[str, Any]]:
    """Whom an event of this rule is to be told, from now on."""
    asked = [{"channel": "log", "target": ""}, *row.channels]
    return [ToldAlert(**one, state="waiting", retry_at=now).model_dump(mode="json") for one in asked]


async def tell_waiting(runtime: Runtime) -> int:
    """Send what waits, a few at once, so that one silent receiver holds up nobody; how many were told."""
    at_once = runtime.settings.delivery.max_in_flight
    return sum(await together([runtime] * at_once, _tell_until_nothing_waits, at_once=at_once))


async def _tell_until_nothing_waits(runtime: Runtime) -> int:
    told = 0
    while (taken := await _take(runtime)) is not None:
        event_id, place, mine, news = taken
        channel = await _sent(mine, news)
        await _record(runtime, event_id, place, channel)
        told += channel.state in {"delivered", "logged"}
    return told


async def _take(runtime: Runtime) -> tuple[int, int, ToldAlert, News] | None:
    """One channel that waits, ours for `LEASE`: its event and place there, itself, and what to tell."""
    async with runtime.database.write() as conn:
        now = await queries.select_now(conn)
        event = await queries.lock_waiting(conn, now, now - NEWS)
        if event is None:
            return None
        every = [ToldAlert.model_validate(one) for one in event.told]
        place = next(
            number
            for number, one in enumerate(every)
            if one.state == "waiting" and one.retry_at is not None and one.retry_at <= now
        )
        mine = every[place].model_copy(
            update={"attempts": every[place].attempts + 1, "retry_at": now + LEASE}
        )
        await _store(conn, event, place, mine)
        row = await queries.select_rule(conn, event.rule_id)
    assert row is not None  # its events go with it
    return event.id, place, mine, news_of(row, event, mine.target, runtime.settings)


def news_of(row: Row[Any], event: Row[Any], target: str, settings: Settings) -> News:
    """An event of a rule, for one target."""
    return News(
        rule=rule_of(row),
        secret_hash=row.secret_hash,
        event=event.id,
        at=event.at,
        state=event.state,
        value=event.value,
        detail=event.detail,
        target=target,
        settings=settings,
    )


async def _sent(channel: ToldAlert, news: News) -> ToldAlert:
    try:
        said = await CHANNELS[channel.channel](news)
        happened("alert.told")
        changed = {"state": "delivered" if said is None else "logged", "detail": said, "retry_at": None}
        return channel.model_copy(update=changed)
    except Undeliverable as failure:
        again, detail = failure.again, failure.detail
    except Exception as error:  # whatever it is, the other channels are told
        log.error("an alert could not be told", error=type(error).__name__, detail=as_told(error))
        again, detail = True, f"it could not be sent ({type(error).__name__})"
    happened("alert.told", "failed")
    state = "waiting" if again and channel.attempts < AGAIN.attempts else "failed"
    return channel.model_copy(update={"state": state, "detail": detail})


async def _record(runtime: Runtime, event_id: int, place: int, channel: ToldAlert) -> None:
    async with runtime.database.write() as conn:
        event = await queries.lock_event(conn, event_id)
        if event is None:  # the rule was removed meanwhile
            return
        now = await queries.select_now(conn)
        waits = channel.state == "waiting"
        again = now + timedelta(seconds=AGAIN.pause(channel.attempts)) if waits else None
        after = {"at": now, "retry_at": again}
        await _store(conn, event, place, channel.model_copy(update=after))


async def _store(conn: WriteConnection, event: Row[Any], place: int, channel: ToldAlert) -> None:
    every = list(event.told)
    every[place] = channel.model_dump(mode="json")
    await queries.update_told(conn, event.id, every)

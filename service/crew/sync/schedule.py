"""What is due: every beat each station that is followed, once a day further ahead (spec D.4, D.9)."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.core.errors import Conflict
from service.core.settings import GartanSettings
from service.core.tasks import JobContext
from service.core.tasks.carrying import SCHEDULE
from service.core.telemetry import happened
from service.crew.queries.followed import select_followed
from service.crew.queries.logins import Login, select_logins
from service.crew.queries.looks import select_looks_ahead
from service.crew.rules.planning import local_date
from service.crew.sync.figures import FIGURES
from service.crew.upstream.site import Place, places

SYNC: Final = "crew.sync"
LOOK_AHEAD: Final = "crew.look_ahead"
MOST_TRIES: Final = 3
"""Looks ahead in a day that all failed; then it is left to the next day."""
JITTER: Final = 20.0
"""Seconds by which installations part that would all ask at the same tick."""


async def follow(context: JobContext) -> dict[str, Any]:
    """The job `crew.follow`: start what is due at every station; a locked or paused one is left alone."""
    runtime = context.runtime
    gartan = runtime.settings.upstream.gartan
    every = places(runtime.settings)
    await asyncio.sleep(random.uniform(0, min(JITTER, gartan.poll_seconds / 15)))  # noqa: S311
    now = datetime.now(UTC)
    async with runtime.database.read() as conn:
        logins = await select_logins(conn, {one.code: one.fingerprints for one in every})
    async with runtime.database.read() as conn:
        FIGURES.note(await select_followed(conn), logins)
    ahead = await _looking_ahead(context, every, gartan, now)
    for done, place in enumerate(every):
        await context.progress(done, len(every), "stations", place.code)
        if is_closed(logins[place.code], now):
            context.counts["skipped"] += 1
            happened("crew.follow", "skipped")
            continue
        job, mode = (LOOK_AHEAD, "comprehensive") if place.code in ahead else (SYNC, None)
        await _start(context, job, {"station": place.code, "mode": mode})
    return dict(context.counts)


def is_closed(login: Login, now: datetime) -> bool:
    """Whether nobody may sign in now."""
    return login.locked or (login.next_attempt_at is not None and now < login.next_attempt_at)


async def _start(context: JobContext, job: str, params: Mapping[str, Any]) -> None:
    try:
        await context.runtime.tasks.start(job, params, SCHEDULE)
        context.counts["started"] += 1
    except Conflict:
        context.counts["active"] += 1


async def _looking_ahead(
    context: JobContext, every: Sequence[Place], gartan: GartanSettings, now: datetime
) -> set[str]:
    """The stations whose daily look ahead is due: it is past the hour there, and today's was not made."""
    since = {one.code: at for one in every if (at := _hour_of_today(now, one.zone, gartan)) <= now}
    async with context.runtime.database.read() as conn:
        rows = await select_looks_ahead(conn, LOOK_AHEAD, since)
    return {row.code for row in rows if not row.done and row.tried < MOST_TRIES}


def _hour_of_today(now: datetime, zone: str, gartan: GartanSettings) -> datetime:
    today = local_date(now, zone)
    return datetime.combine(today, time(gartan.comprehensive_hour), ZoneInfo(zone)).astimezone(UTC)

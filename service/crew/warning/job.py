"""The job that tells people ahead (issue 6.4): each stretch once, and nothing where the data are stale."""

from datetime import UTC, datetime, timedelta
from typing import Any

from service.access import audit
from service.core.auth import SYSTEM
from service.core.mail import Mailer, MailNotSent, letter, mailer
from service.core.runtime import Runtime
from service.core.sealing import Sealer
from service.core.tasks import JobContext
from service.core.telemetry import get_logger
from service.crew.answers.appliances import courses, read
from service.crew.answers.standing import standing
from service.crew.queries.appliances import select_of_stations
from service.crew.queries.reach import Reach, select_contacts
from service.crew.queries.stations import StationRow, select_stations
from service.crew.queries.warned import add_told, was_told
from service.crew.warning.gaps_ahead import Ahead, gaps_ahead
from service.crew.warning.words import message, subject

log = get_logger("service.crew")
BEHIND = timedelta(hours=1)
"""How far back a station is read: whether an appliance is on the run before a gap has to be known."""
BEYOND = timedelta(hours=48)
"""How far past the hours ahead: where a gap ends has to be known, too."""


async def warn(context: JobContext) -> dict[str, Any]:
    """Tell of the gaps that begin within `MUSTER_CREW__WARN_HOURS` from now."""
    await warn_of(context, datetime.now(UTC))
    return dict(context.counts)


async def warn_of(context: JobContext, now: datetime) -> None:
    """The same as if it were `now`."""
    runtime = context.runtime
    async with runtime.database.read() as conn:
        stations = await select_stations(conn)
    for done, station in enumerate(stations):
        await context.progress(done, len(stations), "stations")
        for ahead in await _ahead_at(context, station, now):
            await _tell(context, ahead)


async def _ahead_at(context: JobContext, station: StationRow, now: datetime) -> list[Ahead]:
    runtime, hours = context.runtime, context.runtime.settings.crew.warn_hours
    end = now + timedelta(hours=hours)
    async with runtime.database.snapshot() as conn:
        known = await read(conn, runtime.settings, [station], now - BEHIND, end + BEYOND)
        appliances = await select_of_stations(conn, [station.code])
        near = [look for look in known.looks_of(station) if look.covered[0][0] <= end]
        if not near or standing(runtime.settings, 0, near, station.zone, now).stale:
            context.counts["stations_stale"] += 1
            return []
        found = gaps_ahead(courses(known, appliances), appliances, now, hours)
        return [one for one in found if not await was_told(conn, one.appliance.id, one.start, one.end)]


async def _tell(context: JobContext, ahead: Ahead) -> None:
    runtime = context.runtime
    async with runtime.database.read() as conn:
        contacts = await select_contacts(conn, Sealer.of(runtime.settings), ahead.asked)
    post = mailer(runtime.settings)
    told = {one.crew_id for one in contacts.values() if await _sent(runtime, post, ahead, one)}
    context.counts["mails_sent"] += len(told)
    if not told:
        context.counts["gaps_nobody_reached"] += 1
        return
    # After the letters: one that comes twice after a crash is better than none.
    async with runtime.database.write() as conn:
        await add_told(conn, ahead.appliance.id, ahead.start, ahead.end, told)
        about = f"appliance:{ahead.appliance.name}"
        after = {"from": ahead.start.isoformat(), "people": len(told)}
        await audit.record(conn, SYSTEM.id, "crew.warned", about, after=after)
    context.counts["gaps_told_written"] += 1


async def _sent(runtime: Runtime, post: Mailer, ahead: Ahead, to: Reach) -> bool:
    if to.email is None:
        return False
    base = runtime.settings.public_url
    board = f"/v1/crew/board?station={ahead.appliance.station.code}"
    link = None if base is None else str(base).rstrip("/") + board
    text = message(ahead, to.crew_id, link)
    written = letter(runtime.settings.delivery.sender, to.email, subject(ahead), text)
    try:
        await post.send(written)
    except MailNotSent as failure:
        log.warning("crew_warning_not_sent", crew=to.crew_id, again=failure.again)
        return False
    return True

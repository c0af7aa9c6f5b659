"""One run: which days of a station are due, asking for them, how it ended (spec D.4)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.core.errors import ServiceError, UpstreamError, unknown_value
from service.core.settings import GartanSettings
from service.core.tasks import JobContext
from service.core.telemetry import get_logger, happened
from service.crew.answers.following import freshness
from service.crew.queries.looks import select_seen
from service.crew.queries.stations import StationRow, put_station
from service.crew.rules.planning import WEEK, Seen, Wanted, local_date, plan
from service.crew.sync.following import Following
from service.crew.sync.outcome import DayOutcome, first_code, verdict
from service.crew.upstream.client import GartanClient
from service.crew.upstream.failures import code_of
from service.crew.upstream.signing_in import require_open, standing
from service.crew.upstream.site import Place, place_of
from service.schemas.crew.jobs import CrewSyncParams

log = get_logger("service.crew.sync")
BEAT_SLACK = timedelta(seconds=30)
"""Looks are made a moment after each beat of 5 minutes: at the next one they are not quite 5 minutes old."""


async def run(context: JobContext) -> dict[str, Any]:
    """The jobs `crew.sync` and `crew.look_ahead`: bring a station's grids up to date.

    Raises `Invalid` for a station that is not followed, `AuthLocked`, `LoginPaused`, and where no day could
    be stored an error with the code of the reason.
    """
    params: CrewSyncParams = context.params
    settings = context.runtime.settings
    place = place_of(settings, params.station)
    if place is None:
        known = [one.code for one in settings.upstream.gartan.stations]
        remedy = "stations are followed by MUSTER_UPSTREAM__GARTAN__STATIONS"
        raise unknown_value("/params/station", "station", params.station, known, remedy)
    with log.timed("crew_sync", station=place.code) as fields:
        try:
            result = await _run(context, place, fields)
        except ServiceError as error:
            fields["code"] = error.code
            happened("crew.run", error.code)
            raise
        fields["code"] = result["code"]
        happened("crew.run", result["code"] or "ok")
        return result


async def _run(context: JobContext, place: Place, fields: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC)
    station = await _settled(context, place)
    require_open(await standing(context.runtime.database, place), now)
    wanted, dates = await _planned(context, place, station, now)
    fields.update(mode=wanted.mode, days=len(dates))
    following = await _followed(context, place, station, dates)
    fields.update(context.counts)
    return _ended(context, wanted, following)


async def _settled(context: JobContext, place: Place) -> StationRow:
    """The station, as the settings have it."""
    async with context.runtime.database.write() as conn:
        return await put_station(
            conn,
            place.code,
            name=place.name,
            zone=place.zone,
            brigade_id=place.brigade.id,
            brigade_name=place.brigade.name,
        )


async def _planned(
    context: JobContext, place: Place, station: StationRow, now: datetime
) -> tuple[Wanted, list[date]]:
    params: CrewSyncParams = context.params
    gartan = context.runtime.settings.upstream.gartan
    first = min([local_date(now, place.zone), *(params.dates or ())]) - 2 * WEEK
    async with context.runtime.database.read() as conn:
        seen = await select_seen(conn, station.id, first)
    wanted = wanted_by(params, gartan, seen)
    beat = BEAT_SLACK if wanted.mode in ("update", "startup") else timedelta()
    return wanted, plan(wanted, seen, now, place.zone, freshness(gartan, beat))


def wanted_by(params: CrewSyncParams, gartan: GartanSettings, seen: Seen) -> Wanted:
    """What a run is for: what was asked for, or what the mode says; a week where nothing is known yet."""
    if params.dates is not None:
        return Wanted("manual", 0, params.dates, params.force)
    mode = params.mode or ("manual" if params.days else "update" if seen.in_force else "startup")
    days = {
        "update": gartan.days_update,
        "manual": gartan.days_update,
        "startup": gartan.days_startup,
        "comprehensive": gartan.days_comprehensive,
    }
    return Wanted(mode, params.days or days[mode], None, params.force)


async def _followed(
    context: JobContext, place: Place, station: StationRow, dates: Sequence[date]
) -> Following:
    async with GartanClient(place, context.runtime.settings.upstream.gartan) as client:
        following = Following(context, client, station)
        if dates:
            await context.progress(0, len(dates), "days", "asking")
            await following.follow(dates)
    return following


def _ended(context: JobContext, wanted: Wanted, following: Following) -> dict[str, Any]:
    days = [following.days[day] for day in sorted(following.days)]
    if wanted.mode == "comprehensive":
        context.counts["looks_written"] = len(days)  # so that it stays on record: it is done once a day
    end = verdict(days)
    code = first_code(days) if following.stopped is None else code_of(following.stopped)
    if end == "failed":
        raise _lost(days, code or "upstream_failed", following.stopped)
    context.partial = end == "partial"
    return {"mode": wanted.mode, "code": code, "days": [one.as_json() for one in days]}


def _lost(days: Sequence[DayOutcome], code: str, stopped: ServiceError | None) -> ServiceError:
    if stopped is None:
        detail = f"none of the {len(days)} days could be stored; the events of this run say why of each"
        return UpstreamError(detail, code=code)
    if isinstance(stopped, UpstreamError):
        return UpstreamError(stopped.detail, code=code)
    return stopped

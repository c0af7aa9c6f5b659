"""How a station is followed: its days and their freshness, its runs, how signing in stands (spec D.7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.settings import GartanSettings, Settings
from service.crew.answers.standing import stale_at, standing, station_versions
from service.crew.queries.followed import select_followed
from service.crew.queries.logins import Login
from service.crew.queries.station_days import Asked, select_looks
from service.crew.queries.station_pages import AnyRow, select_days, select_runs
from service.crew.queries.stations import StationRow
from service.crew.rules.planning import Freshness, Seen, is_fresh, local_date
from service.crew.rules.slots import day_bounds

DAYS_BACK: Final = 7
RUNS: Final = 10


def freshness(gartan: GartanSettings, beat: timedelta = timedelta()) -> Freshness:
    """How long looks are fresh by the settings."""
    return Freshness(
        timedelta(seconds=gartan.fresh_today),
        timedelta(seconds=gartan.fresh_tomorrow),
        timedelta(seconds=gartan.fresh_later),
        timedelta(seconds=gartan.final_grace),
        min(beat, timedelta(seconds=gartan.fresh_today / 10)),
    )


def login_object(login: Login, now: datetime) -> dict[str, Any]:
    """How signing in stands; a pause that is over is none."""
    paused = login.next_attempt_at is not None and now < login.next_attempt_at
    return {
        "state": "locked" if login.locked else "paused" if paused else "open",
        "since": login.locked_at,
        "next_attempt_at": login.next_attempt_at if paused else None,
        "code": login.reason if login.locked or paused else None,
    }


async def summaries(
    conn: ReadConnection, stations: Sequence[StationRow], logins: Mapping[str, Login], now: datetime
) -> list[dict[str, Any]]:
    """Stations in short; those of `logins` are followed."""
    known = {row.code: row for row in await select_followed(conn)}
    return [
        {
            "code": one.code,
            "name": one.name,
            "time_zone": one.zone,
            "followed": one.code in logins,
            "seen_at": getattr(known.get(one.code), "seen_at", None),
            "known_until": getattr(known.get(one.code), "known_until", None),
            "login": login_object(logins.get(one.code, Login()), now),
        }
        for one in stations
    ]


async def detail(
    conn: ReadConnection, settings: Settings, station: StationRow, fresh: Freshness, now: datetime
) -> dict[str, Any]:
    """What `summaries` leaves out of one station."""
    today = local_date(now, station.zone)
    rows = await select_days(conn, station.id, today - timedelta(days=DAYS_BACK))
    days = [_day(row, settings, station, fresh, now) for row in rows]
    start, end = day_bounds(today, station.zone)
    looks = await select_looks(conn, Asked(station.id, start, end))
    version = (await station_versions(conn, [station.code]))[station.code]
    reasons = () if looks else (f"{today} was never read",)
    return {
        "known_from": min((row.known_from for row in rows if row.known_from), default=None),
        "days": days,
        "runs": [_run(row) for row in await select_runs(conn, f"crew.sync/{station.code}", RUNS)],
        "warnings": _warnings(days),
        "data": standing(settings, version, looks, station.zone, now, reasons).as_json(),
    }


def _day(
    row: AnyRow, settings: Settings, station: StationRow, fresh: Freshness, now: datetime
) -> dict[str, Any]:
    seen = Seen({} if row.seen_at is None else {row.day: row.seen_at}, {row.day: row.last_at})
    gartan = settings.upstream.gartan
    ages = None if row.seen_at is None else stale_at(gartan, row.day, row.seen_at, station.zone)
    return {
        "date": row.day,
        "seen_at": row.seen_at,
        "age_seconds": None if row.seen_at is None else max(0, int((now - row.seen_at).total_seconds())),
        "final": row.seen_at is not None and ages is None,
        "fresh": is_fresh(row.day, seen, now, station.zone, fresh),
        "stale": ages is not None and ages <= now,
        "partial": row.status == "partial",
        "people": row.people,
        "resolution_minutes": row.resolution_min,
        "warnings": list(row.warnings),
        "last_look_at": row.last_at,
        "last_look": row.outcome,
        "last_look_code": row.code,
    }


def _run(row: AnyRow) -> dict[str, Any]:
    return {**row._asdict(), "id": str(row.id)}


def _warnings(days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, list[date]] = defaultdict(list)
    for day in days:
        for code in day["warnings"]:
            found[code].append(day["date"])
    return [{"code": code, "times": len(on), "dates": on} for code, on in sorted(found.items())]

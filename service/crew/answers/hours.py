"""Hours of a week as they are answered, of one person or of all (spec D.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.crew.answers.asked import Week, week_of
from service.crew.answers.histories import told
from service.crew.answers.standing import Standing, not_fetched, standing, station_versions
from service.crew.answers.states import shown_name
from service.crew.queries.hours import HoursRow, select_hours
from service.crew.queries.states import Whom, select_looks_of
from service.crew.queries.stations import StationRow
from service.crew.rules.hours import Hours, hours_of
from service.crew.rules.roles import rank


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """A week (None: the one of `at`) up to an instant, now or as it was known."""

    week: str | None
    at: datetime
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The hours of some people of one station, by rank and name."""

    station: StationRow
    week: Week
    at: datetime
    people: Sequence[tuple[HoursRow, Hours]]
    standing: Standing
    known_through: datetime | None


async def week_hours(
    conn: ReadConnection, settings: Settings, station: StationRow, asked: WeekAsked, now: datetime,
    people: Sequence[int] | None = None,
) -> WeekHours:  # fmt: skip
    """The hours of a station's people, or of some. As it was known then: achieved by then."""
    at = asked.at if asked.known_at is None else min(asked.at, asked.known_at)
    week = week_of(asked.week, station.zone, asked.at)
    whom = Whom([station.id], people, asked.known_at)
    rows = await select_hours(conn, whom, week.start, week.end, at)
    looks = (await select_looks_of(conn, whom, week.start, week.end)).get(station.id, [])
    versions = await station_versions(conn, [station.code])
    whole = Decimal((week.end - week.start).total_seconds())
    of_each = [
        (row, hours_of(row.planned, row.achieved, row.known, whole, row.contract_hours)) for row in rows
    ]
    of_each.sort(key=lambda one: (rank(one[0].role), one[0].name, one[0].id))
    missing = not_fetched(looks, week.start, week.end)
    reasons = told(station.code, missing)
    partly = sum(not hours.complete for _, hours in of_each)
    if partly and not missing:
        reasons = [f"{station.code}: of {partly} of the people a part of the week is not known"]
    stands = standing(settings, versions[station.code], looks, station.zone, asked.known_at or now, reasons)
    return WeekHours(station, week, at, of_each, stands, missing[0][0] if missing else week.end)


def hours_object(row: HoursRow, hours: Hours, *, redact: bool = False) -> dict[str, Any]:
    """A person's week as it is answered."""
    return {
        "crew_id": row.id,
        "name": shown_name(row.id, row.name, redact=redact),
        "role": row.role,
        **figures(hours),
    }


def figures(hours: Hours) -> dict[str, Any]:
    """The figures, in hours."""
    whole = {name: value for name, value in asdict(hours).items() if name != "week_hours"}
    return {**whole, "complete": hours.complete}


def head(found: WeekHours) -> Mapping[str, Any]:
    """What the answers about a week begin with."""
    return {
        "station": found.station.code,
        "week": found.week.word,
        "from": found.week.start,
        "to": found.week.end,
        "week_hours": Decimal((found.week.end - found.week.start).total_seconds()) / 3600,
        "at": found.at,
    }


def until(found: WeekHours, now: datetime) -> datetime | None:
    """The instant from which an answer about now reads otherwise.

    Within the week hours are achieved all the time: a hundredth of an hour (36 s) later at the earliest.
    """
    ends = [found.standing.until, found.week.start if found.at < found.week.start else None]
    running = found.week.start <= found.at < found.week.end and any(
        hours.still_planned for _, hours in found.people
    )
    ends.append(now if running else None)
    return min((end for end in ends if end is not None), default=None)

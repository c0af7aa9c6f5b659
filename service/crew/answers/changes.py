"""Changes as they are answered: those that were observed, and those that are to come."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.appliances import Known, courses
from service.crew.answers.doubts import Piece, crew_doubts, doubts
from service.crew.answers.standing import Standing, standing, station_versions, together
from service.crew.answers.states import local, shown_name
from service.crew.queries.appliances import ApplianceRow, select_of_stations
from service.crew.queries.changes import AnyRow
from service.crew.queries.station_days import Asked, select_looks
from service.crew.queries.stations import StationRow
from service.crew.rules.course import Course
from service.crew.rules.turning import Turn, turns

_MOMENT: Final = timedelta(microseconds=1)
Placed = tuple[StationRow, ApplianceRow | None, int, str, Turn]
"""A turn at a station, of an appliance or of a person: with the number and the name."""


def change_object(row: AnyRow, *, redact: bool = False) -> dict[str, Any]:
    """A row of the feed; `redact`: the number stands for the name."""
    return {
        "id": row.id,
        "station": row.station,
        "seen_at": row.seen_at.astimezone(UTC),
        "local_date": row.local_date,
        "kind": "appliance" if row.crew_id is None else "person",
        "crew_id": row.crew_id,
        "name": None if row.crew_id is None else shown_name(row.crew_id, row.name, redact=redact),
        "appliance": row.appliance,
        "from": row.start.astimezone(UTC),
        "from_local": local(row.start, row.zone),
        "until": row.end.astimezone(UTC),
        "until_local": local(row.end, row.zone),
        "was": row.was,
        "was_reason": row.was_reason,
        "now": row.now,
        "now_reason": row.now_reason,
    }


async def feed_standing(
    conn: ReadConnection, settings: Settings, stations: Sequence[StationRow], now: datetime
) -> Standing:
    """How far the feed of these stations has come: by the look at today of each."""
    looks = await select_looks(conn, Asked(tuple(one.id for one in stations), now, now + _MOMENT))
    versions = await station_versions(conn, [one.code for one in stations])
    standings = []
    for one in stations:
        own = [look for look in looks if look.station_id == one.id]
        reasons = [] if own else [f"{one.code}: the grid of today was not read"]
        standings.append(standing(settings, versions[one.code], own, one.zone, now, reasons))
    return together(standings)


async def upcoming(
    asking: Asking, stations: Sequence[StationRow], start: datetime, end: datetime
) -> tuple[list[Placed], Standing]:
    """What is to come at these stations, by instant; what begins at `start` itself is among it."""
    known = await asking.read(stations, start - _MOMENT, end)
    versions = await asking.versions(stations)
    appliances = await select_of_stations(asking.conn, [one.code for one in stations])
    made = await asyncio.to_thread(courses, known, appliances)
    found = [one for station in stations for one in _of_people(known, station)]
    found += [(one.station, one, one.id, one.name, turn) for one in appliances for turn in _of(made[one.id])]
    found.sort(key=place_of)
    stands = []
    for one in stations:
        reasons = list(dict.fromkeys(_unknown(known, one, appliances, made, start)))
        stands.append(asking.standing(known, one, versions[one.code], (start, end), reasons))
    return found, together(stands)


def place_of(placed: Placed) -> tuple[datetime, str, str, int]:
    """Where a turn stands in the list: no two have the same place."""
    station, appliance, number, _, turn = placed
    return turn.at, station.code, "person" if appliance is None else "appliance", number


def turn_object(placed: Placed, *, redact: bool = False) -> dict[str, Any]:
    """A turn; `redact`: the number stands for the name."""
    station, appliance, number, name, turn = placed
    person = appliance is None
    return {
        "at": turn.at.astimezone(UTC),
        "at_local": local(turn.at, station.zone),
        "station": station.code,
        "kind": "person" if person else "appliance",
        "crew_id": number if person else None,
        "name": shown_name(number, name, redact=redact) if person else None,
        "appliance": None if person else name,
        "was": turn.was,
        "was_reason": turn.was_reason,
        "now": turn.now,
        "now_reason": turn.now_reason,
        "until": turn.until.astimezone(UTC),
        "until_local": local(turn.until, station.zone),
        "until_is_lower_bound": turn.lower_bound,
    }


def _of_people(known: Known, station: StationRow) -> Iterator[Placed]:
    for one in known.members_of(station):
        for turn in turns(known.window, known.crew.get(one.id, ())):
            yield station, None, one.id, one.name, _clipped(turn, known.window[1])


def _of(course: Course) -> Iterator[Turn]:
    for before, run in zip(course.runs, course.runs[1:], strict=False):
        turn = Turn(run.start, before.status, None, run.status, None, run.end, run.lower_bound)
        yield _clipped(turn, course.window[1])


def _clipped(turn: Turn, end: datetime) -> Turn:
    """What lasts up to the end of the window may last longer."""
    return replace(turn, lower_bound=True) if turn.until == end else turn


def _unknown(
    known: Known,
    station: StationRow,
    appliances: Iterable[ApplianceRow],
    made: Mapping[int, Course],
    start: datetime,
) -> Iterator[str]:
    own = [one for one in appliances if one.station == station]
    if not own:
        yield from crew_doubts(station, _since(start, known.slices_of(station)))
    for one in own:
        yield from doubts(station, one.name, _since(start, made[one.id].intervals))


def _since(start: datetime, pieces: Iterable[Piece]) -> list[Piece]:
    return [replace(one, start=max(one.start, start)) for one in pieces if one.end > start]

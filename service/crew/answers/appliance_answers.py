"""What is asked of appliances, answered: each from one reading of their stations."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.crew.answers import shown
from service.crew.answers.appliances import Known, courses, read
from service.crew.answers.doubts import doubts
from service.crew.answers.standing import Standing, standing, station_versions, together
from service.crew.queries.appliances import ApplianceRow
from service.crew.queries.stations import StationRow
from service.crew.rules.course import Course, Interval, altered
from service.crew.rules.gaps import gaps
from service.crew.rules.sweep import Overlay

SOON: Final = timedelta(days=2)
AHEAD: Final = timedelta(days=35)
"""How far ahead a status is followed; one that lasts longer ends there, as a lower bound."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The instant of asking and the settings; `known_at` None: as it is known now."""

    conn: ReadConnection
    settings: Settings
    now: datetime
    known_at: datetime | None = None

    async def read(self, stations: Iterable[StationRow], start: datetime, end: datetime) -> Known:
        """What is known of these stations in a window."""
        own = list(dict.fromkeys(stations))
        return await read(self.conn, self.settings, own, start, end, known_at=self.known_at)

    async def versions(self, stations: Iterable[StationRow]) -> Mapping[str, int]:
        """The data versions of these stations."""
        return await station_versions(self.conn, [one.code for one in stations])

    def standing(
        self,
        known: Known,
        station: StationRow,
        version: int,
        window: tuple[datetime, datetime],
        reasons: Sequence[str],
    ) -> Standing:
        """How far what was read of a station in this window can be trusted."""
        looks = [
            look
            for look in known.looks_of(station)
            if any(start < window[1] and window[0] < end for start, end in look.covered)
        ]
        asked = self.known_at or self.now
        return standing(self.settings, version, looks, station.zone, asked, reasons)


@dataclass(frozen=True, slots=True)
class Answered:
    """A body, and the instant from which the same data would answer otherwise (None: never)."""

    body: dict[str, Any]
    until: datetime | None


async def statuses(
    asking: Asking,
    appliances: Sequence[ApplianceRow],
    at: datetime,
    stations: Iterable[StationRow] = (),
) -> Answered:
    """How these appliances stand at an instant; `body` has `items` and `data`.

    `stations` are those that were asked for: one that has no appliance is told of in `data`.
    """
    followed = await _followed(asking, appliances, at)
    asked = dict.fromkeys([*stations, *(one.station for one in appliances)])
    versions = await asking.versions(asked)
    items: list[dict[str, Any]] = []
    ends: list[datetime] = []
    stands: dict[StationRow, list[Standing]] = {one: [] for one in asked}
    for one in appliances:
        (known, course), zone = followed[one.id], one.station.zone
        interval, run = course.at(at)
        status = shown.status_at(course, at, zone)
        items.append({"appliance": one.name, "station": one.station.code, **status})
        ends.append(interval.end)
        used = (at, max(status["next_operational"] or at, run.end))
        reasons = doubts(one.station, one.name, [interval])
        stands[one.station].append(asking.standing(known, one.station, 0, used, reasons))
    data = _together(stands, versions)
    return Answered({"items": items, "at": at, "data": data.as_json()}, _first(ends, data.until))


async def _followed(
    asking: Asking, appliances: Sequence[ApplianceRow], at: datetime
) -> dict[int, tuple[Known, Course]]:
    """Each appliance's course from an instant on: two days, and 35 where these do not tell how it goes on.

    Of fifty stations nearly all change within two days, and 35 days of each would take seconds.
    """
    made = await _within(asking, appliances, at, SOON)
    open_ended = {one.station for one in appliances if not _tells(made[one.id][1], at)}
    if open_ended:
        further = [one for one in appliances if one.station in open_ended]
        made |= await _within(asking, further, at, AHEAD)
    return made


async def _within(
    asking: Asking, appliances: Sequence[ApplianceRow], at: datetime, ahead: timedelta
) -> dict[int, tuple[Known, Course]]:
    stations = {one.station for one in appliances}
    known = await asking.read(sorted(stations, key=lambda one: one.code), at, at + ahead)
    made: dict[int, tuple[Known, Course]] = {}
    for station in stations:
        own = [one for one in appliances if one.station == station]
        judged = await asyncio.to_thread(courses, known, own)
        made |= {id_: (known, course) for id_, course in judged.items()}
    return made


def _tells(course: Course, at: datetime) -> bool:
    _, run = course.at(at)
    later = run.status == "available" or course.next_operational(at) is not None
    return later and run.end < course.window[1]


async def status(asking: Asking, appliance: ApplianceRow, at: datetime) -> Answered:
    """How an appliance stands at an instant (spec D.7)."""
    answered = await statuses(asking, [appliance], at)
    [item] = answered.body["items"]
    return Answered({**item, "data": answered.body["data"]}, answered.until)


async def forecast(asking: Asking, appliance: ApplianceRow, start: datetime, end: datetime) -> Answered:
    """What becomes of an appliance between two instants."""
    return await _over(asking, appliance, start, end, _forecast)


async def gaps_between(
    asking: Asking, appliance: ApplianceRow, start: datetime, end: datetime, least: timedelta
) -> Answered:
    """When an appliance is not available, and who would close the gaps."""

    def found(course: Course, zone: str) -> list[dict[str, Any]]:
        return [shown.gap_of(one, zone) for one in gaps(course, least)]

    return await _over(asking, appliance, start, end, found)


async def what_if(
    known: Known, asking: Asking, appliance: ApplianceRow, overlay: Sequence[Overlay]
) -> Answered:
    """What would become of an appliance if these people booked on or off."""
    station = appliance.station
    was = await asyncio.to_thread(lambda: known.course_of(appliance.id, known.slices_of(station)))
    now = await asyncio.to_thread(lambda: known.course_of(appliance.id, known.slices_of(station, overlay)))
    changes = list(altered(was, now, lambda one: one.status))
    levels = [
        one
        for one in altered(was, now, lambda one: (one.status, one.level))
        if one.was.status == one.now.status
    ]
    body = {
        "changes": [shown.effect_of(one, station.zone) for one in changes],
        "level_changes": [shown.effect_of(one, station.zone) for one in levels],
    }
    return await _named(asking, known, appliance, was.intervals, body)


async def _over(
    asking: Asking, appliance: ApplianceRow, start: datetime, end: datetime, items: Any
) -> Answered:
    known = await asking.read([appliance.station], start, end)
    # Five weeks of a large station, with who would close each gap, take a second.
    course = (await asyncio.to_thread(courses, known, [appliance]))[appliance.id]
    rule = course.judges[0].rule.name if course.judges else None
    body = {"rule": rule, "items": await asyncio.to_thread(items, course, appliance.station.zone)}
    return await _named(asking, known, appliance, course.intervals, body)


def _forecast(course: Course, zone: str) -> list[dict[str, Any]]:
    return [shown.forecast_of(run, zone) for run in course.runs]


async def _named(
    asking: Asking,
    known: Known,
    appliance: ApplianceRow,
    intervals: Sequence[Interval],
    body: Mapping[str, Any],
) -> Answered:
    station, window = appliance.station, known.window
    reasons = doubts(station, appliance.name, intervals)
    versions = await asking.versions([station])
    stands = asking.standing(known, station, versions[station.code], window, reasons)
    ends = {"appliance": appliance.name, "station": station.code, "from": window[0], "to": window[1]}
    return Answered({**ends, **body, "data": stands.as_json()}, stands.until)


def _together(stands: Mapping[StationRow, Sequence[Standing]], versions: Mapping[str, int]) -> Standing:
    """One standing of a list; a station's version counts once, however many appliances it has."""
    if not stands:
        return Standing(0, None, False, ("no station is known here",))
    return together(
        [
            replace(together(own or [_without(station)]), version=versions[station.code])
            for station, own in stands.items()
        ]
    )


def _without(station: StationRow) -> Standing:
    return Standing(0, None, False, (f"{station.code}: no grid has told of any appliance",))


def _first(ends: Iterable[datetime], until: datetime | None) -> datetime | None:
    return min(chain(ends, [] if until is None else [until]), default=None)

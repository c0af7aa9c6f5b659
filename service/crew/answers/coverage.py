"""A station slot by slot: who is there as each begins, and how its appliances stand (spec D.5)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.crew.answers.appliance_answers import Answered, Asking
from service.crew.answers.appliances import Known, courses
from service.crew.answers.doubts import crew_doubts, doubts
from service.crew.answers.shown import local
from service.crew.queries.appliances import select_of_stations
from service.crew.queries.stations import StationRow
from service.crew.rules.course import Course
from service.crew.rules.judging import Person, matches
from service.crew.rules.presets import counted
from service.crew.rules.slots import day_bounds
from service.crew.rules.sweep import Slice


async def coverage(
    asking: Asking, station: StationRow, start: datetime, end: datetime, step: timedelta
) -> Answered:
    """The slots of a window in order; they are as long in summer as in winter, so a day has 92, 96 or 100."""
    appliances = await select_of_stations(asking.conn, [station.code])
    known = await asking.read([station], start, end)
    swept = known.slices_of(station)
    made = await asyncio.to_thread(courses, known, appliances)
    named = {one.name: made[one.id] for one in appliances}
    reasons = crew_doubts(station, swept)
    for one in appliances:
        reasons += doubts(station, one.name, made[one.id].intervals)
    versions = await asking.versions([station])
    stands = asking.standing(
        known, station, versions[station.code], known.window, list(dict.fromkeys(reasons))
    )
    body = {
        "station": station.code,
        "from": start,
        "to": end,
        "step": step // timedelta(minutes=1),
        "items": list(slots(known, swept, named, step, station.zone)),
        "data": stands.as_json(),
    }
    return Answered(body, stands.until)


def day_of(station: StationRow, at: datetime) -> tuple[datetime, datetime]:
    """The local day in which an instant lies."""
    return day_bounds(at.astimezone(ZoneInfo(station.zone)).date(), station.zone)


def slots(
    known: Known, swept: Sequence[Slice], named: Mapping[str, Course], step: timedelta, zone: str
) -> Iterator[dict[str, Any]]:
    """A row for each slot: how many are available as it begins, null where nobody looked."""
    tallies: dict[frozenset[int], dict[str, int]] = {}
    at, piece = known.window[0], 0
    places = dict.fromkeys(named, 0)
    while at < known.window[1]:
        while swept[piece].end <= at:
            piece += 1
        now = swept[piece]
        tally = tallies.setdefault(now.crew, _tally(known, now.crew)) if now.covered else {}
        status = {}
        for name, course in named.items():
            while course.intervals[places[name]].end <= at:
                places[name] += 1
            status[name] = course.intervals[places[name]].status
        yield {
            "at": at,
            "at_local": local(at, zone),
            **{what: tally.get(what) for what in ("crew", "officer", "driver", "ba")},
            "complete": now.complete,
            "status": status,
        }
        at += step


def _tally(known: Known, crew: frozenset[int]) -> dict[str, int]:
    people: list[Person] = [known.people[id_] for id_ in crew]
    kinds = counted(known.lists)
    return {
        "crew": len(people),
        **{what: sum(matches(needed, one) for one in people) for what, needed in kinds.items()},
    }

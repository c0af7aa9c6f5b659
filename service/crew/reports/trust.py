"""How far a report of some days of a station can be trusted: what is not known, without names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from service.crew.answers.standing import stale_at
from service.crew.queries.station_days import Look
from service.crew.queries.stations import StationRow
from service.crew.rules.calendar import days
from service.crew.rules.slots import Stretch, day_bounds
from service.crew.rules.spans import clip, difference, intersection, length, union
from service.crew.rules.sweep import state_runs

if TYPE_CHECKING:
    from service.crew.reports.frame import Frame

_NAMED: Final = 3
"""Days that a sentence names."""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Trust:
    """Of one station: why its part is not complete, the oldest look, through when all is final."""

    code: str
    reasons: tuple[str, ...]
    as_of: datetime | None
    through: datetime | None
    final: bool


def trust_of(frame: "Frame", station: StationRow, people: Sequence[int] | None = None) -> Trust:
    """Of the whole station with its appliances, or only of some of its people."""
    looks = {look.day: look for look in frame.known.looks_of(station)}
    asked = list(days(frame.first, frame.last))
    whole = [day for day in asked if day in looks and _covers(looks[day], station)]
    final = {day for day in whole if _is_final(frame, looks[day], station)}
    part = [day for day in asked if day in looks and day not in whole]
    reasons = [
        *_told(station, [day for day in asked if day not in looks], "no grid was read of"),
        *_told(station, part, "the grid speaks only of a part of"),
        *_told(station, [day for day in whole if day not in final], "not yet final, as last looked at:"),
        *_unheard(frame, station, people),
        *([] if people is not None else _flagless(frame, station)),
    ]
    used = [looks[day].fetched_at for day in asked if day in looks]
    seen = [at if frame.known_at is None else min(at, frame.known_at) for at in used]
    through = _through(asked, final, station)
    return Trust(station.code, tuple(reasons), min(seen, default=None), through, len(final) == len(asked))


def _covers(look: Look, station: StationRow) -> bool:
    return not difference([day_bounds(look.day, station.zone)], look.covered)


def _is_final(frame: "Frame", look: Look, station: StationRow) -> bool:
    at = look.fetched_at if frame.known_at is None else min(look.fetched_at, frame.known_at)
    return stale_at(frame.settings.upstream.gartan, look.day, at, station.zone) is None


def _through(asked: Sequence[date], final: set[date], station: StationRow) -> datetime | None:
    """The end of the last day up to which every day is final."""
    ended = None
    for day in asked:
        if day not in final:
            break
        ended = day
    return None if ended is None else day_bounds(ended, station.zone)[1]


def _told(station: StationRow, found: Sequence[date], what: str) -> Iterator[str]:
    if not found:
        return
    named = ", ".join(str(day) for day in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more days" if len(found) > _NAMED else ""
    yield f"{station.code}: {what} {named}{more}"


def unknown_of(frame: "Frame", station: StationRow, crew_id: int) -> list[Stretch]:
    """When the grid ought to say something of a person and does not: not listed, or not to be read.

    They ought to be listed on each day between two on which they are.
    """
    if crew_id not in frame.presence:
        return []
    first, last = frame.presence[crew_id]
    expected = union(*(look.covered for look in frame.known.looks_of(station) if first <= look.day <= last))
    return difference(clip(expected, *frame.window(station)), said_of(frame, crew_id))


def said_of(frame: "Frame", crew_id: int) -> list[Stretch]:
    """When the grid says anything of a person."""
    return union((one.start, one.end) for one in frame.known.crew.get(crew_id, ()))


def _unheard(frame: "Frame", station: StationRow, people: Sequence[int] | None) -> Iterator[str]:
    asked = [one.id for one in frame.crew_of(station) if people is None or one.id in people]
    lost = [spans for crew_id in asked if (spans := unknown_of(frame, station, crew_id))]
    if lost:
        who = "one person" if len(lost) == 1 else f"{len(lost)} people"
        yield f"{station.code}: of {who} the state is not known for {_hours(lost)} h of the days read"


def _flagless(frame: "Frame", station: StationRow) -> Iterator[str]:
    window, appliances = frame.window(station), frame.appliances_of(station)
    if not appliances and frame.known.looks_of(station):
        yield f"{station.code}: no grid has told of any appliance"
    covered = clip(union(*(look.covered for look in frame.known.looks_of(station))), *window)
    for one in appliances:
        runs = state_runs(window, frame.known.flags.get(one.id, ()))
        silent = [(start, end) for start, end, state in runs if state == "unknown"]
        lost = intersection(silent, covered)
        if lost:
            hours = _hours([lost])
            yield f"{station.code}: the grid does not say for {hours} h whether {one.name} is on the run"


def _hours(many: Iterable[Sequence[Stretch]]) -> str:
    return f"{sum((length(spans) for spans in many), timedelta()) / _HOUR:g}"

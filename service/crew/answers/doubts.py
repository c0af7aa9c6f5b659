"""What is not known of an appliance or a crew in a window, in sentences without anybody's name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from service.crew.queries.stations import StationRow
from service.crew.rules.course import Interval
from service.crew.rules.sweep import Slice

Piece = TypeVar("Piece", Slice, Interval)


def doubts(station: StationRow, name: str, intervals: Sequence[Interval]) -> list[str]:
    """Why an answer about an appliance in these intervals is not complete; empty: it is."""
    stretches = _merged(intervals, _flagless)
    what = f"{station.code}: the grid does not say whether {name} is on the run"
    return [*crew_doubts(station, intervals), *(f"{what} {_when(station, *one)}" for one in stretches)]


def crew_doubts(station: StationRow, pieces: Sequence[Piece]) -> list[str]:
    """Why it is not known who was there: no grid, or people of whom it says nothing."""
    unread = _merged(pieces, lambda one: not one.covered)
    found = [f"{station.code}: no grid was read of the time {_when(station, *one)}" for one in unread]
    unheard = [one for one in pieces if one.covered and one.unknown]
    if unheard:
        most = max(len(one.unknown) for one in unheard)
        people = "one person" if most == 1 else f"{most} people"
        found.append(f"{station.code}: of up to {people} nothing is known {_when(station, *_ends(unheard))}")
    return found


def _flagless(one: Interval) -> bool:
    return one.covered and one.flag == "unknown"


def _ends(pieces: Sequence[Slice | Interval]) -> tuple[datetime, datetime]:
    return pieces[0].start, pieces[-1].end


def _merged(pieces: Iterable[Piece], wanted: Callable[[Piece], bool]) -> Iterator[tuple[datetime, datetime]]:
    for found, group in groupby(pieces, key=wanted):
        if found:
            yield _ends(list(group))


def _when(station: StationRow, start: datetime, end: datetime) -> str:
    zone = ZoneInfo(station.zone)
    return f"from {start.astimezone(zone):%Y-%m-%d %H:%M} to {end.astimezone(zone):%Y-%m-%d %H:%M}"

"""Shifts and exceptions of a mill as windows: wall clocks of its zone, work as elapsed time (spec E.7).

A shift belongs to the local day on which it begins; one that ends at or before its begin ends on the next
day. Days of 23 and 25 hours are as long as they are: a wall clock that occurs twice is its first occurrence,
one that is skipped is read with the offset before the gap, and where that makes two shifts overlap the later
one begins when the earlier ends.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from service.mill.rules.scheduling.windows import HORIZON_HOURS, Window, Windows

HORIZON: Final = timedelta(hours=HORIZON_HOURS)
"""How far ahead a calendar is read."""
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """On a weekday (0 is Monday) from one wall clock to another; both the same is 24 hours by the clock."""

    weekday: int
    start: time
    end: time
    efficiency: float = 1.0


@dataclass(frozen=True, slots=True)
class DayException:
    """A day that is other than its weekday.

    Working: these hours in place of its shifts, several for one day as several exceptions. Not working: none
    of the shifts that begin on it, or, with hours, nobody within these, whenever the shift began. Hours go
    together: both or neither.
    """

    day: date
    working: bool
    start: time | None = None
    end: time | None = None
    efficiency: float = 1.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a work centre or a machine works, in the mill's time zone."""

    zone: str
    shifts: Sequence[Shift]
    exceptions: Sequence[DayException] = ()


class OpenSpan(NamedTuple):
    """A stretch of UTC in which work goes on."""

    start: datetime
    end: datetime
    efficiency: float


def windows(calendar: Calendar, epoch: datetime) -> Windows:
    """A calendar's windows in hours from an instant, read as far ahead as somebody asks."""
    spans = open_spans(calendar, epoch, epoch + HORIZON)
    return Windows(Window(_hours(one.start, epoch), _hours(one.end, epoch), one.efficiency) for one in spans)


def open_spans(calendar: Calendar, start: datetime, end: datetime) -> Iterator[OpenSpan]:
    """The calendar between two instants, in order; what overlaps is left as it is."""
    zone = ZoneInfo(calendar.zone)
    exceptions = {
        day: list(found)
        for day, found in groupby(
            sorted(calendar.exceptions, key=lambda one: one.day), key=lambda one: one.day
        )
    }
    day, last = start.astimezone(zone).date() - _DAY, end.astimezone(zone).date()
    while day <= last:
        begun = _of_day(calendar, exceptions.get(day, ()), day, zone)
        for span in _outside(begun, _closed(exceptions, day, zone)):
            opens, closes = max(span.start, start), min(span.end, end)
            if opens < closes:
                yield OpenSpan(opens, closes, span.efficiency)
        day += _DAY


def _of_day(
    calendar: Calendar, exceptions: Sequence[DayException], day: date, zone: ZoneInfo
) -> list[OpenSpan]:
    """What begins on a local day, hours that are closed included."""
    special = [
        OpenSpan(*_between(day, one.start, one.end, zone), one.efficiency)
        for one in exceptions
        if one.working and one.start is not None and one.end is not None
    ]
    if not special and any(not one.working and one.start is None for one in exceptions):
        return []
    usual = [
        OpenSpan(*_between(day, shift.start, shift.end, zone), shift.efficiency)
        for shift in calendar.shifts
        if shift.weekday == day.weekday()
    ]
    return sorted(special or usual)


def _closed(
    exceptions: Mapping[date, Sequence[DayException]], day: date, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Closed hours that what begins on a day may reach into: a night of two days has those of both."""
    for near in (day - _DAY, day, day + _DAY):
        for one in exceptions.get(near, ()):
            if not one.working and one.start is not None and one.end is not None:
                yield _between(near, one.start, one.end, zone)


def _outside(spans: list[OpenSpan], closed: Iterable[tuple[datetime, datetime]]) -> list[OpenSpan]:
    """Spans without the closed stretches."""
    for stretch in closed:
        spans = [part for span in spans for part in _without(span, stretch)]
    return spans


def _between(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Two wall clocks from a day on, in UTC."""
    until = day if start < end else day + _DAY
    return (
        datetime.combine(day, start, zone).astimezone(UTC),
        datetime.combine(until, end, zone).astimezone(UTC),
    )


def _without(span: OpenSpan, closed: tuple[datetime, datetime]) -> Iterator[OpenSpan]:
    """A span without what lies in a closed stretch."""
    before, after = min(span.end, closed[0]), max(span.start, closed[1])
    if span.start < before:
        yield OpenSpan(span.start, before, span.efficiency)
    if after < span.end:
        yield OpenSpan(after, span.end, span.efficiency)


def _hours(at: datetime, epoch: datetime) -> float:
    return (at - epoch) / _HOUR

"""Local days, weeks and months as stretches of UTC; nights and weekends, exact where clocks change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final, Literal
from zoneinfo import ZoneInfo

from service.crew.rules.slots import Stretch, day_bounds, midnight
from service.crew.rules.spans import clip, union

By = Literal["day", "week", "month"]
NIGHT_BEGINS: Final = time(22)
NIGHT_ENDS: Final = time(6)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Local days that belong together, both ends included, and what they are called."""

    word: str
    first: date
    last: date

    def bounds(self, zone: str) -> Stretch:
        """Their time at a place."""
        return midnight(self.first, zone), midnight(self.last + _DAY, zone)


def days(first: date, last: date) -> Iterator[date]:
    """The dates of a period, both ends included."""
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def buckets(first: date, last: date, by: By) -> list[Bucket]:
    """A period in days, ISO weeks or months; those at its ends hold only what lies in it."""
    grouped = (
        (word, list(group)) for word, group in groupby(days(first, last), key=lambda day: word_of(day, by))
    )
    return [Bucket(word, group[0], group[-1]) for word, group in grouped]


def word_of(day: date, by: By) -> str:
    """`2026-03-05`, `2026-W10` or `2026-03`."""
    if by == "day":
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}" if by == "week" else f"{day:%Y-%m}"


def nights(first: date, last: date, zone: str) -> list[Stretch]:
    """The nights (22:00 to 06:00) of these local days: what of them lies within the days."""
    start, end = midnight(first, zone), midnight(last + _DAY, zone)
    found = (
        (_at(day - _DAY, NIGHT_BEGINS, zone), _at(day, NIGHT_ENDS, zone)) for day in days(first, last + _DAY)
    )
    return clip(list(found), start, end)


def weekends(first: date, last: date, zone: str) -> list[Stretch]:
    """The Saturdays and Sundays among these local days."""
    return union(_weekend_days(days(first, last), zone))


def _weekend_days(dates: Iterable[date], zone: str) -> Iterator[Stretch]:
    return (day_bounds(day, zone) for day in dates if day.isoweekday() >= 6)


def _at(day: date, wall: time, zone: str) -> datetime:
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)

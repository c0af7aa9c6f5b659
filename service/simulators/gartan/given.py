"""Diaries from explicit hours, for scenarios that are written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.simulators.gartan.layout import bounds
from service.simulators.gartan.plan import Booked, Booking

Hours = Sequence[tuple[float, float]]
"""Local hours of a day, as `[(0, 9), (17, 24)]`."""


def available_only(days: Mapping[date, Hours], reason: str = "W", zone: str = "Europe/London") -> Booked:
    """Off on these days but for their hours; on other days there is no booking."""
    return Booked([booking for day, hours in days.items() for booking in _off(day, hours, reason, zone)])


def off_during(
    day: date, hours: Hours, reason: str | None = "W", zone: str = "Europe/London"
) -> list[Booking]:
    """Bookings in some hours of a local day; with None, availability booked back."""
    return [Booking(at(day, start, zone), at(day, end, zone), reason) for start, end in hours]


def at(day: date, hour: float, zone: str = "Europe/London") -> datetime:
    """A wall time as an instant: 24 is the next midnight; of a repeated hour the first."""
    if hour >= 24:
        return bounds(day, zone)[1]
    wall = datetime.combine(day, time()) + timedelta(hours=hour)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _off(day: date, hours: Hours, reason: str, zone: str) -> Iterator[Booking]:
    yield Booking(*bounds(day, zone), reason)
    yield from off_during(day, hours, None, zone)

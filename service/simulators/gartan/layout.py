"""The columns of a day's grid: which five minutes of it each label means, on days of 23, 24 and 25 hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Mode = Literal["single", "double"]
"""`single`: every wall label once, 96 in all; `double`: 100 labels in October, 92 in March (spec B.5)."""

UNIT: Final = timedelta(minutes=5)
RESOLUTIONS: Final = (5, 10, 15, 30, 60)
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """`labels` are wall times; row n of `units` holds the five-minute units that label n stands for.

    Rows are of one length: shorter ones repeat their first unit.
    """

    labels: tuple[str, ...]
    units: NDArray[np.intp]


def bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """A local day in UTC."""
    place = ZoneInfo(zone)
    start, end = (datetime.combine(day + timedelta(days=n), time(), place) for n in (0, 1))
    return start.astimezone(UTC), end.astimezone(UTC)


@lru_cache(maxsize=512)
def layout(day: date, zone: str, resolution: int, mode: Mode) -> Layout:
    """The columns of one day; `resolution` in minutes."""
    slots = list(_runs(day, zone, resolution))
    if mode == "single":
        slots = _once(slots, resolution)
    longest = max(len(units) for _, units in slots)
    rows = [[*units, *(units[:1] * (longest - len(units)))] for _, units in slots]
    return Layout(tuple(label(at) for at, _ in slots), np.array(rows, dtype=np.intp))


def label(minute: int) -> str:
    """`0815` of minute 495."""
    return f"{minute // 60:02}{minute % 60:02}"


def _runs(day: date, zone: str, resolution: int) -> Iterator[tuple[int, list[int]]]:
    """The slots as they pass: minute of the wall and units; the repeated hour comes twice."""
    start, end = bounds(day, zone)
    place = ZoneInfo(zone)
    last: tuple[int, timedelta | None] | None = None
    units: list[int] = []
    for number in range((end - start) // UNIT):
        wall = (start + number * UNIT).astimezone(place)
        minute = wall.hour * 60 + wall.minute
        here = (minute - minute % resolution, wall.utcoffset())
        if last is not None and here != last:
            yield last[0], units
            units = []
        last = here
        units.append(number)
    if last is not None:
        yield last[0], units


def _once(slots: list[tuple[int, list[int]]], resolution: int) -> list[tuple[int, list[int]]]:
    """Every wall label once: the repeated hour in one column, the missing one as what came before it."""
    found: dict[int, list[int]] = {}
    for minute, units in slots:
        found.setdefault(minute, []).extend(units)
    before = [0]
    made = []
    for minute in range(0, _DAY, resolution):
        units = found.get(minute) or before[-1:]
        before = units
        made.append((minute, units))
    return made

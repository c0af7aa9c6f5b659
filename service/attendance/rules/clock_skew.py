"""Clocks that are set wrong, told from whole groups of people who come or go at the same wrong time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from service.attendance.rules.columns import Bools, Ints

LEAST_PEOPLE: Final = 5
"""A few people may really have come late together."""
SKEWED_SECONDS: Final = 20 * 60
USUAL_SECONDS: Final = 10 * 60
UPLOAD_LEAD_SECONDS: Final = 60
"""How far a punch may lie ahead of its upload: two clocks never agree to the second."""


@dataclass(frozen=True, slots=True)
class Readings:
    """First punches against the start of their shift, last ones against its end; one place each per column.

    Attributes:
        person, device, day: whose, where (ids), when (any number that orders days).
        seconds: the punch minus the shift's start or end.
        last: whether it is a last punch.
    """

    person: Ints
    device: Ints
    day: Ints
    seconds: Ints
    last: Bools


@dataclass(frozen=True, slots=True)
class Skew:
    """A device and day whose punches are shifted, and how the same people punch otherwise."""

    device: int
    day: int
    last: bool
    people: int
    median_seconds: int
    usual_seconds: int
    usual_punches: int


def skewed_clocks(readings: Readings) -> list[Skew]:
    """Devices and days beyond 20 minutes whose people are within 10 elsewhere; by device and day.

    Days of a device that are beyond 20 minutes themselves are nobody's usual days: a clock that is wrong for
    a whole month must not become its own yardstick. People without usual days prove nothing. Where entries
    and exits both tell of it, the entries are named.
    """
    found: dict[tuple[int, int], Skew] = {}
    for last in (False, True):
        for skew in _of_kind(readings, readings.last == last, last):
            found.setdefault((skew.device, skew.day), skew)
    return [found[name] for name in sorted(found)]


def _of_kind(readings: Readings, wanted: Bools, last: bool) -> Iterator[Skew]:
    person, seconds = readings.person[wanted], readings.seconds[wanted]
    device, day = readings.device[wanted], readings.day[wanted]
    order = np.lexsort((day, device))
    device, day, person, seconds = device[order], day[order], person[order], seconds[order]
    changes = np.flatnonzero((np.diff(device) != 0) | (np.diff(day) != 0)) + 1
    groups = [group for group in np.split(np.arange(len(device)), changes) if len(group) >= LEAST_PEOPLE]
    beyond = [group for group in groups if abs(np.median(seconds[group])) > SKEWED_SECONDS]
    usual = np.ones(len(device), dtype=bool)
    for group in beyond:
        usual[group] = False
    for group in beyond:
        people = np.unique(person[group])
        others = seconds[usual & np.isin(person, people)]
        if len(people) < LEAST_PEOPLE or len(others) < LEAST_PEOPLE:
            continue
        if abs(np.median(others)) <= USUAL_SECONDS:
            yield Skew(
                device=int(device[group[0]]),
                day=int(day[group[0]]),
                last=last,
                people=len(people),
                median_seconds=int(np.median(seconds[group])),
                usual_seconds=int(np.median(others)),
                usual_punches=len(others),
            )

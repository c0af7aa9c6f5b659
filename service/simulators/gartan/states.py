"""Who is off and which appliance is available in each five minutes of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from service.simulators.gartan.layout import UNIT, Layout, bounds
from service.simulators.gartan.plan import Appliance, Booking, Station

Reasons = list[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class DayStates:
    """`people` has a row for each person and a column for each five minutes: a number of `reasons`, 0 for
    available. `appliances` is true where they are."""

    reasons: Reasons
    people: NDArray[np.int16]
    appliances: NDArray[np.bool_]

    def of_slots(self, layout: Layout) -> NDArray[np.int16]:
        """The people in the columns of a grid: available only throughout a slot, else off for the first
        reason in it (spec B.5)."""
        slots = self.people[:, layout.units]
        first = (slots != 0).argmax(axis=2)
        return np.take_along_axis(slots, first[:, :, None], axis=2)[:, :, 0]

    def flags(self, layout: Layout) -> NDArray[np.bool_]:
        """The appliances in the columns of a grid: available only throughout."""
        free: NDArray[np.bool_] = np.all(self.appliances[:, layout.units], axis=2)
        return free


@lru_cache(maxsize=512)
def day_states(station: Station, day: date) -> DayStates:
    """All states of a station on one local day."""
    start, end = bounds(day, station.zone)
    reasons: Reasons = [None]
    people = np.zeros((len(station.crew), (end - start) // UNIT), dtype=np.int16)
    for row, person in zip(people, station.crew, strict=True):
        for booking in person.diary.bookings(start, end):
            _book(row, booking, start, reasons)
    flags = [_flag(one, station, people, (start, end)) for one in station.appliances]
    return DayStates(reasons, people, np.array(flags, dtype=np.bool_).reshape(len(flags), people.shape[1]))


@lru_cache(maxsize=64)
def hours_booked(station: Station, monday: date) -> NDArray[np.float64]:
    """Hours each person is available in a week: the number in parentheses (spec A.10)."""
    days = [day_states(station, monday + timedelta(days=n)).people for n in range(7)]
    units: NDArray[np.float64] = sum((day == 0).sum(axis=1) for day in days) * (UNIT / timedelta(hours=1))
    return units


def available(station: Station, people: NDArray[np.int16], label: str) -> NDArray[np.int64]:
    """How many available people serve a label, by column."""
    serving = np.array([one.serves(label) for one in station.crew], dtype=np.bool_)
    counted: NDArray[np.int64] = (people[serving] == 0).sum(axis=0)
    return counted


def _book(row: NDArray[np.int16], booking: Booking, start: datetime, reasons: Reasons) -> None:
    """Off wherever a unit is touched, on only where it is filled."""
    opens, closes = (booking.start - start) / UNIT, (booking.end - start) / UNIT
    if booking.reason is None:
        row[max(0, int(np.ceil(opens))) : max(0, int(np.floor(closes)))] = 0
        return
    if booking.reason not in reasons:
        reasons.append(booking.reason)
    row[max(0, int(np.floor(opens))) : max(0, int(np.ceil(closes)))] = reasons.index(booking.reason)


def _flag(
    appliance: Appliance, station: Station, people: NDArray[np.int16], day: tuple[datetime, datetime]
) -> NDArray[np.bool_]:
    if appliance.off is not None:
        row = np.zeros(people.shape[1], dtype=np.int16)
        for booking in appliance.off.bookings(*day):
            _book(row, booking, day[0], [None])
        free: NDArray[np.bool_] = np.equal(row, 0)
        return free
    met = np.ones(people.shape[1], dtype=np.bool_)
    for label, least in (appliance.title.needs if appliance.title else {}).items():
        met &= available(station, people, label) >= least
    return met

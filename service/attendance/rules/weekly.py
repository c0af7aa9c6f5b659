"""Weekly schedules: which shift a weekday has, in which half of the month, from when to when (A.5, F.1)."""

import numpy as np

from service.attendance.rules.codes import HalfMonth
from service.attendance.rules.columns import NONE, Bools, Ints, day_numbers, positions
from service.attendance.rules.grid import FAR_PAST, Grid
from service.attendance.rules.inputs import ShiftTypes, WeeklySchedules

LAST_DAY_OF_FIRST_HALF = 15


def weekly_shifts(schedules: WeeklySchedules, shifts: ShiftTypes, grid: Grid) -> tuple[Ints, Ints, Bools]:
    """(cell, shift) of every weekly schedule that applies, and which cells lie within one at all.

    Of several rows for one day the most specific priority applies, of these the one valid from the latest
    date; rows equal in both are the parts of a split shift. A day within a schedule and without a row is a
    day of rest: the default shift does not stand in.
    """
    covered = np.zeros(grid.size, dtype=np.bool_)
    row, cell = grid.spread(schedules.person, schedules.start, schedules.end)
    covered[cell] = True
    shift = positions(shifts.id, schedules.shift_type)[row]
    day = grid.day[cell]
    applies = (schedules.weekday[row] == iso_weekday(day)) & _in_half(schedules.half[row], day)
    applies &= shift != NONE
    row, cell, shift = row[applies], cell[applies], shift[applies]
    best = _best(cell, schedules.priority[row], day_numbers(schedules.start, FAR_PAST)[row])
    pairs = np.unique(cell[best] * max(len(shifts), 1) + shift[best])
    return pairs // max(len(shifts), 1), pairs % max(len(shifts), 1), covered


def iso_weekday(day: Ints) -> Ints:
    """1 is Monday; `day` counts from Thursday, 1 January 1970."""
    return (day + 3) % 7 + 1


def half_of_month(day: Ints) -> Ints:
    """The `HalfMonth` of dates: 1 to 15, and 16 to the end (quincenas)."""
    dates = day.astype("datetime64[D]")
    of_month = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    return np.where(of_month <= LAST_DAY_OF_FIRST_HALF, int(HalfMonth.FIRST), int(HalfMonth.SECOND))


def _in_half(half: Ints, day: Ints) -> Bools:
    result: Bools = (half == HalfMonth.BOTH) | (half == half_of_month(day))
    return result


def _best(cell: Ints, priority: Ints, since: Ints) -> Bools:
    """Which rows have the lowest priority number, and of those the latest beginning, of their cell."""
    order = np.lexsort((-since, priority, cell))
    leads = np.ones(len(order), dtype=np.bool_)
    leads[1:] = cell[order][1:] != cell[order][:-1]
    leader = order[np.maximum.accumulate(np.where(leads, np.arange(len(order)), 0))]
    result = np.zeros(len(cell), dtype=np.bool_)
    result[order] = (priority[order] == priority[leader]) & (since[order] == since[leader])
    return result

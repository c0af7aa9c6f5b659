"""What is known of a person's day before any punch: employment, holidays, leave, requests."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.codes import Half
from service.attendance.rules.columns import NONE, Bools, Dates, Floats, Ints, day_numbers, pick, positions
from service.attendance.rules.grid import FAR_FUTURE, FAR_PAST, Grid
from service.attendance.rules.inputs import Holidays, Inputs, Leaves, Requests

_APART = 4 * FAR_FUTURE
"""Day numbers of one list, person or company never reach the next one's."""


@dataclass(frozen=True)
class HolidayCalendar:
    """All holiday lists as one sorted column of keys."""

    rows: Ints
    keys: Ints
    lists: Ints
    full: Bools
    weekly_off: Bools

    @classmethod
    def of(cls, holidays: Holidays) -> "HolidayCalendar":
        lists = np.unique(holidays.holiday_list)
        keys = positions(lists, holidays.holiday_list) * _APART + day_numbers(holidays.date, FAR_PAST)
        order = np.lexsort((holidays.weekly_off, keys))
        return cls(order, keys[order], lists, ~holidays.half_day, holidays.weekly_off)

    def find(self, holiday_list: Ints, day: Ints) -> Ints:
        """Row in the holidays of each (list id, day); `NONE`: no holiday."""
        at = positions(self.lists, holiday_list)
        found = positions(self.keys, at * _APART + day)
        return np.where((at == NONE) | (found == NONE), NONE, pick(self.rows, found, NONE))

    def is_full(self, row: Ints) -> Bools:
        return np.asarray(pick(self.full, row, otherwise=False), dtype=np.bool_)

    def is_half(self, row: Ints) -> Bools:
        result: Bools = (row != NONE) & ~self.is_full(row)
        return result

    def is_weekly_off(self, row: Ints) -> Bools:
        return np.asarray(pick(self.weekly_off, row, otherwise=False), dtype=np.bool_)


@dataclass(frozen=True)
class CellFacts:
    """One value per cell of the grid.

    Attributes:
        before_hire, after_leaving: outside employment.
        holiday_list: id of the person's list on that day; `NONE`: none.
        holiday: row of the person's own list, half-day holidays included.
        leave: row of the leave that names the day; where two meet, a full-day one, then the lowest id.
        leave_fraction: 0, 0.5 or 1.
        full_leave: whether one of the leaves takes the whole day.
        half: the `Half` on leave, where only one is.
        request: row of the attendance request; never on a day of leave.
        request_half: it covers half of the day.
    """

    before_hire: Bools
    after_leaving: Bools
    holiday_list: Ints
    holiday: Ints
    leave: Ints
    leave_fraction: Floats
    full_leave: Bools
    half: Ints
    request: Ints
    request_half: Bools


def cell_facts(inputs: Inputs, grid: Grid, calendar: HolidayCalendar) -> CellFacts:
    """Everything about the cells that no shift or punch is needed for."""
    people, person = grid.people, grid.person
    holiday_list = _holiday_lists(inputs, grid)
    holiday = calendar.find(holiday_list, grid.day)
    off = calendar.is_full(holiday)
    leave, fraction, full, half = _leaves(inputs, grid, off)
    request, request_half = _requests(inputs.requests, grid, off, leave)
    return CellFacts(
        before_hire=grid.day < day_numbers(people.joined, FAR_PAST)[person],
        after_leaving=grid.day > day_numbers(people.left, FAR_FUTURE)[person],
        holiday_list=holiday_list,
        holiday=holiday,
        leave=leave,
        leave_fraction=fraction,
        full_leave=full,
        half=half,
        request=request,
        request_half=request_half,
    )


def _holiday_lists(inputs: Inputs, grid: Grid) -> Ints:
    """Latest dated list of the person, then of the company, then the plain links (D.9, D.12)."""
    people = grid.people
    linked = np.where(people.holiday_list == NONE, people.company_holiday_list, people.holiday_list)[
        grid.person
    ]
    dated = inputs.holiday_list_assignments
    if not len(dated):
        return linked
    of_company = dated.take(dated.person == NONE)
    of_person = dated.take(dated.person != NONE)
    by_company = _latest(of_company.company, of_company.start, of_company.holiday_list, people.company, grid)
    by_person = _latest(of_person.person, of_person.start, of_person.holiday_list, people.id, grid)
    return np.where(by_person != NONE, by_person, np.where(by_company != NONE, by_company, linked))


def _latest(owner: Ints, start: Dates, value: Ints, of_person: Ints, grid: Grid) -> Ints:
    """Per cell the value with the latest start that its person's owner has by that day."""
    if not len(owner):
        return np.full(grid.size, NONE, dtype=np.int64)
    owners = np.unique(owner)
    keys = positions(owners, owner) * _APART + day_numbers(start, FAR_PAST)
    order = np.lexsort((value, keys))
    mine = positions(owners, of_person)[grid.person]
    last = np.searchsorted(keys[order], mine * _APART + grid.day, side="right") - 1
    safe = np.maximum(last, 0)
    holds = (mine != NONE) & (last >= 0) & (positions(owners, owner)[order][safe] == mine)
    return np.where(holds, value[order][safe], NONE)


def _leaves(inputs: Inputs, grid: Grid, off: Bools) -> tuple[Ints, Floats, Bools, Ints]:
    """(row, fraction, full, half) per cell; holidays are left out unless the type includes them (D.8)."""
    leaves = inputs.leaves
    row, cell = counted_leaves(inputs, grid, off)
    is_half = day_numbers(leaves.half_day_date, FAR_PAST)[row] == grid.day[cell]
    order = np.lexsort((leaves.id[row], is_half, cell))[::-1]
    row, cell, is_half = row[order], cell[order], is_half[order]
    chosen = np.full(grid.size, NONE, dtype=np.int64)
    chosen[cell] = row
    full = np.zeros(grid.size, dtype=np.bool_)
    full[cell[~is_half]] = True
    shares = np.bincount(cell, weights=np.where(is_half, 0.5, 1.0), minlength=grid.size)
    half = np.where(chosen == NONE, int(Half.UNKNOWN), pick(leaves.half, chosen, int(Half.UNKNOWN)))
    return chosen, np.minimum(shares, 1.0), full, half


def counted_leaves(inputs: Inputs, grid: Grid, off: Bools) -> tuple[Ints, Ints]:
    """(row, cell) of every leave and day it counts on; `off`: the cell is a whole holiday or weekly off."""
    leaves = inputs.leaves
    row, cell = grid.spread(leaves.person, leaves.start, leaves.end)
    counts = (leaves.approved & (leaves.docstatus == 1))[row]
    counts &= ~off[cell] | _includes_holidays(inputs, leaves)[row]
    return row[counts], cell[counts]


def _includes_holidays(inputs: Inputs, leaves: Leaves) -> Bools:
    types = inputs.leave_types
    order = np.argsort(types.id)
    at = positions(types.id[order], leaves.leave_type)
    return np.asarray(pick(types.include_holiday[order], at, otherwise=False), dtype=np.bool_)


def _requests(requests: Requests, grid: Grid, off: Bools, leave: Ints) -> tuple[Ints, Bools]:
    """(row, half) per cell; holidays unless included, and days of leave, are left out (D.7)."""
    row, cell = grid.spread(requests.person, requests.start, requests.end)
    holds = (leave[cell] == NONE) & (~off[cell] | requests.include_holidays[row])
    row, cell = row[holds], cell[holds]
    order = np.lexsort((requests.id[row], cell))[::-1]
    row, cell = row[order], cell[order]
    chosen = np.full(grid.size, NONE, dtype=np.int64)
    chosen[cell] = row
    half_day = day_numbers(requests.half_day_date, FAR_PAST)
    return chosen, np.asarray(pick(half_day, chosen, FAR_PAST) == grid.day, dtype=np.bool_)

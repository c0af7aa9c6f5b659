"""Everything known about each row before its punches are judged."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from service.attendance.rules.codes import ExpectedPolicy
from service.attendance.rules.columns import NO_TIME, NONE, Bools, Floats, Ints, pick, positions
from service.attendance.rules.facts import CellFacts, HolidayCalendar
from service.attendance.rules.grid import Grid
from service.attendance.rules.inputs import Inputs, Overrides, ShiftTypes
from service.attendance.rules.instances import Instances
from service.attendance.rules.rows import Rows, day_bounds
from service.attendance.rules.ruleset import Absence, RuleSet
from service.attendance.rules.zones import ZoneTable

_SHIFTS_A_DAY = 100
"""More than anybody works on one date; keeps days apart in one sorted column."""


@dataclass(frozen=True)
class Horizon:
    """Up to when things are known, in wall-clock seconds.

    Attributes:
        now: the moment of asking.
        watermark: check-ins are complete through this moment; `NO_TIME`: nothing is known to be complete.
    """

    now: int
    watermark: int


@dataclass(frozen=True)
class RowFacts:
    """One value per row; wall-clock seconds unless said otherwise, `NO_TIME` and `NONE` where absent.

    Attributes:
        clock_start, clock_end: start and end of the shift as the rule set measures time.
        half_holiday: the day is a half-day holiday.
        day_off: a whole holiday or weekly off of the person's own list.
        shift_day_off: the same by the shift's list where it has one (spec D.5 step 3).
        shift_holiday: row of that holiday, half-day holidays included.
        keeps_expected: the leave does not take away expected hours.
        day_off_leave: the leave counts on days off as well.
        override: row in the overrides; override_status: the `Status` somebody set.
    """

    person: Ints
    day: Ints
    scheduled: Bools
    shift: Ints
    source: Ints
    start: Ints
    end: Ints
    clock_start: Ints
    clock_end: Ints
    window_start: Ints
    window_end: Ints
    person_status: Ints
    before_hire: Bools
    after_leaving: Bools
    holiday: Ints
    half_holiday: Bools
    day_off: Bools
    weekly_off: Bools
    shift_day_off: Bools
    shift_holiday: Ints
    leave: Ints
    leave_type: Ints
    leave_fraction: Floats
    full_leave: Bools
    half: Ints
    keeps_expected: Bools
    day_off_leave: Bools
    request: Ints
    request_reason: Ints
    request_half: Bools
    manual: Ints
    manual_status: Ints
    override: Ints
    override_status: Ints
    future: Bools
    closed: Bools
    complete: Bools

    def __len__(self) -> int:
        return len(self.person)

    @property
    def half_leave(self) -> Bools:
        result: Bools = (self.leave != NONE) & ~self.full_leave
        return result


def row_facts(
    inputs: Inputs,
    shifts: ShiftTypes,
    rule_set: RuleSet,
    grid: Grid,
    instances: Instances,
    rows: Rows,
    cells: CellFacts,
    calendar: HolidayCalendar,
    zone: ZoneTable,
    horizon: Horizon,
) -> RowFacts:
    """Schedule, calendar, leave, requests and horizon of every row."""
    schedule = _schedule(rule_set, grid, instances, rows, zone)
    window_end = schedule["window_end"]
    return RowFacts(
        **schedule,
        **_calendar(shifts, grid, rows, cells, calendar, schedule["shift"]),
        **_leave(inputs, rule_set, rows, cells),
        **_recorded(inputs, shifts, grid, rows, cells, schedule["shift"]),
        **_overridden(inputs.overrides, grid, rows),
        future=day_bounds(schedule["day"])[0] > horizon.now,
        closed=window_end < horizon.now,
        complete=window_end < horizon.watermark,
    )


def _schedule(
    rule_set: RuleSet, grid: Grid, instances: Instances, rows: Rows, zone: ZoneTable
) -> dict[str, Any]:
    at, scheduled, day = rows.instance, rows.scheduled, grid.day[rows.cell]
    start, end = pick(instances.start, at, NO_TIME), pick(instances.end, at, NO_TIME)
    elapsed = rule_set.clock == "elapsed"
    first_s, last_s = day_bounds(day)
    return {
        "person": grid.person[rows.cell],
        "day": day,
        "scheduled": scheduled,
        "shift": pick(instances.shift, at, NONE),
        "source": pick(instances.source, at, 0),
        "start": start,
        "end": end,
        "clock_start": zone.to_utc(start) if elapsed else start,
        "clock_end": zone.to_utc(end) if elapsed else end,
        "window_start": np.where(scheduled, pick(instances.window_start, at, 0), first_s),
        "window_end": np.where(scheduled, pick(instances.window_end, at, 0), last_s),
    }


def _calendar(
    shifts: ShiftTypes, grid: Grid, rows: Rows, cells: CellFacts, calendar: HolidayCalendar, shift: Ints
) -> dict[str, Any]:
    cell = rows.cell
    holiday = cells.holiday[cell]
    by_shift = _shift_holidays(shifts, shift, cells, cell, grid.day[cell], calendar)
    return {
        "person_status": grid.people.status[grid.person[cell]],
        "before_hire": cells.before_hire[cell],
        "after_leaving": cells.after_leaving[cell],
        "holiday": holiday,
        "half_holiday": calendar.is_half(holiday),
        "day_off": calendar.is_full(holiday),
        "weekly_off": calendar.is_weekly_off(holiday),
        "shift_day_off": calendar.is_full(by_shift),
        "shift_holiday": by_shift,
    }


def _leave(inputs: Inputs, rule_set: RuleSet, rows: Rows, cells: CellFacts) -> dict[str, Any]:
    leave, fraction = cells.leave[rows.cell], cells.leave_fraction[rows.cell]
    leave_type, keeps, on_days_off = _leave_type(inputs, leave, rule_set.absence)
    full = cells.full_leave[rows.cell]
    if rule_set.absence.halves_make_a_day:
        full = full | (fraction >= 1)
    return {
        "leave": leave,
        "leave_type": leave_type,
        "leave_fraction": fraction,
        "full_leave": full,
        "half": cells.half[rows.cell],
        "keeps_expected": keeps,
        "day_off_leave": on_days_off,
    }


def _recorded(
    inputs: Inputs, shifts: ShiftTypes, grid: Grid, rows: Rows, cells: CellFacts, shift: Ints
) -> dict[str, Any]:
    """Attendance that somebody asked for or entered."""
    request = cells.request[rows.cell]
    manual = _manual(inputs, shifts, grid, rows.cell, shift)
    return {
        "request": request,
        "request_reason": pick(inputs.requests.reason, request, 0),
        "request_half": cells.request_half[rows.cell],
        "manual": manual,
        "manual_status": pick(inputs.manual_days.status, manual, 0),
    }


def _overridden(overrides: Overrides, grid: Grid, rows: Rows) -> dict[str, Any]:
    """The newest override of each row, whether for its shift or for the whole day."""
    row, cell = grid.spread(overrides.person, overrides.date, overrides.date)
    keys = cell * _SHIFTS_A_DAY + overrides.shift_seq[row] + 1
    order = np.lexsort((-overrides.id[row], keys))
    for_shift, for_day = [
        pick(row[order], positions(keys[order], rows.cell * _SHIFTS_A_DAY + wanted + 1), NONE)
        for wanted in (rows.sequence, np.full_like(rows.sequence, NONE))
    ]
    later = pick(overrides.id, for_shift, NONE) >= pick(overrides.id, for_day, NONE)
    newest = np.where(later, for_shift, for_day)
    return {"override": newest, "override_status": pick(overrides.status, newest, 0)}


def _shift_holidays(
    shifts: ShiftTypes, shift: Ints, cells: CellFacts, cell: Ints, day: Ints, calendar: HolidayCalendar
) -> Ints:
    """Holiday by the shift's list where it has one, else by the person's."""
    own = pick(shifts.holiday_list, shift, NONE)
    if (own == NONE).all():
        return cells.holiday[cell]
    return calendar.find(np.where(own == NONE, cells.holiday_list[cell], own), day)


def _leave_type(inputs: Inputs, leave: Ints, rules: Absence) -> tuple[Ints, Bools, Bools]:
    """(id, keeps expected hours, counts on days off) of each row's leave."""
    types = inputs.leave_types.take(np.argsort(inputs.leave_types.id))
    type_id = pick(inputs.leaves.leave_type, leave, NONE)
    at = positions(types.id, type_id)
    policy = pick(types.policy, at, int(ExpectedPolicy.BY_TYPE))
    otherwise = pick(types.unpaid, at, otherwise=False)
    if rules.leave_expected != "by_type":
        otherwise = np.full_like(otherwise, rules.leave_expected == "keep")
    keeps = (policy == ExpectedPolicy.KEEP) | ((policy == ExpectedPolicy.BY_TYPE) & otherwise)
    on_days_off = np.asarray(pick(types.include_holiday, at, otherwise=False), dtype=np.bool_)
    return type_id, keeps & (leave != NONE), on_days_off


def _manual(inputs: Inputs, shifts: ShiftTypes, grid: Grid, cell: Ints, shift: Ints) -> Ints:
    """Row of the attendance entered by hand for the day, or for this shift of the day."""
    manual = inputs.manual_days
    row, at = grid.spread(manual.person, manual.date, manual.date)
    stride = len(shifts) + 1
    keys = at * stride + positions(shifts.id, manual.shift_type)[row] + 1
    order = np.lexsort((manual.id[row], keys))
    found = [
        positions(keys[order], cell * stride + wanted + 1) for wanted in (shift, np.full_like(shift, NONE))
    ]
    for_shift, for_day = [pick(row[order], at, NONE) for at in found]
    result: Ints = np.maximum(for_shift, for_day)
    return result

"""Which rows the upstream's background job comes to, and which punches it sets aside (spec D.5)."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.codes import PersonStatus, PunchReason, ScheduleSource
from service.attendance.rules.columns import DAY, NO_TIME, NONE, Bools, day_numbers, pick, positions, seconds
from service.attendance.rules.grid import FAR_FUTURE, FAR_PAST, Grid
from service.attendance.rules.inputs import Inputs, ShiftTypes
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.rows import Attached
from service.attendance.rules.windows import last_absence_day


@dataclass(frozen=True)
class Processing:
    """Which rows the upstream's background job comes to (spec D.5).

    Attributes:
        taken: attendance exists already: leave, request, or entered by hand.
        made: attendance is made from punches.
        missed: the row is searched for missing attendance and would be marked absent (step 7).
        asked: the shift is processed at all, and this date is; passed: its window lies before the upstream's
            watermark; due: missing punches are an absence by now.
        overlaps: an earlier shift of the day that overlaps this one has attendance.
        hired: joined by that day; has_assignment: shifts are assigned to the person (both: step 7).
    """

    taken: Bools
    made: Bools
    missed: Bools
    asked: Bools
    passed: Bools
    due: Bools
    overlaps: Bools
    hired: Bools
    has_assignment: Bools


def without_early_punches(facts: RowFacts, attached: Attached, shifts: ShiftTypes) -> Attached:
    """Punches before the shift's first processed date are never read (D.5 step 1)."""
    begin = day_numbers(shifts.process_after, FAR_PAST) * DAY
    row = np.maximum(attached.row, 0)
    early = (attached.row != NONE) & (attached.punches.wall < pick(begin, facts.shift, FAR_PAST * DAY)[row])
    return attached.set_aside(early, PunchReason.BEFORE_PROCESSING)


def processing_of(
    facts: RowFacts, attached: Attached, inputs: Inputs, shifts: ShiftTypes, grid: Grid
) -> Processing:
    auto = facts.scheduled & pick(_processed(shifts), facts.shift, otherwise=False)
    passed = auto & (facts.window_end < pick(seconds(shifts.last_sync), facts.shift, NO_TIME))
    known = facts.closed & facts.complete
    on_days_off = pick(shifts.mark_on_holidays, facts.shift, otherwise=False)
    punched = np.bincount(attached.counted().row, minlength=len(facts)) > 0
    taken = facts.full_leave | (facts.request != NONE) | (facts.manual != NONE)
    refused = taken | facts.before_hire | (facts.person_status == PersonStatus.INACTIVE)
    made = punched & passed & known & (~facts.shift_day_off | on_days_off) & ~refused
    overlaps = _overlaps(facts, made)
    made &= ~overlaps
    begin = day_numbers(shifts.process_after, FAR_FUTURE)
    asked = auto & (facts.day >= pick(begin, facts.shift, FAR_FUTURE))
    last = last_absence_day(shifts, seconds(shifts.last_sync))
    due = asked & known & (facts.day <= pick(last, facts.shift, FAR_PAST))
    blank = made | taken | facts.shift_day_off | overlaps
    hired, has_own = _hired(facts, grid), _has_assignment(facts, inputs, shifts, grid)
    missed = due & ~blank & hired & ~facts.after_leaving & _searched(facts, has_own)
    return Processing(taken, made, missed, asked, passed, due, overlaps, hired, has_own)


def _processed(shifts: ShiftTypes) -> Bools:
    """Enabled, and both watermarks set (D.5)."""
    result: Bools = shifts.auto & ~np.isnat(shifts.process_after) & ~np.isnat(shifts.last_sync)
    return result


def _overlaps(facts: RowFacts, made: Bools) -> Bools:
    """Rows whose shift overlaps an earlier one of the same day that has attendance (D.6, G-H-79)."""
    result = np.zeros(len(facts), dtype=np.bool_)
    same = (facts.person[1:] == facts.person[:-1]) & (facts.day[1:] == facts.day[:-1])
    result[1:] = same & made[:-1] & (facts.start[1:] < facts.end[:-1])
    return result


def _hired(facts: RowFacts, grid: Grid) -> Bools:
    """Joined, or created where no joining date is known, by that day (D.5 step 7)."""
    people = grid.people
    hired = day_numbers(np.where(np.isnat(people.joined), people.created, people.joined), FAR_PAST)
    result: Bools = facts.day >= hired[facts.person]
    return result


def _has_assignment(facts: RowFacts, inputs: Inputs, shifts: ShiftTypes, grid: Grid) -> Bools:
    """The person has any assignment that still held when processing of the shift began (D.12)."""
    rows = inputs.assignments
    person = positions(grid.people.id, rows.person)
    known = person != NONE
    last_end = np.full(len(grid.people), FAR_PAST, dtype=np.int64)
    np.maximum.at(last_end, person[known], day_numbers(rows.end, FAR_FUTURE)[known])
    begin = day_numbers(shifts.process_after, FAR_FUTURE)
    result: Bools = last_end[facts.person] >= pick(begin, facts.shift, FAR_FUTURE)
    return result


def _searched(facts: RowFacts, has_assignment: Bools) -> Bools:
    """By assignment: everybody but Inactive; by default shift: Active people without any assignment."""
    assigned = facts.source == ScheduleSource.ASSIGNMENT
    by_default = ~assigned & (facts.person_status == PersonStatus.ACTIVE) & ~has_assignment
    result: Bools = (assigned & (facts.person_status != PersonStatus.INACTIVE)) | by_default
    return result


def without_refused_punches(facts: RowFacts, attached: Attached, processing: Processing) -> Attached:
    """Punches of days off stay unlinked (step 3), those of refused days are skipped (step 6)."""
    row = np.maximum(attached.row, 0)
    inside = attached.row != NONE
    day_off = facts.scheduled & facts.shift_day_off & ~processing.made & ~processing.taken
    refused = facts.scheduled & ~processing.made & processing.passed & ~day_off & facts.closed
    attached = attached.set_aside(inside & day_off[row], PunchReason.DAY_OFF)
    return attached.set_aside(inside & (refused & facts.complete)[row], PunchReason.CONFLICT)

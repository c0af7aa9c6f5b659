"""Which span of time belongs to a shift, and where the spans of neighbours are cut (spec D.3, F.2, F.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from service.attendance.rules.columns import DAY, Bools, Ints
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.ruleset import Windows

if TYPE_CHECKING:
    from service.attendance.rules.instances import Instances

_APART = 10**11
"""More seconds than any calendar holds: keeps people apart in one sorted column."""


def shift_windows(bare: Instances, shifts: ShiftTypes) -> Instances:
    """[start - begin_before, end + allow_after], both ends included (spec D.3)."""
    first = bare.start - shifts.before_min[bare.shift] * 60
    last = bare.end + shifts.after_min[bare.shift] * 60
    return replace(bare, open_start=first, open_end=last, own_start=first, own_end=last)


def calendar_windows(bare: Instances, shifts: ShiftTypes, rules: Windows) -> Instances:
    """Day shifts have their calendar day, overnight shifts margins around them (F.2).

    A day shift's own margins, where they reach across midnight, belong to it as well: the exit at 00:20 of a
    shift that ends at 23:30 is that shift's, not the next day's.
    """
    overnight = shifts.end_s[bare.shift] <= shifts.start_s[bare.shift]
    early = np.minimum(_overnight_early(bare, rules), _gap_before(bare) // 2)
    own_start = bare.start - np.where(overnight, early, shifts.before_min[bare.shift] * 60)
    exit_s = rules.overnight_exit_min * 60 + 59
    own_end = bare.end + np.where(overnight, exit_s, shifts.after_min[bare.shift] * 60)
    midnight = bare.day * DAY
    open_start = np.where(overnight, own_start, np.minimum(own_start, midnight))
    open_end = np.where(overnight, own_end, np.maximum(own_end, midnight + DAY - 1))
    return replace(bare, open_start=open_start, open_end=open_end, own_start=own_start, own_end=own_end)


def _overnight_early(bare: Instances, rules: Windows) -> Ints:
    """Seconds before its start from which an overnight shift's entries count."""
    if not rules.overnight_from_noon:
        return np.full(len(bare), rules.overnight_early_min * 60, dtype=np.int64)
    since_noon: Ints = np.maximum(bare.start - (bare.day * DAY + DAY // 2), 0)
    return since_noon


def _gap_before(bare: Instances) -> Ints:
    """Seconds since the same person's previous shift ended; none before: more than any margin."""
    gap = np.full(len(bare), 30 * DAY, dtype=np.int64)
    known = _same_person(bare)
    gap[1:][known] = np.maximum(bare.start[1:] - bare.end[:-1], 0)[known]
    return gap


def cut_windows(opened: Instances, *, fair: bool) -> Instances:
    """Windows of one person's consecutive shifts made disjoint; a shared instant is the earlier one's (F.4).

    Unfair, as D.3: the later shift opens no earlier than the earlier one's end, and the earlier closes there.
    Fair: in the middle of the gap, as far as neither takes away what is the other's own window.
    """
    start, end = opened.open_start.copy(), opened.open_end.copy()
    follows = _same_person(opened)
    meet = follows & (end[:-1] >= start[1:])
    cut = _fair_cut(opened) if fair else opened.end[:-1]
    start[1:][meet] = np.maximum(start[1:], cut)[meet]
    apart = opened.person * _APART
    start = np.maximum.accumulate(start + apart) - apart
    end[:-1][follows] = np.minimum(end[:-1], start[1:])[follows]
    return replace(opened, window_start=start, window_end=end)


def _fair_cut(opened: Instances) -> Ints:
    """The middle of the gap, moved out of either neighbour's own window; the middle if both claim it."""
    earlier_end, later_start = opened.end[:-1], opened.start[1:]
    middle = earlier_end + np.maximum(later_start - earlier_end, 0) // 2
    low = np.maximum(opened.own_end[:-1], opened.open_start[1:])
    high = np.minimum(opened.own_start[1:], opened.open_end[:-1])
    cut: Ints = np.where(low <= high, np.clip(middle, low, high), middle)
    return cut


def _same_person(instances: Instances) -> Bools:
    result: Bools = instances.person[1:] == instances.person[:-1]
    return result


def named_day(wall: Ints, shifts: ShiftTypes, shift: Ints) -> Ints:
    """The date of the instance *named for* each time, whether or not the time lies in its window (D.3)."""
    day, time = np.divmod(wall, DAY)
    opens = shifts.start_s[shift] - shifts.before_min[shift] * 60
    closes = shifts.end_s[shift] + shifts.after_min[shift] * 60
    overnight = shifts.end_s[shift] <= shifts.start_s[shift]
    by_start = overnight | (closes >= DAY)
    before = by_start & (time < opens % DAY)
    after = ~by_start & (opens < 0) & (time > closes % DAY)
    result: Ints = day - before + after
    return result


def last_absence_day(shifts: ShiftTypes, last_sync: Ints) -> Ints:
    """Per shift type, the last date whose missing punches count as absence (L of D.5 step 7)."""
    every = np.arange(len(shifts))
    overnight = shifts.end_s <= shifts.start_s
    day = named_day(last_sync, shifts, every)
    closes = day * DAY + shifts.end_s + np.where(overnight, DAY, 0) + shifts.after_min * 60
    return named_day(closes - DAY, shifts, every)

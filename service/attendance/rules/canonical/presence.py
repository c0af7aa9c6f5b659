"""Entry and exit of a day, what is missing, and the times they are held against (F.2)."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.codes import Half, LogType
from service.attendance.rules.columns import DAY, NO_TIME, NONE, Bools, Ints, pick
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.judged import Ends
from service.attendance.rules.pairing import Paired, pair
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.rows import Attached
from service.attendance.rules.ruleset import Absence, RuleSet


@dataclass(frozen=True)
class Day:
    """Which rules a row is subject to.

    Attributes:
        employed: inside employment; decided: its window has closed and its check-ins are complete.
        working: a shift is to be worked, leave and requests aside.
        excused: a full day of leave or of a request; judged: punches are held against the shift.
    """

    employed: Bools
    decided: Bools
    working: Bools
    excused: Bools
    judged: Bools


@dataclass(frozen=True)
class Presence:
    """Entry and exit, with what is missing, and the times they are held against (`NO_TIME`: none)."""

    ends: Ends
    entry: Ints
    exit: Ints
    missing_in: Bools
    missing_out: Bools


def kind_of_day(facts: RowFacts, rules: Absence) -> Day:
    outside = np.zeros(len(facts), dtype=np.bool_)
    if rules.before_hire:
        outside |= facts.before_hire
    if rules.after_leaving:
        outside |= facts.after_leaving
    known = (facts.closed & facts.complete) | (rules.undecided == "absent")
    working = facts.scheduled & ~facts.day_off
    full_request = (facts.request != NONE) & ~facts.request_half
    on_leave = facts.full_leave & (rules.leave == "excuses")
    excused = working & (on_leave | full_request)
    decided = ~outside & known
    return Day(~outside, decided, working, excused, decided & working & ~excused)


def paired_punches(counted: Attached, facts: RowFacts, rule_set: RuleSet, shifts: ShiftTypes) -> Paired:
    by_shift = rule_set.punching.pairing == "shift"
    modes = [
        pick(column, facts.shift, 0) if by_shift else np.zeros(len(facts), dtype=np.int64)
        for column in (shifts.pairing, shifts.hours_mode)
    ]
    return pair(counted, len(facts), *modes)


def presence_of(facts: RowFacts, day: Day, counted: Attached, paired: Paired, rule_set: RuleSet) -> Presence:
    """Entry, exit, and the times they are held against, moved where half of the day is off."""
    after = np.cumsum(paired.count)
    some = paired.count > 0
    edges = Ends.of(counted, np.where(some, after - paired.count, NONE), np.where(some, after - 1, NONE))
    entry, exit_ = _expected_ends(facts, day, edges, rule_set.absence)
    first, last = paired.first_in, paired.last_out
    if rule_set.punching.pairing == "first_last":
        exit_only, entry_only = _one_sided(facts, day, counted, paired.count, edges, entry, exit_)
        if rule_set.punching.lone_exit == "overnight":
            overnight = facts.scheduled & (facts.end // DAY > facts.day)
            exit_only, entry_only = exit_only & overnight, entry_only & overnight
        last = np.where(exit_only, after - 1, np.where(entry_only, NONE, last))
        first = np.where(exit_only, NONE, first)
    concerned = some & (day.decided | day.excused)
    ends = Ends.of(counted, first, last)
    return Presence(ends, entry, exit_, concerned & ~ends.has_first, concerned & ~ends.has_last)


def _expected_ends(facts: RowFacts, day: Day, edges: Ends, rules: Absence) -> tuple[Ints, Ints]:
    """Expected entry and exit; half a day off moves one of them to the midpoint of the shift (F.2).

    Where it is not known which half is off, it is the one without punches; with punches in both, neither
    lateness before nor an exit after the midpoint is held against anybody.
    """
    start, end = facts.clock_start, facts.clock_end
    halved = facts.half_leave | facts.half_holiday | facts.request_half
    moved = day.judged & halved & rules.half_day_leave_moves_shift
    middle = np.where(moved, start + (np.where(moved, end, 0) - np.where(moved, start, 0)) // 2, NO_TIME)
    half = np.where(facts.half_leave, facts.half, int(Half.UNKNOWN))
    unknown = moved & (half == Half.UNKNOWN) & edges.has_first
    before, later = edges.first < middle, edges.last > middle
    first_off = moved & ((half == Half.FIRST) | (unknown & (~before | later)))
    second_off = moved & ((half == Half.SECOND) | (unknown & before))
    return np.where(first_off, middle, start), np.where(second_off, middle, end)


def _one_sided(
    facts: RowFacts, day: Day, counted: Attached, count: Ints, edges: Ends, entry: Ints, exit_: Ints
) -> tuple[Bools, Bools]:
    """Rows with only exits, and rows with several punches that are all entries.

    A single punch is what its type says; untyped, what it is nearer to. Several punches after the end of the
    shift have no entry (G-O-53), several before its start no exit.
    """
    kinds = counted.punches.log_type
    at = np.maximum(np.cumsum(count) - 1, 0)
    kind = np.where(count == 1, pick(kinds, np.where(count > 0, at, NONE), 0), 0)
    middle = entry + (np.where(day.working, exit_, 0) - np.where(day.working, entry, 0)) // 2
    nearer = day.working & (edges.first > middle)
    single = (count == 1) & ((kind == LogType.OUT) | ((kind == LogType.UNKNOWN) & nearer))
    several = (count > 1) & day.judged
    exit_only = single | (several & (edges.first >= facts.clock_end))
    return exit_only, several & (edges.last <= facts.clock_start)

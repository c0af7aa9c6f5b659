"""What the canonical order makes of every row."""

from collections.abc import Sequence

import numpy as np

from service.attendance.rules.canonical.presence import (
    Day,
    Presence,
    kind_of_day,
    paired_punches,
    presence_of,
)
from service.attendance.rules.canonical.status import (
    day_codes,
    final_status,
    pending_reasons,
    punctuality_flags,
    status_of_punches,
)
from service.attendance.rules.codes import (
    ABSENT_ON_LEAVE,
    DAY_OFF_WORKED,
    EXCUSING,
    HALF_ON_LEAVE,
    LATE_ENTRIES,
    OtherHalf,
    Status,
)
from service.attendance.rules.columns import NONE, Bools, Ints
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.judged import (
    Judged,
    after_breaks,
    chosen,
    detected_breaks,
    leave_deduction,
    past,
)
from service.attendance.rules.pairing import Paired, rounded_hundredths
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.rows import Attached
from service.attendance.rules.ruleset import RuleSet


def judge_canonical(
    facts: RowFacts, attached: Attached, rule_set: RuleSet, shifts: ShiftTypes
) -> tuple[Judged, Attached]:
    """Evaluate punches against shifts in the order of F.3 with the rule set's parameters."""
    counted = attached.counted()
    day = kind_of_day(facts, rule_set.absence)
    paired = paired_punches(counted, facts, rule_set, shifts)
    presence = presence_of(facts, day, counted, paired, rule_set)
    gross = np.where(presence.missing_in | presence.missing_out | ~day.decided, 0, paired.seconds)
    gross = np.maximum(gross, 0)
    left_out = past(presence.ends.last, presence.ends.first, gross > 0) - gross
    detected = np.where(gross > 0, detected_breaks(counted, paired, rule_set.punching), 0)
    breaks, worked = after_breaks(gross, left_out, detected, rule_set.punching)
    expected = _expected(facts, day)
    leave = leave_deduction(facts, expected, day.working & day.decided & _leave_used(facts))
    leave = np.where(_by_hand(facts, HALF_ON_LEAVE), np.minimum(leave, expected // 2), leave)
    deducted = np.minimum(leave + _credit(facts, expected, worked), expected)
    return _judged(
        facts, day, paired, presence, rule_set, shifts, gross, breaks, worked, expected, deducted
    ), attached


def _judged(
    facts: RowFacts,
    day: Day,
    paired: Paired,
    presence: Presence,
    rule_set: RuleSet,
    shifts: ShiftTypes,
    gross: Ints,
    breaks: Ints,
    worked: Ints,
    expected: Ints,
    deducted: Ints,
) -> Judged:
    rules, ends = rule_set.punctuality, presence.ends
    late_s = past(ends.first, presence.entry, day.judged & ends.has_first)
    early_s = past(presence.exit, ends.last, day.judged & ends.has_first & ends.has_last)
    late, severe, early = punctuality_flags(facts, rule_set, shifts, late_s, early_s)
    net = expected - deducted
    met = (worked >= net) & rules.forgive_late_if_hours_met
    met &= (net > 0) | (not rules.forgive_needs_expected)
    by_rules, late_by_hand = facts.override == NONE, _by_hand(facts, LATE_ENTRIES)
    forgiven = late & met & (~severe | rules.forgive_severe) & ~late_by_hand
    hours = rounded_hundredths(worked)
    base = status_of_punches(facts, day, paired.count, presence, late, severe, hours, rule_set, shifts)
    status = final_status(facts, day, paired.count, presence, base, forgiven, rule_set)
    applies = (facts.leave != NONE) & (day.working | facts.day_off_leave)
    away = facts.full_leave & _leave_used(facts) & ~_by_hand(facts, HALF_ON_LEAVE)
    other = np.where(status == Status.HALF_DAY_LEAVE, OtherHalf.PRESENT, OtherHalf.ABSENT)
    free = np.isin(status, DAY_OFF_WORKED)
    beyond = np.where(free | (day.working & ~away), np.maximum(worked - net, 0), 0)
    absence = np.where(by_rules, severe, status == Status.SEVERE_LATE) & rules.severe_is_absence
    return Judged(
        status=status,
        base_status=np.where(day.judged, base, status),
        code=day_codes(status, rules.severe_is_absence),
        other_half=np.where(np.isin(status, HALF_ON_LEAVE), other, OtherHalf.NONE),
        pending=pending_reasons(facts, status),
        decided=day.decided,
        count=paired.count,
        first_in=ends.first_wall,
        last_out=ends.last_wall,
        missing_in=presence.missing_in & day.decided,
        missing_out=presence.missing_out & day.decided,
        gross=gross,
        breaks=breaks,
        worked=worked,
        hours=hours,
        expected=expected,
        deducted=deducted,
        overtime=np.where(free | (beyond >= rules.overtime_from_min * 60), beyond, 0),
        late=late,
        late_s=late_s,
        late_counted=np.where(by_rules, late & ~forgiven, late_by_hand) & ~absence,
        late_forgiven=forgiven,
        early=early & (by_rules | late_by_hand),
        early_s=early_s,
        leave=np.where(applies, facts.leave, NONE),
        leave_type=np.where(applies, facts.leave_type, NONE),
        leave_fraction=_leave_share(facts, day, applies),
    )


def _by_hand(facts: RowFacts, statuses: Sequence[Status]) -> Bools:
    """Somebody set the day to one of these."""
    result: Bools = (facts.override != NONE) & np.isin(facts.override_status, statuses)
    return result


def _leave_used(facts: RowFacts) -> Bools:
    """An override to no kind of leave means that none was used."""
    result: Bools = (facts.override == NONE) | _by_hand(facts, ABSENT_ON_LEAVE)
    return result


def _leave_share(facts: RowFacts, day: Day, applies: Bools) -> Ints:
    """Hundredths of the day on leave, half of it where somebody said so."""
    share = np.where(applies & _leave_used(facts), np.rint(facts.leave_fraction * 100), 0)
    return np.where(day.employed & _by_hand(facts, HALF_ON_LEAVE), 50, share).astype(np.int64)


def _expected(facts: RowFacts, day: Day) -> Ints:
    """Length of the shift where one is to be worked; half of it on half-day holidays."""
    due = day.working & day.decided
    span = np.where(due, facts.clock_end, 0) - np.where(due, facts.clock_start, 0)
    return np.where(facts.half_holiday, span // 2, span)


def _credit(facts: RowFacts, expected: Ints, worked: Ints) -> Ints:
    """Working elsewhere excuses what was not recorded here: a full day all of it, half a day half.

    An override decides alone: one that excuses does the same, on a day off nothing was expected, and half a
    day of leave that nobody applied for takes half.
    """
    full, half = np.maximum(expected - worked, 0), expected // 2
    return chosen(
        (_by_hand(facts, EXCUSING), full),
        (_by_hand(facts, DAY_OFF_WORKED), expected),
        (_by_hand(facts, HALF_ON_LEAVE) & (facts.leave == NONE), half),
        ((facts.override != NONE) | (facts.request == NONE), 0),
        (facts.request_half, half),
        otherwise=full,
    )

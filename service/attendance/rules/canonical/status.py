"""Lateness, thresholds and the precedence of F.3."""

import numpy as np

from service.attendance.rules.canonical.presence import Day, Presence
from service.attendance.rules.codes import CODE, PendingReason, RequestReason, Status
from service.attendance.rules.columns import NONE, Bools, Ints, pick
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.judged import chosen, exceeds, sheet_codes
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.ruleset import Absence, RuleSet


def punctuality_flags(
    facts: RowFacts, rule_set: RuleSet, shifts: ShiftTypes, late_s: Ints, early_s: Ints
) -> tuple[Bools, Bools, Bools]:
    """(late, severely late, early) by the rule set's minutes, or by the shift's own grace."""
    rules = rule_set.punctuality
    if rules.grace == "shift":
        late = exceeds(late_s, pick(shifts.late_grace_min, facts.shift, 0), rules.resolution)
        early = exceeds(early_s, pick(shifts.early_grace_min, facts.shift, 0), rules.resolution)
        late &= pick(shifts.late_marking, facts.shift, otherwise=False)
        early &= pick(shifts.early_marking, facts.shift, otherwise=False)
    else:
        late = exceeds(late_s, rules.late_grace_min, rules.resolution)
        early = exceeds(early_s, rules.early_grace_min, rules.resolution)
    if rules.severe_late_min is None:
        return late, np.zeros_like(late), early
    return late, late & exceeds(late_s, rules.severe_late_min, rules.resolution), early


def status_of_punches(
    facts: RowFacts,
    day: Day,
    count: Ints,
    presence: Presence,
    late: Bools,
    severe: Bools,
    hours: Ints,
    rule_set: RuleSet,
    shifts: ShiftTypes,
) -> Ints:
    """What the punches alone say, before leave, forgiveness and missing exits."""
    below_absent, below_half = _below(facts, rule_set.absence, shifts, hours)
    return chosen(
        (~day.judged, Status.PENDING),
        (count == 0, Status.ABSENT),
        (presence.missing_in, Status.MISSING_IN),
        (below_absent & ~presence.missing_out, Status.ABSENT),
        (below_half & ~presence.missing_out, Status.HALF_DAY),
        (severe, Status.SEVERE_LATE),
        (late, Status.LATE),
        otherwise=Status.PRESENT,
    )


def _below(facts: RowFacts, rules: Absence, shifts: ShiftTypes, hours: Ints) -> tuple[Bools, Bools]:
    """Fewer hours than the absence and the half-day threshold; 0 is off; halved on half-day holidays."""
    if rules.thresholds == "shift":
        limits = [pick(column, facts.shift, 0.0) for column in (shifts.absent_hours, shifts.half_day_hours)]
    else:
        limits = [
            np.full(len(facts), hours) for hours in (rules.absent_below_hours, rules.half_day_below_hours)
        ]
    halved = [np.where(facts.half_holiday, limit / 2, limit) for limit in limits]
    absent, half = [np.asarray((limit > 0) & (hours / 100 < limit), dtype=np.bool_) for limit in halved]
    return absent, half


def final_status(
    facts: RowFacts,
    day: Day,
    count: Ints,
    presence: Presence,
    base: Ints,
    forgiven: Bools,
    rule_set: RuleSet,
) -> Ints:
    """The precedence of F.3."""
    worked = count > 0
    off = facts.day_off | ~facts.scheduled
    holiday = facts.day_off & ~facts.weekly_off
    by_reason = np.where(facts.request_reason == RequestReason.WFH, Status.WFH, Status.ON_DUTY)
    one_sided = presence.missing_in | presence.missing_out
    excuses = rule_set.absence.leave == "excuses"
    justified = (facts.leave != NONE) & (not excuses) & np.isin(base, [Status.ABSENT, Status.SEVERE_LATE])
    return chosen(
        (~day.employed, Status.NOT_EMPLOYED),
        (facts.override != NONE, facts.override_status),
        (~day.decided, Status.PENDING),
        (holiday, np.where(worked, Status.HOLIDAY_WORKED, Status.HOLIDAY)),
        (off, np.where(worked, Status.REST_WORKED, Status.REST)),
        (facts.full_leave & excuses, Status.ON_LEAVE),
        ((facts.request != NONE) & (~facts.request_half | worked), by_reason),
        (facts.request_half, Status.HALF_DAY),
        (facts.half_leave & excuses, np.where(worked, Status.HALF_DAY_LEAVE, Status.HALF_DAY_ABSENT)),
        (one_sided & (rule_set.punching.single_punch == "absent"), Status.ABSENT),
        (one_sided & (rule_set.punching.single_punch == "incident"), _missing(presence)),
        (forgiven & np.isin(base, [Status.LATE, Status.SEVERE_LATE]), Status.LATE_FORGIVEN),
        (justified, Status.ABSENT_JUSTIFIED),
        otherwise=base,
    )


def _missing(presence: Presence) -> Ints:
    return np.where(presence.missing_in, Status.MISSING_IN, Status.MISSING_OUT)


def day_codes(status: Ints, severe_is_absence: bool) -> Ints:
    codes = sheet_codes(status)
    return np.where((status == Status.SEVERE_LATE) & severe_is_absence, CODE["A"], codes)


def pending_reasons(facts: RowFacts, status: Ints) -> Ints:
    return chosen(
        (status != Status.PENDING, PendingReason.NONE),
        (facts.future, PendingReason.FUTURE),
        (~facts.closed, PendingReason.WINDOW_OPEN),
        otherwise=PendingReason.AWAITING_CHECKINS,
    )

"""Punctuality and status of a row, one row at a time, in the canonical order (F.3)."""

from typing import Final

from service.attendance.rules.codes import (
    CODE,
    CODES,
    DAY_OFF_WORKED,
    HALF_ON_LEAVE,
    LATE_ENTRIES,
    OtherHalf,
    PendingReason,
    RequestReason,
    Status,
)
from service.attendance.rules.explain import formulas, shared
from service.attendance.rules.explain.rulebook import RuleBook, Values
from service.attendance.rules.judged import SHEET_CODE

STATUSES: Final = RuleBook()
_rule = STATUSES.rule


@_rule("late_seconds", "seconds", "A.6, F.2", "judged entry entry_due punch_times")
def late_seconds(v: Values) -> int:
    """Time from the expected entry to the entry."""
    if not v.judged or v.entry is None:
        return 0
    return max(0, int(v.punch_times[v.entry] - v.entry_due))


@_rule("early_seconds", "seconds", "A.8, F.2", "judged entry exit exit_due punch_times")
def early_seconds(v: Values) -> int:
    """Time from the exit to the expected exit, where both entry and exit are there."""
    if not v.judged or v.entry is None or v.exit is None:
        return 0
    return max(0, int(v.exit_due - v.punch_times[v.exit]))


shared.minute_rules(STATUSES)


@_rule("late", "flag", "F.2", "late_seconds", "late_marking late_grace_min resolution")
def late(v: Values) -> bool:
    """Later than the grace period."""
    return v.late_marking and formulas.more_than(v.late_seconds, v.late_grace_min, v.resolution)


@_rule("severe", "flag", "A.3, F.2", "late late_seconds", "severe_late_min resolution")
def severe(v: Values) -> bool:
    """Later than the limit of severe lateness."""
    limit = v.severe_late_min
    return v.late and limit is not None and formulas.more_than(v.late_seconds, limit, v.resolution)


@_rule(
    "early",
    "flag",
    "F.2, F.3",
    "early_seconds override_id override_status",
    "early_marking early_grace_min resolution",
)
def early(v: Values) -> bool:
    """Earlier than the grace period, and not overridden."""
    beyond = v.early_marking and formulas.more_than(v.early_seconds, v.early_grace_min, v.resolution)
    return beyond and (v.override_id is None or v.override_status in LATE_ENTRIES)


@_rule(
    "late_forgiven",
    "flag",
    "A.10, F.2",
    "late severe worked_seconds expected_net_seconds override_status",
    "forgive_late_if_hours_met forgive_severe forgive_needs_expected",
)
def late_forgiven(v: Values) -> bool:
    """Late, but the expected hours were worked; more than none, where the rule set says so.

    Nothing is forgiven where somebody set the day to late.
    """
    if v.override_status in LATE_ENTRIES:
        return False
    due = v.expected_net_seconds > 0 or not v.forgive_needs_expected
    met = due and v.worked_seconds >= v.expected_net_seconds
    return bool(v.late and met and v.forgive_late_if_hours_met and (v.forgive_severe or not v.severe))


@_rule(
    "late_counted",
    "flag",
    "A.6, A.7",
    "late severe late_forgiven override_id override_status",
    "severe_is_absence",
)
def late_counted(v: Values) -> bool:
    """Late and not forgiven, or set to late by hand; not counted as an absence instead."""
    if v.override_id is None:
        return v.late and not v.late_forgiven and not (v.severe and v.severe_is_absence)
    return v.override_status in LATE_ENTRIES and not (
        v.override_status == Status.SEVERE_LATE and v.severe_is_absence
    )


@_rule(
    "punches_say",
    "status",
    "F.3",
    "judged punch_count missing_in missing_out hours half_holiday severe late",
    "absent_below_hours half_day_below_hours",
)
def punches_say(v: Values) -> Status | None:
    """What the punches alone say, before leave, forgiveness and missing exits; nothing where not judged."""
    if not v.judged:
        return None
    if v.punch_count == 0:
        return Status.ABSENT
    if v.missing_in:
        return Status.MISSING_IN
    if not v.missing_out and formulas.fewer_hours(v.hours, v.absent_below_hours, v.half_holiday):
        return Status.ABSENT
    if not v.missing_out and formulas.fewer_hours(v.hours, v.half_day_below_hours, v.half_holiday):
        return Status.HALF_DAY
    return Status.SEVERE_LATE if v.severe else Status.LATE if v.late else Status.PRESENT


@_rule(
    "status",
    "status",
    "F.3",
    "employed override_id override_status decided scheduled day_off weekly_off punch_count leave_id "
    "full_leave half_leave request request_half request_reason missing_in missing_out punches_say "
    "late_forgiven",
    "single_punch leave",
)
def status(v: Values) -> Status:
    """The first that applies of employment, override, pending, day off, leave, request, half-day leave,
    missing punches, and what the punches say."""
    if not v.employed:
        return Status.NOT_EMPLOYED
    if v.override_id is not None:
        return Status(v.override_status)
    if not v.decided:
        return Status.PENDING
    free = _day_off_status(v)
    return free if free is not None else _leave_status(v) or _punch_status(v)


def _day_off_status(v: Values) -> Status | None:
    if v.day_off and not v.weekly_off:
        return Status.HOLIDAY_WORKED if v.punch_count else Status.HOLIDAY
    if v.day_off or not v.scheduled:
        return Status.REST_WORKED if v.punch_count else Status.REST
    return None


def _leave_status(v: Values) -> Status | None:
    excuses = v.leave == "excuses"
    if v.full_leave and excuses:
        return Status.ON_LEAVE
    if v.request is not None and (v.punch_count or not v.request_half):
        return Status.WFH if v.request_reason == RequestReason.WFH else Status.ON_DUTY
    if v.request is not None:
        return Status.HALF_DAY
    if v.half_leave and excuses:
        return Status.HALF_DAY_LEAVE if v.punch_count else Status.HALF_DAY_ABSENT
    return None


def _punch_status(v: Values) -> Status:
    if (v.missing_in or v.missing_out) and v.single_punch != "by_hours":
        if v.single_punch == "absent":
            return Status.ABSENT
        return Status.MISSING_IN if v.missing_in else Status.MISSING_OUT
    if v.late_forgiven and v.punches_say in {Status.LATE, Status.SEVERE_LATE}:
        return Status.LATE_FORGIVEN
    justified = v.leave_id is not None and v.leave == "justifies"
    if justified and v.punches_say in {Status.ABSENT, Status.SEVERE_LATE}:
        return Status.ABSENT_JUSTIFIED
    return Status(v.punches_say)


@_rule("base_status", "status", "F.3", "judged punches_say status")
def base_status(v: Values) -> Status:
    """What the punches alone say; the status itself where they are not judged."""
    return Status(v.punches_say if v.judged else v.status)


@_rule("code", "sheet code", "D.10, F.3", "status", "severe_is_absence")
def code(v: Values) -> int:
    """The monthly sheet's code of the status."""
    if v.status == Status.SEVERE_LATE and v.severe_is_absence:
        return CODE["A"]
    return CODES.index(SHEET_CODE[Status(v.status)])


@_rule("other_half", "half", "D.12", "status")
def other_half(v: Values) -> OtherHalf:
    """Whether the half that was not leave was worked."""
    if v.status == Status.HALF_DAY_LEAVE:
        return OtherHalf.PRESENT
    return OtherHalf.ABSENT if v.status == Status.HALF_DAY_ABSENT else OtherHalf.NONE


@_rule("pending_reason", "reason", "F.2", "status midnight window_end now")
def pending_reason(v: Values) -> PendingReason:
    """Why there is no outcome yet."""
    if v.status != Status.PENDING:
        return PendingReason.NONE
    if v.midnight > v.now:
        return PendingReason.FUTURE
    return PendingReason.AWAITING_CHECKINS if v.window_end < v.now else PendingReason.WINDOW_OPEN


@_rule(
    "overtime_seconds",
    "seconds",
    "F.2",
    "status working full_leave worked_seconds expected_net_seconds override_status",
    "overtime_from_min",
)
def overtime_seconds(v: Values) -> int:
    """Work beyond the expected time, from so many minutes on; all of it on days off, none on leave."""
    away = v.full_leave and formulas.leave_used(v.override_status) and v.override_status not in HALF_ON_LEAVE
    counts = v.status in DAY_OFF_WORKED or (v.working and not away)
    beyond = max(0, v.worked_seconds - v.expected_net_seconds) if counts else 0
    return beyond if v.status in DAY_OFF_WORKED or beyond >= v.overtime_from_min * 60 else 0


@_rule(
    "leave_fraction",
    "days",
    "D.8, F.2",
    "employed leave_id leave_share working day_off_leave override_status",
)
def leave_fraction(v: Values) -> int:
    """Share of the day on leave; on days off only where the leave type includes them.

    A status set by hand decides: half a day, or no leave at all.
    """
    if v.employed and v.override_status in HALF_ON_LEAVE:
        return 50
    applies = v.leave_id is not None and (v.working or v.day_off_leave)
    return int(v.leave_share) if applies and formulas.leave_used(v.override_status) else 0


shared.incident_rules(STATUSES)

"""Status of a row in the upstream's own order, one row at a time (spec D.5-D.10)."""

from typing import Final

from service.attendance.rules.codes import (
    CODE,
    CODES,
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


@_rule("below_absent", "flag", "D.5 step 5, D.12", "made hours half_holiday", "absent_below_hours")
def below_absent(v: Values) -> bool:
    """Fewer hours than the absence threshold."""
    return v.made and formulas.fewer_hours(v.hours, v.absent_below_hours, v.half_holiday)


@_rule(
    "base_status",
    "status",
    "D.5 step 5",
    "made missed below_absent hours half_holiday late before_hire after_leaving day_off shift_day_off "
    "weekly_off scheduled",
    "half_day_below_hours",
)
def base_status(v: Values) -> Status:
    """What the punches alone say: absence threshold, half-day threshold, present; else what kind of day."""
    if v.missed or (v.made and v.below_absent):
        return Status.ABSENT
    if v.made and formulas.fewer_hours(v.hours, v.half_day_below_hours, v.half_holiday):
        return Status.HALF_DAY
    if v.made:
        return Status.LATE if v.late else Status.PRESENT
    return _unmarked(v)


def _unmarked(v: Values) -> Status:
    if v.before_hire or v.after_leaving:
        return Status.NOT_EMPLOYED
    if v.day_off or v.shift_day_off:
        return Status.REST if v.weekly_off else Status.HOLIDAY
    return Status.PENDING if v.scheduled else Status.REST


@_rule(
    "status",
    "status",
    "D.5 steps 5-7, D.6-D.8",
    "leave_id full_leave half_leave request request_half request_reason manual manual_status made missed "
    "below_absent base_status",
)
def status(v: Values) -> Status:
    """The first there is of leave, half-day leave, request, entry by hand, and what the punches say."""
    if v.full_leave:
        return Status.ON_LEAVE
    if v.half_leave:
        absent = v.below_absent or v.missed
        return Status.HALF_DAY_ABSENT if absent else Status.HALF_DAY_LEAVE
    if v.request is not None and v.request_half:
        return Status.HALF_DAY
    if v.request is not None:
        return Status.WFH if v.request_reason == RequestReason.WFH else Status.ON_DUTY
    return Status(v.base_status if v.manual is None else v.manual_status)


@_rule("other_half", "half", "D.5 steps 5 and 5b", "status half_leave made")
def other_half(v: Values) -> OtherHalf:
    """Whether the half that is not leave, or was not worked, counts as present."""
    if v.half_leave:
        return OtherHalf.ABSENT if v.status == Status.HALF_DAY_ABSENT else OtherHalf.PRESENT
    return OtherHalf.ABSENT if v.made and v.status == Status.HALF_DAY else OtherHalf.NONE


@_rule("code", "sheet code", "D.10", "status other_half day_off weekly_off")
def code(v: Values) -> int:
    """The sheet's code: attendance, else holiday or weekly off of the person's own list, else blank."""
    if v.status in {Status.NOT_EMPLOYED, Status.REST, Status.HOLIDAY, Status.PENDING}:
        return CODE[("WO" if v.weekly_off else "H") if v.day_off else ""]
    if v.status == Status.HALF_DAY and v.other_half == OtherHalf.ABSENT:
        return CODE["HD/A"]
    return CODES.index(SHEET_CODE[Status(v.status)])


@_rule("pending_reason", "reason", "D.5", "status midnight window_end now known asked passed due")
def pending_reason(v: Values) -> PendingReason:
    """Why there is no attendance."""
    if v.status != Status.PENDING:
        return PendingReason.NONE
    if v.midnight > v.now:
        return PendingReason.FUTURE
    if v.window_end >= v.now:
        return PendingReason.WINDOW_OPEN
    if not v.known:
        return PendingReason.AWAITING_CHECKINS
    if not v.asked:
        return PendingReason.UPSTREAM_NOT_ASKED
    waiting = not (v.passed and v.due)
    return PendingReason.UPSTREAM_NOT_THERE_YET if waiting else PendingReason.UPSTREAM_LEAVES_BLANK


@_rule("first_in", "wall clock", "D.4", "made status entry punch_walls")
def first_in(v: Values) -> int | None:
    """Time of the entry, where attendance was made or may still be."""
    shown = v.made or v.status == Status.PENDING
    return int(v.punch_walls[v.entry]) if shown and v.entry is not None else None


@_rule("last_out", "wall clock", "D.4", "made status exit punch_walls")
def last_out(v: Values) -> int | None:
    """Time of the exit, where attendance was made or may still be."""
    shown = v.made or v.status == Status.PENDING
    return int(v.punch_walls[v.exit]) if shown and v.exit is not None else None


@_rule("missing_in", "flag", "F.3", "made entry")
def missing_in(v: Values) -> bool:
    """There are punches, but no entry."""
    return v.made and v.entry is None


@_rule("missing_out", "flag", "F.3", "made exit")
def missing_out(v: Values) -> bool:
    """There are punches, but no exit."""
    return v.made and v.exit is None


@_rule("stands", "flag", "D.5", "made taken missed half_leave")
def stands(v: Values) -> bool:
    """There is attendance on the day."""
    return bool(v.made or v.taken or v.missed or v.half_leave)


@_rule("expected_seconds", "seconds", "D.12", "stands scheduled start end")
def expected_seconds(v: Values) -> int:
    """Length of the shift on days with attendance."""
    return int(v.end - v.start) if v.stands and v.scheduled else 0


@_rule("deducted_seconds", "seconds", "A.10, F.2", "expected_seconds leave_id full_leave keeps_expected")
def deducted_seconds(v: Values) -> int:
    """Expected time that leave takes away: unpaid leave none, half days half."""
    if v.leave_id is None or v.keeps_expected:
        return 0
    return int(v.expected_seconds if v.full_leave else v.expected_seconds // 2)


shared.balance_rules(STATUSES)


@_rule("overtime_seconds", "seconds", "D.12", "status worked_seconds expected_seconds")
def overtime_seconds(v: Values) -> int:
    """Work beyond the length of the shift on days present."""
    present = v.status in {Status.PRESENT, Status.LATE}
    return max(0, v.worked_seconds - v.expected_seconds) if present else 0


@_rule("leave_fraction", "days", "D.8", "leave_share")
def leave_fraction(v: Values) -> int:
    """Share of the day on leave."""
    return int(v.leave_share)


shared.incident_rules(STATUSES)

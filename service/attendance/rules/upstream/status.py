"""Status, other half and sheet code of the upstream's attendance (spec D.5 steps 4-7, D.6-D.8, D.10)."""

import numpy as np

from service.attendance.rules.codes import CODE, OtherHalf, PendingReason, RequestReason, Status
from service.attendance.rules.columns import NONE, Bools, Ints, pick
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.judged import chosen, exceeds, sheet_codes
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.upstream.processing import Processing


def punctuality_flags(
    facts: RowFacts, shifts: ShiftTypes, late_s: Ints, early_s: Ints
) -> tuple[Bools, Bools]:
    """Marking enabled and strictly past the shift's grace, by the second (D.5 step 4)."""
    late = exceeds(late_s, pick(shifts.late_grace_min, facts.shift, 0), "seconds")
    early = exceeds(early_s, pick(shifts.early_grace_min, facts.shift, 0), "seconds")
    return (
        late & pick(shifts.late_marking, facts.shift, otherwise=False),
        early & pick(shifts.early_marking, facts.shift, otherwise=False),
    )


def _below(shifts: ShiftTypes, facts: RowFacts, hours: Ints, *, half_day: bool) -> Bools:
    """Fewer hours than the shift's threshold; 0 is off; halved on half-day holidays (D.5 step 5, D.12)."""
    limit = pick(shifts.half_day_hours if half_day else shifts.absent_hours, facts.shift, 0.0)
    limit = np.where(facts.half_holiday, limit / 2, limit)
    return np.asarray((limit > 0) & (hours / 100 < limit), dtype=np.bool_)


def final_statuses(
    facts: RowFacts, shifts: ShiftTypes, processing: Processing, hours: Ints, late: Bools
) -> tuple[Ints, Ints, Ints]:
    """(status, other half, what the punches alone say)."""
    below_absent = _below(shifts, facts, hours, half_day=False)
    base = chosen(
        (processing.made & below_absent, Status.ABSENT),
        (processing.made & _below(shifts, facts, hours, half_day=True), Status.HALF_DAY),
        (processing.made & late, Status.LATE),
        (processing.made, Status.PRESENT),
        (processing.missed, Status.ABSENT),
        otherwise=_without_attendance(facts),
    )
    other_absent = (processing.made & below_absent) | processing.missed
    half_leave = np.where(other_absent, Status.HALF_DAY_ABSENT, Status.HALF_DAY_LEAVE)
    by_reason = np.where(facts.request_reason == RequestReason.WFH, Status.WFH, Status.ON_DUTY)
    status = chosen(
        (facts.full_leave, Status.ON_LEAVE),
        (facts.half_leave, half_leave),
        (facts.request_half, Status.HALF_DAY),
        (facts.request != NONE, by_reason),
        (facts.manual != NONE, facts.manual_status),
        otherwise=base,
    )
    half_by_punches = processing.made & (status == Status.HALF_DAY)
    other_half = chosen(
        (facts.half_leave & other_absent, OtherHalf.ABSENT),
        (facts.half_leave, OtherHalf.PRESENT),
        (half_by_punches, OtherHalf.ABSENT),
        otherwise=OtherHalf.NONE,
    )
    return status, other_half, base


def _without_attendance(facts: RowFacts) -> Ints:
    """Nothing is marked: outside employment, a day off, no shift, or not decided."""
    off = facts.day_off | facts.shift_day_off
    return chosen(
        (facts.before_hire | facts.after_leaving, Status.NOT_EMPLOYED),
        (off & facts.weekly_off, Status.REST),
        (off, Status.HOLIDAY),
        (~facts.scheduled, Status.REST),
        otherwise=Status.PENDING,
    )


def day_codes(facts: RowFacts, status: Ints, other_half: Ints) -> Ints:
    """As the sheet: attendance, else holiday or weekly off of the person's list, else blank (D.10)."""
    unmarked = np.isin(status, [Status.NOT_EMPLOYED, Status.REST, Status.HOLIDAY, Status.PENDING])
    day_off = np.where(facts.weekly_off, CODE["WO"], CODE["H"])
    return chosen(
        (unmarked & facts.day_off, day_off),
        (unmarked, CODE[""]),
        ((status == Status.HALF_DAY) & (other_half == OtherHalf.ABSENT), CODE["HD/A"]),
        otherwise=sheet_codes(status),
    )


def pending_reasons(facts: RowFacts, processing: Processing, status: Ints) -> Ints:
    return chosen(
        (status != Status.PENDING, PendingReason.NONE),
        (facts.future, PendingReason.FUTURE),
        (~facts.closed, PendingReason.WINDOW_OPEN),
        (~facts.complete, PendingReason.AWAITING_CHECKINS),
        (~processing.asked, PendingReason.UPSTREAM_NOT_ASKED),
        (~processing.passed | ~processing.due, PendingReason.UPSTREAM_NOT_THERE_YET),
        otherwise=PendingReason.UPSTREAM_LEAVES_BLANK,
    )

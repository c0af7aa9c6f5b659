"""What the upstream would have made of every row."""

import numpy as np

from service.attendance.rules.codes import Status
from service.attendance.rules.columns import NO_TIME, Ints, pick
from service.attendance.rules.grid import Grid
from service.attendance.rules.inputs import Inputs, ShiftTypes
from service.attendance.rules.judged import Ends, Judged, leave_deduction, past
from service.attendance.rules.pairing import Paired, pair
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.rows import Attached
from service.attendance.rules.upstream.processing import (
    Processing,
    processing_of,
    without_early_punches,
    without_refused_punches,
)
from service.attendance.rules.upstream.status import (
    day_codes,
    final_statuses,
    pending_reasons,
    punctuality_flags,
)


def judge_upstream(
    facts: RowFacts,
    attached: Attached,
    inputs: Inputs,
    shifts: ShiftTypes,
    grid: Grid,
) -> tuple[Judged, Attached, Processing]:
    """What the upstream would have made of these rows, and the punches with those it would set aside."""
    attached = without_early_punches(facts, attached, shifts)
    processing = processing_of(facts, attached, inputs, shifts, grid)
    attached = without_refused_punches(facts, attached, processing)
    counted = attached.counted()
    modes = [pick(column, facts.shift, 0) for column in (shifts.pairing, shifts.hours_mode)]
    paired = pair(counted, len(facts), *modes)
    ends = Ends.of(counted, paired.first_in, paired.last_out)
    return _judged(facts, shifts, processing, paired, ends), attached, processing


def _judged(
    facts: RowFacts,
    shifts: ShiftTypes,
    processing: Processing,
    paired: Paired,
    ends: Ends,
) -> Judged:
    made = processing.made
    late_s = past(ends.first, facts.clock_start, made & ends.has_first)
    early_s = past(facts.clock_end, ends.last, made & ends.has_last)
    late, early = punctuality_flags(facts, shifts, late_s, early_s)
    hours = np.where(made, paired.hundredths, 0)
    status, other_half, base = final_statuses(facts, shifts, processing, hours, late)
    stands = made | processing.taken | processing.missed | facts.half_leave
    expected = np.where(stands & facts.scheduled, _span(facts), 0)
    worked = np.where(made, np.maximum(paired.seconds, 0), 0)
    gross = past(ends.last, ends.first, made & ends.has_first & ends.has_last)
    shown = made | (status == Status.PENDING)
    plain = (status == Status.PRESENT) | (status == Status.LATE)
    return Judged(
        status=status,
        base_status=base,
        code=day_codes(facts, status, other_half),
        other_half=other_half,
        pending=pending_reasons(facts, processing, status),
        decided=stands,
        count=paired.count,
        first_in=np.where(shown, ends.first_wall, NO_TIME),
        last_out=np.where(shown, ends.last_wall, NO_TIME),
        missing_in=made & ~ends.has_first,
        missing_out=made & ~ends.has_last,
        gross=gross,
        breaks=np.maximum(gross - worked, 0),
        worked=worked,
        hours=hours,
        expected=expected,
        deducted=leave_deduction(facts, expected, stands),
        overtime=np.where(plain, np.maximum(worked - expected, 0), 0),
        late=late,
        late_s=late_s,
        late_counted=late,
        late_forgiven=np.zeros(len(facts), dtype=np.bool_),
        early=early,
        early_s=early_s,
        leave=facts.leave,
        leave_type=facts.leave_type,
        leave_fraction=np.rint(facts.leave_fraction * 100).astype(np.int64),
    )


def _span(facts: RowFacts) -> Ints:
    return np.where(facts.scheduled, facts.clock_end, 0) - np.where(facts.scheduled, facts.clock_start, 0)

"""The result of an evaluation: one row per person, day and shift (spec F.3)."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from service.attendance.rules.columns import Bools, Clock, Dates, Ints


@dataclass(frozen=True)
class Days:
    """Rows sorted by person, date and start of the shift; columns are equal-long arrays.

    Attributes:
        person, shift_type, leave, leave_type, request: ids; -1 where there is none.
        work_date: the date the shift starts on; shift_seq: 0, 1, … within it.
        schedule_source: a `ScheduleSource`.
        shift_start … last_out: wall-clock times, NaT where absent; windows include both ends.
        status, base_status: a `Status`; code: index into `CODES`; other_half: an `OtherHalf`;
            pending_reason: a `PendingReason`; incidents: a mask of `Incident`.
        leave_fraction: hundredths of a day; hours: hundredths of an hour.
        holiday: row in the holidays given, -1 where there is none.
        late_minutes, early_minutes: whole minutes, rounded down.
        difference_seconds: worked minus expected_net; the only figure besides `hours` that may be negative.
        punch_start, punch_count, punch_total: the row's punches are `punch_index[punch_start:][:punch_count]`
            (those that count, in time order) and after them, up to `punch_total`, those set aside.
        input_hash: changes with everything the row depends on.
        punch_index: check-in ids; punch_reason: a `PunchReason`; punch_duplicate_of: check-in id or -1.
    """

    person: Ints
    work_date: Dates
    shift_seq: Ints
    shift_type: Ints
    schedule_source: Ints
    shift_start: Clock
    shift_end: Clock
    window_start: Clock
    window_end: Clock
    status: Ints
    base_status: Ints
    code: Ints
    other_half: Ints
    pending_reason: Ints
    leave: Ints
    leave_type: Ints
    leave_fraction: Ints
    request: Ints
    holiday: Ints
    first_in: Clock
    last_out: Clock
    gross_seconds: Ints
    break_seconds: Ints
    worked_seconds: Ints
    expected_seconds: Ints
    deducted_seconds: Ints
    expected_net_seconds: Ints
    difference_seconds: Ints
    overtime_seconds: Ints
    hours: Ints
    late: Bools
    late_seconds: Ints
    late_minutes: Ints
    late_counted: Bools
    late_forgiven: Bools
    early: Bools
    early_seconds: Ints
    early_minutes: Ints
    incidents: Ints
    punch_start: Ints
    punch_count: Ints
    punch_total: Ints
    input_hash: np.ndarray[tuple[int], np.dtype[np.uint64]]
    punch_index: Ints
    punch_reason: Ints
    punch_duplicate_of: Ints

    def __len__(self) -> int:
        return len(self.person)

    def row(self, index: int) -> dict[str, object]:
        """One row as plain values; for explanations and tests, not for whole periods."""
        per_row = [item.name for item in fields(self) if not item.name.startswith("punch_")]
        return {name: getattr(self, name)[index].item() for name in per_row} | {
            "punch_count": int(self.punch_count[index]),
            "punches": self.punch_ids(index).tolist(),
        }

    def find(self, person: int, work_date: date | str, shift_seq: int = 0) -> int:
        """The position of a row.

        Raises:
            LookupError: there is no such row.
        """
        day = np.datetime64(work_date, "D")
        at = np.flatnonzero((self.person == person) & (self.work_date == day) & (self.shift_seq == shift_seq))
        if not len(at):
            raise LookupError(f"no row for person {person} on {day}, shift {shift_seq}")
        return int(at[0])

    def punch_ids(self, index: int) -> Ints:
        """Check-ins that count for a row, in time order."""
        start = self.punch_start[index]
        return self.punch_index[start : start + self.punch_count[index]]

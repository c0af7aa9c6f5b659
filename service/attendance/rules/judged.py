"""What both orders of rules fill in for every row, and the sums they share."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.codes import CODE, Status
from service.attendance.rules.columns import NO_TIME, NONE, Bools, Ints, pick
from service.attendance.rules.pairing import Paired
from service.attendance.rules.row_facts import RowFacts
from service.attendance.rules.rows import Attached
from service.attendance.rules.ruleset import Punching


@dataclass(frozen=True)
class Judged:
    """One value per row; seconds unless named otherwise.

    Attributes:
        status, base_status: a `Status`; the base is what the punches alone would say.
        code: index into `CODES`; other_half: an `OtherHalf`; pending: a `PendingReason`.
        first_in, last_out: wall-clock seconds, `NO_TIME` where there is none.
        hours: hundredths of an hour.
        leave_fraction: hundredths of a day on leave.
        decided: whether the figures stand; they are 0 where they do not.
    """

    status: Ints
    base_status: Ints
    code: Ints
    other_half: Ints
    pending: Ints
    decided: Bools
    count: Ints
    first_in: Ints
    last_out: Ints
    missing_in: Bools
    missing_out: Bools
    gross: Ints
    breaks: Ints
    worked: Ints
    hours: Ints
    expected: Ints
    deducted: Ints
    overtime: Ints
    late: Bools
    late_s: Ints
    late_counted: Bools
    late_forgiven: Bools
    early: Bools
    early_s: Ints
    leave: Ints
    leave_type: Ints
    leave_fraction: Ints


@dataclass(frozen=True)
class Ends:
    """Entry and exit of each row on the rule set's clock and on the wall; `NO_TIME`: there is none."""

    first: Ints
    last: Ints
    first_wall: Ints
    last_wall: Ints

    @classmethod
    def of(cls, counted: Attached, first_in: Ints, last_out: Ints) -> "Ends":
        clock, wall = counted.punches.clock, counted.punches.wall
        return cls(*[pick(values, at, NO_TIME) for values in (clock, wall) for at in (first_in, last_out)])

    @property
    def has_first(self) -> Bools:
        result: Bools = self.first != NO_TIME
        return result

    @property
    def has_last(self) -> Bools:
        result: Bools = self.last != NO_TIME
        return result


def past(later: Ints, earlier: Ints, where: Bools) -> Ints:
    """Seconds by which one time is past another; 0 where it is not, or where not asked."""
    return np.where(where, np.maximum(np.where(where, later, 0) - np.where(where, earlier, 0), 0), 0)


def exceeds(seconds: Ints, limit_min: Ints | int, resolution: str) -> Bools:
    """Strictly more than the minutes: by the second, or of whole minutes (C.14)."""
    if resolution == "floor":
        return np.asarray(seconds // 60 > limit_min, dtype=np.bool_)
    return np.asarray(seconds > np.asarray(limit_min) * 60, dtype=np.bool_)


def detected_breaks(counted: Attached, paired: Paired, rules: Punching) -> Ints:
    """Per row the gaps 2→3, 4→5, … between punches that are longer than the limit (A.9, F.2)."""
    if rules.break_policy == "none":
        return np.zeros(len(paired.count), dtype=np.int64)
    count = paired.count[counted.row]
    at = np.arange(len(counted.row)) - (np.cumsum(paired.count) - paired.count)[counted.row]
    opens = np.flatnonzero((at % 2 == 1) & (at + 1 <= count - 2) & (count >= rules.break_min_punches))
    gap = counted.punches.clock[np.minimum(opens + 1, len(counted.row) - 1)] - counted.punches.clock[opens]
    gap = np.where(gap > rules.break_longer_than_s, gap, 0)
    return np.bincount(counted.row[opens], weights=gap, minlength=len(paired.count)).astype(np.int64)


def after_breaks(gross: Ints, left_out: Ints, detected: Ints, rules: Punching) -> tuple[Ints, Ints]:
    """(break, worked): what the break policy makes of the time that counts between entry and exit (F.2).

    `left_out` lies between them and does not count, because the shift counts pairs of punches: breaks are
    subtracted only as far as they are longer.
    """
    if rules.break_policy == "subtract_fixed":
        detected = np.where(gross > rules.break_fixed_above_hours * 3600, rules.break_fixed_min * 60, 0)
    elif rules.break_policy != "subtract_detected":
        return detected, gross
    taken = np.minimum(np.maximum(detected - left_out, 0), gross)
    return taken, gross - taken


def leave_deduction(facts: RowFacts, expected: Ints, applies: Bools) -> Ints:
    """Expected seconds that a leave takes away: all of a full day, half of a half day, none if unpaid."""
    share = np.where(facts.full_leave, expected, expected // 2)
    return np.where(applies & (facts.leave != NONE) & ~facts.keeps_expected, share, 0)


SHEET_CODE = {
    Status.PENDING: "",
    Status.NOT_EMPLOYED: "",
    Status.HOLIDAY: "H",
    Status.HOLIDAY_WORKED: "P",
    Status.REST: "WO",
    Status.REST_WORKED: "P",
    Status.ON_LEAVE: "L",
    Status.WFH: "WFH",
    Status.ON_DUTY: "OD",
    Status.PRESENT: "P",
    Status.LATE: "P",
    Status.LATE_FORGIVEN: "P",
    Status.SEVERE_LATE: "P",
    Status.MISSING_IN: "P",
    Status.MISSING_OUT: "P",
    Status.HALF_DAY: "HD",
    Status.HALF_DAY_LEAVE: "HD/P",
    Status.HALF_DAY_ABSENT: "HD/A",
    Status.ABSENT: "A",
    Status.ABSENT_JUSTIFIED: "L",
}
"""The sheet's code of a status (F.3, D.10), before the exceptions of each order."""

_CODE_OF = np.array([CODE[SHEET_CODE[status]] for status in Status], dtype=np.int64)


def sheet_codes(status: Ints) -> Ints:
    return _CODE_OF[status]


def chosen(*cases: tuple[Bools, int | Ints], otherwise: int | Ints) -> Ints:
    """The value of the first case that holds."""
    return np.asarray(
        np.select([case for case, _ in cases], [value for _, value in cases], otherwise), dtype=np.int64
    )

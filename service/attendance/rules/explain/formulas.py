"""Formulas both rule books use, for one row; times are seconds on the rule set's clock."""

from itertools import pairwise
from typing import TypeAlias

from service.attendance.rules.codes import ABSENT_ON_LEAVE, HoursMode, LogType, Pairing, Status

Interval: TypeAlias = tuple[int, int]


def worked_intervals(times: list[int], types: list[int], pairing: int, hours_mode: int) -> list[Interval]:
    """Intervals between punches that count as worked (spec D.4)."""
    if pairing == Pairing.ALTERNATING:
        if hours_mode == HoursMode.FIRST_LAST:
            return [(times[0], times[-1])] if times else []
        return list(zip(times[0::2], times[1::2], strict=False))
    if hours_mode == HoursMode.EVERY_VALID:
        return _in_out_pairs(times, types)
    entry, exit_ = first_of(types, LogType.IN), last_of(types, LogType.OUT)
    return [] if entry is None or exit_ is None else [(times[entry], times[exit_])]


def _in_out_pairs(times: list[int], types: list[int]) -> list[Interval]:
    pairs, opened = [], None
    for time, kind in zip(times, types, strict=True):
        if kind == LogType.IN and opened is None:
            opened = time
        elif kind == LogType.OUT and opened is not None:
            pairs.append((opened, time))
            opened = None
    return pairs


def entry_position(types: list[int], pairing: int) -> int | None:
    """Which punch is the entry: the first, or the first IN."""
    if pairing == Pairing.STRICT:
        return first_of(types, LogType.IN)
    return 0 if types else None


def exit_position(types: list[int], pairing: int, hours_mode: int) -> int | None:
    """Which punch is the exit: the last of several, the last OUT, or the OUT of the last full pair."""
    if pairing == Pairing.ALTERNATING:
        return len(types) - 1 if len(types) > 1 else None
    if hours_mode == HoursMode.FIRST_LAST:
        return last_of(types, LogType.OUT)
    ends = [end for _, end in _in_out_pairs(list(range(len(types))), types)]
    return ends[-1] if ends else None


def first_of(types: list[int], kind: LogType) -> int | None:
    return next((place for place, one in enumerate(types) if one == kind), None)


def last_of(types: list[int], kind: LogType) -> int | None:
    return next((place for place in reversed(range(len(types))) if types[place] == kind), None)


def hundredths(seconds: int) -> int:
    """Hours times 100, rounded as a binary floating point number is."""
    return round(round(seconds / 3600, 2) * 100)


def breaks_between(times: list[int], min_punches: int, longer_than: int) -> int:
    """Gaps between the second and third punch, the fourth and fifth, … longer than the limit."""
    if len(times) < min_punches:
        return 0
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return sum(gap for gap in gaps[1:-1:2] if gap > longer_than)


def more_than(seconds: int, minutes: int, resolution: str) -> bool:
    """Strictly more than the minutes, of whole minutes or by the second."""
    return seconds // 60 > minutes if resolution == "floor" else seconds > minutes * 60


def fewer_hours(hours: int, limit: float, half_holiday: bool) -> bool:
    """Fewer hours than a threshold; 0 is off; half of it on half-day holidays."""
    limit = limit / 2 if half_holiday else limit
    return limit > 0 and hours / 100 < limit


def leave_used(set_by_hand: Status | None) -> bool:
    """A day that somebody set to no kind of leave has used none."""
    return set_by_hand is None or set_by_hand in ABSENT_ON_LEAVE

"""Entry, exit and hours of a day from its punches (spec D.4)."""

from dataclasses import dataclass

import numpy as np

from service.attendance.rules.codes import HoursMode, LogType, Pairing
from service.attendance.rules.columns import NONE, Bools, Ints
from service.attendance.rules.rows import Attached


@dataclass(frozen=True)
class Paired:
    """Per row: positions of entry and exit in the counted punches (`NONE`: there is none), and time between.

    Attributes:
        count: punches that count.
        hundredths: hours times 100, every interval rounded by itself to two decimals.
        seconds: the same intervals, not rounded.
    """

    count: Ints
    first_in: Ints
    last_out: Ints
    hundredths: Ints
    seconds: Ints


@dataclass(frozen=True)
class _Intervals:
    """Worked intervals as positions of two punches, and the entry and exit per row."""

    row: Ints
    begin: Ints
    end: Ints
    first_in: Ints
    last_out: Ints


def pair(counted: Attached, row_count: int, pairing: Ints, hours_mode: Ints) -> Paired:
    """Pairs the counted punches of every row by that row's two modes.

    Args:
        counted: punches that count, in row order.
        row_count: how many rows there are.
        pairing, hours_mode: per row, a `Pairing` and an `HoursMode`.
    """
    count = np.bincount(counted.row, minlength=row_count)
    parts = [
        rule(counted, np.flatnonzero((pairing == kind) & (hours_mode == mode) & (count > 0)), count)
        for (kind, mode), rule in _RULES.items()
    ]
    clock = counted.punches.clock
    row = np.concatenate([part.row for part in parts])
    length = np.concatenate([clock[part.end] - clock[part.begin] for part in parts])
    return Paired(
        count=count,
        first_in=_merged([part.first_in for part in parts], row_count),
        last_out=_merged([part.last_out for part in parts], row_count),
        hundredths=_summed(row, rounded_hundredths(length), row_count),
        seconds=_summed(row, length, row_count),
    )


def rounded_hundredths(seconds: Ints) -> Ints:
    """100 × round(seconds / 3600, 2), exactly as binary floating point rounds (D.4).

    A tie in decimal (18 s) is none in binary: which way it falls depends on the value, so ties are looked up.
    """
    sign, size = np.sign(seconds), np.abs(seconds)
    whole, rest = np.divmod(size, 36)
    result = whole + (rest > 18)
    ties = np.flatnonzero(rest == 18)
    if len(ties):
        values, at = np.unique(size[ties], return_inverse=True)
        looked_up = np.array([round(round(value / 3600, 2) * 100) for value in values.tolist()])
        result[ties] = looked_up[at]
    signed: Ints = sign * result
    return signed


def _merged(parts: list[Ints], row_count: int) -> Ints:
    """Each part gives positions for its own rows and `NONE` elsewhere."""
    result = np.full(row_count, NONE, dtype=np.int64)
    for part in parts:
        np.maximum(result, part, out=result)
    return result


def _summed(row: Ints, values: Ints, row_count: int) -> Ints:
    return np.bincount(row, weights=values, minlength=row_count).astype(np.int64)


def _ends(rows: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Positions of the first and last punch of these rows."""
    after = np.cumsum(count)
    return (after - count)[rows], after[rows] - 1


def _column(rows: Ints, values: Ints, row_count: int) -> Ints:
    result = np.full(row_count, NONE, dtype=np.int64)
    result[rows] = values
    return result


def _first_to_last(_: Attached, rows: Ints, count: Ints) -> _Intervals:
    """Types are ignored; a single punch is an entry without an exit."""
    first, last = _ends(rows, count)
    size = len(count)
    exits = np.where(last > first, last, NONE)
    return _Intervals(rows, first, last, _column(rows, first, size), _column(rows, exits, size))


def _every_other(counted: Attached, rows: Ints, count: Ints) -> _Intervals:
    """1→2, 3→4, …; an odd last punch is the exit but ends no interval."""
    ends = _first_to_last(counted, rows, count)
    begin = _members(counted, rows, len(count))
    within = begin - (np.cumsum(count) - count)[counted.row[begin]]
    paired = (within % 2 == 0) & (within + 1 < count[counted.row[begin]])
    begin = begin[paired]
    return _Intervals(counted.row[begin], begin, begin + 1, ends.first_in, ends.last_out)


def _in_to_out(counted: Attached, rows: Ints, count: Ints) -> _Intervals:
    """First entry to last exit; negative where that exit was before that entry."""
    first = _extreme(counted, rows, LogType.IN, len(count), first=True)
    last = _extreme(counted, rows, LogType.OUT, len(count), first=False)
    both = np.flatnonzero((first != NONE) & (last != NONE))
    return _Intervals(both, first[both], last[both], first, last)


def _every_in_to_out(counted: Attached, rows: Ints, count: Ints) -> _Intervals:
    """Each entry to the next exit; further entries before it, and exits without an entry, are left out."""
    typed = _members(counted, rows, len(count))
    typed = typed[counted.punches.log_type[typed] != LogType.UNKNOWN]
    row, kind = counted.row[typed], counted.punches.log_type[typed]
    alone = np.ones(len(typed), dtype=np.bool_)
    alone[1:] = row[1:] != row[:-1]
    before = np.concatenate([[int(LogType.UNKNOWN)], kind[:-1]]) if len(kind) else kind
    opening = typed[(kind == LogType.IN) & (alone | (before == LogType.OUT))]
    closing = typed[(kind == LogType.OUT) & ~alone & (before == LogType.IN)]
    begin = _last_before(opening, closing)
    first = _extreme(counted, rows, LogType.IN, len(count), first=True)
    last = np.full(len(count), NONE, dtype=np.int64)
    last[counted.row[closing]] = closing
    return _Intervals(counted.row[closing], begin, closing, first, last)


def _last_before(opening: Ints, closing: Ints) -> Ints:
    """The opening punch of each closing one."""
    if not len(opening):
        return closing
    return opening[np.maximum(np.searchsorted(opening, closing) - 1, 0)]


def _members(counted: Attached, rows: Ints, row_count: int) -> Ints:
    """Positions of the punches of these rows."""
    mine: Bools = np.zeros(row_count, dtype=np.bool_)
    mine[rows] = True
    return np.flatnonzero(mine[counted.row])


def _extreme(counted: Attached, rows: Ints, kind: LogType, row_count: int, *, first: bool) -> Ints:
    """Per row the position of its first or last punch of a kind."""
    found = _members(counted, rows, row_count)
    found = found[counted.punches.log_type[found] == kind]
    if first:
        found = found[::-1]
    result = np.full(row_count, NONE, dtype=np.int64)
    result[counted.row[found]] = found
    return result


_RULES = {
    (Pairing.ALTERNATING, HoursMode.FIRST_LAST): _first_to_last,
    (Pairing.ALTERNATING, HoursMode.EVERY_VALID): _every_other,
    (Pairing.STRICT, HoursMode.FIRST_LAST): _in_to_out,
    (Pairing.STRICT, HoursMode.EVERY_VALID): _every_in_to_out,
}

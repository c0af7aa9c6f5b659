"""The rows of a result: one per person, day and shift, and the punches of each."""

from dataclasses import dataclass, replace

import numpy as np

from service.attendance.rules.assign import Assigned, on_dates, set_aside
from service.attendance.rules.codes import PunchReason
from service.attendance.rules.columns import DAY, NONE, Bools, Ints
from service.attendance.rules.grid import Grid
from service.attendance.rules.instances import Instances
from service.attendance.rules.ruleset import RuleSet


@dataclass(frozen=True)
class Rows:
    """One row per shift of a person's day, and one without a shift where the day has none.

    Attributes:
        cell: the grid cell; rows are sorted by cell and start.
        sequence: 0, 1, … within the day.
        instance: position in the instances; `NONE` on days without a shift.
    """

    cell: Ints
    sequence: Ints
    instance: Ints

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def scheduled(self) -> Bools:
        result: Bools = self.instance != NONE
        return result


@dataclass(frozen=True)
class Attached:
    """Punches in row order with the row each belongs to; `NONE` for those of days not asked for."""

    punches: Assigned
    row: Ints

    def counted(self) -> "Attached":
        """Only punches that count, of rows that were asked for."""
        return self.where(self.punches.counted & (self.row != NONE))

    def where(self, chosen: Ints | Bools) -> "Attached":
        taken = Assigned(**{name: values[chosen] for name, values in vars(self.punches).items()})
        return Attached(taken, self.row[chosen])

    def set_aside(self, where: Bools, reason: PunchReason) -> "Attached":
        return replace(self, punches=set_aside(self.punches, where, reason))


def lay_out(
    assigned: Assigned, instances: Instances, grid: Grid, wanted: Bools, rule_set: RuleSet
) -> tuple[Rows, Attached]:
    """The rows of the wanted cells and every punch beside its row.

    A punch outside all windows stays with the first row of its calendar date, as a rest-day punch where the
    date has no shift, else as an off-shift one (F.4 step 3): so every punch is in exactly one row.
    """
    rows, row_of_instance = _rows(assigned, instances, grid, wanted)
    cell = on_dates(assigned, instances, grid)
    row = _row_of(assigned, rows, row_of_instance, cell)
    attached = _in_row_order(assigned, row)
    attached = replace(attached, punches=_placed(attached, rows, rule_set))
    return rows, attached if rule_set.punching.dedupe_seconds == 0 else _without_bursts(attached, rule_set)


def _rows(assigned: Assigned, instances: Instances, grid: Grid, wanted: Bools) -> tuple[Rows, Ints]:
    cell = grid.cells(instances.person, instances.day)
    visited = np.zeros(len(instances), dtype=np.bool_)
    visited[assigned.instance[assigned.instance != NONE]] = True
    kept = np.flatnonzero(wanted[cell] & (visited | ~instances.shadowed))
    empty = wanted.copy()
    empty[cell[kept]] = False
    free = np.flatnonzero(empty)
    all_cells = np.concatenate([cell[kept], free])
    instance = np.concatenate([kept, np.full(len(free), NONE)])
    start = np.concatenate([instances.start[kept], np.zeros(len(free), dtype=np.int64)])
    order = np.lexsort((start, all_cells))
    rows = Rows(all_cells[order], _sequence(all_cells[order]), instance[order])
    row_of_instance = np.full(len(instances), NONE, dtype=np.int64)
    row_of_instance[rows.instance[rows.scheduled]] = np.flatnonzero(rows.scheduled)
    return rows, row_of_instance


def _sequence(cells: Ints) -> Ints:
    at = np.arange(len(cells))
    new = np.ones(len(cells), dtype=np.bool_)
    new[1:] = cells[1:] != cells[:-1]
    return at - np.maximum.accumulate(np.where(new, at, 0))


def _row_of(assigned: Assigned, rows: Rows, row_of_instance: Ints, cell: Ints) -> Ints:
    first = np.searchsorted(rows.cell, cell)
    safe = np.minimum(first, max(len(rows) - 1, 0))
    there = (cell != NONE) & (first < len(rows))
    by_date = (
        np.where(there & (rows.cell[safe] == cell), safe, NONE) if len(rows) else np.full_like(cell, NONE)
    )
    if not len(row_of_instance):
        return by_date
    return np.where(assigned.instance == NONE, by_date, row_of_instance[np.maximum(assigned.instance, 0)])


def _in_row_order(assigned: Assigned, row: Ints) -> Attached:
    attached = Attached(assigned, row)
    if (row[1:] >= row[:-1]).all():
        return attached
    return attached.where(np.argsort(row, kind="stable"))


def _placed(attached: Attached, rows: Rows, rule_set: RuleSet) -> Assigned:
    """Punches of days without a shift count as rest-day work, unless the upstream's rules leave them out."""
    punches = attached.punches
    outside = attached.row == NONE
    reason = np.where(outside, int(PunchReason.OUTSIDE_PERIOD), punches.reason)
    if rule_set.order == "canonical" and len(rows):
        free = ~outside & ~rows.scheduled[np.maximum(attached.row, 0)]
        reason = np.where(free & (reason == PunchReason.OFF_SHIFT), int(PunchReason.REST_DAY), reason)
    return replace(punches, reason=reason)


def _without_bursts(attached: Attached, rule_set: RuleSet) -> Attached:
    """Punches that follow each other closely become one: the first, of a day's last burst the last (F.2)."""
    counted = np.flatnonzero(attached.punches.counted)
    row, clock = attached.row[counted], attached.punches.clock[counted]
    limit = rule_set.punching.dedupe_seconds
    close = (row[1:] == row[:-1]) & (clock[1:] - clock[:-1] <= limit)
    if not close.any():
        return attached
    keep = counted[_kept_of_bursts(row, close)]
    dropped = keep != counted
    reason, duplicate_of = attached.punches.reason.copy(), attached.punches.duplicate_of.copy()
    reason[counted[dropped]] = PunchReason.DUPLICATE_BURST
    duplicate_of[counted[dropped]] = attached.punches.punch[keep[dropped]]
    return replace(attached, punches=replace(attached.punches, reason=reason, duplicate_of=duplicate_of))


def _kept_of_bursts(row: Ints, close: Bools) -> Ints:
    """For each punch the position of the one that stands for its burst."""
    at = np.arange(len(row))
    opens = np.concatenate([[True], ~close])
    closes = np.concatenate([~close, [True]])
    first = np.maximum.accumulate(np.where(opens, at, 0))
    last = np.minimum.accumulate(np.where(closes, at, len(row))[::-1])[::-1]
    starts_row = np.concatenate([[True], row[1:] != row[:-1]])
    ends_row = np.concatenate([row[1:] != row[:-1], [True]])
    return np.where(ends_row[last] & ~starts_row[first], last, first)


def day_bounds(day: Ints) -> tuple[Ints, Ints]:
    """First and last second of calendar days, on the wall clock."""
    return day * DAY, day * DAY + DAY - 1

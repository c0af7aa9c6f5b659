"""Dated shifts: which shift somebody has on which date, from when to when (F.4 step 2)."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from service.attendance.rules.codes import ScheduleSource
from service.attendance.rules.columns import DAY, NONE, Bools, Ints, positions
from service.attendance.rules.grid import Grid
from service.attendance.rules.inputs import Inputs, ShiftTypes
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.weekly import weekly_shifts
from service.attendance.rules.windows import calendar_windows, cut_windows, shift_windows


@dataclass(frozen=True)
class Instances:
    """Shifts on dates, sorted by person, start and shift type; times are wall-clock seconds.

    Attributes:
        person, shift: positions in the sorted people and shift types.
        day: the date it starts on; it carries the work of the whole shift.
        shadowed: a default shift on a date that also has an assignment: it exists only where punches fall
            outside the assigned windows (spec D.3).
        window_start, window_end: both ends included; disjoint for one person but for shared instants.
        open_start, open_end: the same before neighbours cut them.
        own_start, own_end: the part that is the shift's own, not merely the rest of its calendar day.
    """

    person: Ints
    day: Ints
    shift: Ints
    source: Ints
    shadowed: Bools
    start: Ints
    end: Ints
    open_start: Ints
    open_end: Ints
    own_start: Ints
    own_end: Ints
    window_start: Ints
    window_end: Ints

    def __len__(self) -> int:
        return len(self.person)

    def take(self, chosen: Ints | Bools) -> "Instances":
        columns: dict[str, Any] = {name: values[chosen] for name, values in vars(self).items()}
        return Instances(**columns)


def sorted_shifts(shift_types: ShiftTypes) -> ShiftTypes:
    """By id, so that results do not depend on the order of input.

    Raises:
        ValueError: a shift type is there twice.
    """
    if len(np.unique(shift_types.id)) != len(shift_types):
        raise ValueError("a shift type is there twice")
    return shift_types.take(np.argsort(shift_types.id))


def resolve(inputs: Inputs, shifts: ShiftTypes, rule_set: RuleSet, grid: Grid) -> Instances:
    """Every shift of every person and day of the grid, with its windows."""
    cell, shift, source, shadowed = _scheduled(inputs, shifts, rule_set, grid)
    day = grid.day[cell]
    start = day * DAY + shifts.start_s[shift]
    overnight = shifts.end_s[shift] <= shifts.start_s[shift]
    end = day * DAY + shifts.end_s[shift] + np.where(overnight, DAY, 0)
    order = np.lexsort((shift, start, grid.person[cell], shadowed))
    unset = np.zeros(len(cell), dtype=np.int64)
    bare = Instances(grid.person[cell], day, shift, source, shadowed, start, end, *[unset] * 6).take(order)
    if rule_set.windows.kind == "shift":
        return _layered(shift_windows(bare, shifts))
    return cut_windows(calendar_windows(bare, shifts, rule_set.windows), fair=True)


def _layered(instances: Instances) -> Instances:
    """Assigned and default shifts do not cut each other: the default takes only uncovered times (D.3)."""
    layers = [cut_windows(instances.take(instances.shadowed == layer), fair=False) for layer in (False, True)]
    joined = {name: np.concatenate([vars(layer)[name] for layer in layers]) for name in vars(layers[0])}
    return replace(layers[0], **joined)


def _scheduled(
    inputs: Inputs, shifts: ShiftTypes, rule_set: RuleSet, grid: Grid
) -> tuple[Ints, Ints, Ints, Bools]:
    """(cell, shift, source, shadowed) of every shift: assignments, weekly schedules, default shifts."""
    cell, shift = _assigned(inputs, shifts, grid)
    assigned = np.zeros(grid.size, dtype=np.bool_)
    assigned[cell] = True
    source = np.full(len(cell), int(ScheduleSource.ASSIGNMENT))
    if rule_set.order == "canonical" and len(inputs.weekly_schedules):  # the upstream knows no such thing
        weekly, its_shift, covered = weekly_shifts(inputs.weekly_schedules, shifts, grid)
        free = ~assigned[weekly]
        cell, shift = np.concatenate([cell, weekly[free]]), np.concatenate([shift, its_shift[free]])
        source = np.concatenate([source, np.full(int(free.sum()), int(ScheduleSource.WEEKLY))])
        assigned |= covered
    default = positions(shifts.id, grid.people.default_shift)[grid.person]
    uncovered_time = rule_set.windows.default_shift == "uncovered_time"
    spare = np.flatnonzero((default != NONE) & (uncovered_time | ~assigned))
    source = np.concatenate([source, np.full(len(spare), int(ScheduleSource.DEFAULT))])
    shadowed = np.concatenate([np.zeros(len(cell), dtype=np.bool_), assigned[spare]])
    return np.concatenate([cell, spare]), np.concatenate([shift, default[spare]]), source, shadowed


def _assigned(inputs: Inputs, shifts: ShiftTypes, grid: Grid) -> tuple[Ints, Ints]:
    """(cell, shift) of assignments, each pair once however often it is assigned."""
    rows = inputs.assignments
    row, cell = grid.spread(rows.person, rows.start, rows.end)
    shift = positions(shifts.id, rows.shift_type)[row]
    known = shift != NONE
    pairs = np.unique(cell[known] * max(len(shifts), 1) + shift[known])
    return pairs // max(len(shifts), 1), pairs % max(len(shifts), 1)

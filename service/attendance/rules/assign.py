"""Every punch to exactly one shift, or to its calendar date (F.4 steps 1 and 3)."""

from dataclasses import dataclass, replace

import numpy as np

from service.attendance.rules.codes import COUNTED, PunchReason
from service.attendance.rules.columns import DAY, NONE, Bools, Ints, positions, seconds
from service.attendance.rules.grid import Grid
from service.attendance.rules.inputs import Punches, ShiftTypes
from service.attendance.rules.instances import Instances
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.windows import named_day
from service.attendance.rules.zones import ZoneTable


@dataclass(frozen=True)
class Assigned:
    """Punches in order of person, clock and name, with the shift each belongs to.

    Attributes:
        punch: id of the check-in.
        person: position; `NONE` for somebody who is not evaluated.
        wall: wall-clock seconds; `utc`: the instant.
        clock: whichever of the two the rule set measures time with.
        instance: position in the instances; `NONE`: the calendar date's.
        reason: a `PunchReason`.
        duplicate_of: id of the punch that counts instead; `NONE` otherwise.
    """

    punch: Ints
    person: Ints
    wall: Ints
    utc: Ints
    clock: Ints
    log_type: Ints
    instance: Ints
    reason: Ints
    duplicate_of: Ints

    @property
    def counted(self) -> Bools:
        return self.reason <= COUNTED

    def __len__(self) -> int:
        return len(self.punch)


def assign(
    punches: Punches, instances: Instances, shifts: ShiftTypes, rule_set: RuleSet, grid: Grid, zone: ZoneTable
) -> Assigned:
    """Sort, find each punch's shift by its window, set equal rows and skipped ones aside.

    Bursts of punches and punches that their day does not process are set aside later, when it is known which
    day they ended up in (`rows.py`, `upstream/processing.py`).
    """
    ordered, person, wall, utc, clock = _ordered(punches, rule_set, grid, zone)
    instance, reason = _matched(person, wall, instances, shifts, rule_set)
    skipped = ordered.skip if rule_set.punching.honour_skip else np.zeros(len(ordered), dtype=np.bool_)
    original = _originals(person, wall, ordered, skipped)
    reason = np.where(original != NONE, PunchReason.DUPLICATE_ROW, reason)
    reason = np.where(skipped, PunchReason.SKIPPED, reason)
    log_type = ordered.log_type
    duplicate_of = np.where(original == NONE, NONE, ordered.id[original])
    return Assigned(ordered.id, person, wall, utc, clock, log_type, instance, reason, duplicate_of)


def _ordered(
    punches: Punches, rule_set: RuleSet, grid: Grid, zone: ZoneTable
) -> tuple[Punches, Ints, Ints, Ints, Ints]:
    """(punches, person, wall, instant, clock) of people in the grid, by person, clock, name, id."""
    person = positions(grid.people.id, punches.person)
    wall = seconds(punches.time)
    known = person != NONE
    if not known.all():
        punches, person, wall = punches.take(known), person[known], wall[known]
    utc = zone.to_utc(wall)
    clock = utc if rule_set.clock == "elapsed" else wall
    order = _order(person, clock, punches)
    return punches.take(order), person[order], wall[order], utc[order], clock[order]


def _order(person: Ints, clock: Ints, punches: Punches) -> Ints:
    """A stable sort by one packed key; the names are looked at only where two times are equal."""
    if not len(person):
        return np.zeros(0, dtype=np.int64)
    first = int(clock.min())
    key = person * (int(clock.max()) - first + 1) + (clock - first)
    order = np.argsort(key, kind="stable")
    tied = key[order][1:] == key[order][:-1]
    if tied.any():
        order = np.lexsort((punches.id, punches.rank, key))
    return order


def _matched(
    person: Ints, wall: Ints, instances: Instances, shifts: ShiftTypes, rule_set: RuleSet
) -> tuple[Ints, Ints]:
    """(instance, reason): assigned shifts first, then default shifts for what they leave (D.3)."""
    found = np.full(len(wall), NONE, dtype=np.int64)
    for layer in (False, True):
        open_ = np.flatnonzero(found == NONE)
        members = np.flatnonzero(instances.shadowed == layer)
        found[open_] = _found(person[open_], wall[open_], instances, members)
    if rule_set.windows.kind == "shift" and len(instances):
        at = np.maximum(found, 0)
        named = named_day(wall, shifts, instances.shift[at]) == instances.day[at]
        found = np.where(named, found, NONE)
    return found, _reasons(wall, found, instances)


def _found(person: Ints, wall: Ints, instances: Instances, members: Ints) -> Ints:
    """The one of `members` whose window holds each time; on a shared instant the earlier one."""
    if not len(members) or not len(wall):
        return np.full(len(wall), NONE, dtype=np.int64)
    opens, closes = instances.window_start[members], instances.window_end[members]
    base = min(int(opens.min()), int(wall.min()))
    span = max(int(closes.max()), int(wall.max()), int(opens.max())) - base + 1
    keys = instances.person[members] * span + (opens - base)
    last = np.searchsorted(keys, person * span + (wall - base), side="right") - 1
    result = np.full(len(wall), NONE, dtype=np.int64)
    for back in (0, 1):
        at = last - back
        safe = np.maximum(at, 0)
        holds = (at >= 0) & (instances.person[members][safe] == person) & (wall <= closes[safe])
        result = np.where(holds & (wall >= opens[safe]), members[safe], result)
    return result


def _reasons(wall: Ints, found: Ints, instances: Instances) -> Ints:
    """Which part of which window a punch lies in; outside all of them it is off shift."""
    if not len(instances):
        return np.full(len(wall), int(PunchReason.OFF_SHIFT), dtype=np.int64)
    at = np.maximum(found, 0)
    opens, closes = instances.window_start[at], instances.window_end[at]
    cut = (opens > instances.open_start[at]) | (closes < instances.open_end[at])
    outside_own = (wall < instances.own_start[at]) | (wall > instances.own_end[at])
    shared = (wall == closes) & (closes < instances.open_end[at])
    return np.select(
        [found == NONE, shared, outside_own, cut],
        [
            PunchReason.OFF_SHIFT,
            PunchReason.SHARED_INSTANT,
            PunchReason.CALENDAR_DAY,
            PunchReason.TRIMMED_WINDOW,
        ],
        PunchReason.WINDOW,
    ).astype(np.int64)


def _originals(person: Ints, wall: Ints, punches: Punches, skipped: Bools) -> Ints:
    """Position of the first equal row (person, time, type) of each repeated one; `NONE` for the others."""
    original = np.full(len(wall), NONE, dtype=np.int64)
    again = (person[1:] == person[:-1]) & (wall[1:] == wall[:-1])
    if not again.any():
        return original
    near = np.zeros(len(wall), dtype=np.bool_)
    near[1:] |= again
    near[:-1] |= again
    members = np.flatnonzero(near & ~skipped)
    order = members[np.lexsort((members, punches.log_type[members], wall[members], person[members]))]
    same = (
        (person[order][1:] == person[order][:-1])
        & (wall[order][1:] == wall[order][:-1])
        & (punches.log_type[order][1:] == punches.log_type[order][:-1])
    )
    leader = np.maximum.accumulate(np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0))
    original[order[1:][same]] = order[leader[1:][same]]
    return original


def on_dates(assigned: Assigned, instances: Instances, grid: Grid) -> Ints:
    """The grid cell whose day each punch belongs to: its shift's start date, else its calendar date."""
    loose = assigned.instance == NONE
    day = np.where(loose, assigned.wall // DAY, _day_of(assigned, instances))
    return grid.cells(assigned.person, day)


def _day_of(assigned: Assigned, instances: Instances) -> Ints:
    if not len(instances):
        return np.zeros(len(assigned), dtype=np.int64)
    return instances.day[np.maximum(assigned.instance, 0)]


def set_aside(assigned: Assigned, where: Bools, reason: PunchReason) -> Assigned:
    """The same punches, these of them no longer counted, for that reason."""
    return replace(assigned, reason=np.where(where & assigned.counted, int(reason), assigned.reason))

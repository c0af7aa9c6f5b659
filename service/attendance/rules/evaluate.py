"""From inputs to days: the rules of a period, set-wise over all people (F.4)."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from service.attendance.rules.assemble import assemble
from service.attendance.rules.assign import assign
from service.attendance.rules.canonical.judge import judge_canonical
from service.attendance.rules.columns import NO_TIME, Bools
from service.attendance.rules.facts import HolidayCalendar, cell_facts
from service.attendance.rules.grid import Grid
from service.attendance.rules.inputs import LOOKAROUND_DAYS, Inputs, ShiftTypes
from service.attendance.rules.instances import Instances, resolve, sorted_shifts
from service.attendance.rules.judged import Judged
from service.attendance.rules.results import Days
from service.attendance.rules.row_facts import Horizon, RowFacts, row_facts
from service.attendance.rules.rows import Attached, Rows, lay_out
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.upstream.judge import judge_upstream
from service.attendance.rules.upstream.processing import Processing
from service.attendance.rules.zones import ZoneTable, zone_table


@dataclass(frozen=True)
class Evaluation:
    """Every intermediate result of an evaluation, kept for explanations."""

    inputs: Inputs
    rule_set: RuleSet
    grid: Grid
    shifts: ShiftTypes
    zone: ZoneTable
    horizon: Horizon
    instances: Instances
    rows: Rows
    facts: RowFacts
    attached: Attached
    judged: Judged
    processing: Processing | None


def evaluate(
    inputs: Inputs,
    rule_set: RuleSet,
    start: date,
    end: date,
    *,
    zone: str,
    now: np.datetime64,
    watermark: np.datetime64 | None,
) -> Days:
    """One row per person, day and shift, for every person given and every day from start to end.

    Args:
        inputs: see `Inputs` for how far around the period they must reach.
        rule_set: the rules.
        start, end: first and last work date.
        zone: IANA name of the zone all wall-clock times are in.
        now: the wall-clock time of asking; watermark: check-ins are complete through this wall-clock time,
            none: nothing is known to be complete. Later days are `PENDING`.

    Raises:
        ValueError: the period is empty, or a person or shift type is there twice.
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    return assemble(evaluation(inputs, rule_set, start, end, zone=zone, now=now, watermark=watermark))


def evaluation(
    inputs: Inputs,
    rule_set: RuleSet,
    start: date,
    end: date,
    *,
    zone: str,
    now: np.datetime64,
    watermark: np.datetime64 | None,
) -> Evaluation:
    """The same with everything on the way to it; `assemble` makes the days of it."""
    first, last = _day_number(start), _day_number(end)
    grid = Grid.over(inputs.people, first - LOOKAROUND_DAYS, last + LOOKAROUND_DAYS)
    if last < first:
        raise ValueError("the period is empty")
    table = zone_table(zone, grid.first_day, grid.first_day + grid.day_count)
    shifts = sorted_shifts(inputs.shift_types)
    instances = resolve(inputs, shifts, rule_set, grid)
    assigned = assign(inputs.punches, instances, shifts, rule_set, grid, table)
    rows, attached = lay_out(assigned, instances, grid, _wanted(grid, first, last), rule_set)
    calendar = HolidayCalendar.of(inputs.holidays)
    cells = cell_facts(inputs, grid, calendar)
    horizon = Horizon(_wall(now), NO_TIME if watermark is None else _wall(watermark))
    facts = row_facts(inputs, shifts, rule_set, grid, instances, rows, cells, calendar, table, horizon)
    processing = None
    if rule_set.order == "upstream":
        judged, attached, processing = judge_upstream(facts, attached, inputs, shifts, grid)
    else:
        judged, attached = judge_canonical(facts, attached, rule_set, shifts)
    return Evaluation(
        inputs, rule_set, grid, shifts, table, horizon, instances, rows, facts, attached, judged, processing
    )


def _day_number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _wall(moment: np.datetime64) -> int:
    return int(moment.astype("datetime64[s]").astype(np.int64))


def _wanted(grid: Grid, first: int, last: int) -> Bools:
    return (grid.day >= first) & (grid.day <= last)

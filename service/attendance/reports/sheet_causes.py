"""Why cells of a sealed sheet differ: today's inputs under the sealed rules tell inputs from rules."""

import asyncio
from collections.abc import Sequence
from datetime import date

import numpy as np

from service.attendance.queries.completeness import select_watermark, select_zone
from service.attendance.queries.dirty import select_covered_from
from service.attendance.queries.edits import select_rule_set_version
from service.attendance.queries.inputs import Loaded, load_inputs
from service.attendance.queries.sheet import ChosenRuleSet, select_leave_type_names, select_shift_names
from service.attendance.reports.causes import (
    Under,
    causes_of_days,
    causes_under,
    numbers_of,
    of_people,
)
from service.attendance.reports.periods import Chosen, choose
from service.attendance.reports.sheet import Sheet, detailed, grouped, summarized
from service.attendance.rules.evaluate import evaluate
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.zones import site_clock
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.attendance.reports import MonthlySheetParams
from service.schemas.envelope import Cause


async def causes_of_cells(
    conn: ReadConnection,
    params: MonthlySheetParams,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """What happened to each cell's day; under new rules only where the inputs alone make a difference."""
    if not sealing.new_rules or sealing.rules_version is None:
        return await causes_of_days(conn, params, found, sealing, context)
    chosen = await choose(conn, params, context)
    rules = await select_rule_set_version(conn, sealing.rules_version)
    if rules is None:
        return await causes_of_days(conn, params, found, sealing, context)
    under = await _under(conn, params, of_people(chosen, numbers_of(found)), rules, context)
    return await causes_under(conn, chosen, found, sealing, under)


async def _under(
    conn: ReadConnection,
    params: MonthlySheetParams,
    chosen: Chosen,
    rules: ChosenRuleSet,
    context: BuildContext,
) -> Under:
    """The rows of the chosen people as today's inputs make them under these rules."""
    zone = await select_zone(conn)
    if zone is None or not chosen.people:
        return {}
    rule_set = RuleSet.from_json(rules.parameters)
    loaded = await load_inputs(conn, chosen.ids, chosen.start, chosen.end)
    watermark = await select_watermark(conn)
    days = await asyncio.to_thread(
        _evaluated,
        loaded,
        rule_set,
        chosen,
        zone,
        np.datetime64(site_clock(context.now, zone), "s"),
        None if watermark is None else np.datetime64(site_clock(watermark, zone), "s"),
    )
    first = await select_covered_from(conn, chosen.rule_set.id)
    sheet = sheet_of_days(days, chosen, first or chosen.start, site_clock(context.now, zone).date())
    names = await (select_leave_type_names if params.summarized else select_shift_names)(conn)
    layout = summarized if params.summarized else detailed
    rows = layout(sheet, chosen, names, everybody=rule_set.order == "canonical")
    rows = grouped(rows, chosen, params.group_by)
    return {(row["person"], row.get("shift")): row for row in rows}


def _evaluated(
    loaded: Loaded,
    rule_set: RuleSet,
    chosen: Chosen,
    zone: str,
    now: np.datetime64,
    watermark: np.datetime64 | None,
) -> Days:
    return evaluate(
        loaded.inputs, rule_set, chosen.start, chosen.end, zone=zone, now=now, watermark=watermark
    )


def sheet_of_days(days: Days, chosen: Chosen, first: date, last: date) -> Sheet:
    """Freshly concluded days as the sheet reads them, between the dates that are kept."""
    kept = (days.work_date >= np.datetime64(first, "D")) & (days.work_date <= np.datetime64(last, "D"))
    ids = np.array(chosen.ids, dtype=np.int64)
    order = np.argsort(ids)
    return Sheet(
        person=order[np.searchsorted(ids, days.person[kept], sorter=order)],
        day=(days.work_date[kept] - np.datetime64(chosen.start, "D")).astype(np.int64),
        shift=days.shift_type[kept],
        code=days.code[kept],
        late=days.late_counted[kept],
        early=days.early[kept],
        leave_type=days.leave_type[kept],
        people=len(ids),
        days=(chosen.end - chosen.start).days + 1,
    )

"""Why a day came out as it did: the rules' trace of one person and date as an explanation for the wire."""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Row

from service.attendance.queries.completeness import select_watermark, select_zone
from service.attendance.queries.day_documents import DayDocuments, select_day_documents
from service.attendance.queries.inputs import load_inputs
from service.attendance.queries.results import select_input_hash
from service.attendance.queries.sheet import ChosenRuleSet, select_known, select_people, select_rule_set
from service.attendance.reports.day_documents import document_inputs, employment_inputs, named
from service.attendance.reports.frame import checkins_link, listed_link
from service.attendance.reports.incident_words import INCIDENTS
from service.attendance.reports.periods import DEFAULT_RULE_SET
from service.attendance.rules.assemble import assemble
from service.attendance.rules.evaluate import Evaluation, evaluation
from service.attendance.rules.explain import Candidate, DayTrace, PunchTrace, Step, explain_row
from service.attendance.rules.explain.words import unit_of
from service.attendance.rules.grace import beyond_grace
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.zones import site_clock
from service.core.database import ReadConnection
from service.core.errors import NotFound, unknown_value
from service.reporting.report import BuildContext
from service.schemas.attendance.day_reports import DayFigureParams
from service.schemas.attendance.reports import MonthlySheetExplainParams
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep, Gap

# Every figure of a day; the sheet's cell is the code.
CELL = "code"
# What the rules call words, moments and yes or no; nothing is counted in it.
_NO_UNITS = frozenset({"flag", "sheet code", "status", "wall clock"})
# Figures of reports: the flag they need, and the day's figure they start from.
_BEYOND = {"late_entry_seconds": ("late", "late_seconds"), "early_exit_seconds": ("early", "early_seconds")}
_SOURCES = {"assignment": "assignment", "default": "default shift", "weekly": "weekly schedule"}


async def explain_cell(
    conn: ReadConnection, params: MonthlySheetExplainParams, context: BuildContext
) -> Explanation:
    """The explanation of one cell of the sheet: of its code, with every step that led there."""
    return await explain_day(conn, params.person, params.day, context, params.shift, params.rule_set)


async def explain_figure(conn: ReadConnection, params: DayFigureParams, context: BuildContext) -> Explanation:
    """The explanation of one figure of a day, also of those that reports derive from a day's figures."""
    side, of_day = _BEYOND.get(params.figure, ("", params.figure))
    explained = await explain_day(
        conn, params.person, params.day, context, params.shift, params.rule_set, of_day
    )
    if not side:
        return explained
    step = _beyond_grace(explained, params.figure, side, params.consider_grace_period)
    return explained.model_copy(
        update={"value": step.value, "rule": step.rule, "steps": [*explained.steps, step]}
    )


def _beyond_grace(explained: Explanation, figure: str, side: str, considered: bool) -> ExplanationStep:
    steps = {step.figure: step for step in explained.steps}
    flag, far = steps[side], steps[f"{side}_seconds"]
    grace = int(flag.threshold[f"{side}_grace_min"]) * 60
    value = beyond_grace(bool(flag.value), int(far.value), grace, considered=considered)
    return ExplanationStep(
        rule="Time beyond the grace period, of what is flagged." if considered else "Time without any grace.",
        figure=figure,
        source="D.10",
        threshold={"grace_seconds": grace, "consider_grace_period": considered},
        outcome=f"{value} seconds",
        value=value,
        unit="seconds",
        inputs=[ExplanationInput(name=name, value=steps[name].value) for name in (side, f"{side}_seconds")],
    )


async def explain_day(
    conn: ReadConnection,
    number: str,
    day: date,
    context: BuildContext,
    shift: str | None = None,
    rule_set: str | None = None,
    figure: str = CELL,
    *,
    chosen: ChosenRuleSet | None = None,
) -> Explanation:
    """The explanation of one figure of a person's day; of the shift named, else of the day's first.

    Under the rule set named, or the `chosen` one, which need not be active: then no result is stored.

    Raises `NotFound` for a person the caller may not see, a date nobody is synced for, or a shift that the
    person does not have that day, and `Invalid` for an unknown rule set.
    """
    person = await _person(conn, number, context)
    rules = chosen or await _rule_set(conn, rule_set or DEFAULT_RULE_SET)
    zone = await select_zone(conn)
    if zone is None:
        raise NotFound("nothing was ever synced from the upstream")
    loaded = await load_inputs(conn, [person.id], day, day)
    watermark = await select_watermark(conn)
    done = evaluation(
        loaded.inputs,
        RuleSet.from_json(rules.parameters),
        day,
        day,
        zone=zone,
        now=np.datetime64(site_clock(context.now, zone), "s"),
        watermark=None if watermark is None else np.datetime64(site_clock(watermark, zone), "s"),
    )
    row = _row_of(done, shift, number, day)
    trace = explain_row(done, row)
    documents = await select_day_documents(
        conn,
        person.id,
        day,
        holidays=[int(loaded.holiday_ids[at]) for at in trace.recorded.holidays],
        checkins=[punch.id for punch in trace.punches],
    )
    explanation = explanation_of(trace, documents, person, figure)
    if chosen is not None:
        return explanation
    computed = int(assemble(done).input_hash.view(np.int64)[row])
    stored = await select_input_hash(conn, rules.id, person.id, day, int(done.rows.sequence[row]))
    if stored == computed:
        return explanation
    return explanation.model_copy(update={"gaps": [*explanation.gaps, _outdated(day, stored is None)]})


async def _person(conn: ReadConnection, number: str, context: BuildContext) -> Row[Any]:
    sites = context.caller.sites_for(None)
    people = await select_people(conn, person=number, sites=None if sites is None else sorted(sites))
    if not people:
        raise NotFound(f"there is no person {number!r} that you may see")
    return people[0]


async def _rule_set(conn: ReadConnection, name: str) -> ChosenRuleSet:
    chosen = await select_rule_set(conn, name)
    if chosen is None:
        raise unknown_value("/query/rule_set", "rule set", name, await select_known(conn, "rule set"))
    return chosen


def _row_of(done: Evaluation, shift: str | None, number: str, day: date) -> int:
    """The row of the shift asked for; without one, or where the day has no shift, the first."""
    if not shift:
        return 0
    names = done.shifts.name.tolist()
    for row, at in enumerate(done.rows.instance.tolist()):
        if at >= 0 and names[int(done.instances.shift[at])] == shift:
            return row
    if shift in names:
        return 0
    raise NotFound(f"{number} has no shift {shift!r} on {day}")


def _outdated(day: date, absent: bool) -> Gap:
    """The reports show another result, or none, until the day is recomputed."""
    return Gap(
        code="not_recomputed",
        need="the stored result of this day computed from these inputs",
        have="no stored result" if absent else "a stored result of older inputs",
        subject=str(day),
        reasons=["something this day depends on changed after it was computed"],
        remedies=["wait for the next sync", "run `muster run attendance.recompute`"],
    )


def explanation_of(
    trace: DayTrace, documents: DayDocuments, person: Row[Any], figure: str = CELL
) -> Explanation:
    """A trace in the words of the wire; the figures can be recomputed from its steps alone.

    The shift of the day comes first, then each rule in the order of deciding, then the shifts beside it.
    """
    cell = trace.step(figure)
    chosen = [candidate for candidate in trace.candidates if candidate.chosen]
    others = [candidate for candidate in trace.candidates if not candidate.chosen]
    return Explanation(
        subject=f"{person.name} ({person.number}) on {trace.work_date}",
        value=cell.value,
        unit=None if cell.unit in _NO_UNITS else cell.unit,
        rule=f"{trace.step('status').outcome}. {cell.rule}" if figure == CELL else cell.rule,
        rule_version=trace.rule_version,
        threshold=cell.threshold or None,
        inputs=[
            ExplanationInput(
                name="schedule", value=trace.schedule, link=_schedule_link(chosen, person, trace)
            ),
            *employment_inputs(trace, person),
            *document_inputs(documents, trace, person.number),
            *(_punch(punch, person.number) for punch in trace.punches),
        ],
        steps=[
            *map(_candidate, chosen),
            *(_step(step, trace, documents, person.number) for step in trace.steps),
            *map(_candidate, others),
        ],
        gaps=[_gap(sentence, trace) for sentence in trace.gaps],
    )


def _schedule_link(chosen: list[Candidate], person: Row[Any], trace: DayTrace) -> str:
    """A weekly schedule is listed for the person; other shifts are only known by their type."""
    if any(candidate.source == "weekly" for candidate in chosen):
        return listed_link("schedules", person.number, date.fromisoformat(trace.work_date))
    return "/v1/attendance/shift-types"


def _punch(punch: PunchTrace, number: str) -> ExplanationInput:
    return ExplanationInput(
        name=f"check-in {punch.time}" + (f" {punch.log_type}" if punch.log_type != "UNKNOWN" else ""),
        value=punch.outcome,
        link=checkins_link(number, date.fromisoformat(punch.time[:10])),
    )


def _candidate(candidate: Candidate) -> ExplanationStep:
    first, last = candidate.window
    return ExplanationStep(
        rule=f"shift {candidate.name} of {candidate.work_date}, by {_SOURCES[candidate.source]}",
        source="spec D.3, F.4 step 2",
        threshold={"opens": candidate.open_window[0], "closes": candidate.open_window[1]},
        outcome=candidate.outcome + ("; this is the shift of the day" if candidate.chosen else ""),
        value=f"{first} – {last}",
        unit="window",
        inputs=[
            ExplanationInput(name="start", value=candidate.start),
            ExplanationInput(name="end", value=candidate.end),
        ],
    )


def _step(step: Step, trace: DayTrace, documents: DayDocuments, number: str) -> ExplanationStep:
    day = date.fromisoformat(trace.work_date)
    inputs = [
        ExplanationInput(name=name, value=value, unit=unit_of(name)) for name, value in step.inputs.items()
    ]
    return ExplanationStep(
        rule=step.rule,
        figure=step.figure,
        source=step.source,
        threshold=step.threshold or None,
        outcome=step.outcome,
        value=step.value,
        unit=step.unit or None,
        inputs=[named(documents, number, given, day) for given in inputs],
    )


def _gap(sentence: str, trace: DayTrace) -> Gap:
    shift = next((candidate.name for candidate in trace.candidates if candidate.chosen), None)
    subject = trace.work_date if shift is None else f"{trace.work_date}, shift {shift}"
    if sentence.upper() not in INCIDENTS:
        need = "a day that can be decided without doubt"
        return Gap(code="undecided", need=need, have=sentence, subject=subject)
    kind, need, have, remedies = INCIDENTS[sentence.upper()]
    return Gap(code=kind, need=need, have=have, remedies=list(remedies), subject=subject)

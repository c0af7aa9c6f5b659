"""Why a figure of a period is what it is: the days that count, linked, and the formulas from there on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

import numpy as np
from sqlalchemy import Row

from service.attendance.queries.sheet import select_leave_type_names
from service.attendance.reports.frame import day_link
from service.attendance.reports.periods import Chosen, choose
from service.attendance.reports.sheet import leave_words
from service.attendance.reports.summary import UNRECONCILED, wire
from service.attendance.reports.tallied import Tallied, tallied, unreconciled
from service.attendance.rules.period.cards import CARDS
from service.attendance.rules.period.differing import Differing
from service.attendance.rules.period.figures import FIGURES, Figure, leave_of
from service.attendance.rules.period.measures import Measure, Value, exact, rounded
from service.attendance.rules.period.tally import DAY_PARTS, Tally
from service.attendance.rules.period.variants import VARIANTS, needed
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, unknown_value
from service.reporting.report import BuildContext, Completeness
from service.schemas.attendance.summary import SummaryExplainParams
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep, Gap

LEAVES = "leaves."


@dataclass(frozen=True)
class PersonPeriod:
    """One person's period, and under which rules its days can be seen."""

    tally: Tally
    person: Row[Any]
    rule_set: str


@dataclass(frozen=True)
class Explaining(PersonPeriod):
    """What the figures of the period are made of."""

    different: Differing
    figures: Mapping[str, Figure]
    measures: Mapping[str, Measure]


async def explain_figure(
    conn: ReadConnection, params: SummaryExplainParams, context: BuildContext
) -> Explanation:
    """The explanation of one figure of one person.

    Raises `Invalid` with near matches for a person or a figure that is not there, and without a person.
    """
    if params.person is None:
        detail = f"say whose figure: person=…; of everybody there are {', '.join(CARDS)}"
        raise Invalid(detail, errors=[FieldError("/query/person", "missing", detail)])
    chosen = await choose(conn, params, context)
    read = await tallied(conn, params, chosen)
    words = leave_words(await select_leave_type_names(conn))
    measures = {measure.name: measure for measure in VARIANTS[params.variant]}
    leaves = {f"{LEAVES}{word}": leave_of(key) for key, word in words.items()}
    known = {**FIGURES, **leaves}
    if params.figure not in {*known, *measures, UNRECONCILED}:
        raise unknown_value("/query/figure", "figure", params.figure, [*known, *measures, UNRECONCILED])
    about = Explaining(
        tally=read.tally,
        person=chosen.people[0],
        rule_set=chosen.rule_set.name,
        different=await unreconciled(conn, chosen, read.tally),
        figures=known,
        measures=measures,
    )
    return _explanation(about, params, chosen, read)


def _explanation(
    about: Explaining, params: SummaryExplainParams, chosen: Chosen, read: Tallied
) -> Explanation:
    values: dict[str, Value] = {}
    steps: list[ExplanationStep] = []
    for name in needed(params.variant, params.figure):
        made = list(_steps(about, name, values))
        steps += [step for step in made if step.figure not in {one.figure for one in steps}]
    last = next(step for step in steps if step.figure == params.figure)
    return Explanation(
        subject=f"{about.person.name} ({about.person.number}), {chosen.start} to {chosen.end}",
        value=last.value,
        unit=last.unit,
        rule=last.rule,
        rule_version=chosen.rule_set.key,
        threshold=last.threshold,
        inputs=last.inputs,
        steps=steps,
        gaps=gaps_of(read.completeness),
    )


def gaps_of(completeness: Completeness) -> list[Gap]:
    """What keeps the figure from being final."""
    reasons = list(completeness.reasons)
    if not reasons:
        return list(completeness.gaps)
    waiting = Gap(code="incomplete", need="every day of the period decided", have=reasons[0], reasons=reasons)
    return [*completeness.gaps, waiting]


def _steps(about: Explaining, name: str, values: dict[str, Value]) -> Iterator[ExplanationStep]:
    """The step of a figure or measure, after those that show why; its exact value goes into `values`."""
    if name in about.measures:
        measure = about.measures[name]
        values[name] = measure.of(values)
        yield _of_measure(measure, values)
    elif name == UNRECONCILED:
        values[name] = len(about.different.date)
        yield _of_differing(about)
    else:
        figure = about.figures[name]
        for beside in figure.beside:
            yield sum_step(about, beside, about.figures[beside])
        if name == "late_deductions":
            yield _late_numbers(about)
        step = sum_step(about, name, figure)
        values[name] = total_of(step)
        yield step


def days_said(count: int) -> str:
    """A number of days in words."""
    return f"{count} day" if count == 1 else f"{count} days"


def total_of(step: ExplanationStep) -> Value:
    """The sum of a step's inputs, exactly; whole numbers but for days."""
    total = sum((Fraction(str(given.value)) for given in step.inputs), Fraction(0))
    return total if step.unit == "days" else int(total)


def sum_step(about: PersonPeriod, name: str, figure: Figure) -> ExplanationStep:
    """A figure as the sum of the days that add to it."""
    each = figure.each(about.tally)
    scale = DAY_PARTS if figure.unit == "days" else 1
    rows = np.flatnonzero(each).tolist()
    inputs = [_day(about, row, Fraction(int(each[row]), scale), figure.unit) for row in rows]
    step = ExplanationStep(
        rule=figure.rule,
        figure=name,
        source=figure.source,
        threshold=_threshold(about.tally, name),
        outcome=f"the sum of {days_said(len(rows))}" if rows else "no day adds to it",
        unit=figure.unit,
        inputs=inputs,
    )
    return step.model_copy(update={"value": wire(total_of(step))})


def _threshold(tally: Tally, name: str) -> dict[str, Any] | None:
    counting = tally.counting
    if name == "late_deductions":
        return {"lates_per_absence": counting.lates_per_absence, "counted_from": str(counting.count_from)}
    return {"episode_bridging": counting.bridging} if name == "absence_episodes" else None


def _day(about: PersonPeriod, row: int, value: Fraction, unit: str) -> ExplanationInput:
    day = str(about.tally.days.date[row])
    shown: Any = exact(value) if unit == "days" else int(value)
    return ExplanationInput(
        name=day, value=shown, unit=unit, link=day_link(about.person.number, day, about.rule_set)
    )


def _late_numbers(about: Explaining) -> ExplanationStep:
    """Every late with its running number, those carried over from before the period too (spec A.7)."""
    tally = about.tally
    rows = np.flatnonzero(tally.late_number).tolist()
    return ExplanationStep(
        rule="Running number of each late since the count began anew",
        figure="late_number",
        source="spec A.7",
        threshold=_threshold(tally, "late_deductions"),
        outcome=f"{len(rows)} lates, {int((~tally.inside[rows]).sum())} of them before the period",
        unit="count",
        inputs=[_day(about, row, Fraction(int(tally.late_number[row])), "count") for row in rows],
    )


def _of_differing(about: Explaining) -> ExplanationStep:
    days: Sequence[str] = [str(day) for day in about.different.date]
    return ExplanationStep(
        rule="Days whose statuses are not those of the upstream's attendance, or which only one side has",
        figure=UNRECONCILED,
        source="spec F.4",
        outcome=f"{days_said(len(days))} differ{'s' if len(days) == 1 else ''}" if days else "no day differs",
        value=len(days),
        unit="count",
        inputs=[
            ExplanationInput(name=day, value=1, unit="count", link=_reconciled(about, day)) for day in days
        ],
    )


def _reconciled(about: Explaining, day: str) -> str:
    asked = {"person": about.person.number, "from": day, "to": day, "rule_set": about.rule_set}
    return "/v1/attendance/reports/reconciliation?" + urlencode(asked)


def _of_measure(measure: Measure, values: Mapping[str, Value]) -> ExplanationStep:
    value = values[measure.name]
    band = measure.band(value)
    whole = measure.unit == "seconds"
    return ExplanationStep(
        rule=measure.rule,
        figure=measure.name,
        source=measure.source,
        threshold=dict(measure.threshold) or None,
        outcome=band or ("there is nothing to measure it by" if value is None else "by its formula"),
        value=value if whole else rounded(value, measure.places),
        unit=measure.unit,
        inputs=list(_operands(measure.operands, values)),
    )


def _operands(names: Iterable[str], values: Mapping[str, Value]) -> Iterator[ExplanationInput]:
    for name in names:
        value = values[name]
        shown = value if value is None or isinstance(value, int) else exact(value)
        yield ExplanationInput(name=name, value=shown)

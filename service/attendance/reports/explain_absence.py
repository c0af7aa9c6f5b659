"""Why an absence is as long as it is: its days, those bridged, its part of the Bradford factor."""

from fractions import Fraction
from typing import Any

from service.attendance.queries.sheet import select_leave_type_names
from service.attendance.reports.absence_rows import UNJUSTIFIED, rows_of
from service.attendance.reports.explain_period import PersonPeriod, gaps_of, sum_step
from service.attendance.reports.periods import Chosen, choose, resolved
from service.attendance.reports.tallied import Tallied, tallied
from service.attendance.rules.period.figures import FIGURES
from service.attendance.rules.period.measures import exact, rounded
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.reporting.report import BuildContext
from service.schemas.attendance.summary import AbsencesExplainParams
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep


async def explain_absence(
    conn: ReadConnection, params: AbsencesExplainParams, context: BuildContext
) -> Explanation:
    """The days of one episode, those bridged, and its part of the Bradford factor.

    Raises `NotFound` where no episode of the person begins on that day, `Invalid` for an unknown person.
    """
    params = resolved(params, context)
    chosen = await choose(conn, params, context)
    read = await tallied(conn, params, chosen)
    types = await select_leave_type_names(conn)
    row = _asked(list(rows_of(read.tally, chosen, types)), params)
    about = PersonPeriod(read.tally, chosen.people[0], chosen.rule_set.name)
    return _explanation(about, row, chosen, read)


def _asked(rows: list[dict[str, Any]], params: AbsencesExplainParams) -> dict[str, Any]:
    for row in rows:
        wanted = {"kind": params.kind, "leave_type": params.leave_type}
        fits = all(value in {None, row[name]} for name, value in wanted.items())
        if fits and row["first_day"] == params.first_day.isoformat():
            return row
    begun = ", ".join(sorted({row["first_day"] for row in rows})) or "none"
    raise NotFound(
        f"no absence of {params.person} begins on {params.first_day}; those of the period begin on: {begun}"
    )


def _explanation(about: PersonPeriod, row: dict[str, Any], chosen: Chosen, read: Tallied) -> Explanation:
    unjustified = row["kind"] == UNJUSTIFIED
    days = _within(about, "absences" if unjustified else "justified_absences", row)
    bridged = [_within(about, name, row) for name in ("rest_days", "holidays")]
    steps = [days, *(step for step in bridged if step.inputs)]
    if unjustified:
        episodes = sum_step(about, "absence_episodes", FIGURES["absence_episodes"])
        steps += [episodes, _contribution(row, episodes)]
    return Explanation(
        subject=f"{about.person.name} ({about.person.number}), {row['first_day']} to {row['last_day']}",
        value=row["days"],
        unit="days",
        rule=f"{days.rule}, one after the other: {row['leave_type'] or row['kind']}",
        rule_version=chosen.rule_set.key,
        threshold={"episode_bridging": about.tally.counting.bridging},
        inputs=days.inputs,
        steps=steps,
        gaps=gaps_of(read.completeness),
    )


def _within(about: PersonPeriod, name: str, row: dict[str, Any]) -> ExplanationStep:
    """The days of a figure that lie within the episode."""
    step = sum_step(about, name, FIGURES[name])
    inputs = [given for given in step.inputs if row["first_day"] <= given.name <= row["last_day"]]
    total = sum((Fraction(str(given.value)) for given in inputs), Fraction(0))
    return step.model_copy(
        update={"inputs": inputs, "value": rounded(total), "outcome": f"{exact(total)} within the episode"}
    )


def _contribution(row: dict[str, Any], episodes: ExplanationStep) -> ExplanationStep:
    return ExplanationStep(
        rule="Episodes of the period² times days of this one",
        figure="bradford_contribution",
        source="spec A.15",
        outcome="its part of the person's Bradford factor",
        value=row["bradford_contribution"],
        inputs=[
            ExplanationInput(name="absence_episodes", value=episodes.value),
            ExplanationInput(name="days", value=row["days"]),
        ],
    )

"""Why a figure of the summary is what it is: one of a person, or a card of everybody."""

from urllib.parse import urlencode

from service.attendance.reports.explain_period import explain_figure, gaps_of
from service.attendance.reports.periods import Chosen, choose, resolved
from service.attendance.reports.summary import card_shown, summed_up
from service.attendance.reports.tallied import tallied, unreconciled
from service.attendance.rules.period.cards import CARDS, Card, Column, cards
from service.attendance.rules.period.measures import exact
from service.core.database import ReadConnection
from service.reporting.report import BuildContext
from service.schemas.attendance.summary import SummaryExplainParams
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep


async def explain_summary(
    conn: ReadConnection, params: SummaryExplainParams, context: BuildContext
) -> Explanation:
    """The explanation of one figure, as its name says."""
    known = resolved(params, context)
    explain = explain_card if params.figure in CARDS else explain_figure
    return await explain(conn, known, context)


async def explain_card(
    conn: ReadConnection, params: SummaryExplainParams, context: BuildContext
) -> Explanation:
    """What every person adds to a card, with a link to the person's own row."""
    chosen = await choose(conn, params, context)
    read = await tallied(conn, params, chosen)
    different = await unreconciled(conn, chosen, read.tally)
    summed = summed_up(read.tally, different, {}, params.variant)
    card = cards(params.variant, summed.people, chosen.start, chosen.end)[params.figure]
    steps = [_operand(name, column, chosen, params) for name, column in card.operands.items()]
    return Explanation(
        subject=f"{len(chosen.people)} people, {chosen.start} to {chosen.end}",
        value=card_shown(card)["value"],
        unit=card.unit,
        rule=card.rule,
        rule_version=chosen.rule_set.key,
        inputs=[ExplanationInput(name=step.figure or "", value=step.value) for step in steps],
        steps=[*steps, _last(params.figure, card, steps)],
        gaps=gaps_of(read.completeness),
    )


def _operand(name: str, column: Column, chosen: Chosen, params: SummaryExplainParams) -> ExplanationStep:
    counted = [(who, value) for who, value in zip(chosen.people, column, strict=True) if value is not None]
    return ExplanationStep(
        rule=f"The {name.replace('_', ' ')} of each person who counts",
        figure=name,
        source="spec A.14",
        outcome=f"the sum of {len(counted)} people",
        value=exact(sum([value for _, value in counted])),
        inputs=[
            ExplanationInput(name=who.number, value=exact(value), link=_row(who.number, params))
            for who, value in counted
        ],
    )


def _row(number: str, params: SummaryExplainParams) -> str:
    asked = params.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"figure"})
    return "/v1/attendance/reports/summary?" + urlencode({**asked, "person": number})


def _last(name: str, card: Card, steps: list[ExplanationStep]) -> ExplanationStep:
    return ExplanationStep(
        rule=card.rule,
        figure=name,
        source="spec A.14",
        outcome=card.band or "there is nothing to measure it by",
        value=card_shown(card)["value"],
        unit=card.unit,
        inputs=[ExplanationInput(name=step.figure or "", value=step.value) for step in steps],
    )

"""What the detail's workbook says of each person and of everybody: the summary's own figures (spec A.15)."""

import asyncio
from typing import Any, Final

from service.attendance.reports.periods import Chosen
from service.attendance.reports.summary import card_shown, figures_of, person_row
from service.attendance.reports.tallied import tally_of
from service.attendance.rules.period.cards import cards
from service.attendance.rules.period.tally import Tally
from service.attendance.rules.period.variants import Variant
from service.core.database import ReadConnection
from service.schemas.attendance.reports import DetailParams

BY_PERSON: Final = (
    "worked_seconds", "expected_seconds", "deducted_seconds", "break_seconds", "net_expected_seconds",
    "difference_seconds", "lates", "early_exits", "scheduled_days", "present_days", "absences",
    "absence_episodes", "justified_absences", "undecided_days",
)  # fmt: skip
"""Sums of the predecessor's table, and what its key figures are made of; all of the period's own days."""


async def statistics(conn: ReadConnection, params: DetailParams, chosen: Chosen) -> dict[str, Any]:
    """The summary's figures of each person as `by_person`, by number, and the cards by name."""
    tally = await tally_of(conn, params, chosen)
    # Off the event loop: the key figures are exact fractions, 0.25 ms a person.
    return await asyncio.to_thread(_stated, tally, params.variant, chosen)


def _stated(tally: Tally, variant: Variant, chosen: Chosen) -> dict[str, Any]:
    people = figures_of(tally, variant)
    found = cards(variant, people, chosen.start, chosen.end)
    rows = {
        person.number: person_row(person, figures, variant, BY_PERSON)
        for person, figures in zip(chosen.people, people, strict=True)
    }
    return {**{name: card_shown(card) for name, card in found.items()}, "by_person": rows}

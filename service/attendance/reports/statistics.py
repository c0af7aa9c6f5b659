"""What the detail's workbook says of each person and of everybody: the summary's own figures (spec A.15)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from service.attendance.reports.periods import Chosen
from service.attendance.reports.summary import card_shown, figures_of, person_row
from service.attendance.reports.tallied import tally_of
from service.attendance.rules.period.cards import cards
from service.attendance.rules.period.measures import Value
from service.attendance.rules.period.variants import Variant
from service.core.batches import pieces
from service.core.database import ReadConnection
from service.schemas.attendance.reports import DetailParams

BY_PERSON: Final = (
    "worked_seconds", "expected_seconds", "deducted_seconds", "break_seconds", "net_expected_seconds",
    "difference_seconds", "lates", "early_exits", "scheduled_days", "present_days", "absences",
    "absence_episodes", "justified_absences", "undecided_days",
)  # fmt: skip
"""Sums of the predecessor's table, and what its key figures are made of; all of the period's own days."""


PEOPLE_AT_ONCE: Final = 500
"""Whose days are held at a time: a year of them takes about 30 MB, whatever the size of the firm."""


async def statistics(conn: ReadConnection, params: DetailParams, chosen: Chosen) -> dict[str, Any]:
    """The summary's figures of each person as `by_person`, by number, and the cards by name."""
    people: list[Mapping[str, Value]] = []
    for some in pieces(chosen.people, PEOPLE_AT_ONCE):
        part = replace(chosen, people=some)
        tally = await tally_of(conn, params, part)
        # Off the event loop: the key figures are exact fractions, 0.25 ms a person.
        people += await asyncio.to_thread(figures_of, tally, params.variant)
    return await asyncio.to_thread(_stated, people, params.variant, chosen)


def _stated(people: Sequence[Mapping[str, Value]], variant: Variant, chosen: Chosen) -> dict[str, Any]:
    found = cards(variant, people, chosen.start, chosen.end)
    rows = {
        person.number: person_row(person, figures, variant, BY_PERSON)
        for person, figures in zip(chosen.people, people, strict=True)
    }
    return {**{name: card_shown(card) for name, card in found.items()}, "by_person": rows}

"""The period summary: a row of sums and key figures for each person, cards for everybody (spec A.13-A.15)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from service.attendance.queries.sheet import select_leave_type_names
from service.attendance.reports.periods import Chosen, choose
from service.attendance.reports.sheet import grouped, leave_words
from service.attendance.reports.tallied import tallied, unreconciled
from service.attendance.rules.columns import Ints
from service.attendance.rules.period.cards import Card, cards
from service.attendance.rules.period.differing import Differing
from service.attendance.rules.period.figures import FIGURES, leave_of
from service.attendance.rules.period.measures import Value, rounded
from service.attendance.rules.period.tally import DAY_PARTS, Counting, Tally
from service.attendance.rules.period.variants import KEY_FIGURES, VARIANTS, Variant, hours_state, measured
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built
from service.schemas.attendance.summary import SummaryParams

SHOWN = (
    "worked_seconds", "expected_seconds", "deducted_seconds", "break_seconds", "net_expected_seconds",
    "difference_seconds", "overtime_seconds", "lates", "late_minutes", "late_deductions", "early_exits",
    "missing_punches", "scheduled_days", "present_days", "on_time_days", "absences", "absence_episodes",
    "justified_absences", "leave_days", "holidays", "rest_days", "worked_rest_days", "not_employed_days",
    "undecided_days", "unreconciled_days",
)  # fmt: skip
"""Sums that a row shows, and that are added up over everybody."""
UNRECONCILED = "unreconciled_days"


@dataclass(frozen=True, slots=True)
class Summed:
    """Every person's figures, and days on leave by type, both in the order of the people."""

    people: Sequence[Mapping[str, Value]]
    leaves: Sequence[Mapping[str, Value]]


async def summary(conn: ReadConnection, params: SummaryParams, context: BuildContext) -> Built:
    """Rows in the order of the people's numbers (of groups first, where grouped)."""
    chosen = await choose(conn, params, context)
    read = await tallied(conn, params, chosen)
    different = await unreconciled(conn, chosen, read.tally)
    words = leave_words(await select_leave_type_names(conn))
    # Off the event loop: the key figures are exact fractions, 0.25 ms a person.
    summed = await asyncio.to_thread(summed_up, read.tally, different, words, params.variant)
    rows = [
        _row(person, figures, leaves, params.variant)
        for person, figures, leaves in zip(chosen.people, summed.people, summed.leaves, strict=True)
    ]
    found = cards(params.variant, summed.people, chosen.start, chosen.end)
    return Built(
        rows=grouped(rows, chosen, params.group_by),
        completeness=read.completeness,
        timezone=read.timezone,
        rules_version=chosen.rule_set.key,
        summary=_together(summed, chosen, found),
        notes=_notes(read.tally, found),
    )


def summed_up(tally: Tally, different: Differing, words: Mapping[int, str], variant: Variant) -> Summed:
    """The figures of every person: sums first, then the variant's measures of them."""
    unreconciled_days = np.bincount(different.person, minlength=tally.people).tolist()
    leaves = {word: _values(leave_of(key).of(tally), "days") for key, word in words.items()}
    return Summed(
        people=figures_of(tally, variant, {UNRECONCILED: unreconciled_days}),
        leaves=[{word: values[at] for word, values in leaves.items()} for at in range(tally.people)],
    )


def figures_of(
    tally: Tally, variant: Variant, beside: Mapping[str, Sequence[Value]] | None = None
) -> list[Mapping[str, Value]]:
    """The sums and measures of every person, in the order of the people; `beside` are sums made elsewhere."""
    sums = {name: _values(figure.of(tally), figure.unit) for name, figure in FIGURES.items()} | {
        **(beside or {})
    }
    each = [dict(zip(sums, values, strict=True)) for values in zip(*sums.values(), strict=True)]
    return [figures | measured(variant, figures) for figures in each]


def _values(totals: Ints, unit: str) -> list[Value]:
    numbers: list[int] = totals.tolist()
    if unit != "days":
        return [*numbers]
    known = {parts: Fraction(parts, DAY_PARTS) for parts in set(numbers)}
    return [known[parts] for parts in numbers]


def wire(value: Value) -> int | str | None:
    """A sum as it travels: whole numbers as they are, days as decimals."""
    return rounded(value) if isinstance(value, Fraction) else value


def _row(
    person: Any, figures: Mapping[str, Value], leaves: Mapping[str, Value], variant: Variant
) -> dict[str, Any]:
    by_type = {word: rounded(days) for word, days in leaves.items()}
    return person_row(person, figures, variant, SHOWN) | {"leaves": by_type}


def person_row(
    person: Any, figures: Mapping[str, Value], variant: Variant, names: Sequence[str]
) -> dict[str, Any]:
    """A person's sums of these names, with the key figures and their bands, as they travel."""
    known = {"person": person.number, "person_name": person.name, "site": person.site}
    shown = {name: wire(figures[name]) for name in names}
    state = hours_state(int(figures["difference_seconds"] or 0))
    return known | shown | {"hours_state": state} | _key_figures(figures, variant)


def _key_figures(figures: Mapping[str, Value], variant: Variant) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for measure in VARIANTS[variant]:
        if measure.name in KEY_FIGURES:
            value = figures[measure.name]
            found[measure.name] = rounded(value, measure.places)
            found[f"{measure.name}_band"] = measure.band(value)
    return found


def _together(summed: Summed, chosen: Chosen, found: Mapping[str, Card]) -> dict[str, Any]:
    """Sums over everybody, and the cards."""
    sums = {name: _sum(name, summed) for name in SHOWN}
    return {
        "people": len(summed.people),
        "first_day": chosen.start.isoformat(),
        "last_day": chosen.end.isoformat(),
        **sums,
        **{name: card_shown(card) for name, card in found.items()},
    }


def _sum(name: str, summed: Summed) -> int | str | None:
    total = sum([figures[name] or 0 for figures in summed.people])
    return wire(Fraction(total) if name in FIGURES and FIGURES[name].unit == "days" else int(total))


def card_shown(card: Card) -> dict[str, str | None]:
    """A card as it travels."""
    return {"value": rounded(card.value, 1), "unit": card.unit, "band": card.band}


def _notes(tally: Tally, found: Mapping[str, Card]) -> list[str]:
    """What the cards are, and how lates were counted."""
    said = [f"{name.replace('_', ' ').capitalize()}: {card.rule}." for name, card in found.items()]
    return said if not tally.counting.lates_per_absence else [*said, _lates_note(tally.counting)]


def _lates_note(counting: Counting) -> str:
    begins = {"report": "this period", "month": "each month", "half_month": "each half-month"}
    return (
        f"Every {counting.lates_per_absence} lates are a day's deduction; they are counted anew with "
        f"{begins[counting.carry_over]}, here from {counting.count_from}."
    )

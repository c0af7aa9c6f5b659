"""Why sums over people differ from what was sealed: what happened to those whose days were computed anew."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from service.attendance.reports.causes import Known, Shown, days_of, known_of, recorded
from service.attendance.reports.periods import Chosen, choose
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.envelope import Cause

MOST: Final = 20
"""Causes of one figure that are told one by one; a shift type that is edited touches everybody."""


async def causes_of_totals(
    conn: ReadConnection,
    params: PeopleFilter,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """For each difference what happened after the sealing to the people of its days; also the new rules."""
    chosen = await choose(conn, params, context)
    known = await known_of(conn, chosen, [person.number for person in chosen.people], sealing, Shown())

    def causes() -> list[list[Cause]]:
        # What moves one figure of a date may move each: they are looked for once.
        told: dict[Any, list[Cause]] = {}
        for one in found:
            key = (one.key.get("day"), one.figure is None)
            told.setdefault(key, [*_of_everybody(one, chosen, known, sealing), *sealing.new_rules])
        return [told[one.key.get("day"), one.figure is None] for one in found]

    return await asyncio.to_thread(causes)


def _of_everybody(one: Difference, chosen: Chosen, known: Known, sealing: Sealing) -> list[Cause]:
    """What is on record; where nothing is, how many people's days were computed anew."""
    anew = _anew(days_of(one, chosen), chosen, known, sealing)
    causes = list(islice(_distinct(one, anew, chosen, known), MOST + 1))
    if len(causes) > MOST:
        more = f"and more: days of {len(anew)} people were computed anew since"
        return [*causes[:MOST], Cause(code="more", detail=more)]
    if causes or sealing.new_rules or not anew:
        return causes
    detail = f"days of {len(anew)} people were computed anew since, {next(iter(anew))} among them"
    return [Cause(code="recomputed", detail=detail)]


def _anew(
    days: Sequence[date], chosen: Chosen, known: Known, sealing: Sealing
) -> Mapping[str, Sequence[date]]:
    """By the numbers of people those of the days whose results are younger than the sealing."""
    found = {
        person.number: [
            day
            for day in days
            if any(row.computed_at >= sealing.read_from for row in known.days.get((person.id, day), ()))
        ]
        for person in chosen.people
    }
    return {number: young for number, young in found.items() if young}


def _distinct(
    one: Difference, anew: Mapping[str, Sequence[date]], chosen: Chosen, known: Known
) -> Iterator[Cause]:
    seen = set()
    for number, days in anew.items():
        for day in days:
            own = replace(one, key={"person": number, "day": str(day)})
            for cause in recorded(own, chosen, known):
                said = cause.model_copy(update={"detail": f"{number}: {cause.detail}"})
                if (said.code, said.detail, said.subject) not in seen:
                    seen.add((said.code, said.detail, said.subject))
                    yield said

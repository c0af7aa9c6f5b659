"""Rows of the absences: episodes from when to when, justified or not, and what each adds to Bradford."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from service.attendance.queries.sheet import select_leave_type_names
from service.attendance.reports.periods import Chosen, choose
from service.attendance.reports.tallied import tallied
from service.attendance.rules.columns import NONE, Ints
from service.attendance.rules.period.episodes import Episodes
from service.attendance.rules.period.measures import bradford, rounded
from service.attendance.rules.period.tally import DAY_PARTS, Tally
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built
from service.schemas.attendance.summary import AbsencesParams

UNJUSTIFIED, JUSTIFIED = "unjustified", "justified"
_EPOCH = date(1970, 1, 1)


async def absences(conn: ReadConnection, params: AbsencesParams, context: BuildContext) -> Built:
    """Episodes of the people chosen, the longest first; those of a period end with it."""
    chosen = await choose(conn, params, context)
    read = await tallied(conn, params, chosen)
    types = await select_leave_type_names(conn)
    rows = [row for row in rows_of(read.tally, chosen, types) if params.kind in {None, row["kind"]}]
    return Built(
        rows=sorted(rows, key=_longest_first),
        completeness=read.completeness,
        timezone=read.timezone,
        rules_version=chosen.rule_set.key,
        summary={
            "people": len({row["person"] for row in rows}),
            "episodes": len(rows),
            "days": rounded(sum((Fraction(row["days"]) for row in rows), Fraction(0))),
            "first_day": chosen.start.isoformat(),
            "last_day": chosen.end.isoformat(),
        },
        notes=["An absence that goes on before or after the period is counted within the period only."],
    )


def _longest_first(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return -Fraction(row["days"]), row["first_day"], row["person"], row["kind"], row["leave_type"] or ""


def rows_of(tally: Tally, chosen: Chosen, types: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Every episode as a row, by kind and person."""
    for kind, parts, found in _found(tally):
        days = _days_of(found, parts)
        counted = np.bincount(found.person, minlength=tally.people)
        for at in range(len(found.person)):
            who = int(found.person[at])
            episode = _episode(found, at, Fraction(int(days[at]), DAY_PARTS))
            contribution = bradford(int(counted[who]), episode["days"]) if kind == UNJUSTIFIED else None
            yield {
                "person": chosen.people[who].number,
                "person_name": chosen.people[who].name,
                "site": chosen.people[who].site,
                "kind": kind,
                "leave_type": types.get(int(found.kind[at])) if kind == JUSTIFIED else None,
                **episode,
                "days": rounded(episode["days"]),
                "bradford_contribution": rounded(contribution),
            }


def _found(tally: Tally) -> Iterator[tuple[str, Ints, Episodes]]:
    """The episodes of both kinds with the parts of days that make them."""
    yield UNJUSTIFIED, tally.absent, tally.runs(tally.absent)
    # A leave without type is none of the types: it has a number beside all of them.
    kind = np.where(tally.days.leave_type == NONE, 0, tally.days.leave_type)
    yield JUSTIFIED, tally.justified, tally.runs(tally.justified, kind=kind)


def _days_of(found: Episodes, parts: Ints) -> Ints:
    inside = found.of_row != NONE
    return np.bincount(found.of_row[inside], parts[inside], len(found.person)).astype(np.int64)


def _episode(found: Episodes, at: int, days: Fraction) -> dict[str, Any]:
    return {
        "first_day": (_EPOCH + timedelta(days=int(found.first[at]))).isoformat(),
        "last_day": (_EPOCH + timedelta(days=int(found.last[at]))).isoformat(),
        "days": days,
        "bridged_days": int(found.bridged[at]),
    }

"""What another rule set would change over a period: both evaluated from the same inputs, nothing written."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from service.attendance.queries import rule_sets
from service.attendance.queries.completeness import select_watermark
from service.attendance.queries.inputs import load_inputs
from service.attendance.queries.sheet import ChosenRuleSet, select_shift_names
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.explain import explain_day
from service.attendance.reports.periods import Chosen, choose, period_of, resolved, scopes_of
from service.attendance.reports.standing import standing
from service.attendance.rules.codes import CODES, Status
from service.attendance.rules.evaluate import evaluate
from service.attendance.rules.inputs import Inputs
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import RuleSet
from service.attendance.rules.zones import site_clock
from service.core.batches import pieces
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.rule_sets import WhatIfExplainParams, WhatIfParams, WhatIfRow
from service.schemas.envelope import Explanation

# As in recompute: 500 people of a month are about 60 MB at the peak.
PERSON_DAYS_AT_ONCE: Final = 500 * 31
_FIGURES: Final = {
    "worked": "worked_seconds",
    "overtime": "overtime_seconds",
    "difference": "difference_seconds",
}


async def what_if(conn: ReadConnection, params: WhatIfParams, context: BuildContext) -> Built:
    """Days on which the two rule sets differ, and the totals of both."""
    chosen = await choose(conn, params, context)
    candidate = await candidate_of(conn, params.candidate)
    completeness, zone = await standing(conn, chosen)
    watermark = await select_watermark(conn)
    asked: dict[str, Any] = {
        "zone": zone,
        "now": np.datetime64(site_clock(context.now, zone), "s"),
        "watermark": None if watermark is None else np.datetime64(site_clock(watermark, zone), "s"),
    }
    sets = [RuleSet.from_json(one.parameters) for one in (chosen.rule_set, candidate)]
    names = dict(await select_shift_names(conn))
    totals = np.zeros((2, len(_TOTALS)), dtype=np.int64)
    rows: list[dict[str, Any]] = []
    at_once = max(1, PERSON_DAYS_AT_ONCE // ((chosen.end - chosen.start).days + 1))
    for some in pieces(chosen.ids, at_once):
        loaded = await load_inputs(conn, some, chosen.start, chosen.end)
        both = await asyncio.to_thread(_judged, loaded.inputs, sets, chosen.start, chosen.end, asked)
        totals += np.array([_totals(days) for days in both])
        rows += _differences(*both, chosen, names)
    ours, theirs = totals.tolist()
    return Built(
        rows=rows,
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary={
            "candidate": candidate.key,
            "days_that_differ": len(rows),
            chosen.rule_set.key: dict(zip(_TOTALS, ours, strict=True)),
            candidate.key: dict(zip(_TOTALS, theirs, strict=True)),
        },
        next_change=context.now + timedelta(minutes=1),  # a new version of the candidate raises none of ours
    )


async def candidate_of(conn: ReadConnection, asked: str) -> ChosenRuleSet:
    """The rule set that `name` or `name/version` means, active or not.

    Raises `Invalid` (`unknown_rule_set`).
    """
    name, _, version = asked.partition("/")
    row = await rule_sets.select_version(conn, name, int(version) if version else None)
    if row is None:
        raise unknown_value("/query/candidate", "rule set", asked, await rule_sets.select_names(conn))
    return ChosenRuleSet(row.id, row.name, row.version, row.parameters)


def _judged(
    inputs: Inputs, sets: list[RuleSet], start: date, end: date, asked: dict[str, Any]
) -> tuple[Days, Days]:
    ours, theirs = (evaluate(inputs, rules, start, end, **asked) for rules in sets)
    return ours, theirs


_TOTALS: Final = (
    "days_present",
    "days_absent",
    "lates",
    "worked_seconds",
    "overtime_seconds",
    "difference_seconds",
)


def _totals(days: Days) -> list[int]:
    codes = np.array(CODES)[days.code]
    return [
        int(np.isin(codes, ["P", "WFH", "OD"]).sum()),
        int((codes == "A").sum()),
        int(days.late_counted.sum()),
        int(days.worked_seconds.sum()),
        int(days.overtime_seconds.sum()),
        int(days.difference_seconds.sum()),
    ]


def _differences(
    ours: Days, theirs: Days, chosen: Chosen, shifts: dict[int, str]
) -> Iterator[dict[str, Any]]:
    """Rows of both for the same person, date and shift; a shift that only one of them sees differs."""
    people = {person.id: person for person in chosen.people}
    places = [
        {key: at for at, key in enumerate(zip(*_identity(days), strict=True))} for days in (ours, theirs)
    ]
    for key in sorted({*places[0], *places[1]}):
        found = [_figures(days, place.get(key)) for days, place in zip((ours, theirs), places, strict=True)]
        differs = [name for name in ("status", *_FIGURES, "late") if found[0][name] != found[1][name]]
        if differs:
            person = people[key[0]]
            yield {
                "person": person.number,
                "person_name": person.name,
                "site": person.site,
                "day": str(np.datetime64(key[1], "D")),
                "shift": shifts.get(key[3]),
                **_side(found[0], ""),
                **_side(found[1], "candidate_"),
                "differs": sorted(differs),
            }


def _identity(days: Days) -> list[list[int]]:
    dates = days.work_date.astype(np.int64)
    return [column.tolist() for column in (days.person, dates, days.shift_seq, days.shift_type)]


def _figures(days: Days, at: int | None) -> dict[str, Any]:
    if at is None:
        return {"status": "NONE", "late": 0, **dict.fromkeys(_FIGURES, 0)}
    late = int(days.late_minutes[at]) if days.late_counted[at] else 0
    figures = {name: int(getattr(days, column)[at]) for name, column in _FIGURES.items()}
    return {"status": Status(int(days.status[at])).name, "late": late, **figures}


def _side(found: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}status": found["status"],
        f"{prefix}late_minutes": found["late"],
        **{f"{prefix}{column}": found[name] for name, column in _FIGURES.items()},
    }


async def explain_candidate(
    conn: ReadConnection, params: WhatIfExplainParams, context: BuildContext
) -> Explanation:
    """Why the candidate judges a day as it does."""
    candidate = await candidate_of(conn, params.candidate)
    return await explain_day(conn, params.person, params.day, context, params.shift, chosen=candidate)


WHAT_IF: Report[WhatIfParams, WhatIfRow] = Report(
    name="what-if",
    title="What if",
    titles={"es": "Qué pasaría"},
    description="Another rule set over a period: which days it would judge otherwise. Nothing is written.",
    params=WhatIfParams,
    row=WhatIfRow,
    build=what_if,
    scope=scopes_of,
    resolve=resolved,
    key=("person", "day", "shift"),
    period=period_of,
    causes=causes_of_days,
    explain=explain_candidate,
    explain_params=WhatIfExplainParams,
    explain_example={
        "params": {"person": "HR-EMP-00044", "day": "2026-10-07", "candidate": "original"},
        "answer": {
            "subject": "Ana Pérez (HR-EMP-00044) on 2026-10-07",
            "value": "A",
            "rule": "SEVERE_LATE. The monthly sheet's code of the status.",
            "rule_version": "original/1",
        },
    },
    example={
        "params": {"month": "2026-10", "rule_set": "recommended", "candidate": "original"},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "day": "2026-10-07",
                "shift": "Day 08-17",
                "status": "SEVERE_LATE",
                "candidate_status": "SEVERE_LATE",
                "worked_seconds": 28_740,
                "candidate_worked_seconds": 28_740,
                "late_minutes": 61,
                "candidate_late_minutes": 0,
                "overtime_seconds": 0,
                "candidate_overtime_seconds": 0,
                "difference_seconds": -3_660,
                "candidate_difference_seconds": -3_660,
                "differs": ["late"],
            }
        ],
        "summary": {"candidate": "original/1", "days_that_differ": 1},
    },
    lifetime=timedelta(minutes=1),
)

"""A station slot by slot: how many are there as each begins (spec D.5)."""

import asyncio
from datetime import timedelta
from typing import Any

from service.core.database import ReadConnection
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.appliances import courses
from service.crew.answers.asked import station_of
from service.crew.answers.coverage import slots
from service.crew.answers.doubts import crew_doubts, doubts
from service.crew.reports.appliance_words import LIFETIME, SPANISH
from service.crew.reports.explain_status import person_inputs
from service.crew.reports.station_days import appliances_of, period_of, read_days, resolved, scope_of
from service.crew.reports.tallied import written
from service.crew.rules.judging import matches
from service.crew.rules.presets import counted
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.appliance_reports import CoverageFigureParams, CoverageParams, CoverageRow
from service.schemas.envelope import Explanation

_INSTANT = timedelta(microseconds=1)


async def coverage(conn: ReadConnection, params: CoverageParams, context: BuildContext) -> Built:
    """A row for each slot."""
    read = await read_days(conn, params, context)
    appliances = await appliances_of(conn, read.station, None)
    made = await asyncio.to_thread(courses, read.known, appliances)
    swept = read.known.slices_of(read.station)
    named = {one.name: made[one.id] for one in appliances}
    step = timedelta(minutes=params.step)
    rows = [_row(slot) for slot in slots(read.known, swept, named, step, read.station.zone)]
    version = (await read.asking.versions([read.station]))[read.station.code]
    counts = [row["crew"] for row in rows if row["crew"] is not None]
    summary = {"slots": len(rows), "fewest": min(counts, default=None)}
    reasons = crew_doubts(read.station, swept)
    for one in appliances:
        reasons += doubts(read.station, one.name, made[one.id].intervals)
    return read.built(rows, list(dict.fromkeys(reasons)), version, summary=summary)


def _row(slot: dict[str, Any]) -> dict[str, Any]:
    stands = "; ".join(f"{name} {status}" for name, status in slot["status"].items())
    kept = {key: value for key, value in slot.items() if key != "at_local"}
    return {**kept, "at": written(slot["at"]), "status": stands}


async def explain_count(
    conn: ReadConnection, params: CoverageFigureParams, context: BuildContext
) -> Explanation:
    """Who counts at an instant, and why: the people with role, skills and state."""
    asking = Asking(conn, context.settings, context.now, params.known_at)
    station = await station_of(conn, context.caller, params.station)
    known = await asking.read([station], params.at, params.at + _INSTANT)
    known = known.shown_as(redact=params.redact)
    [now] = known.slices_of(station)
    needed = counted(known.lists).get(params.figure)
    people = [known.people[id_] for id_ in sorted(now.crew)]
    value = sum(needed is None or matches(needed, one) for one in people) if now.covered else None
    return Explanation(
        subject=f"{params.figure} at {station.code}, {params.at.isoformat()}",
        value=value,
        unit="people",
        rule="Those who are available at the instant and match; null where nobody looked.",
        rule_version=params.figure,
        threshold=None if needed is None else needed.as_json(),
        inputs=person_inputs(known, station, now),
    )


COVERAGE: Report[CoverageParams, CoverageRow] = Report(
    name="coverage",
    title="Coverage",
    titles={"es": "Cobertura"},
    description="How many people, officers, drivers and BA wearers are there, slot by slot.",
    params=CoverageParams,
    row=CoverageRow,
    build=coverage,
    scope=scope_of,
    resolve=resolved,
    sites=lambda params, caller: caller.sites_for(params.station),
    key=("at",),
    period=period_of,
    explain=explain_count,
    explain_params=CoverageFigureParams,
    explain_example={
        "params": {"station": "P22", "at": "2026-03-05T06:00:00Z", "figure": "driver"},
        "answer": {
            "subject": "driver at P22, 2026-03-05T06:00:00+00:00",
            "value": 1,
            "unit": "people",
            "rule": "Those who are available at the instant and match; null where nobody looked.",
            "rule_version": "driver",
            "threshold": {"code": "driver", "min_count": 1, "skills_any": ["LGV", "ERD"]},
            "inputs": [
                {
                    "name": "BIRCH, KE",
                    "value": {"crew_id": 2, "role": "FFC", "skills": ["BA", "LGV"], "state": "available"},
                }
            ],
        },
    },
    labels={"es": SPANISH},
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05", "step": 60},
        "items": [
            {
                "at": "2026-03-05T06:00:00Z",
                "crew": 4,
                "officer": 2,
                "driver": 2,
                "ba": 4,
                "status": "P22P6 available",
                "complete": True,
            }
        ],
        "summary": {"slots": 24, "fewest": 2},
    },
    lifetime=LIFETIME,
)

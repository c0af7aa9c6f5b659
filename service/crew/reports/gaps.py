"""When a station's appliances are not available, and who would close the gaps (spec D.6)."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from service.core.database import ReadConnection
from service.crew.answers.appliances import courses
from service.crew.answers.doubts import doubts
from service.crew.reports.appliance_words import LIFETIME, SPANISH, shorts_in_words
from service.crew.reports.explain_status import EXPLAINED, explain_status
from service.crew.reports.station_days import appliances_of, period_of, read_days, resolved, scope_of
from service.crew.reports.tallied import written
from service.crew.reports.told_gaps import who_would_do
from service.crew.rules.gaps import Part
from service.crew.rules.gaps import gaps as gaps_of
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.appliance_reports import GapRow, GapsParams, StandingParams

SECOND = timedelta(seconds=1)


async def gaps(conn: ReadConnection, params: GapsParams, context: BuildContext) -> Built:
    """A row for each part of a gap with one outcome of the rule, by appliance and time."""
    read = await read_days(conn, params, context)
    appliances = await appliances_of(conn, read.station, params.appliance)
    names = {one.id: one.name for one in read.known.members}
    rows: list[dict[str, Any]] = []
    reasons: list[str] = []
    count = 0
    made = await asyncio.to_thread(courses, read.known, appliances)
    for one in appliances:
        found = await asyncio.to_thread(gaps_of, made[one.id], timedelta(minutes=params.min_minutes))
        count += len(found)
        rows += [_row(one.name, part, names) for gap in found for part in gap.parts]
        reasons += doubts(read.station, one.name, made[one.id].intervals)
    version = (await read.asking.versions([read.station]))[read.station.code]
    none = [] if appliances else ["no grid has told of any appliance of the station"]
    summary = {"gaps": count, "duration_seconds": sum(row["duration_seconds"] for row in rows)}
    return read.built(rows, list(dict.fromkeys(reasons)) or none, version, summary=summary)


def _row(name: str, part: Part, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "appliance": name,
        "since": written(part.start),
        "until": written(part.end),
        "duration_seconds": (part.end - part.start) // SECOND,
        "status": part.status,
        "short": shorts_in_words(part.shorts),
        "min_additional": part.fixes.least,
        "who": who_would_do(part.fixes, names),
        "sets": part.fixes.count,
        "discrepancy": part.discrepancy,
    }


GAPS: Report[GapsParams, GapRow] = Report(
    name="gaps",
    title="Gaps of appliances",
    titles={"es": "Huecos de los vehículos"},
    description="When an appliance is not available, what the crew lacks then, and who would close the gap.",
    params=GapsParams,
    row=GapRow,
    build=gaps,
    scope=scope_of,
    resolve=resolved,
    sites=lambda params, caller: caller.sites_for(params.station),
    key=("appliance", "since"),
    advice=("who", "sets", "min_additional"),
    period=period_of,
    explain=explain_status,
    explain_params=StandingParams,
    explain_example=EXPLAINED,
    labels={"es": SPANISH},
    example={
        "params": {"station": "P22", "appliance": "P22P6", "from": "2026-03-05", "to": "2026-03-05"},
        "items": [
            {
                "appliance": "P22P6",
                "since": "2026-03-05T09:00:00Z",
                "until": "2026-03-05T12:00:00Z",
                "duration_seconds": 10_800,
                "status": "off_the_run",
                "short": "total_crew 1",
                "min_additional": 1,
                "who": "ALDER, JO or DOGWOOD, MI",
                "sets": 2,
                "discrepancy": False,
            }
        ],
        "summary": {"gaps": 2, "duration_seconds": 54_000},
    },
    lifetime=LIFETIME,
)

"""The report `gap-cover`: hours in which a person kept an appliance on the run, or was there in vain."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import sites
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.frame import Frame, framed, period_of, resolved, scopes_of
from service.crew.reports.people_time import PersonTime, inputs, named, spent, times_of
from service.crew.reports.tallied import percent, rule_steps
from service.crew.reports.words import LABELS
from service.crew.rules.cover import Cover, cover_of
from service.crew.rules.slots import Stretch
from service.crew.rules.spans import clip
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import CoverFigureParams, CoverParams, CoverRow
from service.schemas.envelope import Explanation

_RULES: Final[Mapping[str, str]] = {
    "available_seconds": "Time in which the grid has the person available.",
    "gap_cover_seconds": "Time in which an appliance was on the run and its enforced rule would not have "
    "held without this person; an instant counts once, however many appliances stood on them.",
    "in_gaps_seconds": "Time in which the person was available while the crew did not meet the enforced "
    "rule of an appliance of the station.",
    "known_seconds": "Time in which the grid says whether the person is available.",
}
NOTES: Final = (
    "Several people can be decisive at once, so gap-cover hours do not add up to hours on the run.",
)


async def gap_cover(conn: ReadConnection, params: CoverParams, context: BuildContext) -> Built:
    """A row for each person, by station and by how long they kept an appliance on the run."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_built, frame, context)


def _built(frame: Frame, context: BuildContext) -> Built:
    rows = [row for station in frame.stations for row in _rows(frame, station)]
    return Built(
        rows=rows,
        completeness=frame.completeness(),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        notes=NOTES,
        summary={
            "people": len(rows),
            "available_seconds": sum(row["available_seconds"] for row in rows),
            "gap_cover_seconds": sum(row["gap_cover_seconds"] for row in rows),
        },
        next_change=frame.next_change(context.now),
    )


def _rows(frame: Frame, station: StationRow) -> list[dict[str, Any]]:
    cover = cover_at(frame, station)
    rows = [_row(station, one, cover) for one in times_of(frame, station)]
    return sorted(rows, key=lambda row: (-row["gap_cover_seconds"], row["name"]))


def cover_at(frame: Frame, station: StationRow) -> Cover:
    """Who was decisive at a station, over all its appliances."""
    return cover_of(frame.courses[one.id] for one in frame.appliances_of(station))


def _row(station: StationRow, one: PersonTime, cover: Cover) -> dict[str, Any]:
    kept = spent(_spans("gap_cover_seconds", one, cover))
    return {
        "station": station.code,
        "crew_id": one.member.id,
        "name": one.member.name,
        "role": one.member.role,
        "available_seconds": one.available_seconds,
        "gap_cover_seconds": kept,
        "gap_cover_percent": percent(kept, one.available_seconds),
        "in_gaps_seconds": spent(_spans("in_gaps_seconds", one, cover)),
        "known_seconds": one.known_seconds,
        "known_percent": percent(one.known_seconds, one.period_seconds),
    }


def _spans(figure: str, one: PersonTime, cover: Cover) -> Sequence[Stretch]:
    if figure in {"available_seconds", "known_seconds"}:
        return one.available if figure == "available_seconds" else one.known
    found = cover.critical if figure == "gap_cover_seconds" else cover.in_gaps
    return clip(found.get(one.member.id, []), *one.window)


async def explain_cover(
    conn: ReadConnection, params: CoverFigureParams, context: BuildContext
) -> Explanation:
    """The stretches that make up a figure of a person, and the rules that were enforced."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_explained, frame, params)


def _explained(frame: Frame, params: CoverFigureParams) -> Explanation:
    [station] = frame.stations
    one = named(frame, station, params.crew_id)
    spans = _spans(params.figure, one, cover_at(frame, station))
    return Explanation(
        subject=f"{one.member.name} ({station.code}), {frame.first} – {frame.last}",
        value=spent(spans),
        unit="seconds",
        rule=_RULES[params.figure],
        rule_version=frame.rules_version,
        inputs=inputs(spans),
        steps=[step for one in frame.appliances_of(station) for step in rule_steps(frame.known, one.id)],
    )


GAP_COVER: Final[Report[CoverParams, CoverRow]] = Report(
    name="gap-cover",
    title="Gap cover",
    titles={"es": "Cobertura decisiva"},
    description="Hours in which each person kept an appliance on the run that would have been off without "
    "them, and hours in which they were there while it was off for want of others.",
    params=CoverParams,
    row=CoverRow,
    build=gap_cover,
    scope=scopes_of,
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    key=("station", "crew_id"),
    period=period_of,
    sites=sites,
    causes=causes_of_rows,
    explain=explain_cover,
    explain_params=CoverFigureParams,
    explain_example={
        "params": {
            "station": "P22", "from": "2026-03-05", "to": "2026-03-05", "crew_id": 5,
            "figure": "gap_cover_seconds",
        },
        "answer": {
            "subject": "ELDER, SA (P22), 2026-03-05 – 2026-03-05",
            "value": 10800,
            "unit": "seconds",
            "rule": _RULES["gap_cover_seconds"],
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {"name": "2026-03-05T06:00:00Z – 2026-03-05T09:00:00Z", "value": 10800, "unit": "seconds"}
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05"},
        "items": [
            {
                "station": "P22",
                "crew_id": 5,
                "name": "ELDER, SA",
                "role": "FFD",
                "available_seconds": 28800,
                "gap_cover_seconds": 10800,
                "gap_cover_percent": "37.50",
                "in_gaps_seconds": 18000,
                "known_seconds": 86400,
                "known_percent": "100.00",
            }
        ],
        "summary": {"people": 5, "available_seconds": 277200, "gap_cover_seconds": 129600},
        "notes": list(NOTES),
    },
)  # fmt: skip

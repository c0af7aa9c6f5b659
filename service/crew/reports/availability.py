"""The report `availability`: when each person is available, days merged; also as a calendar (D.8)."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import NotFound, unknown_value
from service.crew.queries.station_days import MemberRow
from service.crew.queries.stations import StationRow, select_station_of
from service.crew.reports.asked import sites
from service.crew.reports.calendar_file import ICS
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.frame import LONGEST_OF_ALL, ONE_DAY, Frame, checked, framed, scopes_over, today_of
from service.crew.reports.people_time import available_of, inputs, spent
from service.crew.reports.tallied import written
from service.crew.reports.trust import Trust, said_of, trust_of
from service.crew.reports.words import LABELS
from service.crew.rules.spans import clip, run_at
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import AvailabilityFigureParams, AvailabilityParams, AvailabilityRow
from service.schemas.envelope import Explanation

LONGEST: Final = 365
"""Days of one person or station (spec D.8)."""
AHEAD: Final = 27
_RULE: Final = (
    "Stretches in which the grid has the person available, those of neighbouring days merged, cut at the "
    "ends of the period; elapsed seconds."
)


async def availability(conn: ReadConnection, params: AvailabilityParams, context: BuildContext) -> Built:
    """A row for each run, by station, name and time. Raises `Invalid` for a person who is not there."""
    placed = await _placed(conn, params, context)
    frame = await framed(conn, placed, context, *period_of(params), around=ONE_DAY)
    return await asyncio.to_thread(_built, frame, params, context)


async def _placed(
    conn: ReadConnection, params: AvailabilityParams, context: BuildContext
) -> AvailabilityParams:
    """With the station of the one person asked for: nothing is read of the others."""
    if params.crew_id is None or params.station is not None:
        return params
    station = await select_station_of(conn, params.crew_id)
    if station is None or not context.caller.sees(station.code):
        raise unknown_value("/query/crew_id", "crew member", str(params.crew_id), [])
    return params.model_copy(update={"station": station.code})


def _built(frame: Frame, params: AvailabilityParams, context: BuildContext) -> Built:
    whom = [(station, one) for station in frame.stations for one in _people(frame, station, params)]
    if params.crew_id is not None and not whom:
        raise unknown_value("/query/crew_id", "crew member", str(params.crew_id), [])
    rows = [row for station, one in whom for row in _rows(frame, station, one)]
    trusts = _trusts(frame, whom, params)
    return Built(
        rows=rows,
        completeness=frame.completeness(trusts),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        summary={
            "people": len(whom),
            "runs": len(rows),
            "available_seconds": sum(row["available_seconds"] for row in rows),
        },
        next_change=frame.next_change(context.now),
    )


def _people(frame: Frame, station: StationRow, params: AvailabilityParams) -> list[MemberRow]:
    return [one for one in frame.known.members_of(station) if _wanted(frame, one, params)]


def _wanted(frame: Frame, one: MemberRow, params: AvailabilityParams) -> bool:
    return one.id in frame.presence if params.crew_id is None else one.id == params.crew_id


def _trusts(
    frame: Frame, whom: Sequence[tuple[StationRow, MemberRow]], params: AvailabilityParams
) -> list[Trust]:
    """Only of the station of the one person asked for, and only about them."""
    if params.crew_id is not None:
        return [trust_of(frame, station, [one.id]) for station, one in whom]
    return [
        trust_of(frame, station, [one.id for one in frame.crew_of(station)]) for station in frame.stations
    ]


def _rows(frame: Frame, station: StationRow, one: MemberRow) -> Iterator[dict[str, Any]]:
    start, end = frame.window(station)
    whole, known = available_of(frame, one.id), said_of(frame, one.id)
    for run in clip(whole, start, end):
        uncut = run_at(whole, run[0]) or run
        told = run_at(known, run[0]) or run
        yield {
            "station": station.code,
            "crew_id": one.id,
            "name": one.name,
            "role": one.role,
            "starts_at": written(run[0]),
            "ends_at": written(run[1]),
            "available_seconds": spent([run]),
            "starts_before": uncut[0] < run[0],
            "ends_after": uncut[1] > run[1],
            "is_lower_bound": run[1] == told[1],
        }


async def explain_availability(
    conn: ReadConnection, params: AvailabilityFigureParams, context: BuildContext
) -> Explanation:
    """The segments that a run is made of, each of one local day."""
    frame = await framed(conn, params, context, *period_of(params), around=ONE_DAY)
    return await asyncio.to_thread(_explained, frame, params)


def _explained(frame: Frame, params: AvailabilityFigureParams) -> Explanation:
    [station] = frame.stations
    rows = [row for one in _people(frame, station, params) for row in _rows(frame, station, one)]
    row = next((row for row in rows if row["starts_at"] == written(params.starts_at)), None)
    if row is None:
        raise NotFound(
            f"crew member {params.crew_id} has no run that starts at {params.starts_at.isoformat()}"
        )
    bounds = (datetime.fromisoformat(row["starts_at"]), datetime.fromisoformat(row["ends_at"]))
    said = frame.known.crew[params.crew_id]
    parts = [(one.start, one.end) for one in said if one.state == "available"]
    return Explanation(
        subject=f"{row['name']}, {station.code}",
        value=row["available_seconds"],
        unit="seconds",
        rule=_RULE,
        rule_version=frame.rules_version,
        inputs=inputs(clip(parts, *bounds)),
    )


def resolved(params: Any, context: BuildContext) -> Any:
    """With its dates: by default today and the 27 days after it."""
    if params.from_ is not None:
        return params
    today = today_of(params, context)
    return params.model_copy(update={"from_": today, "to": today + timedelta(days=AHEAD)})


def period_of(params: AvailabilityParams) -> tuple[date, date]:
    """First and last day: at most 365 of a station or a person, 35 of everybody (`range_too_long`)."""
    assert params.from_ is not None
    assert params.to is not None
    named = params.station is not None or params.crew_id is not None
    return checked(params.from_, params.to, LONGEST if named else LONGEST_OF_ALL)


AVAILABILITY: Final[Report[AvailabilityParams, AvailabilityRow]] = Report(
    name="availability",
    title="Availability",
    titles={"es": "Disponibilidad"},
    description="When each person is available, the runs of neighbouring days merged; also as a calendar "
    "(`format=ics`) of one person or of a station.",
    params=AvailabilityParams,
    row=AvailabilityRow,
    build=availability,
    scope=lambda params: scopes_over(params.station, *period_of(params)),
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    formats={"ics": ICS},
    key=("station", "crew_id", "starts_at"),
    period=period_of,
    sites=sites,
    causes=causes_of_rows,
    explain=explain_availability,
    explain_params=AvailabilityFigureParams,
    explain_example={
        "params": {
            "station": "P22", "from": "2026-03-05", "to": "2026-03-07", "crew_id": 1,
            "starts_at": "2026-03-05T17:00:00Z",
        },
        "answer": {
            "subject": "ALDER, JO, P22",
            "value": 25200,
            "unit": "seconds",
            "rule": _RULE,
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {"name": "2026-03-05T17:00:00Z – 2026-03-06T00:00:00Z", "value": 25200, "unit": "seconds"}
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-07", "redact": False},
        "items": [
            {
                "station": "P22",
                "crew_id": 1,
                "name": "ALDER, JO",
                "role": "WC",
                "starts_at": "2026-03-06T18:00:00Z",
                "ends_at": "2026-03-08T00:00:00Z",
                "available_seconds": 108000,
                "starts_before": False,
                "ends_after": False,
                "is_lower_bound": True,
            }
        ],
        "summary": {"people": 1, "runs": 1, "available_seconds": 108000},
    },
)  # fmt: skip

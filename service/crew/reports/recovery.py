"""The report `recovery`: whose booking on, and when, would recover most time on the run (issue 6.4)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import sites
from service.crew.reports.frame import ONE_DAY, Frame, checked, framed, scopes_over, today_of
from service.crew.reports.tallied import rule_steps, written
from service.crew.reports.words import LABELS
from service.crew.rules.recovering import Part, Recovery, recoveries
from service.crew.rules.slots import Stretch
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import RecoveryFigureParams, RecoveryParams, RecoveryRow
from service.schemas.envelope import Explanation, ExplanationInput

AHEAD: Final = 6
LONGEST: Final = 35
QUARTER: Final = timedelta(minutes=15)
_RULES: Final = {
    "recovered_seconds": "Time off the run in which the enforced rule would hold with these people, who are "
    "known to be off; each appliance counts for itself.",
    "flag_seconds": "Of this, time in which the grid has the appliance off the run too.",
}
NOTES: Final = (
    "Each row stands alone: two rows over the same time do not add up.",
    "Nobody whose state is not known is proposed; two together only where nobody alone is enough.",
)


async def recovery(conn: ReadConnection, params: RecoveryParams, context: BuildContext) -> Built:
    """The rows by what they recover, at most as many as are asked for."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_built, frame, params, context)


def _built(frame: Frame, params: RecoveryParams, context: BuildContext) -> Built:
    at = params.known_at or context.now
    found = [(station, one) for station in frame.stations for one in _of(frame, station, at)]
    found.sort(key=lambda pair: -pair[1].seconds)
    rows = [_row(frame, rank, *pair) for rank, pair in enumerate(found[: params.top], 1)]
    singles = sum(len(one.people) == 1 for _, one in found)
    ahead = any(frame.window(station)[1] > at for station in frame.stations)
    moves = _quarter(context.now) if ahead and params.known_at is None else None
    ends = (frame.next_change(context.now), moves)
    return Built(
        rows=rows,
        completeness=frame.completeness(),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        notes=NOTES,
        summary={
            "shown": len(rows),
            "singles": singles,
            "pairs": len(found) - singles,
            "off_seconds": sum(_off(frame, station, at) for station in frame.stations),
            "recoverable_seconds": sum(_recoverable(found, station) for station in frame.stations),
        },
        next_change=min((one for one in ends if one is not None), default=None),
    )


def _of(frame: Frame, station: StationRow, at: datetime) -> list[Recovery]:
    start, end = _window(frame, station, at)
    courses = {one.id: frame.courses[one.id].between(start, end) for one in frame.appliances_of(station)}
    return recoveries(courses)


def _window(frame: Frame, station: StationRow, at: datetime) -> Stretch:
    """From the next quarter of an hour on; days that are over as a whole are looked at in hindsight."""
    start, end = frame.window(station)
    return (start, end) if end <= at else (min(max(start, _quarter(at)), end), end)


def _quarter(at: datetime) -> datetime:
    """The quarter of an hour that an instant is, or the next one."""
    whole = -(-at.timestamp() // QUARTER.total_seconds()) * QUARTER.total_seconds()
    return datetime.fromtimestamp(whole, UTC)


def _off(frame: Frame, station: StationRow, at: datetime) -> int:
    """Time off the run for want of crew."""
    window = _window(frame, station, at)
    return sum(
        (one.end - one.start) // timedelta(seconds=1)
        for appliance in frame.appliances_of(station)
        for one in frame.courses[appliance.id].between(*window).intervals
        if one.rules_ok is False and one.status != "unknown"
    )


def _recoverable(found: Sequence[tuple[StationRow, Recovery]], station: StationRow) -> int:
    """Time that at least one of the proposals would recover."""
    parts = {
        (part.appliance, part.start, part.end): part.seconds
        for where, one in found
        if where.id == station.id
        for part in one.parts
    }
    return sum(parts.values())


def _row(frame: Frame, rank: int, station: StationRow, one: Recovery) -> dict[str, Any]:
    names = {appliance.id: appliance.name for appliance in frame.appliances_of(station)}
    first, *second = [_person(frame, crew_id, one) for crew_id in one.people]
    other = second[0] if second else {"crew_id": None, "name": None, "off_for": None}
    return {
        "rank": rank,
        "station": station.code,
        **first,
        **{f"with_{name}": value for name, value in other.items()},
        "starts_at": written(one.start),
        "ends_at": written(one.end),
        "recovered_seconds": one.seconds,
        "flag_seconds": one.flagged_seconds,
        "appliances": sorted({names[part.appliance] for part in one.parts}),
        "short_of": list(dict.fromkeys(code for part in one.parts for code in part.shorts)),
    }


def _person(frame: Frame, crew_id: int, one: Recovery) -> dict[str, Any]:
    """Who it is, and what the grid says they are off for in the stretch, in the order of time."""
    # Whoever a look told of before their profile has no name yet (`known_at`).
    named = next((member.name for member in frame.known.members if member.id == crew_id), str(crew_id))
    said = frame.known.crew[crew_id]
    reasons = [part.reason for part in said if part.start < one.end and part.end > one.start]
    return {
        "crew_id": crew_id,
        "name": named,
        "off_for": ", ".join(dict.fromkeys(reason for reason in reasons if reason)),
    }


async def explain_recovery(
    conn: ReadConnection, params: RecoveryFigureParams, context: BuildContext
) -> Explanation:
    """The stretches that one row would recover, with what was short in each, and the enforced rules."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_explained, frame, params, context)


def _explained(frame: Frame, params: RecoveryFigureParams, context: BuildContext) -> Explanation:
    [station] = frame.stations
    people = tuple(sorted(one for one in (params.crew_id, params.with_crew_id) if one is not None))
    at = params.known_at or context.now
    one = next(
        (one for one in _of(frame, station, at) if (one.people, one.start) == (people, params.starts_at)),
        None,
    )
    if one is None:
        raise NotFound(f"booking on from {written(params.starts_at)} would recover nothing for these people")
    names = {appliance.id: appliance.name for appliance in frame.appliances_of(station)}
    parts = [part for part in one.parts if params.figure == "recovered_seconds" or part.flagged]
    return Explanation(
        subject=f"{station.code}, {written(one.start)} – {written(one.end)}",
        value=sum(part.seconds for part in parts),
        unit="seconds",
        rule=_RULES[params.figure],
        rule_version=frame.rules_version,
        inputs=[_input(part, names) for part in parts],
        steps=[step for appliance in names for step in rule_steps(frame.known, appliance)],
    )


def _input(part: Part, names: dict[int, str]) -> ExplanationInput:
    flag = ", off by the grid" if part.flagged else ""
    what = f"{names[part.appliance]} short of {', '.join(part.shorts)}{flag}"
    return ExplanationInput(
        name=f"{written(part.start)} – {written(part.end)}: {what}", value=part.seconds, unit="seconds"
    )


def resolved(params: Any, context: BuildContext) -> Any:
    """With its dates: by default today and the six days after it."""
    if params.from_ is not None:
        return params
    today = today_of(params, context)
    return params.model_copy(update={"from_": today, "to": today + AHEAD * ONE_DAY})


def period_of(params: RecoveryParams) -> tuple[date, date]:
    """First and last day, at most 35 (`range_too_long`)."""
    assert params.from_ is not None
    assert params.to is not None
    return checked(params.from_, params.to, LONGEST)


RECOVERY: Final[Report[RecoveryParams, RecoveryRow]] = Report(
    name="recovery",
    title="Who would recover most",
    titles={"es": "Quién recuperaría más"},
    description="Whose booking on, and when, would bring appliances back on the run for longest in the next "
    "days: people who are known to be off, alone or two together where one is not enough.",
    params=RecoveryParams,
    row=RecoveryRow,
    build=recovery,
    scope=lambda params: scopes_over(params.station, *period_of(params)),
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    key=("station", "crew_id", "with_crew_id", "starts_at"),
    advice=("rank",),
    period=period_of,
    sites=sites,
    explain=explain_recovery,
    explain_params=RecoveryFigureParams,
    explain_example={
        "params": {
            "station": "P22", "from": "2026-03-05", "to": "2026-03-05", "crew_id": 4,
            "starts_at": "2026-03-05T00:00:00Z",
        },
        "answer": {
            "subject": "P22, 2026-03-05T00:00:00Z – 2026-03-05T06:00:00Z",
            "value": 21600,
            "unit": "seconds",
            "rule": _RULES["recovered_seconds"],
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {
                    "name": "2026-03-05T00:00:00Z – 2026-03-05T06:00:00Z: P22P6 short of total_crew, "
                    "ba_non_officer",
                    "value": 21600,
                    "unit": "seconds",
                }
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05", "top": 50},
        "items": [
            {
                "rank": 1,
                "station": "P22",
                "crew_id": 4,
                "name": "DOGWOOD, MI",
                "off_for": "AL",
                "with_crew_id": None,
                "with_name": None,
                "with_off_for": None,
                "starts_at": "2026-03-05T00:00:00Z",
                "ends_at": "2026-03-05T06:00:00Z",
                "recovered_seconds": 21600,
                "flag_seconds": 0,
                "appliances": ["P22P6"],
                "short_of": ["total_crew", "ba_non_officer"],
            }
        ],
        "summary": {
            "shown": 1, "singles": 8, "pairs": 6, "off_seconds": 54000, "recoverable_seconds": 54000,
        },
        "notes": list(NOTES),
    },
)  # fmt: skip

"""The report `hours`: a week of everybody at a station against the contracts (spec D.5)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.answers.asked import no_such_person, station_of, week_of
from service.crew.answers.hours import WeekAsked, WeekHours, figures, hours_object, until, week_hours
from service.crew.queries import scopes
from service.crew.queries.states import Whom, select_segments
from service.crew.reports.asked import sites, with_station, zone_of
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.frame import week_days
from service.crew.rules.hours import RULES_VERSION
from service.crew.rules.slots import Stretch, midnight
from service.crew.rules.spans import clip, length, union
from service.reporting.report import BuildContext, Built, Difference, Report, Sealing
from service.schemas.crew.hours import HoursExplainParams, HoursParams, HoursRow
from service.schemas.envelope import Cause, Explanation, ExplanationInput, ExplanationStep

_RULES: Final = {
    "planned": "hours of the ISO week, at the station's place, that the grid has the person available",
    "achieved": "hours of these that lie before the instant asked for",
    "still_planned": "planned - achieved",
    "remaining_to_contract": "the larger of 0 and contract - achieved; nothing without a contract",
    "projected_shortfall": "the larger of 0 and contract - planned; nothing without a contract",
    "known_hours": "hours of the ISO week of which the grid says anything, available or not",
}
_PARTS: Final = {
    "still_planned": ("planned", "achieved"),
    "remaining_to_contract": ("contract", "achieved"),
    "projected_shortfall": ("contract", "planned"),
}
_MOVING: Final = frozenset({"achieved", "still_planned", "remaining_to_contract"})
"""Figures that become others as a week goes by."""
_LABELS: Final = {
    "station": "Estación",
    "week": "Semana",
    "at": "Hasta",
    "known_at": "Según lo conocido",
    "redact": "Sin nombres",
    "crew_id": "Número",
    "name": "Nombre",
    "role": "Rango",
    "planned": "Horas previstas",
    "achieved": "Horas cumplidas",
    "still_planned": "Horas por cumplir",
    "contract": "Horas de contrato",
    "remaining_to_contract": "Faltan para el contrato",
    "projected_shortfall": "Déficit previsto",
    "known_hours": "Horas conocidas",
    "complete": "Completa",
    "week_hours": "Horas de la semana",
}


async def hours(conn: ReadConnection, params: HoursParams, context: BuildContext) -> Built:
    """A row for each person, by rank and name."""
    found = await _found(conn, params, context)
    return Built(
        rows=[hours_object(row, of_week, redact=params.redact) for row, of_week in found.people],
        completeness=found.standing.completeness(f"gartan {found.station.code}", found.known_through),
        timezone=found.station.zone,
        rules_version=RULES_VERSION,
        summary={
            "week": found.week.word,
            "at": _written(found.at),
            "week_hours": int((found.week.end - found.week.start).total_seconds()) // 3600,
        },
        next_change=until(found, context.now) if params.at is None else found.standing.until,
    )


async def explain_hours(
    conn: ReadConnection, params: HoursExplainParams, context: BuildContext
) -> Explanation:
    """What a figure of a person's week is made of: its stretches, or the figures it is taken from."""
    found = await _found(conn, params, context, [params.crew_id])
    if not found.people:
        raise no_such_person(params.crew_id)
    row, of_week = found.people[0]
    shown = figures(of_week)
    step = ExplanationStep(
        rule=_RULES[params.figure], figure=params.figure, source="crew spec D.5",
        outcome=f"{shown[params.figure]} h", value=shown[params.figure], unit="h",
    )  # fmt: skip
    return Explanation(
        subject=f"{params.figure} of {hours_object(row, of_week, redact=params.redact)['name']},"
        f" {found.week.word}",
        value=shown[params.figure],
        unit="h",
        rule=_RULES[params.figure],
        rule_version=RULES_VERSION,
        inputs=await _inputs(conn, params, found),
        steps=[step],
    )


async def _found(
    conn: ReadConnection, params: HoursParams, context: BuildContext, people: list[int] | None = None
) -> WeekHours:
    assert params.station is not None
    station = await station_of(conn, context.caller, params.station)
    asked = WeekAsked(params.week, params.at or context.now, params.known_at)
    return await week_hours(conn, context.settings, station, asked, context.now, people)


async def _inputs(
    conn: ReadConnection, params: HoursExplainParams, found: WeekHours
) -> list[ExplanationInput]:
    row, of_week = found.people[0]
    if params.figure in _PARTS:
        shown = figures(of_week)
        return [ExplanationInput(name=name, value=shown[name], unit="h") for name in _PARTS[params.figure]]
    whom = Whom([found.station.id], [row.id], params.known_at)
    segments = await select_segments(conn, whom, found.week.start, found.week.end)
    end = found.at if params.figure == "achieved" else found.week.end
    counted = [one for one in segments if params.figure == "known_hours" or one.state == "available"]
    spans = clip(union((one.start, one.end) for one in counted), found.week.start, min(end, found.week.end))
    link = f"/v1/crew/{row.id}/segments?from={_written(found.week.start)}&to={_written(found.week.end)}"
    return [_input(span, link) for span in spans]


def _input(span: Stretch, link: str) -> ExplanationInput:
    seconds = int(length([span]).total_seconds())  # not hours: rounded ones would not add up
    return ExplanationInput(
        name=f"{_written(span[0])} – {_written(span[1])}", value=seconds, unit="s", link=link
    )


async def causes_of_hours(
    conn: ReadConnection,
    params: HoursParams,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """What happened since to the days and people; and, in a week that was not over, the time itself."""
    happened = await causes_of_rows(conn, params, found, sealing, context)
    assert params.station is not None
    end = midnight(_period(params)[1] + timedelta(days=1), zone_of(params, context))
    if params.at is not None or sealing.read_from >= end:
        return happened
    detail = f"sealed at {_written(sealing.read_from)}, before the week was over; today it counts up to now"
    passed = Cause(code="time_passed", detail=detail, at=min(context.now, end))
    return [
        [*why, passed] if one.figure in _MOVING else why for one, why in zip(found, happened, strict=True)
    ]


def _resolved(params: HoursParams, context: BuildContext) -> HoursParams:
    chosen = with_station(params, context)
    week = week_of(chosen.week, zone_of(chosen, context), chosen.at or context.now)
    return chosen.model_copy(update={"week": week.word})


def _scopes(params: HoursParams) -> list[str]:
    assert params.station is not None
    first, _ = _period(params)
    return [scopes.of_week(params.station, first), scopes.of_people(params.station)]


def _period(params: HoursParams) -> tuple[date, date]:
    assert params.week is not None
    return week_days(params.week)


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


_EXAMPLE: Final[dict[str, Any]] = {
    "params": {"station": "P22", "week": "2026-W10", "redact": False},
    "items": [
        {
            "crew_id": 1,
            "name": "ALDER, JO",
            "role": "WC",
            "planned": "40.00",
            "achieved": "28.00",
            "still_planned": "12.00",
            "contract": "61.00",
            "remaining_to_contract": "33.00",
            "projected_shortfall": "21.00",
            "known_hours": "72.00",
            "complete": False,
        }
    ],
    "summary": {"week": "2026-W10", "at": "2026-03-07T12:00:00Z", "week_hours": 168},
}
HOURS: Final[Report[HoursParams, HoursRow]] = Report(
    name="hours",
    title="Hours against contract",
    titles={"es": "Horas y contrato"},
    description="Hours of a week of each person of a station: planned, achieved, missing to the contract.",
    params=HoursParams,
    row=HoursRow,
    build=hours,
    scope=_scopes,
    resolve=_resolved,
    lifetime=timedelta(minutes=15),
    key=("crew_id",),
    period=_period,
    sites=sites,
    causes=causes_of_hours,
    explain=explain_hours,
    explain_params=HoursExplainParams,
    explain_example={
        "params": {"station": "P22", "week": "2026-W10", "crew_id": 1, "figure": "projected_shortfall"},
        "answer": {
            "subject": "projected_shortfall of ALDER, JO, 2026-W10",
            "value": "21.00",
            "unit": "h",
            "rule": _RULES["projected_shortfall"],
            "rule_version": RULES_VERSION,
            "inputs": [
                {"name": "contract", "value": "61.00", "unit": "h"},
                {"name": "planned", "value": "40.00", "unit": "h"},
            ],
        },
    },
    labels={"es": _LABELS},
    example=_EXAMPLE,
)

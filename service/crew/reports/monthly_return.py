"""The report `monthly-return`: each appliance's month by reason, each person's hours (issue 6.4)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.crew.queries.stations import StationRow
from service.crew.reports.asked import sites
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.fairness import contract_inputs
from service.crew.reports.frame import Frame, framed, month_of, resolved, scopes_over
from service.crew.reports.off_the_run import NOTES, explanation
from service.crew.reports.people_time import PersonTime, inputs, times_of
from service.crew.reports.tallied import RULES, combination_column, figures, percent, reason_columns
from service.crew.reports.words import LABELS
from service.crew.rules.attribution import pieces, tallies
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import MonthlyReturnFigureParams, MonthlyReturnParams, MonthlyReturnRow
from service.schemas.envelope import Explanation, ExplanationInput

_OF_APPLIANCE: Final = (
    "period_seconds", "unknown_seconds", "on_the_run_seconds", "off_seconds", "on_the_run_percent",
    "by_reason", "by_combination",
)  # fmt: skip
_MAPPINGS: Final = ("by_reason", "by_combination")
_NAMES: Final = ("station", "kind", "name", "role", "period_seconds")
_RULES: Final[Mapping[str, str]] = {
    "unknown_seconds": "period_seconds - known_seconds: time in which the grid says nothing of the person.",
    "available_seconds": "Time in which the grid has the person available.",
    "contract_seconds": "contract_hours × 3600 × days / 7, to the second, half up",
    "contract_percent": "100 × available_seconds / contract_seconds",
}


async def monthly_return(conn: ReadConnection, params: MonthlyReturnParams, context: BuildContext) -> Built:
    """By station: the appliances, then the people, by name."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_built, frame, context)


def _built(frame: Frame, context: BuildContext) -> Built:
    appliances = [row for station in frame.stations for row in _appliances(frame, station)]
    people = [row for station in frame.stations for row in _people(frame, station)]
    on, off = (sum(row[name] for row in appliances) for name in ("on_the_run_seconds", "off_seconds"))
    return Built(
        rows=sorted(appliances + people, key=lambda row: (row["station"], row["kind"], row["name"])),
        completeness=frame.completeness(),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        notes=NOTES,
        summary={
            "appliances": len(appliances),
            "people": len(people),
            "on_the_run_seconds": on,
            "off_seconds": off,
            "on_the_run_percent": percent(on, on + off),
            "available_seconds": sum(row["available_seconds"] for row in people),
        },
        next_change=frame.next_change(context.now),
    )


def _appliances(frame: Frame, station: StationRow) -> list[dict[str, Any]]:
    window, rows = frame.window(station), []
    for one in frame.appliances_of(station):
        [tally] = tallies(pieces(frame.courses[one.id].intervals, window), [window])
        shown = figures(tally)
        rows.append(_row(station, "appliance", one.name, {name: shown[name] for name in _OF_APPLIANCE}))
    return rows


def _people(frame: Frame, station: StationRow) -> list[dict[str, Any]]:
    return [_row(station, "crew", one.member.name, _figures(one)) for one in times_of(frame, station)]


def _figures(one: PersonTime) -> dict[str, Any]:
    contract = one.contract_seconds
    return {
        "role": one.member.role,
        "period_seconds": one.period_seconds,
        "unknown_seconds": one.period_seconds - one.known_seconds,
        "available_seconds": one.available_seconds,
        "contract_seconds": contract,
        "contract_percent": None if contract is None else percent(one.available_seconds, contract),
    }


def _row(station: StationRow, kind: str, name: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict.fromkeys(MonthlyReturnRow.model_fields)
    return {**whole, "station": station.code, "kind": kind, "name": name, **shown}


async def explain_return(
    conn: ReadConnection, params: MonthlyReturnFigureParams, context: BuildContext
) -> Explanation:
    """What a figure is made of. Raises `Invalid` for an appliance or a person that is not in the return."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_explained, frame, params)


def _explained(frame: Frame, params: MonthlyReturnFigureParams) -> Explanation:
    [station] = frame.stations
    if params.kind == "appliance":
        return _explain_appliance(frame, station, params)
    one = _found([(one.member.name, one) for one in times_of(frame, station)], params)
    shown = _figures(one)
    if params.figure not in _RULES:
        raise unknown_value("/query/figure", "figure of a person", params.figure, _RULES)
    return Explanation(
        subject=f"{one.member.name} ({station.code}), {params.month}",
        value=shown[params.figure],
        unit="%" if params.figure.endswith("_percent") else "seconds",
        rule=_RULES[params.figure],
        rule_version=frame.rules_version,
        inputs=_inputs(params.figure, one, shown),
    )


def _explain_appliance(frame: Frame, station: StationRow, params: MonthlyReturnFigureParams) -> Explanation:
    if params.figure not in RULES:
        raise unknown_value("/query/figure", "figure of an appliance", params.figure, RULES)
    one = _found([(one.name, one) for one in frame.appliances_of(station)], params)
    found = pieces(frame.courses[one.id].intervals, frame.window(station))
    return explanation(frame, one, found, params.month or "", params.figure, params.reason)


def _found(named: Sequence[tuple[str, Any]], params: MonthlyReturnFigureParams) -> Any:
    for name, one in named:
        if name == params.name:
            return one
    raise unknown_value("/query/name", params.kind, params.name, [name for name, _ in named])


def _inputs(figure: str, one: PersonTime, shown: Mapping[str, Any]) -> list[ExplanationInput]:
    if figure == "available_seconds":
        return inputs(one.available)
    if figure == "contract_seconds":
        return contract_inputs(one)
    if figure == "unknown_seconds":
        parts = {"period_seconds": one.period_seconds, "known_seconds": one.known_seconds}
        return [ExplanationInput(name=name, value=value, unit="seconds") for name, value in parts.items()]
    names = ("available_seconds", "contract_seconds")
    return [ExplanationInput(name=name, value=shown[name], unit="seconds") for name in names]


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The row's fields, with a column for each reason in place of what holds them by name."""
    labels = LABELS.get(locale, {})
    own = {column.key: column for column in columns_of_row(MonthlyReturnRow, labels)}
    plain = [
        Column(key=key, label=column.label, kind=column.kind, note=column.note, explain=_question(key))
        for key, column in own.items()
        if key not in _MAPPINGS
    ]
    by_reason = reason_columns(answer["items"], locale)
    return [*plain[:9], *by_reason, combination_column(own["by_combination"].label), *plain[9:]]


def _question(key: str) -> Mapping[str, str] | None:
    return None if key in _NAMES else {"figure": key}


def period_of(params: MonthlyReturnParams) -> tuple[date, date]:
    """First and last day of the month."""
    assert params.month is not None
    return month_of(params.month)


_APPLIANCE: Final[dict[str, Any]] = {
    "station": "P22",
    "kind": "appliance",
    "name": "P22P6",
    "role": None,
    "period_seconds": 2674800,
    "unknown_seconds": 0,
    "on_the_run_seconds": 2491200,
    "off_seconds": 183600,
    "on_the_run_percent": "93.14",
    "by_reason": {"flag": 54000, "total_crew": 183600, "driver": 36000},
    "by_combination": {"total_crew": 129600, "flag+total_crew+driver": 36000, "flag+total_crew": 18000},
    "available_seconds": None,
    "contract_seconds": None,
    "contract_percent": None,
}
_PERSON: Final[dict[str, Any]] = {
    **dict.fromkeys(_APPLIANCE),
    "station": "P22",
    "kind": "crew",
    "name": "ALDER, JO",
    "role": "WC",
    "period_seconds": 2674800,
    "unknown_seconds": 0,
    "available_seconds": 1036800,
    "contract_seconds": 972514,
    "contract_percent": "106.61",
}
MONTHLY_RETURN: Final[Report[MonthlyReturnParams, MonthlyReturnRow]] = Report(
    name="monthly-return",
    title="Monthly return",
    titles={"es": "Parte mensual"},
    description="Each appliance's month on and off the run by reason, and each person's hours against their "
    "contract; what is sealed stays sealed, and every figure that differs later names its cause.",
    params=MonthlyReturnParams,
    row=MonthlyReturnRow,
    build=monthly_return,
    scope=lambda params: scopes_over(params.station, *period_of(params)),
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    key=("station", "kind", "name"),
    period=period_of,
    sites=sites,
    causes=causes_of_rows,
    columns=columns,
    explain=explain_return,
    explain_params=MonthlyReturnFigureParams,
    explain_example={
        "params": {
            "station": "P22", "month": "2026-03", "kind": "crew", "name": "ALDER, JO",
            "figure": "contract_percent",
        },
        "answer": {
            "subject": "ALDER, JO (P22), 2026-03",
            "value": "106.61",
            "unit": "%",
            "rule": _RULES["contract_percent"],
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {"name": "available_seconds", "value": 1036800, "unit": "seconds"},
                {"name": "contract_seconds", "value": 972514, "unit": "seconds"},
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "month": "2026-03"},
        "items": [_APPLIANCE, _PERSON],
        "summary": {
            "appliances": 1, "people": 1, "on_the_run_seconds": 2491200, "off_seconds": 183600,
            "on_the_run_percent": "93.14", "available_seconds": 1036800,
        },
        "notes": list(NOTES),
    },
)  # fmt: skip

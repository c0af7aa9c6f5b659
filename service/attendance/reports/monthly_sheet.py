"""The declaration of the monthly sheet: its columns by day, labels, colours, and what a cell asks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from service.attendance.reports.explain import explain_cell
from service.attendance.reports.periods import SHEET, resolved, scopes_of, span_of
from service.attendance.reports.sheet import monthly_sheet
from service.attendance.reports.sheet_causes import causes_of_cells
from service.reporting.columns import Column
from service.reporting.report import Report
from service.schemas.attendance.reports import (
    MonthlySheetExplainParams,
    MonthlySheetParams,
    MonthlySheetRow,
)

LABELS = {
    "en": {
        "group": "Group",
        "person": "Number",
        "person_name": "Name",
        "shift": "Shift",
        "total_present": "Present",
        "total_leaves": "Leaves",
        "total_absent": "Absent",
        "total_holidays": "Days off",
        "unmarked_days": "Unmarked",
        "total_late_entries": "Late",
        "total_early_exits": "Early",
    },
    "es": {
        "group": "Grupo",
        "person": "Número",
        "person_name": "Nombre",
        "shift": "Turno",
        "total_present": "Asistencias",
        "total_leaves": "Permisos",
        "total_absent": "Faltas",
        "total_holidays": "Descansos",
        "unmarked_days": "Sin marcar",
        "total_late_entries": "Retardos",
        "total_early_exits": "Salidas anticipadas",
    },
}
_WEEKDAYS = {"en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), "es": ("L", "M", "X", "J", "V", "S", "D")}
_MARKS = {
    "P": "good",
    "OD": "good",
    "WFH": "good",
    "A": "absent",
    "HD/P": "late",
    "HD/A": "late",
    "HD": "late",
    "L": "leave",
    "H": "holiday",
    "WO": "rest",
}
LEGEND = {
    "en": {
        "P": "present",
        "A": "absent",
        "L": "on leave",
        "HD": "half a day",
        "HD/P": "half a day, the other half present",
        "HD/A": "half a day, the other half absent",
        "WFH": "worked from home",
        "OD": "on duty elsewhere",
        "H": "holiday",
        "WO": "weekly day off",
        "": "not decided, still to come, or not employed then",
    },
    "es": {
        "P": "asistencia",
        "A": "falta",
        "L": "permiso",
        "HD": "medio día",
        "HD/P": "medio día, la otra mitad asistencia",
        "HD/A": "medio día, la otra mitad falta",
        "WFH": "trabajo desde casa",
        "OD": "en comisión",
        "H": "festivo",
        "WO": "descanso semanal",
        "": "sin decidir, por venir o sin empleo ese día",
    },
}
_FIRST = ("group", "person", "person_name")
_TOTALS = ("total_present", "total_leaves", "total_absent", "total_holidays", "unmarked_days")
_COUNTS = ("total_late_entries", "total_early_exits")


def _period(params: MonthlySheetParams) -> tuple[date, date]:
    return span_of(params, SHEET)


def _scopes(params: MonthlySheetParams) -> list[str]:
    _period(params)  # a sheet that is too wide is told so before its months are looked at
    return scopes_of(params)


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """Columns of one answer: a narrow one for each day, or totals and one for each leave type."""
    params, labels = answer["params"], LABELS.get(locale, LABELS["en"])
    first = _FIRST if params.get("group_by") else _FIRST[1:]
    named = [Column(key=name, label=labels[name]) for name in first]
    if params.get("summarized"):
        return [*named, *_total_columns(answer, labels)]
    return [*named, Column(key="shift", label=labels["shift"]), *_day_columns(params, locale)]


def _total_columns(answer: Mapping[str, Any], labels: Mapping[str, str]) -> list[Column]:
    types = answer["items"][0]["leaves"] if answer["items"] else {}
    leaves = [
        Column(key=name, label=name.replace("_", " ").capitalize(), kind="number", pick=partial(_leave, name))
        for name in types
    ]
    totals = [Column(key=name, label=labels[name], kind="number") for name in _TOTALS]
    return [*totals, *leaves, *(Column(key=name, label=labels[name], kind="number") for name in _COUNTS)]


def _day_columns(params: Mapping[str, Any], locale: str) -> list[Column]:
    start, end = _period(MonthlySheetParams.model_validate(params))
    weekdays = _WEEKDAYS.get(locale, _WEEKDAYS["en"])
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    return [
        Column(
            key=day.isoformat(),
            label=f"{day.day} {weekdays[day.weekday()]}",
            pick=partial(_code, day.isoformat()),
            mark=partial(_mark, day.isoformat()),
            explain={"day": day.isoformat()},
            width="code",
        )
        for day in days
    ]


def _code(day: str, row: Mapping[str, Any]) -> str:
    return str(row["days"].get(day, ""))


def _mark(day: str, row: Mapping[str, Any]) -> str:
    return _MARKS.get(_code(day, row), "")


def _leave(name: str, row: Mapping[str, Any]) -> Any:
    return row["leaves"].get(name)


EXAMPLE = {
    "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended", "summarized": False},
    "items": [
        {
            "person": "HR-EMP-00044",
            "person_name": "Ana Pérez",
            "shift": "Day 08-17",
            "days": {"2026-10-01": "P", "2026-10-02": "P", "2026-10-03": "WO", "2026-10-04": "WO"},
        }
    ],
    "summary": {"people": 1, "P": 2, "WO": 2},
}

EXPLANATION = {
    "subject": "Ana Pérez (HR-EMP-00044) on 2026-10-07",
    "value": "HD/P",
    "rule": "HALF_DAY_LEAVE. The monthly sheet's code of the status.",
    "rule_version": "recommended/1",
    "threshold": {"severe_is_absence": False},
    "inputs": [
        {
            "name": "schedule",
            "value": "Day 08-17: assigned on 2026-10-07",
            "link": "/v1/attendance/shift-types",
        },
        {
            "name": "leave HR-LAP-2026-00012",
            "value": "Casual Leave, 2026-10-07, half a day (the second half)",
            "link": "/v1/attendance/leaves?person=HR-EMP-00044&from=2026-10-07&to=2026-10-07",
        },
        {"name": "check-in 2026-10-07T08:22:11 IN", "value": "inside the shift's window"},
        {"name": "check-in 2026-10-07T13:04:02 OUT", "value": "inside the shift's window"},
    ],
    "steps": [
        {
            "rule": "Later than the grace period.",
            "figure": "late",
            "source": "F.2",
            "threshold": {"late_grace_min": 15},
            "outcome": "yes",
            "value": True,
            "inputs": [{"name": "late_minutes", "value": 22}],
        }
    ],
    "gaps": [],
}

MONTHLY_SHEET: Report[MonthlySheetParams, MonthlySheetRow] = Report(
    name="monthly-sheet",
    title="Monthly attendance sheet",
    titles={"es": "Hoja mensual de asistencia"},
    description="A code for each person and day, or totals for each person; a click explains a cell.",
    params=MonthlySheetParams,
    row=MonthlySheetRow,
    build=monthly_sheet,
    scope=_scopes,
    key=("person", "shift"),
    period=_period,
    causes=causes_of_cells,
    resolve=resolved,
    explain=explain_cell,
    explain_params=MonthlySheetExplainParams,
    explain_example={"params": {"person": "HR-EMP-00044", "day": "2026-10-07"}, "answer": EXPLANATION},
    columns=columns,
    labels=LABELS,
    legend=LEGEND,
    example=EXAMPLE,
    lifetime=timedelta(minutes=15),
)

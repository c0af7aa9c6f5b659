"""The declaration of the period summary: its columns, labels, colours and example."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.efficiency_bars import efficiency_bars
from service.attendance.reports.explain_period import LEAVES
from service.attendance.reports.explain_summary import explain_summary
from service.attendance.reports.lights import light_of
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.attendance.reports.summary import summary
from service.attendance.reports.summary_workbook import SUMMARY_WORKBOOK
from service.attendance.rules.period.variants import KEY_FIGURES
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import Report
from service.schemas.attendance.summary import SummaryExplainParams, SummaryParams, SummaryRow

LABELS = {
    "es": {
        "group": "Grupo",
        "person": "Número",
        "person_name": "Nombre",
        "site": "Sucursal",
        "worked_seconds": "Total horas trabajadas",
        "expected_seconds": "Total horas esperadas",
        "deducted_seconds": "Horas descontadas por permiso",
        "break_seconds": "Total horas de descanso",
        "net_expected_seconds": "Total horas",
        "difference_seconds": "Diferencia",
        "overtime_seconds": "Tiempo extra",
        "hours_state": "Estado de horas",
        "lates": "Total retardos",
        "late_minutes": "Minutos de retardo",
        "late_deductions": "Descuentos por retardos",
        "early_exits": "Salidas anticipadas",
        "missing_punches": "Checadas faltantes",
        "scheduled_days": "Días programados",
        "present_days": "Días asistidos",
        "on_time_days": "Días puntuales",
        "absences": "Faltas del periodo",
        "absence_episodes": "Episodios de ausencia",
        "justified_absences": "Faltas justificadas",
        "leave_days": "Días de permiso",
        "holidays": "Días festivos",
        "rest_days": "Descansos",
        "worked_rest_days": "Descansos trabajados",
        "not_employed_days": "Días no contratado",
        "undecided_days": "Días sin resultado",
        "unreconciled_days": "Días sin conciliar",
        "bradford": "Factor de Bradford",
        "bradford_band": "Nivel de Bradford",
        "absenteeism": "Ausentismo %",
        "absenteeism_band": "Nivel de ausentismo",
        "punctuality": "Puntualidad",
        "punctuality_band": "Nivel de puntualidad",
        "hour_efficiency": "Eficiencia de horas %",
        "hour_efficiency_band": "Nivel de eficiencia",
        "sic": "SIC",
        "sic_band": "Nivel SIC",
    }
}
_NAMES = ("group", "person", "person_name", "site")
_ASKED_BY = {f"{name}_band": name for name in KEY_FIGURES} | {"hours_state": "difference_seconds"}
"""Words in a cell, and the figure they are made of."""
_CHOICES = {"hours_state": ("overtime", "complete", "incomplete")}
"""Words by which the page's rows can be chosen."""


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The row's fields, with a column for each leave type."""
    grouped = bool(answer["params"].get("group_by"))
    found: list[Column] = []
    for column in columns_of_row(SummaryRow, LABELS.get(locale, {})):
        if column.key == "leaves":
            found += _leave_columns(answer)
        elif column.key in _NAMES:
            found += [column] if grouped or column.key != "group" else []
        else:
            found.append(_explained(column, locale))
    return found


def _explained(column: Column, locale: str) -> Column:
    figure = _ASKED_BY.get(column.key)
    if figure is None:
        mark = _sign if column.key == "difference_seconds" else None
        return replace(column, explain={"figure": column.key}, mark=mark)
    pick, mark = partial(_word, column.key, locale), partial(_mark, column.key)
    choices = [light_of(state, locale).word for state in _CHOICES.get(column.key, ())]
    return replace(column, explain={"figure": figure}, mark=mark, pick=pick, choices=choices)


def _word(key: str, locale: str, row: Mapping[str, Any]) -> str | None:
    return None if row[key] is None else light_of(row[key], locale).word


def _mark(key: str, row: Mapping[str, Any]) -> str:
    return "" if row[key] is None else light_of(row[key], "en").mark


def _sign(row: Mapping[str, Any]) -> str:
    """Hours ahead in green, hours short in red (spec A.14)."""
    ahead = row["difference_seconds"]
    return "good" if ahead > 0 else "short" if ahead < 0 else ""


def _leave_columns(answer: Mapping[str, Any]) -> list[Column]:
    words = answer["items"][0]["leaves"] if answer["items"] else {}
    return [
        Column(
            key=f"{LEAVES}{word}",
            label=word.replace("_", " ").capitalize(),
            kind="number",
            pick=partial(_leave, word),
            explain={"figure": f"{LEAVES}{word}"},
        )
        for word in words
    ]


def _leave(word: str, row: Mapping[str, Any]) -> Any:
    return row["leaves"].get(word)


EXAMPLE = {
    "params": {"half": "2026-10-1", "site": "Villas", "rule_set": "recommended", "variant": "recommended"},
    "items": [
        {
            "person": "HR-EMP-00044",
            "person_name": "Ana Pérez",
            "site": "Villas",
            "worked_seconds": 264361,
            "expected_seconds": 356400,
            "deducted_seconds": 32400,
            "break_seconds": 36000,
            "net_expected_seconds": 324000,
            "difference_seconds": -59639,
            "overtime_seconds": 1800,
            "hours_state": "incomplete",
            "lates": 3,
            "late_minutes": 61,
            "late_deductions": 1,
            "early_exits": 1,
            "missing_punches": 0,
            "scheduled_days": "11.00",
            "present_days": "8.00",
            "on_time_days": "5.00",
            "absences": "2.00",
            "absence_episodes": 1,
            "justified_absences": "1.00",
            "leave_days": "1.00",
            "leaves": {"casual_leave": "1.00"},
            "holidays": "0.00",
            "rest_days": "4.00",
            "worked_rest_days": "0.00",
            "not_employed_days": "0.00",
            "undecided_days": "0.00",
            "unreconciled_days": 0,
            "bradford": "2.00",
            "bradford_band": "excellent",
            "absenteeism": "18.18",
            "absenteeism_band": "high",
            "punctuality": "62.50",
            "punctuality_band": "critical",
            "hour_efficiency": "81.59",
            "hour_efficiency_band": "critical",
            "sic": "80.79",
            "sic_band": "yellow",
        }
    ],
    "summary": {
        "people": 1,
        "first_day": "2026-10-01",
        "last_day": "2026-10-15",
        "worked_seconds": 264361,
        "absences": "2.00",
        "attendance_rate": {"value": "81.6", "unit": "%", "band": "red"},
        "mean_hour_deviation": {"value": "16.6", "unit": "h", "band": "red"},
        "punctual_people": {"value": "0.0", "unit": "%", "band": "red"},
        "lost_days": {"value": "18.2", "unit": "%", "band": "red"},
    },
    "notes": [
        "Every 3 lates are a day's deduction; they are counted anew with each month, here from 2026-10-01."
    ],
}

_DAY = "/v1/attendance/days/HR-EMP-00044"
EXPLANATION = {
    "subject": "Ana Pérez (HR-EMP-00044), 2026-10-01 to 2026-10-15",
    "value": "2.00",
    "rule": "Episodes² times days of unjustified absence",
    "rule_version": "recommended/1",
    "inputs": [{"name": "absence_episodes", "value": 1}, {"name": "absences", "value": "2"}],
    "steps": [
        {
            "rule": "Runs of days of absence, counted at their first day",
            "figure": "absence_episodes",
            "source": "spec A.13, F.2 episode_bridging",
            "threshold": {"episode_bridging": True},
            "outcome": "the sum of 1 day",
            "value": 1,
            "unit": "count",
            "inputs": [
                {
                    "name": "2026-10-07",
                    "value": 1,
                    "unit": "count",
                    "link": f"{_DAY}/2026-10-07/explain?rule_set=recommended",
                }
            ],
        },
        {
            "rule": "Scheduled days neither attended nor on leave",
            "figure": "absences",
            "source": "spec A.13",
            "outcome": "the sum of 2 days",
            "value": "2.00",
            "unit": "days",
            "inputs": [
                {
                    "name": f"2026-10-0{day}",
                    "value": "1",
                    "unit": "days",
                    "link": f"{_DAY}/2026-10-0{day}/explain?rule_set=recommended",
                }
                for day in (7, 8)
            ],
        },
        {
            "rule": "Episodes² times days of unjustified absence",
            "figure": "bradford",
            "source": "spec A.15",
            "outcome": "excellent",
            "value": "2.00",
            "inputs": [{"name": "absence_episodes", "value": 1}, {"name": "absences", "value": "2"}],
        },
    ],
    "gaps": [],
}

SUMMARY: Report[SummaryParams, SummaryRow] = Report(
    name="summary",
    title="Period summary",
    titles={"es": "Resumen del periodo"},
    description="Hours, lates, absences, leave and key figures of each person over a pay period; "
    "a click explains a figure.",
    params=SummaryParams,
    row=SummaryRow,
    build=summary,
    scope=scopes_of,
    resolve=resolved,
    key=("person",),
    period=period_of,
    causes=causes_of_days,
    explain=explain_summary,
    explain_params=SummaryExplainParams,
    explain_example={
        "params": {"half": "2026-10-1", "person": "HR-EMP-00044", "figure": "bradford"},
        "answer": EXPLANATION,
    },
    columns=columns,
    labels=LABELS,
    light=light_of,
    page="summary.html",
    drawn=efficiency_bars,
    formats={"xlsx": SUMMARY_WORKBOOK},
    example=EXAMPLE,
    lifetime=timedelta(minutes=15),
)

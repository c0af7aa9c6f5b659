"""Key figures of a period and its days one by one: attendance, absences, leave, lates (spec A.14)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.totals import SUMS
from service.attendance.reports.frame import framed
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.attendance.reports.total_causes import causes_of_totals
from service.attendance.reports.totals import RULES, explained, shown, totals_of
from service.attendance.rules.shares import percent
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.total_reports import (
    DashboardFigureParams,
    DashboardParams,
    DashboardRow,
)
from service.schemas.envelope import Explanation

_OF_A_DAY = [name for name in SUMS if name in DashboardRow.model_fields]


async def dashboard(conn: ReadConnection, params: DashboardParams, context: BuildContext) -> Built:
    """A row for each date that has results; dates that lie ahead have none."""
    frame = await framed(conn, params, context)
    totals = await totals_of(conn, frame)
    return frame.built([_row(day) for day in totals.days], totals.figures())


def _row(day: Row[Any]) -> dict[str, Any]:
    sums: dict[str, Any] = {name: shown(name, getattr(day, name)) for name in _OF_A_DAY}
    return {"day": day.day, **sums, "attended_percent": percent(day.attended, day.scheduled)}


async def explain_total(
    conn: ReadConnection, params: DashboardFigureParams, context: BuildContext
) -> Explanation:
    """What a figure is made of: of one date its people, of the period its dates."""
    named = dict.fromkeys(("month", "half", "week", "cut", "period"))
    one = {**named, "from_": params.day, "to": params.day}
    asked = resolved(params, context) if params.day is None else params.model_copy(update=one)
    frame = await framed(conn, asked, context)
    days = str(params.day or f"{frame.chosen.start} – {frame.chosen.end}")
    about = f"{params.site}, {days}" if params.site else days
    return explained(frame, await totals_of(conn, frame), params.figure, about, params)


DASHBOARD: Report[DashboardParams, DashboardRow] = Report(
    name="dashboard",
    title="Attendance dashboard",
    titles={"es": "Tablero de asistencia"},
    description="Key figures of a period, and for each date attendance, absences, leave and late arrivals.",
    params=DashboardParams,
    row=DashboardRow,
    build=dashboard,
    scope=scopes_of,
    resolve=resolved,
    key=("day",),
    period=period_of,
    causes=causes_of_totals,
    explain=explain_total,
    explain_params=DashboardFigureParams,
    explain_example={
        "params": {"month": "2026-10", "site": "Villas", "figure": "absent", "day": "2026-10-07"},
        "answer": {
            "subject": "absent, Villas, 2026-10-07",
            "value": "1.00",
            "unit": "days",
            "rule": RULES["absent"],
            "rule_version": "recommended/1",
            "inputs": [{"name": "absent of Ana Pérez (HR-EMP-00044)", "value": "1.00", "unit": "days"}],
        },
    },
    labels={
        "es": {
            "day": "Día",
            "scheduled": "Programados",
            "attended": "Asistencia",
            "absent": "Faltas",
            "on_leave": "Permisos",
            "late": "Retardos",
            "early": "Salidas anticipadas",
            "missing_punches": "Checadas faltantes",
            "attended_percent": "Asistencia %",
        }
    },
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "day": "2026-10-07",
                "scheduled": 24,
                "attended": "22.50",
                "absent": "1.00",
                "on_leave": "0.50",
                "late": 3,
                "early": 1,
                "missing_punches": 0,
                "attended_percent": "93.8",
            }
        ],
        "summary": {
            "people": 24,
            "scheduled": 24,
            "attended": "22.50",
            "absent": "1.00",
            "on_leave": "0.50",
            "late": 3,
            "early": 1,
            "missing_punches": 0,
            "worked_seconds": 729000,
            "expected_seconds": 777600,
            "expected_net_seconds": 761400,
            "overtime_seconds": 5400,
            "attendance_percent": "93.8",
            "mean_deviation_seconds": 1350,
            "punctuality_percent": "87.0",
            "lost_percent": "4.2",
        },
    },
    page="dashboard.html",
    lifetime=timedelta(minutes=15),
)

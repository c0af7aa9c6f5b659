"""Leave as it was used: days by person and leave type, halves counted as halves (spec D.8, F.3)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.leave_usage import select_leave_dates, select_leave_usage
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.frame import Frame, day_link, framed
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.total_reports import (
    LeaveUsageFigureParams,
    LeaveUsageParams,
    LeaveUsageRow,
)
from service.schemas.envelope import Explanation, ExplanationInput

_HALF = 50
_RULES = {
    "days": "Days on leave of this type: a half day 0.5, any other 1; the shifts of a day share it.",
    "full_days": "Whole days on leave of this type.",
    "half_days": "Half days on leave of this type.",
}


async def leave_usage(conn: ReadConnection, params: LeaveUsageParams, context: BuildContext) -> Built:
    """Rows by person and leave type; leave that is approved and not yet taken is not in it."""
    frame = await framed(conn, params, context)
    found = await select_leave_usage(conn, frame.days)
    kept = [row for row in found if params.unpaid is None or row.unpaid == params.unpaid]
    people = {person.id: person for person in frame.chosen.people}
    return frame.built([_row(row, people[row.person_id]) for row in kept], _totals(kept))


def _row(used: Row[Any], person: Row[Any]) -> dict[str, Any]:
    return {
        "person": person.number,
        "person_name": person.name,
        "site": person.site,
        "department": person.department,
        "leave_type": used.leave_type,
        "unpaid": used.unpaid,
        "days": _days(used.hundredths),
        "full_days": used.full_days,
        "half_days": used.half_days,
        "first_day": used.first_day,
        "last_day": used.last_day,
    }


def _totals(rows: Sequence[Row[Any]]) -> Mapping[str, Any]:
    types = sorted({row.leave_type for row in rows})
    by_type = {name: sum(row.hundredths for row in rows if row.leave_type == name) for name in types}
    return {
        "people": len({row.person_id for row in rows}),
        "days": _days(sum(row.hundredths for row in rows)),
        "unpaid_days": _days(sum(row.hundredths for row in rows if row.unpaid)),
        "by_type": {name: _days(hundredths) for name, hundredths in by_type.items()},
    }


def _days(hundredths: int) -> str:
    return f"{hundredths / 100:.1f}"


async def explain_usage(
    conn: ReadConnection, params: LeaveUsageFigureParams, context: BuildContext
) -> Explanation:
    """The days that make up a figure, each with where it explains itself; `NotFound` without any."""
    frame = await framed(conn, resolved(params, context), context)
    found = await select_leave_dates(conn, frame.days, params.leave_type)
    if not found:
        raise NotFound(f"{params.person} has used no leave {params.leave_type!r} in these days")
    kept = [
        day
        for day in found
        if params.figure == "days" or (day.hundredths <= _HALF) == (params.figure == "half_days")
    ]
    value: Any = _days(sum(day.hundredths for day in kept)) if params.figure == "days" else len(kept)
    return Explanation(
        subject=_subject(frame, params),
        value=value,
        unit="days",
        rule=_RULES[params.figure],
        rule_version=frame.chosen.rule_set.key,
        inputs=[
            ExplanationInput(
                name=str(day.day),
                value=_days(day.hundredths),
                unit="days",
                link=day_link(params.person, day.day, frame.chosen.rule_set.name),
            )
            for day in kept
        ],
        gaps=list(frame.completeness.gaps),
    )


def _subject(frame: Frame, params: LeaveUsageFigureParams) -> str:
    chosen, person = frame.chosen, frame.chosen.people[0]
    return f"{params.leave_type} of {person.name} ({person.number}), {chosen.start} – {chosen.end}"


LEAVE_USAGE: Report[LeaveUsageParams, LeaveUsageRow] = Report(
    name="leave-usage",
    title="Leave used",
    titles={"es": "Permisos tomados"},
    description="Days of leave by person and leave type, half days as 0.5; unpaid leave is marked.",
    params=LeaveUsageParams,
    row=LeaveUsageRow,
    build=leave_usage,
    scope=scopes_of,
    resolve=resolved,
    key=("person", "leave_type"),
    period=period_of,
    causes=causes_of_days,
    explain=explain_usage,
    explain_params=LeaveUsageFigureParams,
    explain_example={
        "params": {"month": "2026-10", "person": "HR-EMP-00044", "leave_type": "Casual Leave"},
        "answer": {
            "subject": "Casual Leave of Ana Pérez (HR-EMP-00044), 2026-10-01 – 2026-10-31",
            "value": "1.5",
            "unit": "days",
            "rule": _RULES["days"],
            "rule_version": "recommended/1",
            "inputs": [
                {"name": "2026-10-12", "value": "1.0", "unit": "days"},
                {"name": "2026-10-13", "value": "0.5", "unit": "days"},
            ],
        },
    },
    labels={
        "es": {
            "person": "Número",
            "person_name": "Nombre",
            "site": "Sucursal",
            "department": "Departamento",
            "leave_type": "Tipo de permiso",
            "unpaid": "Sin goce",
            "days": "Días",
            "full_days": "Días completos",
            "half_days": "Medios días",
            "first_day": "Primer día",
            "last_day": "Último día",
        }
    },
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "leave_type": "Casual Leave",
                "unpaid": False,
                "days": "1.5",
                "full_days": 1,
                "half_days": 1,
                "first_day": "2026-10-12",
                "last_day": "2026-10-13",
            }
        ],
        "summary": {"people": 1, "days": "1.5", "unpaid_days": "0.0", "by_type": {"Casual Leave": "1.5"}},
    },
    lifetime=timedelta(minutes=15),
)

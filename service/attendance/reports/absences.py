"""The declaration of the absences report."""

from datetime import timedelta

from service.attendance.reports.absence_rows import UNJUSTIFIED, absences
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.explain_absence import explain_absence
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.reporting.report import Report
from service.schemas.attendance.summary import AbsenceRow, AbsencesExplainParams, AbsencesParams

EXAMPLE = {
    "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
    "items": [
        {
            "person": "HR-EMP-00044",
            "person_name": "Ana Pérez",
            "site": "Villas",
            "kind": UNJUSTIFIED,
            "first_day": "2026-10-02",
            "last_day": "2026-10-05",
            "days": "2.00",
            "bridged_days": 2,
            "bradford_contribution": "2.00",
        }
    ],
    "summary": {
        "people": 1,
        "episodes": 1,
        "days": "2.00",
        "first_day": "2026-10-01",
        "last_day": "2026-10-31",
    },
    "notes": ["An absence that goes on before or after the period is counted within the period only."],
}

ABSENCES: Report[AbsencesParams, AbsenceRow] = Report(
    name="absences",
    title="Absences",
    titles={"es": "Ausencias"},
    description="Episodes of absence, the longest first, with what each adds to the Bradford factor.",
    params=AbsencesParams,
    row=AbsenceRow,
    build=absences,
    scope=scopes_of,
    resolve=resolved,
    key=("person", "first_day", "kind"),
    period=period_of,
    causes=causes_of_days,
    explain=explain_absence,
    explain_params=AbsencesExplainParams,
    explain_example={
        "params": {"month": "2026-10", "person": "HR-EMP-00044", "first_day": "2026-10-02"},
        "answer": {
            "subject": "Ana Pérez (HR-EMP-00044), 2026-10-02 to 2026-10-05",
            "value": "2.00",
            "unit": "days",
            "rule": "Scheduled days neither attended nor on leave, one after the other: unjustified",
            "rule_version": "recommended/1",
            "threshold": {"episode_bridging": True},
            "inputs": [
                {
                    "name": f"2026-10-0{day}",
                    "value": "1",
                    "unit": "days",
                    "link": f"/v1/attendance/days/HR-EMP-00044/2026-10-0{day}/explain?rule_set=recommended",
                }
                for day in (2, 5)
            ],
            "steps": [],
            "gaps": [],
        },
    },
    labels={
        "es": {
            "person": "Número",
            "person_name": "Nombre",
            "site": "Sucursal",
            "kind": "Tipo",
            "leave_type": "Permiso",
            "first_day": "Desde",
            "last_day": "Hasta",
            "days": "Días",
            "bridged_days": "Descansos intermedios",
            "bradford_contribution": "Aporte a Bradford",
        }
    },
    example=EXAMPLE,
    lifetime=timedelta(minutes=15),
)

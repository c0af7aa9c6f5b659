"""Time worked beyond what was expected, worked days off included (spec F.2, F.3)."""

from collections.abc import Mapping
from typing import Any

from service.attendance.queries.day_rows import DayFilter
from service.attendance.reports.of_days import Rows, day_report, people_in, sum_of
from service.schemas.attendance.day_reports import OvertimeParams, OvertimeRow


def _wanted(params: OvertimeParams) -> DayFilter:
    return DayFilter(kind="overtime", overtime_from=params.at_least_seconds)


def _totals(rows: Rows) -> Mapping[str, Any]:
    off = [row for row in rows if row["day_off"]]
    return {
        "people": people_in(rows),
        "days": len(rows),
        "overtime_seconds": sum_of(rows, "overtime_seconds"),
        "days_off_worked": len(off),
        "days_off_seconds": sum_of(off, "overtime_seconds"),
    }


OVERTIME = day_report(
    name="overtime",
    title="Overtime",
    spanish="Horas extra",
    description="Time worked beyond what was expected, by person and day; all time of a worked day off.",
    params=OvertimeParams,
    row=OvertimeRow,
    wanted=_wanted,
    totals=_totals,
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended", "at_least_seconds": 900},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "day": "2026-10-07",
                "shift": "Day 08-17",
                "status": "PRESENT",
                "day_off": False,
                "holiday": None,
                "first_in": "2026-10-07T07:58:00",
                "last_out": "2026-10-07T18:30:00",
                "worked_seconds": 37920,
                "expected_net_seconds": 32400,
                "overtime_seconds": 5520,
            }
        ],
        "summary": {
            "people": 1,
            "days": 1,
            "overtime_seconds": 5520,
            "days_off_worked": 0,
            "days_off_seconds": 0,
        },
    },
)

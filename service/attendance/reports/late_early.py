"""Late arrivals and early exits: minutes, beyond which grace, forgiven or not (spec A.6, A.8, A.10)."""

from collections.abc import Mapping
from typing import Any

from service.attendance.queries.day_rows import DayFilter
from service.attendance.reports.of_days import Rows, day_report, people_in, sum_of
from service.schemas.attendance.day_reports import LateEarlyParams, LateEarlyRow


def _wanted(params: LateEarlyParams) -> DayFilter:
    return DayFilter(kind="within_grace" if params.within_grace else "late_or_early")


def _totals(rows: Rows) -> Mapping[str, Any]:
    late, early = [row for row in rows if row["late"]], [row for row in rows if row["early"]]
    return {
        "people": people_in(rows),
        "late_arrivals": len(late),
        "late_counted": sum_of(rows, "late_counted"),
        "late_forgiven": sum_of(rows, "late_forgiven"),
        "late_seconds": sum_of(late, "late_seconds"),
        "early_exits": len(early),
        "early_seconds": sum_of(early, "early_seconds"),
    }


LATE_EARLY = day_report(
    name="late-early",
    title="Late arrivals and early exits",
    spanish="Retardos y salidas anticipadas",
    description="Every late arrival and early exit with its minutes and grace, and whether it was forgiven.",
    params=LateEarlyParams,
    row=LateEarlyRow,
    wanted=_wanted,
    totals=_totals,
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended", "within_grace": False},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "day": "2026-10-07",
                "shift": "Day 08-17",
                "status": "LATE_FORGIVEN",
                "shift_start": "2026-10-07T08:00:00",
                "first_in": "2026-10-07T08:22:11",
                "late": True,
                "late_minutes": 22,
                "late_seconds": 1331,
                "late_grace_seconds": 900,
                "late_forgiven": True,
                "late_counted": False,
                "shift_end": "2026-10-07T17:00:00",
                "last_out": "2026-10-07T17:30:02",
                "early": False,
                "early_minutes": 0,
                "early_seconds": 0,
                "early_grace_seconds": 900,
            }
        ],
        "summary": {
            "people": 1,
            "late_arrivals": 1,
            "late_counted": 0,
            "late_forgiven": 1,
            "late_seconds": 1331,
            "early_exits": 0,
            "early_seconds": 0,
        },
    },
)

"""Who worked on a day of their own holiday list (spec D.10, Employees working on a holiday)."""

from collections.abc import Mapping
from typing import Any

from service.attendance.queries.day_rows import DayFilter
from service.attendance.reports.of_days import Rows, day_report, people_in, sum_of
from service.schemas.attendance.day_reports import HolidayWorkParams, HolidayWorkRow


def _wanted(params: HolidayWorkParams) -> DayFilter:
    return DayFilter(kind="on_holiday", holiday_list=params.holiday_list, weekly_off=params.weekly_off)


def _totals(rows: Rows) -> Mapping[str, Any]:
    return {
        "people": people_in(rows),
        "days": len({(row["person"], row["day"]) for row in rows}),
        "weekly_offs": len({(row["person"], row["day"]) for row in rows if row["weekly_off"]}),
        "worked_seconds": sum_of(rows, "worked_seconds"),
    }


HOLIDAY_WORK = day_report(
    name="holiday-work",
    title="Work on holidays",
    spanish="Trabajo en días festivos",
    description="Who worked on a holiday or weekly off of their own holiday list, and for how long.",
    params=HolidayWorkParams,
    row=HolidayWorkRow,
    wanted=_wanted,
    totals=_totals,
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "day": "2026-10-02",
                "shift": "Day 08-17",
                "company": "Casa Norte",
                "status": "HOLIDAY_WORKED",
                "holiday": "Gandhi Jayanti",
                "holiday_list": "India 2026",
                "weekly_off": False,
                "half_day_holiday": False,
                "first_in": "2026-10-02T09:58:00",
                "last_out": "2026-10-02T14:01:00",
                "worked_seconds": 14580,
                "overtime_seconds": 14580,
            }
        ],
        "summary": {"people": 1, "days": 1, "weekly_offs": 0, "worked_seconds": 14580},
    },
)

"""Attendance by shift: how late, how early, with or without the grace (spec D.10, Shift Attendance)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from service.attendance.queries.day_rows import DayFilter
from service.attendance.reports.of_days import Rows, day_report, sum_of
from service.attendance.rules.codes import UPSTREAM_STATUS
from service.attendance.rules.grace import beyond_grace
from service.schemas.attendance.day_reports import ShiftAttendanceParams, ShiftAttendanceRow

_READS = ("code", "late_seconds", "late_grace_seconds", "early_seconds", "early_grace_seconds")


def _wanted(params: ShiftAttendanceParams) -> DayFilter:
    return DayFilter(kind="attended", shift=params.shift, late=params.late_entry, early=params.early_exit)


def _finished(day: dict[str, Any], params: ShiftAttendanceParams) -> dict[str, Any]:
    read = {name: day.pop(name) for name in _READS}
    for side, far in (("late", "late_entry_seconds"), ("early", "early_exit_seconds")):
        grace, considered = read[f"{side}_grace_seconds"], params.consider_grace_period
        day[far] = beyond_grace(day[side], read[f"{side}_seconds"], grace, considered=considered)
    return day | {"attendance": UPSTREAM_STATUS[read["code"]]}


def tiles(rows: Rows) -> Mapping[str, Any]:
    """Counts of D.10, and attendances by shift; work on a day of leave, which is none there, for itself."""
    words = Counter(row["attendance"] for row in rows)
    present = words["Present"] + words["Work From Home"]
    leave = {"worked_on_leave": words["On Leave"]} if words["On Leave"] else {}
    return {
        "present": present,
        "half_day": words["Half Day"],
        "absent": words["Absent"],
        **leave,
        "late_entries": sum_of(rows, "late"),
        "early_exits": sum_of(rows, "early"),
        "by_shift": dict(sorted(Counter(row["shift"] for row in rows).items())),
    }


SHIFT_ATTENDANCE = day_report(
    name="shift-attendance",
    title="Shift attendance",
    spanish="Asistencia por turno",
    description="Each attended shift: entry, exit, hours, how late and how early, beyond the grace or not.",
    params=ShiftAttendanceParams,
    row=ShiftAttendanceRow,
    wanted=_wanted,
    reads=_READS,
    finished=_finished,
    totals=tiles,
    example={
        "params": {
            "month": "2026-10",
            "site": "Villas",
            "rule_set": "recommended",
            "late_entry": False,
            "early_exit": False,
            "consider_grace_period": True,
        },
        "items": [
            {
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "department": "Kitchen",
                "day": "2026-10-07",
                "shift": "Day 08-17",
                "company": "Casa Norte",
                "status": "LATE",
                "attendance": "Present",
                "shift_start": "2026-10-07T08:00:00",
                "shift_end": "2026-10-07T17:00:00",
                "first_in": "2026-10-07T08:22:11",
                "last_out": "2026-10-07T17:04:02",
                "hours": "8.70",
                "worked_seconds": 31311,
                "late": True,
                "late_entry_seconds": 431,
                "early": False,
                "early_exit_seconds": 0,
                "window_start": "2026-10-07T00:00:00",
                "window_end": "2026-10-07T23:59:59",
                "upstream_name": "HR-ATT-2026-04127",
            }
        ],
        "summary": {
            "present": 1,
            "half_day": 0,
            "absent": 0,
            "late_entries": 1,
            "early_exits": 0,
            "by_shift": {"Day 08-17": 1},
        },
    },
)

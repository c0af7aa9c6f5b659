"""The recorded Frappe HR site as inputs of the rules, and its own output beside it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from service.attendance.rules.codes import HoursMode, LogType, Pairing, PersonStatus
from service.attendance.rules.inputs import (
    Holidays,
    Inputs,
    Leaves,
    LeaveTypes,
    People,
    Punches,
    ShiftTypes,
)

FOLDER = Path(__file__).parents[2] / "data" / "frappe" / "oracle"


@dataclass(frozen=True)
class Oracle:
    """Names are upstream names; a row's id is its place in its file."""

    inputs: Inputs
    people: list[str]
    shifts: list[str]
    leave_types: list[str]
    checkins: list[str]
    attendance: list[dict[str, Any]]
    derived: dict[str, dict[str, Any]]


def read(folder: Path = FOLDER) -> Oracle:
    """Everything from the input files alone; `attendance` and `derived` are what must come out."""
    tables = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    people = [row["name"] for row in tables["employees"]]
    shifts = [row["name"] for row in tables["shift_types"]]
    types = [row["name"] for row in tables["leave_types"]]
    inputs = Inputs(
        people=People.from_rows(
            _person(number, row, shifts) for number, row in enumerate(tables["employees"])
        ),
        shift_types=ShiftTypes.from_rows(
            _shift(number, row) for number, row in enumerate(tables["shift_types"])
        ),
        punches=Punches.from_rows(
            _punch(number, row, people) for number, row in enumerate(tables["checkins"])
        ),
        holidays=Holidays.from_rows(_holiday(row) for row in tables["holiday_list"]["holidays"]),
        leave_types=LeaveTypes.from_rows(
            {
                "id": number,
                "name": row["name"],
                "unpaid": row["is_lwp"],
                "include_holiday": row["include_holiday"],
            }
            for number, row in enumerate(tables["leave_types"])
        ),
        leaves=_leaves(tables["leave_applications"], people, types),
    )
    derived = {row["name"]: row for row in tables["checkins_derived"]}
    names = [row["name"] for row in tables["checkins"]]
    return Oracle(inputs, people, shifts, types, names, tables["attendance"], derived)


def _person(number: int, row: dict[str, Any], shifts: list[str]) -> dict[str, Any]:
    return {
        "id": number,
        "joined": row["date_of_joining"],
        "left": row["relieving_date"],
        "status": PersonStatus[row["status"].upper()],
        "default_shift": shifts.index(row["default_shift"]),
        "holiday_list": 0,
        "created": row["creation"][:10],
    }


def _shift(number: int, row: dict[str, Any]) -> dict[str, Any]:
    strict = row["determine_check_in_and_check_out"].startswith("Strictly")
    every = row["working_hours_calculation_based_on"].startswith("Every")
    return {
        "id": number,
        "name": row["name"],
        "start_s": _seconds(row["start_time"]),
        "end_s": _seconds(row["end_time"]),
        "before_min": row["begin_check_in_before_shift_start_time"],
        "after_min": row["allow_check_out_after_shift_end_time"],
        "late_marking": row["enable_late_entry_marking"],
        "late_grace_min": row["late_entry_grace_period"],
        "early_marking": row["enable_early_exit_marking"],
        "early_grace_min": row["early_exit_grace_period"],
        "half_day_hours": row["working_hours_threshold_for_half_day"],
        "absent_hours": row["working_hours_threshold_for_absent"],
        "pairing": Pairing.STRICT if strict else Pairing.ALTERNATING,
        "hours_mode": HoursMode.EVERY_VALID if every else HoursMode.FIRST_LAST,
        "mark_on_holidays": row["mark_auto_attendance_on_holidays"],
        "auto": row["enable_auto_attendance"],
        "process_after": row["process_attendance_after"],
        "last_sync": row["last_sync_of_checkin"],
    }


def _seconds(text: str) -> int:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return int(timedelta(hours=hours, minutes=minutes, seconds=seconds).total_seconds())


def _punch(number: int, row: dict[str, Any], people: list[str]) -> dict[str, Any]:
    kind = {"IN": LogType.IN, "OUT": LogType.OUT}.get(row["log_type"], LogType.UNKNOWN)
    return {
        "id": number,
        "person": people.index(row["employee"]),
        "time": row["time"].replace(" ", "T"),
        "log_type": kind,
        "rank": number,
    }


def _holiday(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "holiday_list": 0,
        "date": row["holiday_date"],
        "weekly_off": row["weekly_off"],
        "description": row["description"],
    }


def _leaves(rows: list[dict[str, Any]], people: list[str], types: list[str]) -> Leaves:
    return Leaves.from_rows(
        {
            "id": number,
            "person": people.index(row["employee"]),
            "leave_type": types.index(row["leave_type"]),
            "start": row["from_date"],
            "end": row["to_date"],
            "half_day_date": row["half_day_date"] if row["half_day"] else None,
            "approved": row["status"] == "Approved",
            "docstatus": row["docstatus"],
        }
        for number, row in enumerate(rows)
    )

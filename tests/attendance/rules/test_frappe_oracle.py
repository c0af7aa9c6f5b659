"""What a real Frappe HR made of the same punches: every row, from the input files alone."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from service.attendance.rules.codes import (
    CODES,
    COUNTED,
    UPSTREAM_STATUS,
    OtherHalf,
    PunchReason,
    Status,
)
from service.attendance.rules.evaluate import evaluate, evaluation
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import FRAPPE_HR
from tests.attendance.rules.frappe_oracle import Oracle, read

ASKED: dict[str, Any] = {
    "zone": "Asia/Kolkata",
    "now": np.datetime64("2026-11-22T08:00:00"),
    "watermark": np.datetime64("2026-11-22T08:00:00"),
}
FIRST, LAST = date(2026, 3, 1), date(2026, 4, 2)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return read()


@pytest.fixture(scope="module")
def days(oracle: Oracle) -> Days:
    return evaluate(oracle.inputs, FRAPPE_HR, FIRST, LAST, **ASKED)


def _text(moment: np.datetime64) -> str | None:
    return None if np.isnat(moment) else str(moment).replace("T", " ")


def _attendance(days: Days, oracle: Oracle) -> set[tuple[Any, ...]]:
    rows = set()
    for at in range(len(days)):
        status = UPSTREAM_STATUS[CODES[days.code[at]]]
        if not status:
            continue
        on_leave = days.status[at] == Status.ON_LEAVE
        other = {OtherHalf.PRESENT: "Present", OtherHalf.ABSENT: "Absent"}.get(days.other_half[at])
        leave_type = days.leave_type[at]
        rows.add(
            (
                oracle.people[days.person[at]],
                str(days.work_date[at]),
                status,
                other,
                None if on_leave else oracle.shifts[days.shift_type[at]],
                days.hours[at] / 100,
                _text(days.first_in[at]),
                _text(days.last_out[at]),
                int(days.late[at]),
                int(days.early[at]),
                oracle.leave_types[leave_type] if leave_type >= 0 else None,
            )
        )
    return rows


def test_attendance_rows_agree(oracle: Oracle, days: Days) -> None:
    fields = [
        "employee",
        "attendance_date",
        "status",
        "half_day_status",
        "shift",
        "working_hours",
        "in_time",
        "out_time",
    ]
    fields += ["late_entry", "early_exit", "leave_type"]
    expected = {
        tuple(row[name] or (None if name == "leave_type" else row[name]) for name in fields)
        for row in oracle.attendance
    }
    assert _attendance(days, oracle) ^ expected == set()
    assert len(expected) == 978


def test_checkins_are_given_the_same_shift_window_and_link(oracle: Oracle) -> None:
    done = evaluation(oracle.inputs, FRAPPE_HR, FIRST, LAST, **ASKED)
    punches, instances = done.attached.punches, done.instances
    differing = []
    for at in range(len(punches)):
        theirs = oracle.derived[oracle.checkins[punches.punch[at]]]
        instance, reason = punches.instance[at], punches.reason[at]
        ours: dict[str, Any] = (
            {"shift": None, "offshift": 1}
            if instance < 0
            else {
                "shift": oracle.shifts[done.shifts.id[instances.shift[instance]]],
                "offshift": 0,
                "shift_start": _text(instances.start[instance].astype("datetime64[s]")),
                "shift_end": _text(instances.end[instance].astype("datetime64[s]")),
                "shift_actual_start": _text(instances.window_start[instance].astype("datetime64[s]")),
                "shift_actual_end": _text(instances.window_end[instance].astype("datetime64[s]")),
            }
        )
        ours["skip_auto_attendance"] = int(reason == PunchReason.CONFLICT)
        linked = bool(theirs["attendance"]) == (reason <= COUNTED)
        if not linked or any(theirs[name] != value for name, value in ours.items()):
            differing.append((theirs, ours))
    assert differing == []
    assert len(punches) == 2224

"""What a real Frappe HR made of the recorded people, punches and leaves is what comes out here: 0 differences.

The simulator serves only the input (people, masters, punches, leaves); days and sheets are asked for over the
wire. Expected are the site's own Attendance, to 2 April as its README says, and its Monthly Attendance Sheet.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.attendance.rules.codes import UPSTREAM_STATUS
from service.simulators.frappe import FrappeServer, Store, load_oracle
from service.simulators.frappe.loading.oracle import ZONE
from tests.attendance.truth.chain import Chain, open_chain
from tests.attendance.truth.conftest import ORACLE

MARCH = {"month": "2026-03", "rule_set": "frappe_hr"}
OTHER_HALF = {"HD/P": "Present", "HD/A": "Absent"}
TOTALS = ("total_present", "total_leaves", "total_absent", "total_holidays", "unmarked_days")
COUNTS = ("total_late_entries", "total_early_exits")


def recorded_rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((ORACLE / f"{name}.json").read_text())
    return rows


def upstream_words(day: dict[str, Any]) -> dict[str, Any]:
    """A day of ours as the Attendance that stands for it; an On Leave row has no shift (spec D.5)."""
    status = UPSTREAM_STATUS[day["code"]]
    return {
        "employee": day["person"],
        "attendance_date": day["work_date"],
        "status": status,
        "half_day_status": OTHER_HALF.get(day["code"]),
        "shift": None if status == "On Leave" else day["shift"],
        "working_hours": float(day["hours"]),
        "in_time": wall_clock(day["first_in"]),
        "out_time": wall_clock(day["last_out"]),
        "late_entry": int(day["late"]),
        "early_exit": int(day["early"]),
        "leave_type": day["leave_type"],
    }


def wall_clock(text: str | None) -> str | None:
    """A time of the wire as the site writes it: its own clock, no zone."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    return local.isoformat(" ")


async def attendance_of(chain: Chain) -> list[dict[str, Any]]:
    """Our days in the site's words, where it would have Attendance."""
    days = await chain.days(from_="2026-03-01", to="2026-04-02", rule_set="frappe_hr")
    return [upstream_words(day) for day in days if UPSTREAM_STATUS[day["code"]]]


def recorded_attendance() -> list[dict[str, Any]]:
    """The site's own rows, an empty leave type told as none."""
    names = (
        *("employee", "attendance_date", "status", "half_day_status", "shift", "working_hours"),
        *("in_time", "out_time", "late_entry", "early_exit"),
    )
    rows = recorded_rows("attendance")
    return [{name: row[name] for name in names} | {"leave_type": row["leave_type"] or None} for row in rows]


async def test_every_attendance_row_of_the_site_is_a_day_of_ours_and_no_other_is(recorded: Chain) -> None:
    theirs = recorded_attendance()
    assert len(theirs) == 978
    assert difference(await attendance_of(recorded), theirs) == []


def difference(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """What only one side has, named; rows that are there twice count twice."""
    left, right = sorted(map(packed, ours)), sorted(map(packed, theirs))
    if left == right:
        return []
    only_ours, only_theirs = set(left) - set(right), set(right) - set(left)
    named = [("ours", json.loads(row)) for row in only_ours]
    named += [("theirs", json.loads(row)) for row in only_theirs]
    return sorted(named, key=lambda entry: packed(entry[1])) or [("doubled", {})]


def packed(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


async def test_the_detailed_sheet_is_the_sites_own(recorded: Chain) -> None:
    sheet = await recorded.sheet(**MARCH)
    ours = [
        {"employee": row["person"], "employee_name": row["person_name"], "shift": row["shift"]}
        | {f"{day[8:]}-{day[5:7]}-{day[:4]}": code for day, code in row["days"].items()}
        for row in sheet["items"]
    ]
    assert ours == recorded_rows("sheet_detailed")


async def test_the_summarized_sheet_is_the_sites_own(recorded: Chain) -> None:
    sheet = await recorded.sheet(**MARCH, summarized=True)
    ours = [
        {"employee": row["person"], "employee_name": row["person_name"]}
        | {name: float(row[name]) for name in (*TOTALS, *COUNTS)}
        | {leave_type: float(days) for leave_type, days in row["leaves"].items()}
        for row in sheet["items"]
    ]
    assert ours == recorded_rows("sheet_summarized")


async def test_a_range_of_dates_gives_the_days_of_the_month(recorded: Chain) -> None:
    month = await recorded.sheet(**MARCH)
    by_dates = await recorded.sheet(from_="2026-03-01", to="2026-03-31", rule_set="frappe_hr")
    assert by_dates["items"] == month["items"]


async def test_the_sites_own_attendance_and_ours_have_nothing_to_reconcile(database_url: str) -> None:
    """Served with its Attendance and with what it derived of the punches, the same days come out."""
    store = Store(zone=ZONE)
    load_oracle(store, ORACLE, attendance=True)
    async with FrappeServer(store) as server, open_chain(database_url, server) as chain:
        await chain.mirror()
        await chain.recompute(datetime(2026, 4, 10, tzinfo=ZoneInfo(ZONE)))
        ours = await attendance_of(chain)
    store.close()
    assert difference(ours, recorded_attendance()) == []


@asynccontextmanager
async def eight_marked_days() -> AsyncIterator[FrappeServer]:
    """The 1st (a Wednesday) to the 10th of July 2026, 08-12 with late and early marks, half day below 2 h."""
    store = Store(zone=ZONE)
    week_ends = [
        {"holiday_date": f"2026-07-{day:02}", "weekly_off": 1} for day in (4, 5, 11, 12, 18, 19, 25, 26)
    ]
    store.insert("Holiday List", {
        "name": "Rest", "holiday_list_name": "Rest", "from_date": "2026-01-01", "to_date": "2026-12-31",
        "holidays": week_ends,
    })  # fmt: skip
    store.insert("Company", {"name": "Works", "company_name": "Works", "default_holiday_list": "Rest"})
    store.insert("Leave Type", {"name": "Casual Leave", "leave_type_name": "Casual Leave"})
    store.insert("Shift Type", {
        "name": "Morning", "start_time": "08:00:00", "end_time": "12:00:00", "enable_auto_attendance": 1,
        "determine_check_in_and_check_out": "Alternating entries as IN and OUT during the same shift",
        "working_hours_calculation_based_on": "First Check-in and Last Check-out",
        "begin_check_in_before_shift_start_time": 60, "allow_check_out_after_shift_end_time": 60,
        "working_hours_threshold_for_half_day": 2, "enable_late_entry_marking": 1, "late_entry_grace_period": 15,
        "enable_early_exit_marking": 1, "early_exit_grace_period": 15,
        "process_attendance_after": "2026-07-01", "last_sync_of_checkin": "2026-07-10 23:00:00",
    })  # fmt: skip
    employee = {"name": "E1", "employee_name": "Asha", "date_of_joining": "2020-01-01", "company": "Works"}
    store.insert("Employee", employee | {"default_shift": "Morning", "status": "Active"})
    store.insert("Leave Application", {
        "employee": "E1", "leave_type": "Casual Leave", "from_date": "2026-07-09", "to_date": "2026-07-10",
        "status": "Approved", "docstatus": 1, "total_leave_days": 2,
    })  # fmt: skip
    worked = {
        "01": "08:00 12:00",
        "02": "08:16 12:00",
        "03": "08:15 11:45",
        "06": "07:30 12:30",
        "07": "08:00 09:45",
    }
    for day, times in worked.items():
        for time in times.split():
            store.insert("Employee Checkin", {"employee": "E1", "time": f"2026-07-{day} {time}:00"})
    try:
        async with FrappeServer(store) as server:
            yield server
    finally:
        store.close()


async def test_g_h_76_one_absent_four_present_one_half_day_two_leaves(database_url: str) -> None:
    """One of the four came late; the half day (1.75 h) left early."""
    async with eight_marked_days() as server, open_chain(database_url, server) as chain:
        await chain.mirror()
        await chain.recompute(datetime(2026, 7, 31, tzinfo=ZoneInfo(ZONE)))
        july = {"month": "2026-07", "rule_set": "frappe_hr"}
        [days] = (await chain.sheet(**july))["items"]
        [totals] = (await chain.sheet(**july, summarized=True))["items"]
    codes = ["P", "P", "P", "WO", "WO", "P", "HD/A", "A", "L", "L", "WO", "WO"]
    assert list(days["days"].values())[:12] == codes
    assert set(list(days["days"].values())[12:]) == {"", "WO"}
    named = {name: float(totals[name]) for name in (*TOTALS, *COUNTS)}
    assert named == {
        "total_present": 4.5, "total_leaves": 2.5, "total_absent": 1, "total_holidays": 8, "unmarked_days": 15,
        "total_late_entries": 1, "total_early_exits": 1,
    }  # fmt: skip
    assert totals["leaves"] == {"casual_leave": "2.0"}

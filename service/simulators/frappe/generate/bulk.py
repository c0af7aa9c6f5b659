"""Mass data for measurements: check-ins made inside the database, a million in seconds."""

from __future__ import annotations

from datetime import date, datetime, time

from service.simulators.frappe.store import Store

_SHIFT = {
    "name": "Day 10-18", "start_time": "10:00:00", "end_time": "18:00:00", "enable_auto_attendance": 1,
    "determine_check_in_and_check_out": "Alternating entries as IN and OUT during the same shift",
    "working_hours_calculation_based_on": "First Check-in and Last Check-out",
    "working_hours_threshold_for_half_day": 5, "working_hours_threshold_for_absent": 2,
    "begin_check_in_before_shift_start_time": 120, "allow_check_out_after_shift_end_time": 300,
}  # fmt: skip
# Everything is arithmetic on the running number: person, day, punch of the day, then scattered minutes and
# seconds.
_INSERT = """
INSERT INTO "tabEmployee Checkin" (name, owner, creation, modified, modified_by, docstatus, idx, employee,
  employee_name, log_type, shift, time, device_id, skip_auto_attendance, latitude, longitude, shift_start,
  shift_end,
  offshift, shift_actual_start, shift_actual_end)
WITH RECURSIVE n(i) AS (SELECT :low UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :high),
p AS (SELECT i, i / 2 % :people + 1 AS person, i / 2 / :people AS day, i % 2 AS leaving,
  (i * 7919) % 3600 + CASE i % 2 WHEN 0 THEN 34200 ELSE 63000 END AS second FROM n),
t AS (SELECT *, date(:first, '+' || day || ' days') AS d, printf('%02d:%02d:%02d', second / 3600,
second / 60 % 60,
  second % 60) AS clock FROM p),
m AS (SELECT *, d || ' ' || clock || printf('.%06d', (i * 104729) % 999999 + 1) AS stamp FROM t)
SELECT printf(:name, :number + i), 'sync@example.com', stamp, stamp, 'sync@example.com', 0, 0,
  printf('HR-EMP-%05d', person), printf('Emp%05d Test', person), CASE leaving WHEN 0 THEN 'IN' ELSE 'OUT' END,
  'Day 10-18', d || ' ' || clock, 'gate-' || (person % 4 + 1), 0, 0.0, 0.0, d || ' 10:00:00',
  d || ' 18:00:00', 0,
  d || ' 08:00:00', d || ' 23:00:00'
FROM m
"""
_CHUNK = 250_000


def bulk_checkins(store: Store, count: int, people: int = 1_000, first: date = date(2025, 1, 1)) -> int:
    """`count` check-ins of `people` invented employees, two a day from `first` on, in an empty store.

    Names run without gaps, `modified` differs in every row. Answers the number of check-ins.
    """
    with store.database.write():
        _people(store, people, first)
    moment = datetime.combine(first, time())
    prefix, digits, number = store.reserve_names("Employee Checkin", moment, count)
    fixed = {"people": people, "first": first.isoformat(), "number": number, "name": f"{prefix}%0{digits}d"}
    with store.bulk("Employee Checkin"):
        for low in range(0, count, _CHUNK):
            with store.database.write() as connection:
                connection.execute(_INSERT, fixed | {"low": low, "high": min(low + _CHUNK, count)})
    return count


def _people(store: Store, people: int, first: date) -> None:
    years: dict[str, object] = {"from_date": date(first.year, 1, 1), "to_date": date(first.year + 9, 12, 31)}
    store.insert("Holiday List", years | {"name": "None", "holiday_list_name": "None"})
    company = {"name": "Bulk Works", "company_name": "Bulk Works", "default_holiday_list": "None"}
    store.insert("Company", company)
    store.insert("Branch", {"name": "Gate", "branch": "Gate"})
    store.insert("Shift Type", _SHIFT | {"process_attendance_after": first})
    shared = {
        "company": "Bulk Works",
        "branch": "Gate",
        "date_of_joining": first,
        "default_shift": "Day 10-18",
    }
    store.reserve_names("Employee", store.clock.local(), people)
    store.insert_many(
        "Employee",
        (
            shared
            | {"name": f"HR-EMP-{n:05d}", "employee_name": f"Emp{n:05d} Test", "attendance_device_id": str(n)}
            for n in range(1, people + 1)
        ),
    )

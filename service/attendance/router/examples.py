"""One realistic example for each answer; a test validates them against the models."""

from collections.abc import Mapping
from typing import Any, Final

PERSON: Final[Mapping[str, Any]] = {
    "number": "HR-EMP-00044",
    "name": "Meera Iyer",
    "status": "Active",
    "site": "Villas",
    "company": "Casa Norte",
    "department": "Housekeeping",
    "designation": "Supervisor",
    "grade": "B2",
    "joined_on": "2024-03-01",
    "left_on": None,
    "default_shift": "Morning",
    "holiday_list": "India 2026",
    "device_user": "44",
}
SITE: Final[Mapping[str, Any]] = {"id": 3, "name": "Villas"}
DEVICE: Final[Mapping[str, Any]] = {"id": 7, "name": "villas-gate-1", "site": "Villas"}
SHIFT_TYPE: Final[Mapping[str, Any]] = {
    "id": 2,
    "name": "Night",
    "start_time": "22:00:00",
    "end_time": "06:00:00",
    "overnight": True,
    "before_minutes": 60,
    "after_minutes": 60,
    "late_marking": True,
    "late_grace_minutes": 15,
    "early_marking": True,
    "early_grace_minutes": 15,
    "half_day_threshold_hours": "4.000",
    "absent_threshold_hours": "2.000",
    "pairing_mode": "alternating",
    "hours_mode": "first_last",
    "auto_attendance": True,
    "mark_on_holidays": False,
    "process_after": "2026-08-01",
    "last_sync": "2026-11-01T06:00:00",
    "holiday_list": "India 2026",
}
HOLIDAY_LIST: Final[Mapping[str, Any]] = {
    "id": 1,
    "name": "India 2026",
    "from_date": "2026-01-01",
    "to_date": "2026-12-31",
    "holidays": [
        {"day": "2026-10-02", "description": "Gandhi Jayanti", "weekly_off": False, "half_day": False},
        {"day": "2026-10-04", "description": "Sunday", "weekly_off": True, "half_day": False},
    ],
}
LEAVE: Final[Mapping[str, Any]] = {
    "id": 12,
    "name": "HR-LAP-2026-00012",
    "person": "HR-EMP-00044",
    "person_name": "Meera Iyer",
    "leave_type": "Casual Leave",
    "unpaid": False,
    "from_date": "2026-10-12",
    "to_date": "2026-10-13",
    "half_day_date": "2026-10-13",
    "half": "second",
    "status": "Approved",
    "submitted": True,
}
CHECKIN: Final[Mapping[str, Any]] = {
    "id": 48211,
    "name": "EMP-CKIN-10-2026-048211",
    "person": "HR-EMP-00044",
    "person_name": "Meera Iyer",
    "unknown_person": None,
    "local_time": "2026-10-07T09:02:11",
    "at": "2026-10-07T09:02:11+05:30",
    "log_type": "IN",
    "device": "villas-gate-1",
    "site": "Villas",
    "skip": False,
}
DAY: Final[Mapping[str, Any]] = {
    "person": "HR-EMP-00044",
    "person_name": "Meera Iyer",
    "site": "Villas",
    "department": "Housekeeping",
    "work_date": "2026-10-07",
    "shift_seq": 0,
    "shift": "Morning",
    "schedule_source": "assignment",
    "status": "LATE",
    "base_status": "LATE",
    "code": "P",
    "other_half": None,
    "rule_set": "recommended/1",
    "shift_start": "2026-10-07T08:45:00",
    "shift_end": "2026-10-07T17:45:00",
    "window_start": "2026-10-07T00:00:00",
    "window_end": "2026-10-07T23:59:59",
    "first_in": "2026-10-07T09:02:11",
    "last_out": "2026-10-07T17:46:00",
    "punch_count": 2,
    "punches": [48211, 48390],
    "hours": "8.73",
    "gross_seconds": 31429,
    "break_seconds": 0,
    "worked_seconds": 31429,
    "expected_seconds": 32400,
    "expected_net_seconds": 32400,
    "deducted_seconds": 0,
    "difference_seconds": -971,
    "overtime_seconds": 0,
    "late": True,
    "late_seconds": 1031,
    "late_minutes": 17,
    "late_counted": True,
    "late_forgiven": False,
    "early": False,
    "early_seconds": 0,
    "early_minutes": 0,
    "leave_type": None,
    "leave_fraction": None,
    "holiday": None,
    "pending_reason": None,
    "incidents": [],
}
UPSTREAM_ATTENDANCE: Final[Mapping[str, Any]] = {
    "id": 901,
    "name": "HR-ATT-2026-00901",
    "person": "HR-EMP-00044",
    "person_name": "Meera Iyer",
    "site": "Villas",
    "day": "2026-10-07",
    "status": "Present",
    "other_half": None,
    "shift": "Morning",
    "hours": "8.730",
    "in_time": "2026-10-07T09:02:11",
    "out_time": "2026-10-07T17:46:00",
    "late": True,
    "early": False,
    "leave_type": None,
    "submitted": True,
}
META: Final[Mapping[str, Any]] = {
    "as_of": "2026-11-01T06:30:00Z",
    "complete_through": {
        "Employee": "2026-11-01T06:30:00Z",
        "Employee Checkin": "2026-11-01T06:30:00Z",
    },
    "complete": True,
    "incomplete_reasons": [],
    "gaps": [],
    "timezone": "Asia/Kolkata",
    "rules_version": None,
    "data_version": "attendance/2026-10:1793514600000000",
    "generated_at": "2026-11-01T06:30:00Z",
}
SYNC_STATUS: Final[Mapping[str, Any]] = {
    "source": "https://hr.example.com",
    "time_zone": "Asia/Kolkata",
    "last_run": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "last_run_state": "done",
    "doctypes": [
        {
            "doctype": "Employee Checkin",
            "phase": "live",
            "complete_through": "2026-11-01T06:30:00Z",
            "lag_seconds": 12,
            "open_gaps": 0,
        }
    ],
}
RUN: Final[Mapping[str, Any]] = {
    "id": "5d1f4a0e-9b57-4a39-8f0c-5f6f6f1f9c22",
    "job": "attendance.recompute",
    "scope": "attendance.recompute",
    "state": "queued",
    "params": {"from": "2026-10-01", "to": "2026-10-31", "people": None},
    "progress": {"done": 0, "total": None, "unit": "days"},
    "counts": {},
    "requested_by": "key:ab12cd34",
    "created_at": "2026-11-01T06:30:00Z",
    "starts": 0,
}
RECOMPUTE_ASK: Final[Mapping[str, Any]] = {
    "from": "2026-10-01",
    "to": "2026-10-31",
    "people": ["HR-EMP-00044"],
}
PUNCHES_CSV: Final = """employee,time,log_type,device
HR-EMP-00044,2026-10-07 09:02:11,IN,villas-1
HR-EMP-00044,2026-10-07 17:46:00,OUT,villas-1
"""
FINDINGS_CSV: Final = """line,column,code,severity,message
17,time,bad_time,rejected,'25:10' is not a time of day such as 08:05 or 08:05:30
"""
IMPORT_RUN: Final[Mapping[str, Any]] = {
    **RUN,
    "job": "attendance.import",
    "scope": "attendance.import",
    "params": {
        "kind": "punches",
        "dry_run": False,
        "lenient": False,
        "zone": "Asia/Kolkata",
        "source": "files",
        "complete_through": "2026-10-31",
        "date_order": "auto",
        "name": "october.csv",
        "upload": "0b8f6d3e7a554f0e9a3b5f6f6f1f9c11.csv",
    },
    "progress": {"done": 0, "total": None, "unit": "rows"},
}
HOOK: Final[Mapping[str, Any]] = {"run": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11", "started": True}

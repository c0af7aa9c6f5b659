"""The upstream's documents as it sends them: fields, types, which of them a release may not know (spec E.8).

A field without default must be in every row: Frappe drops fields above the user's permission level without
a word, and a missing `time` must be an error, never an empty value. Fields with a default differ between
releases; they are asked for until the site refuses them.
"""

from typing import Generic, TypeVar

import msgspec


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What every document has; `modified` is naive text in the site's zone, kept verbatim."""

    name: str
    modified: str


class Employee(Document, frozen=True, kw_only=True):
    employee_name: str | None
    status: str | None
    company: str | None
    branch: str | None
    department: str | None
    designation: str | None
    date_of_joining: str | None
    relieving_date: str | None
    default_shift: str | None
    attendance_device_id: str | None
    creation: str | None
    grade: str | None = None
    holiday_list: str | None = None


class Checkin(Document, frozen=True, kw_only=True):
    employee: str | None
    log_type: str | None
    time: str | None
    device_id: str | None
    skip_auto_attendance: int | None


class ShiftType(Document, frozen=True, kw_only=True):
    start_time: str | None
    end_time: str | None
    holiday_list: str | None
    enable_auto_attendance: int | None
    determine_check_in_and_check_out: str | None
    working_hours_calculation_based_on: str | None
    begin_check_in_before_shift_start_time: int | None
    allow_check_out_after_shift_end_time: int | None
    working_hours_threshold_for_half_day: float | None
    working_hours_threshold_for_absent: float | None
    process_attendance_after: str | None
    last_sync_of_checkin: str | None
    late_entry_grace_period: int | None
    early_exit_grace_period: int | None
    enable_late_entry_marking: int | None = None
    enable_early_exit_marking: int | None = None
    mark_auto_attendance_on_holidays: int | None = None


class ShiftAssignment(Document, frozen=True, kw_only=True):
    employee: str | None
    shift_type: str | None
    start_date: str | None
    end_date: str | None
    docstatus: int
    status: str | None = None


class LeaveType(Document, frozen=True, kw_only=True):
    is_lwp: int | None
    include_holiday: int | None
    is_ppl: int | None = None


class LeaveApplication(Document, frozen=True, kw_only=True):
    employee: str | None
    leave_type: str | None
    from_date: str | None
    to_date: str | None
    half_day: int | None
    half_day_date: str | None
    total_leave_days: float | None
    status: str | None
    docstatus: int


class AttendanceRequest(Document, frozen=True, kw_only=True):
    employee: str | None
    from_date: str | None
    to_date: str | None
    reason: str | None
    half_day: int | None
    half_day_date: str | None
    docstatus: int
    include_holidays: int | None = None


class Attendance(Document, frozen=True, kw_only=True):
    employee: str | None
    attendance_date: str | None
    status: str | None
    shift: str | None
    working_hours: float | None
    in_time: str | None
    out_time: str | None
    late_entry: int | None
    early_exit: int | None
    leave_type: str | None
    docstatus: int
    half_day_status: str | None = None


class Company(Document, frozen=True, kw_only=True):
    default_holiday_list: str | None = None


class Branch(Document, frozen=True, kw_only=True):
    pass


class HolidayListHead(Document, frozen=True, kw_only=True):
    from_date: str | None
    to_date: str | None


class HolidayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A child row; in a single document null fields are left out altogether."""

    holiday_date: str
    description: str | None = None
    weekly_off: int | None = None
    is_half_day: int | None = None


class HolidayList(msgspec.Struct, frozen=True, kw_only=True):
    """A Holiday List read as a single document, with its children."""

    name: str
    modified: str
    from_date: str | None = None
    to_date: str | None = None
    holidays: list[HolidayRow] = []


class HolidayListAssignment(Document, frozen=True, kw_only=True):
    applicable_for: str | None
    assigned_to: str | None
    holiday_list: str | None
    from_date: str | None
    docstatus: int


class DeletedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the log of deletions; `creation` is the instant of the deletion."""

    name: str
    deleted_doctype: str | None
    deleted_name: str | None
    creation: str
    restored: int | None = None


Row = TypeVar("Row", bound=msgspec.Struct)


class Doctype(Generic[Row]):
    """One document type as the client asks for it: its name, the row's struct, its fields."""

    def __init__(self, name: str, row: type[Row], *, required: bool = True) -> None:
        self.name, self.row, self.required = name, row, required
        described = msgspec.structs.fields(row)
        self.fields = tuple(field.name for field in described)
        self.optional = frozenset(field.name for field in described if not field.required)


EMPLOYEE = Doctype("Employee", Employee)
CHECKIN = Doctype("Employee Checkin", Checkin)
SHIFT_TYPE = Doctype("Shift Type", ShiftType)
SHIFT_ASSIGNMENT = Doctype("Shift Assignment", ShiftAssignment)
LEAVE_TYPE = Doctype("Leave Type", LeaveType)
LEAVE = Doctype("Leave Application", LeaveApplication)
REQUEST = Doctype("Attendance Request", AttendanceRequest)
ATTENDANCE = Doctype("Attendance", Attendance)
COMPANY = Doctype("Company", Company)
BRANCH = Doctype("Branch", Branch)
HOLIDAY_LIST = Doctype("Holiday List", HolidayListHead)
# Only from release 16 on; before, the name is unknown and answers 403 or 404 like a missing right.
HOLIDAY_LIST_ASSIGNMENT = Doctype("Holiday List Assignment", HolidayListAssignment, required=False)
# The log of deletions needs a right of its own; without it deletions are found by comparing names.
DELETED = Doctype("Deleted Document", DeletedDocument, required=False)

ALL: tuple[Doctype[msgspec.Struct], ...] = (  # type: ignore[assignment]  # Doctype only gives rows out
    COMPANY,
    BRANCH,
    HOLIDAY_LIST,
    LEAVE_TYPE,
    SHIFT_TYPE,
    EMPLOYEE,
    SHIFT_ASSIGNMENT,
    LEAVE,
    REQUEST,
    HOLIDAY_LIST_ASSIGNMENT,
    CHECKIN,
    ATTENDANCE,
    DELETED,
)

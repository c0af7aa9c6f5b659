"""Documents of the upstream as rows of ours: its words end here.

Every function gives the columns of one row, without `source_id`; links become ids by `Names`. A value that
cannot be read raises `BadValue`; a document of somebody unknown here raises `UnknownPerson`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.attendance.upstream import documents as d
from service.attendance.upstream.values import (
    BadValue,
    day,
    day_or_none,
    flag,
    plain,
    time_of_day,
    wall_clock,
    wall_clock_or_none,
)

Row = dict[str, Any]
# Years in which a clock may stand; a flat battery sets many back to 1970 or 2000.
YEARS = range(1970, 2200)
_LOG_TYPES = {None: None, "": None, "IN": "IN", "OUT": "OUT"}


class UnknownPerson(BadValue):
    """The document belongs to an employee that the site does not list (to us)."""


class Ids(dict[str, int]):
    """Ids by upstream name; the site compares names without case, so a miss is tried once more that way."""

    _folded: dict[str, int] | None = None

    def find(self, name: str | None) -> int | None:
        """The id, None for no name or an unknown one."""
        if not name:
            return None
        if (found := self.get(name)) is not None:
            return found
        if self._folded is None:
            self._folded = {known.casefold(): number for known, number in self.items()}
        return self._folded.get(name.casefold())

    def learn(self, ids: Mapping[str, int]) -> None:
        """Take in names that are new."""
        self.update(ids)
        self._folded = None

    def forget(self, name: str) -> None:
        """A name is no more."""
        self.pop(name, None)
        self._folded = None


@dataclass(slots=True)
class Names:
    """What links in documents mean here, by kind."""

    zone: ZoneInfo
    people: Ids = field(default_factory=Ids)
    sites: Ids = field(default_factory=Ids)
    companies: Ids = field(default_factory=Ids)
    holiday_lists: Ids = field(default_factory=Ids)
    shift_types: Ids = field(default_factory=Ids)
    leave_types: Ids = field(default_factory=Ids)
    devices: Ids = field(default_factory=Ids)

    def person(self, employee: str | None) -> int:
        """The id of an employee; raises `UnknownPerson`."""
        found = self.people.find(employee)
        if found is None:
            raise UnknownPerson(f"employee {employee!r} is not known here")
        return found


def person(document: d.Employee, names: Names) -> Row:
    """An Employee."""
    return _head(document, names) | {
        "name": document.employee_name or document.name,
        "status": document.status or "Active",
        "company_id": names.companies.find(document.company),
        "site_id": names.sites.find(document.branch),
        "department": document.department or None,
        "designation": document.designation or None,
        "grade": document.grade or None,
        "joined_on": day_or_none(document.date_of_joining),
        "left_on": day_or_none(document.relieving_date),
        "created_on": day_or_none(document.creation),
        "holiday_list_id": names.holiday_lists.find(document.holiday_list),
        "default_shift_type_id": names.shift_types.find(document.default_shift),
        "device_user": document.attendance_device_id or None,
    }


def shift_type(document: d.ShiftType, names: Names) -> Row:
    """A Shift Type (spec D.2)."""
    strict = "strictly" in (document.determine_check_in_and_check_out or "").lower()
    every = "every" in (document.working_hours_calculation_based_on or "").lower()
    return _head(document, names) | {
        "name": document.name,
        "start_time": time_of_day(document.start_time),
        "end_time": time_of_day(document.end_time),
        "before_minutes": document.begin_check_in_before_shift_start_time or 0,
        "after_minutes": document.allow_check_out_after_shift_end_time or 0,
        "late_marking": flag(document.enable_late_entry_marking),
        "late_grace_minutes": document.late_entry_grace_period or 0,
        "early_marking": flag(document.enable_early_exit_marking),
        "early_grace_minutes": document.early_exit_grace_period or 0,
        "half_day_threshold_hours": _hours(document.working_hours_threshold_for_half_day),
        "absent_threshold_hours": _hours(document.working_hours_threshold_for_absent),
        "pairing_mode": "strict" if strict else "alternating",
        "hours_mode": "every_valid" if every else "first_last",
        "auto_attendance": flag(document.enable_auto_attendance),
        "mark_on_holidays": flag(document.mark_auto_attendance_on_holidays),
        "process_after": day_or_none(document.process_attendance_after),
        "last_sync": wall_clock_or_none(document.last_sync_of_checkin, names.zone),
        "holiday_list_id": names.holiday_lists.find(document.holiday_list),
    }


def shift_assignment(document: d.ShiftAssignment, names: Names) -> Row:
    """A Shift Assignment, cancelled ones included."""
    shift = names.shift_types.find(document.shift_type)
    if shift is None:
        raise BadValue(f"shift type {document.shift_type!r} is not known here")
    return _head(document, names) | {
        "person_id": names.person(document.employee),
        "shift_type_id": shift,
        "start_date": day(document.start_date),
        "end_date": day_or_none(document.end_date),
        "status": document.status or "Active",
        "docstatus": document.docstatus,
    }


def leave_type(document: d.LeaveType, names: Names) -> Row:
    """A Leave Type; what it does to expected hours follows from `unpaid`, unless set by hand here."""
    return _head(document, names) | {
        "name": document.name,
        "unpaid": flag(document.is_lwp),
        "include_holiday": flag(document.include_holiday),
    }


def leave(document: d.LeaveApplication, names: Names) -> Row:
    """A Leave Application of any docstatus; which half a half day is, Frappe does not say."""
    kind = names.leave_types.find(document.leave_type)
    if kind is None:
        raise BadValue(f"leave type {document.leave_type!r} is not known here")
    start, end = day(document.from_date), day(document.to_date)
    if end < start:
        raise BadValue(f"the leave ends ({end}) before it begins ({start})")
    half = flag(document.half_day)
    return _head(document, names) | {
        "person_id": names.person(document.employee),
        "leave_type_id": kind,
        "from_date": start,
        "to_date": end,
        "half_day": half,
        "half_day_date": _half_day_date(document.half_day_date, start, end) if half else None,
        "total_days": None if document.total_leave_days is None else _hours(document.total_leave_days),
        "status": document.status or "Open",
        "docstatus": document.docstatus,
    }


def request(document: d.AttendanceRequest, names: Names) -> Row:
    """An Attendance Request: work from home or on duty."""
    start, end = day(document.from_date), day(document.to_date)
    half = flag(document.half_day)
    return _head(document, names) | {
        "person_id": names.person(document.employee),
        "from_date": start,
        "to_date": end,
        "reason": document.reason or "",
        "half_day": half,
        "half_day_date": _half_day_date(document.half_day_date, start, end) if half else None,
        "include_holidays": flag(document.include_holidays),
        "docstatus": document.docstatus,
    }


def company(document: d.Company, names: Names) -> Row:
    """A Company."""
    holidays = names.holiday_lists.find(document.default_holiday_list)
    return _head(document, names) | {"name": document.name, "holiday_list_id": holidays}


def site(document: d.Branch, names: Names) -> Row:
    """A Branch."""
    return _head(document, names) | {"name": document.name}


def holiday_list(document: d.HolidayListHead | d.HolidayList, names: Names) -> Row:
    """A Holiday List without its days."""
    return {
        "upstream_name": document.name,
        "upstream_modified": wall_clock(document.modified, names.zone),
        "name": document.name,
        "from_date": day_or_none(document.from_date),
        "to_date": day_or_none(document.to_date),
    }


def holidays(document: d.HolidayList) -> list[Row]:
    """The days of a Holiday List, one for each date (the last entry of a date counts)."""
    by_day = {
        day(row.holiday_date): {
            "day": day(row.holiday_date),
            "description": plain(row.description),
            "weekly_off": flag(row.weekly_off),
            "half_day": flag(row.is_half_day),
        }
        for row in document.holidays
    }
    return list(by_day.values())


def holiday_list_assignment(document: d.HolidayListAssignment, names: Names) -> Row:
    """A Holiday List Assignment (release 16) to a person or a company."""
    holidays = names.holiday_lists.find(document.holiday_list)
    if holidays is None:
        raise BadValue(f"holiday list {document.holiday_list!r} is not known here")
    to_person = (document.applicable_for or "").lower() == "employee"
    company_id = None if to_person else names.companies.find(document.assigned_to)
    if not to_person and company_id is None:
        raise BadValue(f"company {document.assigned_to!r} is not known here")
    return _head(document, names) | {
        "person_id": names.person(document.assigned_to) if to_person else None,
        "company_id": company_id,
        "holiday_list_id": holidays,
        "from_date": day(document.from_date),
        "docstatus": document.docstatus,
    }


def checkin(document: d.Checkin, names: Names) -> Row:
    """An Employee Checkin; of an employee unknown here the name is kept, the punch is not lost.

    A time shown twice by the clock is its first occurrence, one that was skipped is read with the offset
    before the gap, as in the rules. Fractions are cut, as newer releases do on saving.
    """
    if document.log_type not in _LOG_TYPES:
        raise BadValue(f"log type {document.log_type!r} is neither IN nor OUT")
    if not document.time:
        raise BadValue("it has no time")
    local = wall_clock(document.time, names.zone)
    if local.year not in YEARS:
        raise BadValue(f"nobody punched in the year {local.year}")
    if local.microsecond:
        local = local.replace(microsecond=0)
    person_id = names.people.find(document.employee)
    return {
        "upstream_name": document.name,
        "person_id": person_id,
        "unknown_person": None if person_id is not None else document.employee or "",
        "local_time": local,
        "day": local.date(),
        # As `replace(tzinfo=…)`, in a sixth of its time.
        "at": datetime.combine(local, local.time(), names.zone),
        "log_type": _LOG_TYPES[document.log_type],
        "device_id": names.devices.find(document.device_id),
        "skip": flag(document.skip_auto_attendance),
        "upstream_modified": wall_clock(document.modified, names.zone),
    }


def attendance(document: d.Attendance, names: Names) -> Row:
    """An Attendance: the upstream's own verdict, kept in its words to compare with ours."""
    return {
        "upstream_name": document.name,
        "person_id": names.people.find(document.employee),
        "day": day(document.attendance_date),
        "status": document.status or "",
        "other_half": document.half_day_status or None,
        "shift_name": document.shift or None,
        "hours": _hours(document.working_hours),
        "in_time": wall_clock_or_none(document.in_time, names.zone),
        "out_time": wall_clock_or_none(document.out_time, names.zone),
        "late": flag(document.late_entry),
        "early": flag(document.early_exit),
        "leave_type": document.leave_type or None,
        "docstatus": document.docstatus,
        "upstream_modified": wall_clock(document.modified, names.zone),
    }


def _head(document: d.Document, names: Names) -> Row:
    return {
        "upstream_name": document.name,
        "upstream_modified": wall_clock(document.modified, names.zone),
    }


def _hours(value: float | None) -> Decimal:
    # Three decimals are what the columns hold; compared with what is stored, so they must agree exactly.
    if abs(value or 0) >= 1000:
        raise BadValue(f"{value} is no number of hours or days")
    return Decimal(str(value or 0)).quantize(Decimal("0.001"))


def _half_day_date(text: str | None, start: Any, end: Any) -> Any:
    # Forced to the only day of a one-day application (spec D.8).
    return start if start == end else day_or_none(text)

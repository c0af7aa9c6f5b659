"""The desk's tables, in the PostgreSQL schema `attendance` (spec F.1)."""

from service.attendance.models.corrections import Correction
from service.attendance.models.edits import Edit
from service.attendance.models.events import (
    AttendanceRequest,
    Checkin,
    Leave,
    ShiftAssignment,
    UpstreamAttendance,
)
from service.attendance.models.masters import (
    Company,
    Device,
    Holiday,
    HolidayList,
    HolidayListAssignment,
    LeaveType,
    Person,
    ShiftType,
    Site,
    Source,
)
from service.attendance.models.results import Day, DirtyDay, RuleSet
from service.attendance.models.schedules import WeeklySchedule
from service.attendance.models.sync import SyncCursor, SyncWindow

__all__ = [
    "AttendanceRequest",
    "Checkin",
    "Company",
    "Correction",
    "Day",
    "Device",
    "DirtyDay",
    "Edit",
    "Holiday",
    "HolidayList",
    "HolidayListAssignment",
    "Leave",
    "LeaveType",
    "Person",
    "RuleSet",
    "ShiftAssignment",
    "ShiftType",
    "Site",
    "Source",
    "SyncCursor",
    "SyncWindow",
    "UpstreamAttendance",
    "WeeklySchedule",
]

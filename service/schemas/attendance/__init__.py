"""What the attendance desk says and is asked, on the wire."""

from service.schemas.attendance.entities import (
    Checkin,
    CheckinsAsk,
    Day,
    DaysAsk,
    Device,
    Holiday,
    HolidayList,
    Leave,
    LeavesAsk,
    PeopleAsk,
    Person,
    ShiftType,
    Site,
)
from service.schemas.attendance.jobs import RecomputeParams, SyncParams, SyncStatus
from service.schemas.attendance.reports import (
    ExceptionRow,
    ExceptionsParams,
    MonthlySheetExplainParams,
    MonthlySheetParams,
    MonthlySheetRow,
    ReconciliationParams,
    ReconciliationRow,
)

__all__ = [
    "Checkin",
    "CheckinsAsk",
    "Day",
    "DaysAsk",
    "Device",
    "ExceptionRow",
    "ExceptionsParams",
    "Holiday",
    "HolidayList",
    "Leave",
    "LeavesAsk",
    "MonthlySheetExplainParams",
    "MonthlySheetParams",
    "MonthlySheetRow",
    "PeopleAsk",
    "Person",
    "RecomputeParams",
    "ReconciliationParams",
    "ReconciliationRow",
    "ShiftType",
    "Site",
    "SyncParams",
    "SyncStatus",
]

"""The desk's reports, each declared once; routes, formats, command and client follow from this list."""

from service.attendance.reports.compare import COMPARE
from service.attendance.reports.dashboard import DASHBOARD
from service.attendance.reports.exceptions import EXCEPTIONS
from service.attendance.reports.headcount import HEADCOUNT
from service.attendance.reports.holiday_work import HOLIDAY_WORK
from service.attendance.reports.late_early import LATE_EARLY
from service.attendance.reports.leave_usage import LEAVE_USAGE
from service.attendance.reports.monthly_sheet import MONTHLY_SHEET
from service.attendance.reports.overtime import OVERTIME
from service.attendance.reports.reconciliation import RECONCILIATION
from service.attendance.reports.shift_attendance import SHIFT_ATTENDANCE

REPORTS = (
    MONTHLY_SHEET,
    EXCEPTIONS,
    RECONCILIATION,
    SHIFT_ATTENDANCE,
    LATE_EARLY,
    OVERTIME,
    HOLIDAY_WORK,
    LEAVE_USAGE,
    HEADCOUNT,
    COMPARE,
    DASHBOARD,
)

"""The desk's reports, each declared once; routes, formats, command and client follow from this list."""

from service.attendance.reports.absences import ABSENCES
from service.attendance.reports.compare import COMPARE
from service.attendance.reports.dashboard import DASHBOARD
from service.attendance.reports.detail import DETAIL
from service.attendance.reports.exceptions import EXCEPTIONS
from service.attendance.reports.headcount import HEADCOUNT
from service.attendance.reports.holiday_work import HOLIDAY_WORK
from service.attendance.reports.late_early import LATE_EARLY
from service.attendance.reports.leave_usage import LEAVE_USAGE
from service.attendance.reports.monthly_sheet import MONTHLY_SHEET
from service.attendance.reports.overtime import OVERTIME
from service.attendance.reports.period_summary import SUMMARY
from service.attendance.reports.reconciliation import RECONCILIATION
from service.attendance.reports.shift_attendance import SHIFT_ATTENDANCE
from service.attendance.reports.upstream_corrections import UPSTREAM_CORRECTIONS
from service.attendance.reports.what_if import WHAT_IF

REPORTS = (
    MONTHLY_SHEET,
    SUMMARY,
    DASHBOARD,
    HEADCOUNT,
    DETAIL,
    SHIFT_ATTENDANCE,
    LATE_EARLY,
    ABSENCES,
    OVERTIME,
    HOLIDAY_WORK,
    LEAVE_USAGE,
    COMPARE,
    EXCEPTIONS,
    UPSTREAM_CORRECTIONS,
    RECONCILIATION,
    WHAT_IF,
)

"""The desk's reports, each declared once; routes, formats, command and client follow from this list."""

from service.attendance.reports.absences import ABSENCES
from service.attendance.reports.detail import DETAIL
from service.attendance.reports.exceptions import EXCEPTIONS
from service.attendance.reports.monthly_sheet import MONTHLY_SHEET
from service.attendance.reports.period_summary import SUMMARY
from service.attendance.reports.reconciliation import RECONCILIATION
from service.attendance.reports.what_if import WHAT_IF

REPORTS = (MONTHLY_SHEET, SUMMARY, DETAIL, ABSENCES, EXCEPTIONS, RECONCILIATION, WHAT_IF)

"""The desk's reports, each declared once; routes, formats, command and client follow from this list."""

from service.attendance.reports.detail import DETAIL
from service.attendance.reports.exceptions import EXCEPTIONS
from service.attendance.reports.monthly_sheet import MONTHLY_SHEET
from service.attendance.reports.reconciliation import RECONCILIATION

REPORTS = (MONTHLY_SHEET, EXCEPTIONS, RECONCILIATION, DETAIL)

"""The summary as a workbook (spec A.15): the executive summary with all its columns, and the statistics."""

from typing import Final

from service.attendance.reports.executive_sheet import executive_sheet
from service.attendance.reports.statistics_sheet import statistics_sheet
from service.reporting.formats.workbook import Book
from service.reporting.formats.xlsx_file import workbook


def _sheets(book: Book) -> None:
    rows = list(book.view.each_row)  # a row for each person: both sheets need them
    executive_sheet(book, book.view.columns, rows)
    statistics_sheet(book, book.view.columns, rows)


SUMMARY_WORKBOOK: Final = workbook(_sheets)
"""The summary as the predecessor's executive summary and statistics."""

"""The workbook's executive summary (spec A.15): a title, the period, and a table of the summary's columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from service.reporting.columns import Column, clock
from service.reporting.formats.cells import cell_writer, text
from service.reporting.formats.workbook import Book, look_of, write_header
from service.reporting.formats.xlsx_file import workbook
from service.reporting.pages.shown import answered_window

_TITLES: Final = {"en": "Executive summary", "es": "Resumen Ejecutivo"}
_PERIODS: Final = {"en": "Period: {} to {}", "es": "Periodo: {} a {}"}
HEADER_ROW: Final = 4
"""The predecessor's table begins on row 5."""
_AHEAD: Final[Mapping[str, str]] = {"bg_color": "#1CB1EE"}
_DIFFERENCE: Final = "difference_seconds"


def executive_page(book: Book) -> Worksheet:
    """The sheet itself, which may be filled after those behind it."""
    return book.sheet(_TITLES[book.view.style.locale])


def executive_sheet(
    book: Book, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], page: Worksheet | None = None
) -> None:
    """The rows of the summary report with its columns; hours ahead of the plan stand out."""
    locale, zone = book.view.style.locale, book.view.answer["meta"]["timezone"]
    sheet = page or executive_page(book)
    sheet.write_string(0, 0, _TITLES[locale], book.look(bold=True, font_size=16))
    window = answered_window(book.view.answer)
    sheet.write_string(1, 0, _PERIODS[locale].format(window.get("from", "–"), window.get("to", "–")))
    header = [(column.label, column.note) for column in columns]
    write_header(book, sheet, header, row=HEADER_ROW, bg_color="#366092")
    writers = [(column, cell_writer(column, zone), look_of(book, column)) for column in columns]
    at = HEADER_ROW
    for at, row in enumerate(rows, start=HEADER_ROW + 1):
        for place, (column, write, look) in enumerate(writers):
            value = column.value(row)
            if column.key == _DIFFERENCE and value is not None:
                text(
                    sheet, at, place, signed(value), book.look(align="right", **(_AHEAD if value > 0 else {}))
                )
            elif value is not None and value != "":
                write(sheet, at, place, value, look)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, min(40, max(14, len(column.label) + 3)))
    if columns:
        sheet.autofilter(HEADER_ROW, 0, at, len(columns) - 1)


def _summary(book: Book) -> None:
    executive_sheet(book, book.view.columns, book.view.each_row)


SUMMARY_WORKBOOK: Final = workbook(_summary)
"""The summary as the predecessor's executive summary."""


def signed(seconds: int) -> str:
    """±HH:MM:SS (A.13): a workbook shows no negative time, so the difference is text."""
    return f"+{clock(seconds)}" if seconds > 0 else clock(seconds)

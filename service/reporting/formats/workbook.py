"""A workbook being written: its looks, and sheets whose rows come in order and are not held."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.reporting.columns import Column
from service.reporting.formats.cells import PATTERNS, WriteCell, cell_writer
from service.reporting.report import View

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its header; what is beyond goes on in another sheet."""
_NARROWEST, _WIDEST = 6, 60
_A4: Final = 9
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
HEADER: Final = {
    "bold": True,
    "bg_color": "#17595C",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "top",
}


class Book:
    """A workbook over a file; `folder` takes the rows until the end.

    `close` must be called for a workbook to be whole; one that is dropped leaves nothing but its folder.
    """

    def __init__(self, file: IO[bytes], folder: str, view: View) -> None:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False}
        self.workbook = Workbook(file, {**options, "strings_to_urls": False, "strings_to_numbers": False})
        self.view = view
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()
        made = view.answer["meta"]["generated_at"]
        # Equal answers are equal bytes: the workbook is as old as its data.
        created = datetime.fromisoformat(made) if made else datetime(2000, 1, 1)  # noqa: DTZ001  a fixed date
        self.workbook.set_properties({"title": view.report.title, "created": created.replace(tzinfo=None)})

    def look(self, **properties: Any) -> Format:
        """The format of these properties; equal ones are one."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format(properties)
        return self._looks[key]

    def sheet(self, title: str) -> Worksheet:
        """A new sheet; its name is made possible and unlike the others'."""
        plain = _FORBIDDEN.sub(" ", title).strip("' ")[:31] or "Sheet"
        name, number = plain, 2
        while name.lower() in self._names:
            ending = f" {number}"
            name, number = plain[: 31 - len(ending)] + ending, number + 1
        self._names.add(name.lower())
        made = self.workbook.add_worksheet(name)
        made.set_landscape()
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)  # printed, all columns stand on one page, however many pages the rows take
        return made

    def close(self) -> None:
        """Write the file."""
        self.workbook.close()


def look_of(book: Book, column: Column, **more: Any) -> Format | None:
    """How a column's cells look."""
    pattern = PATTERNS.get(column.kind)
    properties = {**({"num_format": pattern} if pattern else {}), **more}
    return book.look(**properties) if properties else None


def write_header(
    book: Book, sheet: Worksheet, labels: Sequence[tuple[str, str | None]], *, row: int = 0, **look: Any
) -> None:
    """Labels, each with its explanation as a note, frozen above the rows."""
    style = book.look(**{**HEADER, **look})
    for at, (label, note) in enumerate(labels):
        sheet.write_string(row, at, label, style)
        if note:
            sheet.write_comment(row, at, note, {"x_scale": 2, "y_scale": 1 + len(note) // 150})
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)


def table_sheets(book: Book, title: str) -> None:
    """All columns and rows of the view, in as many sheets as they need."""
    rows = iter(book.view.each_row)
    while _table_sheet(book, title, rows) == MOST_ROWS:
        pass


def _table_sheet(book: Book, title: str, rows: Iterable[Mapping[str, Any]]) -> int:
    columns, zone = book.view.columns, book.view.answer["meta"]["timezone"]
    sheet = book.sheet(title)
    write_header(book, sheet, [(column.label, column.note) for column in columns])
    widths = [min(_WIDEST, max(_NARROWEST, len(column.label) + 3)) for column in columns]
    writers: list[tuple[Column, WriteCell, Format | None]] = [
        (column, cell_writer(column, zone), look_of(book, column)) for column in columns
    ]
    written = 0
    for written, row in enumerate(islice(rows, MOST_ROWS), start=1):
        for at, (column, write, look) in enumerate(writers):
            value = column.value(row)
            if value is not None and value != "":
                widths[at] = max(widths[at], write(sheet, written, at, value, look))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, min(_WIDEST, width + 1))
    if columns:
        sheet.autofilter(0, 0, written, len(columns) - 1)
    return written

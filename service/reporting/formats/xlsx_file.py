"""Workbooks: a sheet of rows and one about them, written in constant memory.

A report with sheets of its own gives `Report(formats={"xlsx": workbook(sheets)})`; `sheets` is handed the
book with the view (rows, meta, parameters, columns). "About" follows after whatever it writes.
"""

import tempfile
from collections.abc import Callable, Iterable
from typing import Final

from service.reporting.formats.about_sheet import about_sheet
from service.reporting.formats.workbook import Book, table_sheets
from service.reporting.report import Formatter, View

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE: Final = 256 * 1024
Sheets = Callable[[Book], None]


def workbook(sheets: Sheets) -> Formatter:
    """The formatter of a report that writes sheets of its own."""

    def write(view: View) -> Iterable[bytes]:
        with tempfile.TemporaryDirectory(prefix="muster-xlsx-") as folder, tempfile.TemporaryFile() as file:
            book = Book(file, folder, view)
            sheets(book)
            about_sheet(book)
            book.close()
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece

    return Formatter(media_type=MEDIA_TYPE, extension="xlsx", write=write)


def _one_table(book: Book) -> None:
    table_sheets(book, book.view.report.title_in(book.view.style.locale))


XLSX: Final = workbook(_one_table)

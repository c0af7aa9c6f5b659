"""Files on disk, row by row: none of them is held in memory, equal rows make equal bytes."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook

from service.simulators.mill.files.all import tables
from service.simulators.mill.files.table import Cell, Table
from service.simulators.mill.mill import Mill

FORMATS: Final = ("csv", "xlsx")
_AS_OLD: Final = datetime(2000, 1, 1)  # noqa: DTZ001  a fixed day, so that equal rows are equal bytes
_DAY: Final = {"num_format": "yyyy-mm-dd"}


def write_table(table: Table, folder: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """The table as files of these formats; their paths.

    Raises `ValueError` for a format that is neither csv nor xlsx.
    """
    written = []
    for name in formats:
        path = folder / f"{table.name}.{name}"
        if name not in _WRITERS:
            raise ValueError(f"there is no format {name!r}; there are {', '.join(_WRITERS)}")
        _WRITERS[name](table, path)
        written.append(path)
    return written


def _csv(table: Table, path: Path) -> None:
    shows = [column.show for column in table.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(table.headers)
        for row in table.rows():
            writer.writerow([show(cell) for show, cell in zip(shows, row, strict=True)])


def _xlsx(table: Table, path: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        book.set_properties({"title": table.name, "created": _AS_OLD})
        day = book.add_format(_DAY)
        sheet = book.add_worksheet(table.name[:31])
        rows: Iterable[Sequence[Cell]] = chain(table.headers, table.rows())
        for at, row in enumerate(rows):
            _sheet_row(sheet, at, row, day)


def _sheet_row(sheet: Any, at: int, row: Sequence[Cell], day: Any) -> None:
    """Numbers and days as such; a text stays a text, whatever it looks like."""
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(at, place, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(at, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
        elif isinstance(cell, int | Decimal):
            sheet.write_number(at, place, float(cell))


_WRITERS: Final = {"csv": _csv, "xlsx": _xlsx}


def write_mill(mill: Mill, folder: Path, formats: Iterable[str] = FORMATS) -> list[Path]:
    """All files of a mill in that folder, which is made where it is missing; their paths.

    Raises `ValueError` for a format that is neither csv nor xlsx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds = tuple(formats)
    return [path for table in tables(mill) for path in write_table(table, folder, kinds)]

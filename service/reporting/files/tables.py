"""A file as rows of cells, one after the other: CSV and XLSX alike."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.core.errors import Invalid
from service.reporting.files.cells import Cell, is_blank
from service.reporting.files.csv_file import opened_csv
from service.reporting.files.xlsx_file import ONLY, Looks, opened_xlsx

MOST_ROWS: Final = 5_000_000
"""Rows of a file at most: five years of punches of 1,000 people are 4 million."""
_ZIP: Final = b"PK\x03\x04"
Row = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its header, and the rows below it, each with its line; blank ones are left out."""

    header: Sequence[str]
    rows: Iterator[Row]


def read_table(lines: Iterator[Row]) -> Table:
    """The first row that is not blank is the header. Raises `Invalid` when there is none (`file_empty`)."""
    filled = (row for row in lines if not all(is_blank(cell) for cell in row[1]))
    first = next(filled, None)
    if first is None:
        raise Invalid("the file has no rows: its first row is to name the columns", code="file_empty")
    return Table([str(cell).strip() for cell in first[1]], _bounded(filled))


def opened_rows(
    path: Path, looks: Looks = ONLY, *, formulas: bool = False
) -> AbstractContextManager[Iterator[Row]]:
    """The rows of a file, read while the block lasts; its first bytes say whether it is a workbook.

    `looks`: which sheet of a workbook, and how far it may unfold. `formulas` of a CSV are texts; those of a
    workbook are what was last computed of them.
    """
    if is_workbook(path):
        return opened_xlsx(path, looks, formulas=formulas)
    return opened_csv(path, formulas=formulas)


def is_workbook(path: Path) -> bool:
    """Whether a file is a ZIP archive, which a CSV never is."""
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise Invalid(f"the file has more than {MOST_ROWS:,} rows: split it", code="file_too_long")
        yield row

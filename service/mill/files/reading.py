"""A file as records: opened, its kind found by its header, its rows read one after the other."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from service.core.errors import Invalid
from service.mill.files.cells import Ground
from service.mill.files.header import MOST_COLUMNS, Header, fit, read_header
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.telling import Told
from service.mill.files.totals import COMPARED, is_total
from service.mill.rules.numbers import BadCell, Read
from service.reporting.files.cells import Cell, is_blank
from service.reporting.files.csv_file import encoding_of
from service.reporting.files.tables import is_workbook, opened_rows
from service.reporting.files.xlsx_file import Looks, counts_from_1904

MOST_ROWS: Final = 500_000
MOST_RATIO: Final = 100
_LOOKED_AT: Final = 10
"""Rows in which the header is looked for: titles may stand above it."""
_REMEMBERED: Final = 50_000
"""Different cells of a column whose reading is remembered: yarns and fractions come again and again."""
Row = tuple[int, Sequence[Cell]]


@dataclass(slots=True)
class Reading:
    """A file under way: `kind` and `header` as found (no header: rejected), `rows` counts data rows."""

    kind: Kind
    header: Header | None
    ground: Ground
    told: Told
    records: Iterator[Record]
    rows: int = 0
    titles: list[str] = field(default_factory=list)
    """The header as the file has it."""

    @property
    def repaired(self) -> int:
        """Rows with a warning and without an error (E.8)."""
        return len(self._data(self.told.warned - self.told.rejected))

    @property
    def rejected(self) -> int:
        """Rows with an error."""
        return len(self._data(self.told.rejected))

    def _data(self, rows: set[int]) -> list[int]:
        return [] if self.header is None else [row for row in rows if row > self.header.line]


def opened(path: Path, sheet: str | None = None) -> AbstractContextManager[Iterator[Row]]:
    """The rows of a file of the mill. Raises `Invalid` where it cannot be read as a whole."""
    return opened_rows(path, Looks(sheet, first=True, most_ratio=MOST_RATIO), formulas=True)


def first_rows(lines: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    """The rows among which the header is, and those behind; blank ones are left out.

    Raises `Invalid` (`file_empty`, `too_many_columns`).
    """
    filled = (row for row in lines if not all(is_blank(cell) for cell in row[1]))
    first = list(islice(filled, _LOOKED_AT))
    if not first:
        raise Invalid("the file has no rows: its first row is to name the columns", code="file_empty")
    if not all(is_blank(cell) for _, cells in first for cell in cells[MOST_COLUMNS:]):
        raise Invalid(f"the file has more than {MOST_COLUMNS} columns", code="too_many_columns")
    return first, filled


@contextmanager
def reading_of(
    path: Path, kinds: Sequence[Kind], ground: Ground, told: Told, sheet: str | None = None
) -> Iterator[Reading]:
    """A file as records of the kind, out of `kinds`, that its header fits best.

    Raises `Invalid` (`file_empty`, `bad_workbook`, `file_too_long`, …) where nothing can be read at all.
    """
    if is_workbook(path):
        ground = replace(ground, epoch_1904=counts_from_1904(path))
    elif not _is_text(path, told):
        yield Reading(kinds[0], None, ground, told, iter(()))
        return
    with opened(path, sheet) as lines:
        first, rest = first_rows(lines)
        kind, at = _best(kinds, [cells for _, cells in first])
        line, cells = first[at]
        header = read_header(kind, line, cells, first[at - 1][1] if at else (), ground, told)
        reading = Reading(kind, header, ground, told, iter(()), titles=[str(cell).strip() for cell in cells])
        if header is not None:
            reading.records = _records(reading, header, chain(first[at + 1 :], rest))
        yield reading


def _is_text(path: Path, told: Told) -> bool:
    """Whether a file can be read as text; one that is not UTF-8 is told."""
    try:
        encoding = encoding_of(path)
    except Invalid as error:
        if error.code != "bad_encoding":
            raise
        told.tell(1, "ENC", error.detail.capitalize(), rejects=True)
        return False
    if encoding not in {"utf-8", "utf-8-sig"}:
        told.tell(1, "ENC", f"The file is no UTF-8: read as {encoding}", raw=encoding, used=encoding)
    return True


def _best(kinds: Sequence[Kind], rows: Sequence[Sequence[Cell]]) -> tuple[Kind, int]:
    """The kind and the place of its header: what lacks least, then what matches most, then the first."""
    tried = []
    for rank, kind in enumerate(kinds):
        for at, cells in enumerate(rows):
            lacking, matching = fit(kind, cells)
            tried.append(((lacking, -matching, at, rank), kind, at))
    _, kind, at = min(tried, key=lambda one: one[0])
    return kind, at


def _records(reading: Reading, header: Header, rows: Iterator[Row]) -> Iterator[Record]:
    """Rows as records; those that only add up others are told and left out."""
    readers = _Cells(reading.kind, header, reading.ground)
    key_at = header.places.get(reading.kind.key[0] if reading.kind.key else reading.kind.columns[0].name, 0)
    above: deque[Sequence[Cell]] = deque(maxlen=COMPARED)
    for line, cells in rows:
        reading.rows += 1
        if reading.rows > MOST_ROWS:
            raise Invalid(f"the file has more than {MOST_ROWS:,} rows: split it", code="file_too_long")
        if is_total(cells, key_at, above):
            said, title = "A row of totals: left out", reading.titles[0] or None
            reading.told.tell(line, "ROW_TOTAL", said, column=title, at=0, raw=str(cells[0]))
            continue
        above.append(cells)
        record = readers.read(line, cells, reading.told)
        if record.wanted:
            reading.kind.check(record)
        if record.wanted:
            yield record


class _Cells:
    """Reads the cells of a kind's rows, and remembers what a text of a column says."""

    def __init__(self, kind: Kind, header: Header, ground: Ground) -> None:
        self.kind, self.header, self.ground = kind, header, ground
        self._columns: list[tuple[Column, int, dict[str, Read[Any] | BadCell]]] = [
            (one, header.places[one.name], {}) for one in kind.columns if one.name in header.places
        ]

    def read(self, line: int, cells: Sequence[Cell], told: Told) -> Record:
        """A row with the values of its cells; what is wrong with single cells is told."""
        header = self.header
        record = Record(line, {}, cells, header.places, header.titles, told, self.ground, weeks=header.weeks)
        if any(not is_blank(cell) for cell in cells[header.width :]):
            said = f"The row has {len(cells)} cells, the header {header.width}: quote numbers with commas"
            told.tell(line, "ROW_LONG", said, at=header.width, raw=str(cells[header.width]))
        self.kind.begin(record)
        if not record.wanted:
            return record
        for column, at, known in self._columns:
            cell = cells[at] if at < len(cells) else ""
            found = known.get(cell) if isinstance(cell, str) else None
            if found is None:
                found = self._parsed(column, cell)
                if isinstance(cell, str) and len(known) < _REMEMBERED:
                    known[cell] = found
            if isinstance(found, BadCell) or found.findings:
                _tell(record, column, found)
            record.values[column.name] = None if isinstance(found, BadCell) else found.value
        return record

    def _parsed(self, column: Column, cell: Cell) -> Read[Any] | BadCell:
        try:
            return column.reader.parse(cell, self.ground)
        except BadCell as bad:
            return bad


def _tell(record: Record, column: Column, found: Read[Any] | BadCell) -> None:
    if not isinstance(found, BadCell):
        for code in found.findings:
            record.tell(column.name, code, WORDS[code], found.value)
        return
    said = f"{column.noun} is empty" if found.code == "KEY_MISSING" else str(found)
    record.tell(column.name, found.code, said, rejects=not column.reader.softly)


WORDS: Final[Mapping[str, str]] = {
    "NUM_TEXT": "Commas, currency signs, blanks or brackets taken off",
    "NUM_BLANK": "Blank",
    "KEY_TRIM": "Blanks around or inside removed, in capitals",
    "KEY_FLOAT": "A spreadsheet wrote this code as a number: .0 taken off",
    "KO_HTML": "Tags of a web page taken off",
    "FORMULA": "Begins like a formula: kept as a text",
    "SIZE_DATE": "A spreadsheet made a date of this size: left out, write it as text",
}
"""What is said of a cell that had to be repaired."""


def originals(path: Path, rows: set[int], sheet: str | None = None) -> Mapping[int, list[str]]:
    """The cells of some rows as the file has them: read anew, so that no import holds a file in memory."""
    if not rows:
        return {}
    last = max(rows)
    found = {}
    with opened(path, sheet) as lines:
        for line, cells in lines:
            if line in rows:
                found[line] = [as_text(cell) for cell in cells]
            if line >= last:
                break
    return found


def as_text(cell: Cell) -> str:
    """A cell as it would be typed."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

"""Reads XLSX with calamine, after looking at the archive: what it would unfold to is bounded first.

Calamine holds a sheet as a dense grid, so a file of a kilobyte can ask for all memory there is: by a part
that unfolds a thousandfold, or by a single cell in the last corner.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from service.core.errors import Invalid
from service.reporting.files.cells import Cell
from service.reporting.files.csv_file import formula
from service.reporting.files.xlsx_uncomputed import LONGEST_DOUBT, Place, is_doubtful, uncomputed

MOST_UNFOLDED: Final = 512 * 1024 * 1024
"""Bytes of all parts together: 1,048,576 rows of six columns have about 300 MiB."""
MOST_CELLS: Final = 8_000_000
"""Cells of the grid, blank ones included: calamine takes 32 bytes for each."""
MOST_PARTS: Final = 2_000
_BLOCK: Final = 1 << 20
_SHEETS = "xl/worksheets/"
_LONGEST_PIECE: Final = 256 * 1024
"""Bytes between two `<` at most: a cell's text has at most 32,767 characters."""
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_PLACE = re.compile(rb"""<(?:\w+:)?c\s[^<]*?\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_SHEET = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")
_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^<>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True, slots=True)
class Looks:
    """Which sheet of a workbook is read: the one of that name, the `first` filled, or else the only one.

    Sheets that are hidden come after those that show.

    `most_ratio`: how many times its own length the archive may unfold to (None: only `MOST_UNFOLDED` holds).
    """

    sheet: str | None = None
    first: bool = False
    most_ratio: int | None = None


ONLY: Final = Looks()
"""The only filled sheet."""


@contextmanager
def opened_xlsx(
    path: Path, looks: Looks = ONLY, *, formulas: bool = False
) -> Iterator[Iterator[tuple[int, Sequence[Cell]]]]:
    """The rows of a sheet of the workbook, with the numbers that the sheet shows.

    `formulas`: of a cell with a formula what was last computed is read, and nothing is computed here; what
    nobody has computed, and an error, is its text. Raises `Invalid`: `bad_workbook`, `workbook_too_large`,
    `several_sheets`, `no_sheet`, `formula_cell`, `nul_byte`.
    """
    doubtful = _inspect(path, looks, formulas=formulas)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = _sheet(workbook, looks)
            yield _completed(sheet, uncomputed(path, sheet.name)) if doubtful else _rows(sheet)
    except CalamineError as error:
        raise Invalid(f"the workbook cannot be read ({error})", code="bad_workbook") from None


def counts_from_1904(path: Path) -> bool:
    """Whether the workbook's days are counted from 1904, as old Macintoshes did."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as file:
            return _FROM_1904.search(file.read(_BLOCK)) is not None
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError):
        return False  # it is refused when it is opened


def _sheet(workbook: CalamineWorkbook, looks: Looks) -> CalamineSheet:
    if looks.sheet is not None:
        if looks.sheet not in workbook.sheet_names:
            names = ", ".join(repr(name) for name in workbook.sheet_names)
            raise Invalid(f"there is no sheet {looks.sheet!r}; there are {names}", code="no_sheet")
        return workbook.get_sheet_by_name(looks.sheet)
    shown = sorted(workbook.sheets_metadata, key=lambda one: one.visible != SheetVisibleEnum.Visible)
    sheets = (workbook.get_sheet_by_name(one.name) for one in shown)
    filled = [sheet for sheet in sheets if sheet.height]
    if len(filled) > 1 and not looks.first:
        names = ", ".join(repr(sheet.name) for sheet in filled)
        detail = f"several sheets are filled: {names}; save the one that counts as a file of its own"
        raise Invalid(detail, code="several_sheets")
    if not filled:
        raise Invalid("the workbook has no filled sheet", code="file_empty")
    return filled[0]


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(isinstance(cell, str) and "\0" in cell for cell in row):
            raise Invalid(f"row {number} holds a NUL character", code="nul_byte")
        yield number, row


def _completed(sheet: CalamineSheet, texts: Mapping[Place, str]) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows, with these texts in place of blanks.

    Calamine leaves out blank columns at either side and blank rows at the end: some of them are in `texts`.
    """
    of_row: dict[int, dict[int, str]] = {}
    first = 1 if sheet.start is None else sheet.start[1] + 1
    for (row, column), text in texts.items():
        of_row.setdefault(row, {})[column - first] = text
    last = 0
    for last, cells in _rows(sheet):
        yield last, _filled(cells, of_row.get(last, {}))
    for number in range(last + 1, max(of_row, default=0) + 1):
        yield number, _filled((), of_row.get(number, {}))


def _filled(cells: Sequence[Cell], texts: Mapping[int, str]) -> Sequence[Cell]:
    if not texts:
        return cells
    width = max(len(cells), max(texts) + 1)
    return [texts.get(at, cells[at] if at < len(cells) else "") for at in range(width)]


@dataclass(slots=True)
class _Extent:
    """How much of a workbook has been seen, of `most` bytes that it may unfold to.

    `doubtful`: some cell may be given as blank although it is not. `before`: the end of the last piece.
    """

    most: int
    unfolded: int = 0
    rows: int = 0
    columns: int = 0
    doubtful: bool = False
    before: bytes = b""

    def check(self) -> None:
        if self.unfolded > self.most:
            raise _too_large(f"it unfolds to more than {self.most / (1 << 20):,.1f} MiB")
        if self.rows * self.columns > MOST_CELLS:
            raise _too_large(f"its grid of {self.rows:,} rows and {self.columns:,} columns is too large")


def _inspect(path: Path, looks: Looks, *, formulas: bool) -> bool:
    """Unfold every part once, in blocks, and look at where its cells stand; nothing is kept.

    Says whether a sheet has cells that may be given as blank although they are not.
    """
    unfolded, most, doubtful = 0, MOST_UNFOLDED, False
    if looks.most_ratio is not None:
        most = min(most, path.stat().st_size * looks.most_ratio)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise _too_large(f"it has {len(parts):,} parts")
            if "xl/workbook.xml" not in archive.namelist():
                raise Invalid("the file is a ZIP archive and no XLSX workbook", code="bad_workbook")
            for part in parts:
                extent = _Extent(most, unfolded)
                blocks = _unfolded(file, part, extent)
                if part.filename.lower().startswith(_SHEETS) and not part.filename.endswith(".rels"):
                    for piece in _whole_tags(blocks):
                        _look(piece, part.filename, extent, formulas=formulas)
                else:
                    _no_sheet(blocks, part.filename)
                unfolded, doubtful = extent.unfolded, doubtful or extent.doubtful
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, NotImplementedError) as error:
        raise Invalid(f"the workbook's archive is damaged ({error})", code="bad_workbook") from None
    return doubtful


def _unfolded(file: BinaryIO, part: zipfile.ZipInfo, extent: _Extent) -> Iterator[bytes]:
    """What a part unfolds to, whatever the archive's directory says about its length."""
    file.seek(part.header_offset)
    name, extra = struct.unpack("<HH", file.read(30)[26:30])
    file.seek(part.header_offset + 30 + name + extra)
    if part.flag_bits & 1 or part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Invalid("the workbook is encrypted, or packed in an unusual way", code="bad_workbook")
    unfold = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    left = part.compress_size
    while left > 0 and (packed := file.read(min(_BLOCK, left))):
        left -= len(packed)
        while packed:
            block = packed if unfold is None else unfold.decompress(packed, _BLOCK)
            packed = b"" if unfold is None else unfold.unconsumed_tail
            extent.unfolded += len(block)
            extent.check()
            yield block


def _no_sheet(blocks: Iterator[bytes], name: str) -> None:
    """Raises `Invalid` for cells in a part where none are looked for: calamine goes where the book points."""
    rest = b""
    for block in blocks:
        if _SHEET.search(rest + block):
            raise Invalid(f"{name} holds a sheet outside {_SHEETS}", code="bad_workbook")
        rest = block[-64:]


def _whole_tags(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut before a `<`, so that no tag lies across a border."""
    rest = b""
    for block in blocks:
        cut = (rest + block).rfind(b"<")
        piece, rest = (rest + block)[: max(cut, 0)], (rest + block)[max(cut, 0) :]
        if len(rest) > _LONGEST_PIECE:
            raise Invalid(f"a cell or tag has more than {_LONGEST_PIECE:,} bytes", code="cell_too_long")
        yield piece
    yield rest


def _look(piece: bytes, name: str, extent: _Extent, *, formulas: bool) -> None:
    """Raises `Invalid` for what is not to be given to calamine; widens the extent by the cells of a piece."""
    if b"<!DOCTYPE" in piece or b"\0" in piece:
        raise Invalid("the workbook declares a document type, or is no UTF-8", code="bad_workbook")
    places = _PLACE.findall(piece)
    if not formulas and (found := _FORMULA.search(piece)):
        before = _PLACE.findall(piece[: found.start()])
        at = b"".join(before[-1]).decode() if before else "one"
        raise formula(f"cell {at} of {name.rpartition('/')[2]}")
    if len(places) < len(_CELL.findall(piece)):
        detail = "cells do not say where they stand; open and save the workbook in a spreadsheet program"
        raise Invalid(detail, code="bad_workbook")
    extent.doubtful = extent.doubtful or is_doubtful(extent.before + piece)
    extent.before = piece[-LONGEST_DOUBT:]
    if places:
        columns, rows = zip(*places, strict=True)
        extent.columns = max(extent.columns, *map(_column, set(columns)))
        extent.rows = max(extent.rows, *map(int, set(rows)))
        extent.check()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(reason: str) -> Invalid:
    detail = f"the workbook is too large to be read safely: {reason}; save it as CSV"
    return Invalid(detail, code="workbook_too_large")

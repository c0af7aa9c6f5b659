"""Reads CSV: encoding and delimiter are found out, damage is refused, memory stays bounded."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from service.core.errors import Invalid

LONGEST_LINE: Final = 1_000_000
"""Characters of a line at most; a cell has at most 131,072, the csv module's own limit."""
_BLOCK: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 10
"""Lines that are looked at for the delimiter: a title or nothing may stand above the header."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@contextmanager
def opened_csv(path: Path, *, formulas: bool = False) -> Iterator[Iterator[tuple[int, Sequence[str]]]]:
    """The records of a CSV with the line each begins on.

    `formulas`: a cell that begins with `=` is a text like others. Raises `Invalid` where the bytes are no
    text (`bad_encoding`, `nul_byte`), a record is damaged (`bad_csv`), a cell is a formula (`formula_cell`),
    or the last line was cut off (`file_cut`).
    """
    with path.open(encoding=encoding_of(path), newline="") as file:
        delimiter, skipped = _delimiter_of(file)
        yield _records(file, delimiter, skipped, formulas=formulas)


def encoding_of(path: Path) -> str:
    """By its mark; without one UTF-8 if all of it is, else what Windows writes in the west."""
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name
        if b"\0" in start and (guess := _unmarked_utf16(start)):
            return guess
        file.seek(0)
        strict = codecs.getincrementaldecoder("utf-8")()
        utf8, western = True, True
        while block := file.read(_BLOCK):
            if b"\0" in block:
                raise Invalid("the file holds NUL bytes: it is damaged, or no text", code="nul_byte")
            utf8 = utf8 and _decodes(strict, block)
            western = western and not any(undefined in block for undefined in _NOT_IN_CP1252)
        if utf8 and _decodes(strict, b"", final=True):
            return "utf-8"
    if not western:
        detail = "the file is neither UTF-8 nor Windows-1252: save it as CSV UTF-8"
        raise Invalid(detail, code="bad_encoding")
    return "cp1252"


_NOT_IN_CP1252: Final = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(start: bytes) -> str | None:
    """Text in the Latin alphabet has a NUL in every second byte then."""
    half = len(start) // 2
    if start[1::2].count(0) > half * 0.4 and not start[::2].count(0):
        return "utf-16-le"
    if start[::2].count(0) > half * 0.4 and not start[1::2].count(0):
        return "utf-16-be"
    return None


def _delimiter_of(file: TextIO) -> tuple[str, int]:
    """The sign that stands in most of the first lines outside of quotes; `sep=;` of Excel says it.

    Of equals the one that stands there most often: titles have commas, and so have numbers in Europe, but not
    in every line. Leaves the file where its records begin; gives the lines before.
    """
    try:
        lines = [file.readline(LONGEST_LINE)]
        said = lines[0].strip()
        if said.lower().startswith("sep=") and len(said) == 5:
            return said[4], 1
        lines += [file.readline(LONGEST_LINE) for _ in range(1, _LOOKED_AT)]
    except UnicodeError as error:
        raise _undecodable(error) from None
    file.seek(0)
    outside = ["".join(line.split('"')[::2]) for line in lines]
    counts = {sign: [line.count(sign) for line in outside] for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: (sum(map(bool, counts[sign])), sum(counts[sign]))), 0


def _records(
    file: TextIO, delimiter: str, skipped: int, *, formulas: bool
) -> Iterator[tuple[int, Sequence[str]]]:
    lines = _Lines(file, skipped)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line, width = skipped + 1, 0
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise Invalid(f"line {line}: the record cannot be read ({error})", code="bad_csv") from None
        if record is None:
            return
        if len(record) < width and not lines.ended:
            raise _cut(line)
        width = max(width, len(record))
        for number, cell in enumerate(record, 1):
            if cell[:1] == "=" and not formulas:
                raise formula(f"line {line}, cell {number}")
            if "\0" in cell:
                raise Invalid(f"line {line}, cell {number} holds a NUL character", code="nul_byte")
        yield line, record
        line = skipped + reader.line_num + 1


def formula(place: str) -> Invalid:
    """The refusal of a cell that would have to be computed first."""
    detail = f"{place} is a formula; save the file with values only (Excel: Paste Special, Values)"
    return Invalid(detail, code="formula_cell")


def _cut(line: int) -> Invalid:
    """What is left of a time may still be one: 17:00 of 17:00:45, or a row without its type and device."""
    detail = f"line {line} has fewer cells than others and no line end: the file was cut off; write it anew"
    return Invalid(detail, code="file_cut")


class _Lines:
    """The lines of a file; `ended` says whether the newest of them has its line end."""

    def __init__(self, file: TextIO, skipped: int) -> None:
        self._file, self._number, self.ended = file, skipped, True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._number += 1
        try:
            line = self._file.readline(LONGEST_LINE)
        except UnicodeError as error:
            raise _undecodable(error) from None
        if not line:
            raise StopIteration
        if len(line) == LONGEST_LINE:
            detail = f"line {self._number} has more than {LONGEST_LINE:,} characters"
            raise Invalid(detail, code="cell_too_long")
        self.ended = line.endswith(("\n", "\r"))
        return line


def _undecodable(error: UnicodeError) -> Invalid:
    return Invalid(f"the file's text cannot be decoded ({error})", code="bad_encoding")

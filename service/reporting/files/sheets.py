"""Tables as files to be taken away: CSV or XLSX, written to a file of no name, which goes when it is read."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final, Literal, Protocol

import xlsxwriter
from starlette.responses import StreamingResponse

from service.core.compute import Compute
from service.reporting.files.receiving import XLSX
from service.reporting.formats.cells import DIGITS, LONGEST_TEXT
from service.reporting.formats.csv_file import neutral

Format = Literal["csv", "xlsx"]
Blocks = AsyncIterator[Sequence[Sequence[Any]]]
_MEDIA: Final[dict[Format, str]] = {"csv": "text/csv; charset=utf-8; header=present", "xlsx": XLSX}
_PIECE: Final = 256 * 1024
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


async def sheet_file(
    compute: Compute, name: str, to: Format, header: Sequence[str], blocks: Blocks, **headers: str
) -> StreamingResponse:
    """A table as a file of that name; its rows come in blocks and are never held together.

    A text that a spreadsheet would take for a formula is harmless in both: with an apostrophe in a CSV, as a
    text cell in a workbook.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  it is closed when it has been sent
    try:
        book = await compute.in_thread(_BOOKS[to], file)
        await compute.in_thread(book.write, [header])
        async for block in blocks:
            await compute.in_thread(book.write, block)
        await compute.in_thread(book.close)
    except BaseException:
        file.close()
        raise
    together = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}.{to}"',
        "X-Content-Type-Options": "nosniff",
        **headers,
    }
    return StreamingResponse(_pieces(compute, file), media_type=_MEDIA[to], headers=together)


async def _pieces(compute: Compute, file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        file.seek(0)
        while piece := await compute.in_thread(file.read, _PIECE):
            yield piece
    finally:
        file.close()


def as_written(value: Any) -> str:
    """A cell of a CSV: numbers without an exponent and without zeros that say nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


class _Book(Protocol):
    def __init__(self, file: IO[bytes]) -> None: ...

    def write(self, rows: Iterable[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


class _Csv:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(
            [neutral(as_written(one)) for one in row] for row in rows
        )
        self._file.write(text.getvalue().encode())

    def close(self) -> None:
        self._file.flush()


class _Xlsx:
    def __init__(self, file: IO[bytes]) -> None:
        self._book = xlsxwriter.Workbook(file, _OPTIONS)
        self._sheet = self._book.add_worksheet("Rows")
        self._sheet.freeze_panes(1, 0)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        self._at = 0

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            for place, value in enumerate(row):
                self._cell(place, value)
            self._at += 1

    def _cell(self, place: int, value: Any) -> None:
        at, sheet = self._at, self._sheet
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(at, place, value)
        elif isinstance(value, int | Decimal) and len(Decimal(value).normalize().as_tuple().digits) <= DIGITS:
            sheet.write_number(at, place, value)
        elif isinstance(value, date):
            sheet.write_datetime(at, place, value, self._day)
        else:
            look = self._bold if at == 0 else None
            sheet.write_string(at, place, as_written(value)[:LONGEST_TEXT], look)

    def close(self) -> None:
        self._book.close()


_BOOKS: Final[dict[Format, type[_Book]]] = {"csv": _Csv, "xlsx": _Xlsx}

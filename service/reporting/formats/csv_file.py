"""CSV as of RFC 4180: CRLF, quotes doubled, a byte order mark and another delimiter where asked.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (spec F.5); numbers do not.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from service.reporting.columns import Column, as_text, clock
from service.reporting.report import Formatter, Style, View

ROWS_IN_A_PIECE: Final = 500
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z")
_CLOCK: Final = re.compile(r"-\d{2,}:\d{2}:\d{2}\Z")
BYTE_ORDER_MARK: Final = "\ufeff".encode()


def pieces(view: View) -> Iterable[bytes]:
    """The file in pieces of some hundred rows."""
    if view.style.bom:
        yield BYTE_ORDER_MARK
    yield _lines([[neutral(column.label) for column in view.columns]], view.style)
    rows = iter(view.each_row)
    while block := list(islice(rows, ROWS_IN_A_PIECE)):
        yield _lines([_cells(row, view.columns, view.style) for row in block], view.style)


def neutral(text: str) -> str:
    """The text, made harmless for spreadsheets: `=1+1` becomes `'=1+1`, `-3.5` stays."""
    if text.startswith(_FORMULA) and not _NUMBER.match(text) and not _CLOCK.match(text):
        return f"'{text}"
    return text


def written(value: Any, column: Column, style: Style) -> str:
    """A cell as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"{datetime.fromisoformat(value):%H:%M:%S}" if column.kind == "time" else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind == "duration" and isinstance(value, int | float):
        return _duration(value, style.durations)
    return as_text(value)


def _duration(seconds: float, durations: str) -> str:
    if durations == "hours":
        return f"{seconds / 3600:.4f}".rstrip("0").rstrip(".")
    return str(seconds) if durations == "seconds" else clock(seconds)


def _cells(row: Mapping[str, Any], columns: Sequence[Column], style: Style) -> list[str]:
    return [neutral(written(column.value(row), column, style)) for column in columns]


def _lines(rows: Iterable[Sequence[str]], style: Style) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


CSV: Final = Formatter(media_type="text/csv; charset=utf-8; header=present", extension="csv", write=pieces)

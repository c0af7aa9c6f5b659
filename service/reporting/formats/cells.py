"""Cells of a workbook: real dates and times, durations as `[h]:mm:ss`, numbers as numbers, text as text."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.reporting.columns import Column, Kind, as_text, at_the_wall

WriteCell = Callable[[Worksheet, int, int, Any, Format | None], int]
"""Writes a value into row and column with a look; how many characters it shows."""
LONGEST_TEXT: Final = 32_767
"""Characters a cell holds; a longer text ends in an ellipsis."""
DIGITS: Final = 15
"""Significant digits a number of a workbook keeps; what has more is written as text, whole."""
PATTERNS: Final[Mapping[Kind, str]] = {
    "date": "yyyy-mm-dd",
    # All four decimals are in the cell.
    "pounds": "#,##0.00",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "wall": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
    # Excel shows no negative time; as days they are visible, and still add up.
    "duration": '[h]:mm:ss;-0.0000" d"',
}
"""Number formats of the kinds that have one."""
_WIDTHS: Final[Mapping[Kind, int]] = {"date": 10, "instant": 19, "wall": 19, "time": 8, "duration": 9}


def cell_writer(column: Column, zone: str) -> WriteCell:
    """What writes the cells of a column; instants are shown as clocks of `zone`."""
    if column.kind in {"instant", "wall", "time"}:
        return moment_writer(column.kind, zone)
    return _WRITERS.get(column.kind, text)


def text(sheet: Worksheet, row: int, at: int, value: Any, look: Format | None) -> int:
    """Never a formula, never a link: what starts with `=` is shown as it is."""
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value, look)
        return 5
    if isinstance(value, int | float):
        return number(sheet, row, at, value, look)
    words = as_text(value)
    if len(words) > LONGEST_TEXT:
        words = words[: LONGEST_TEXT - 1] + "…"
    sheet.write_string(row, at, words, look)
    return max(map(len, words.split("\n")))


def number(sheet: Worksheet, row: int, at: int, value: Any, look: Format | None) -> int:
    """A number, also where it travels as a decimal string."""
    if isinstance(value, str) and not _fits(value):
        return text(sheet, row, at, value, look)
    sheet.write_number(row, at, float(value), look)
    return len(str(value))


def duration(sheet: Worksheet, row: int, at: int, value: Any, look: Format | None) -> int:
    """Seconds as a share of a day."""
    sheet.write_number(row, at, float(value) / 86_400, look)
    return _WIDTHS["duration"]


def calendar_date(sheet: Worksheet, row: int, at: int, value: Any, look: Format | None) -> int:
    """A date."""
    given = value if isinstance(value, date) else date.fromisoformat(value)
    if given.year < 1900:  # a workbook counts from there
        return text(sheet, row, at, given.isoformat(), None)
    sheet.write_datetime(row, at, given, look)
    return _WIDTHS["date"]


def moment_writer(kind: Kind, zone: str) -> WriteCell:
    """What writes moments as clocks of `zone`; `kind` is `instant`, `wall` or `time`."""

    def write(sheet: Worksheet, row: int, at: int, value: Any, look: Format | None) -> int:
        moment = value if isinstance(value, datetime) else at_the_wall(value, zone)
        if moment.year < 1900:
            return text(sheet, row, at, moment.isoformat(), None)
        sheet.write_datetime(row, at, moment.replace(tzinfo=None), look)
        return _WIDTHS[kind]

    return write


def _fits(value: str) -> bool:
    try:
        parts = Decimal(value).normalize().as_tuple()
    except InvalidOperation:
        return False
    return isinstance(parts.exponent, int) and len(parts.digits) <= DIGITS


_WRITERS: Final[Mapping[Kind, WriteCell]] = {
    "number": number,
    "pounds": number,
    "duration": duration,
    "date": calendar_date,
}

"""Cells turned into values; what cannot be read is a `BadCell`, never a guess.

A CSV cell is text; an XLSX cell may be a number, a date or a time of its own.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from service.reporting.files.cells import Cell
from service.reporting.files.findings import BadCell, quoted

Order = Literal["dmy", "mdy"]
LONGEST_TEXT: Final = 200
YEARS: Final = range(1900, 2200)
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days are readings of a wall clock
# 1954 to 2119: what a bare number in a column of dates may mean.
_SERIALS = (20_000, 80_000)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ISO_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(?:([ap])\.?\s?m\.?)?\s*(z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_YES = frozenset({"1", "true", "yes", "y", "si", "sí", "x", "verdadero", "v"})
_NO = frozenset({"0", "false", "no", "n", "falso", "f"})
_LOG_TYPES = {
    word: kind
    for kind, words in {
        "IN": ("in", "entrada", "e", "i", "check in", "checkin", "clock in", "entry", "ingreso"),
        "OUT": ("out", "salida", "s", "o", "check out", "checkout", "clock out", "exit", "egreso"),
    }.items()
    for word in words
}  # fmt: skip


def word(cell: Cell) -> str:
    """Text that names something, spaces collapsed; a whole number from a spreadsheet loses its `.0`."""
    if isinstance(cell, float) and not isinstance(cell, bool):
        if not cell.is_integer() or abs(cell) >= 2**53:
            raise BadCell("bad_text", f"{quoted(cell)} is a number that names nothing: format it as text")
        cell = int(cell)
    text = " ".join(str(cell).split())
    if len(text) > LONGEST_TEXT:
        raise BadCell("too_long", f"{quoted(text)} has more than {LONGEST_TEXT} characters")
    if not text.isprintable():
        raise BadCell("bad_text", f"{quoted(text)} holds characters that cannot be printed")
    return text


def flag(cell: Cell) -> bool:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    text = word(cell).casefold()
    if text in _YES or text in _NO:
        return text in _YES
    raise BadCell("bad_flag", f"{quoted(cell)} is neither yes nor no")


def log_type(cell: Cell) -> str:
    """IN or OUT."""
    text = word(cell).casefold().replace("-", " ").replace("_", " ")
    if text not in _LOG_TYPES:
        raise BadCell("bad_log_type", f"{quoted(cell)} is neither IN nor OUT")
    return _LOG_TYPES[text]


def minutes(cell: Cell) -> int:
    """A whole number of minutes, 0 to a day."""
    number = decimal(cell)
    if number != number.to_integral_value() or not 0 <= number <= 1440:
        raise BadCell("bad_number", f"{quoted(cell)} is not a whole number of minutes, 0 to 1440")
    return int(number)


def decimal(cell: Cell) -> Decimal:
    """A number of hours or days with at most three decimals; a comma may stand for the point."""
    try:
        number = Decimal(str(cell).strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 1000:
        raise BadCell("bad_number", f"{quoted(cell)} is not a number from 0 to 1000")
    return number.quantize(Decimal("0.001"))


def day(cell: Cell, order: Order | None) -> date:
    """A date; a time of day of midnight beside it is fine, any other is not."""
    moment = date_or_moment(cell, order)
    if not isinstance(moment, datetime):
        return moment
    if moment.time() != time() or moment.tzinfo is not None:
        raise BadCell("bad_date", f"{quoted(cell)} has a time of day where a date is expected")
    return moment.date()


def clock(cell: Cell) -> time:
    """A time of day; fractions of a second are cut."""
    if isinstance(cell, datetime) and cell.date() == _SERIAL_ZERO.date():
        cell = cell.time()
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 0 <= cell < 1:
        return (_SERIAL_ZERO + timedelta(seconds=round(cell * 86_400))).time()
    found = _CLOCK.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found is None or found[5]:
        raise BadCell("bad_time", f"{quoted(cell)} is not a time of day such as 08:05 or 08:05:30")
    return _time_of(found, cell)


def date_or_moment(cell: Cell, order: Order | None) -> date | datetime:
    """A date, or with a time of day (aware where an offset is given); a bare number is Excel's serial."""
    if isinstance(cell, (date, datetime)):
        return _in_range(cell.replace(microsecond=0) if isinstance(cell, datetime) else cell, cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _of_serial(float(cell), cell)
    if not isinstance(cell, str):
        raise _not_a_date(cell)
    text = cell.strip()
    if _NUMBER.fullmatch(text):
        return _of_serial(float(text), cell)
    parts, rest = _split(text)
    found_date = _date_of(parts, order, cell)
    if not rest:
        return found_date
    found = _CLOCK.fullmatch(rest)
    if found is None:
        raise BadCell("bad_time", f"{quoted(cell)}: {quoted(rest)} is not a time of day")
    return _aware(datetime.combine(found_date, _time_of(found, cell)), found[5])


def day_and_month(cell: Cell) -> tuple[int, int] | None:
    """First and second part of a date such as 03/04/2026, which may stand in either order; else None."""
    found = _PARTS.match(cell.strip()) if isinstance(cell, str) else None
    return None if found is None else (int(found[1]), int(found[3]))


def _split(text: str) -> tuple[str, str]:
    """The date and what follows it."""
    for at, character in enumerate(text):
        if character in " Tt,":
            return text[:at], text[at + 1 :].strip()
    return text, ""


def _date_of(text: str, order: Order | None, cell: Cell) -> date:
    iso = _ISO.fullmatch(text) or _ISO_SLASHED.fullmatch(text)
    found = _PARTS.fullmatch(text)
    if iso is not None:
        year, month, number = int(iso[1]), int(iso[2]), int(iso[3])
    elif found is not None:
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        number, month = (second, first) if order == "mdy" else (first, second)
    else:
        raise _not_a_date(cell)
    try:
        return _in_range(date(year, month, number), cell)
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        raise _not_a_date(cell) from None


def _time_of(found: "re.Match[str]", cell: Cell) -> time:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise BadCell("bad_time", f"{quoted(cell)}: no clock shows {hour} a.m. or p.m.")
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadCell("bad_time", f"{quoted(cell)} is not a time of day: 00:00:00 to 23:59:59") from None


def _aware(moment: datetime, offset: str | None) -> datetime:
    if offset is None:
        return moment
    try:
        return datetime.fromisoformat(f"{moment.isoformat()}{'Z' if offset in 'zZ' else offset}")
    except ValueError:
        raise BadCell("bad_time", f"{quoted(offset)} is not an offset from UTC") from None


def _of_serial(number: float, cell: Cell) -> date | datetime:
    if not _SERIALS[0] <= number < _SERIALS[1]:
        raise _not_a_date(cell)
    moment = _SERIAL_ZERO + timedelta(seconds=round(number * 86_400))
    return moment.date() if number.is_integer() else moment


def _in_range(moment: "date | datetime", cell: Cell) -> "date | datetime":
    if moment.year not in YEARS:
        raise BadCell("bad_date", f"{quoted(cell)}: nobody was there in the year {moment.year}")
    return moment


def _not_a_date(cell: Cell) -> BadCell:
    return BadCell(
        "bad_date",
        f"{quoted(cell)} is not a date such as 2026-10-31 or 31/10/2026 (nor Excel's number of one)",
    )

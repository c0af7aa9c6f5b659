"""Cells of a mill's files as numbers, days and codes: one rule each; what was repaired is told (B.5).

Nothing is guessed: a text that breaks its rule is a `BadCell` with the code of the spec's table. Any other
error would be a fault of ours, whatever the text.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

BLANK: Final = frozenset({"", "-", "--", "n/a", "na", "null", "none", "nan"})
MOST: Final = Decimal(10**9)
FIRST_DAY: Final = date(2000, 1, 1)
YEARS_AHEAD: Final = 3

_LONGEST = 64
_BARE = re.compile(r"[+-]?[0-9]{0,32}\.?[0-9]{1,32}")
_PLAIN = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_BRACKETED = re.compile(r"\((.*)\)", re.DOTALL)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]{5,15}Z?)?")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DASHED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]*)?E[+-]?[0-9]+")
_POINT_ZERO = re.compile(r"([0-9]+)\.0+")
_EXACT_BELOW = 10**15
"""A sheet keeps fifteen digits of a number; a longer code has lost some."""
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


class BadCell(ValueError):
    """A cell that breaks its rule: `code` of the spec's table, `raw` as the file has it."""

    def __init__(self, code: str, raw: object, why: str) -> None:
        super().__init__(why)
        self.code, self.raw = code, raw


class BadNumber(BadCell):
    """Not a number (NUM_FORMAT) or beyond a thousand million, infinite (NUM_RANGE)."""


class BadDay(BadCell):
    """Not a date (DATE_FORMAT) or outside the days the mill can mean (DATE_RANGE)."""


class BadCode(BadCell):
    """A key that is blank (KEY_MISSING) or that Excel wrote with an exponent (KEY_FLOAT)."""


@dataclass(frozen=True, slots=True)
class Read(Generic[Value]):
    """What a cell says, None where it is blank; `findings` are the codes of what had to be repaired."""

    value: Value | None
    findings: tuple[str, ...] = ()


_NOTHING: Final[Read[Decimal]] = Read(None, ("NUM_BLANK",))


def says_nothing(raw: object) -> bool:
    """Whether a cell is blank by the number rule (B.5)."""
    return raw is None or str(raw).strip().lower() in BLANK


def number(raw: object) -> Decimal | None:
    """The number of a cell, None for a blank one (number rule of B.5, F-07). Raises `BadNumber`."""
    return read_number(raw).value


def read_number(raw: object) -> Read[Decimal]:
    """The same with its findings: NUM_BLANK, or NUM_TEXT where money and thousands marks came off."""
    if isinstance(raw, str) and _BARE.fullmatch(raw):
        return Read(_bounded(Decimal(raw), raw))
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return _NOTHING
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return Read(_bounded(Decimal(repr(float(raw))) if isinstance(raw, float) else Decimal(raw), raw))
    text = str(raw)
    if text.strip().lower() in BLANK:
        return _NOTHING
    return Read(_bounded(_parsed(text, raw), raw), ("NUM_TEXT",))


def _parsed(text: str, raw: object) -> Decimal:
    """A money-like text: `$` once, before or inside brackets; one sign, be it a bracket, before or behind."""
    body, money = _without_dollar(text.strip())
    bracketed = _BRACKETED.fullmatch(body)
    if bracketed:
        body = bracketed[1].strip()
        if not money:
            body, money = _without_dollar(body)
    signs = "-" if bracketed else ""
    if body[:1] in {"+", "-"}:
        signs, body = signs + body[0], body[1:]
    if body[-1:] == "-":
        signs, body = signs + "-", body[:-1].strip()
    if len(signs) > 1 or len(body) > _LONGEST or not body or not _PLAIN.fullmatch(body):
        raise BadNumber("NUM_FORMAT", raw, "Not a number (use 1,234.50)")
    value = Decimal(body.replace(",", ""))
    return value.copy_negate() if signs == "-" else value


def _without_dollar(text: str) -> tuple[str, bool]:
    return (text[1:].strip(), True) if text.startswith("$") else (text, False)


def _bounded(value: Decimal, raw: object) -> Decimal:
    """Refuses what is no pound of this world; a negative zero is zero."""
    if not value.is_finite() or value.copy_abs() > MOST:
        raise BadNumber("NUM_RANGE", raw, "Beyond 1,000,000,000 or not finite")
    return value or value.copy_abs()


def day(raw: object, *, today: date, epoch_1904: bool = False) -> date | None:
    """The day of a cell: ISO, M/D/YYYY, mm-dd-yy or Excel's serial number; None for a blank one (B.5).

    `today` bounds it (three years ahead, from 2000 on); `epoch_1904` is a workbook of the other calendar.
    Raises `BadDay`.
    """
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return None
    if isinstance(raw, date):
        return _in_range(raw.date() if isinstance(raw, datetime) else raw, raw, today)
    try:
        text = str(raw).strip()
        if text.lower() in BLANK:
            return None
        found = _dated(text, _EPOCH_1904 if epoch_1904 else _EPOCH)
    except (ValueError, OverflowError):  # no such day; or an integer too long to be written
        found = None
    if found is None:
        raise BadDay("DATE_FORMAT", raw, "Not a date (use 2025-09-03)")
    return _in_range(found, raw, today)


def _dated(text: str, epoch: date) -> date | None:
    """Which of the four writings it is. Raises ValueError where there is no such day."""
    if iso := _ISO.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.fullmatch(text):
        return date(int(slashed[3]), int(slashed[1]), int(slashed[2]))
    if dashed := _DASHED.fullmatch(text):
        return date(2000 + int(dashed[3]), int(dashed[1]), int(dashed[2]))
    if _SERIAL.fullmatch(text):
        return epoch + timedelta(days=int(Decimal(text)))
    return None


def _in_range(found: date, raw: object, today: date) -> date:
    last = last_day(today)
    if not FIRST_DAY <= found <= last:
        raise BadDay("DATE_RANGE", raw, f"Outside {FIRST_DAY} to {last}")
    return found


def last_day(today: date) -> date:
    """The last day that the mill can mean on a day (DATE_RANGE); the first is `FIRST_DAY`."""
    return _years_after(today, YEARS_AHEAD)


def _years_after(today: date, years: int) -> date:
    """29 February becomes the 28th where there is none."""
    try:
        return today.replace(year=today.year + years)
    except ValueError:
        return today.replace(year=today.year + years, day=28)


def code(raw: object) -> str:
    """The key of a cell as it is stored: trimmed, in capitals. Raises `BadCode`."""
    read = read_code(raw)
    assert read.value is not None
    return read.value


def read_code(raw: object) -> Read[str]:
    """A key with its findings: KEY_TRIM (blanks, case), KEY_FLOAT where a text ended in `.0` (B.5).

    A numeric cell that is whole is its digits, without a finding: sheets know no other numbers.
    """
    if isinstance(raw, str) and raw.isalnum() and not raw[0].isdecimal() and raw == raw.upper():
        return Read(raw)  # most codes: nothing to trim, and no number that a sheet could have made of it
    text = _key_text(raw)
    key = " ".join(text.split()).upper()
    if not key:
        raise BadCode("KEY_MISSING", raw, "The code is empty")
    if _EXPONENT.fullmatch(key):
        raise BadCode("KEY_FLOAT", raw, "Excel wrote this code with an exponent: its digits are lost")
    findings = () if key == text else ("KEY_TRIM",)
    if whole := _POINT_ZERO.fullmatch(key):
        return Read(whole[1], (*findings, "KEY_FLOAT"))
    return Read(key, findings)


def _key_text(raw: object) -> str:
    """A cell's key as it would be typed."""
    if raw is None or (isinstance(raw, float) and math.isnan(raw)):
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _EXACT_BELOW:
        return str(int(raw))
    try:
        return str(raw)
    except ValueError:  # an integer of more digits than Python writes
        raise BadCode("KEY_FLOAT", raw, "No code has so many digits") from None

"""Values as the site stores and reads them: naive text times, 0/1 flags, numbers, empty text.

A Datetime is kept as Python prints it (`2015-01-05 10:08:00`, a fraction of six digits only where it is not
zero), so that text order is time order. Forms that the real site refuses raise the same kinds of error here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from service.simulators.frappe.doctypes import NUMERIC, Field
from service.simulators.frappe.failures import Failure, server_error

Scalar = str | int | float | None

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T "
    r"]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$"
)
# What dateutil does with "06-01-2015 14:00": the month comes first unless it cannot be one (observed: 1
# June).
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


def not_a_date(text: str) -> Failure:
    """500 ParserError, as the site answers a value that is no date (observed)."""
    return server_error("ParserError", f"Unknown string format: {text}", "dateutil.parser._parser")


def parse_datetime(value: object) -> datetime:
    """A naive moment from text, date or datetime; Failure (500) as the real site for all else.

    An offset or `Z` is a TypeError there (naive against aware), a bare number an AttributeError.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        raise server_error("AttributeError", f"'{type(value).__name__}' object has no attribute 'tzinfo'")
    return _from_text(value.strip())


def _from_text(text: str) -> datetime:
    iso = _ISO.match(text)
    if iso and iso[8]:
        raise server_error("TypeError", "can't compare offset-naive and offset-aware datetimes")
    try:
        if iso:
            year, month, day, hour, minute, second = (int(part or 0) for part in iso.groups()[:6])
            fraction = int((iso[7] or "0").ljust(6, "0")[:6])
            return datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001
        if month_first := _MONTH_FIRST.match(text):
            return _month_first([int(part or 0) for part in month_first.groups()])
    except ValueError:
        raise not_a_date(text) from None
    raise not_a_date(text)


def _month_first(parts: list[int]) -> datetime:
    month, day, year, hour, minute, second = parts
    if month > 12:
        month, day = day, month
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001


def stored_datetime(value: object, whole_seconds: bool = False) -> str:
    moment = parse_datetime(value)
    return str(moment.replace(microsecond=0) if whole_seconds else moment)


def stored_date(value: object) -> str:
    return parse_datetime(value).date().isoformat()


def parse_time(value: object) -> timedelta:
    """A time of day or a duration, `8:00:00`; hours may exceed 24 (spec E.6)."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    match = re.match(r"(\d{1,3}):(\d{2})(?::(\d{2}))?", str(value).strip())
    if not match:
        raise not_a_date(str(value))
    return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))


def stored_time(value: object) -> str:
    """`8:00:00`: hours without a leading zero, as the site prints durations."""
    seconds = int(parse_time(value).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def whole_number(value: object) -> int:
    """Frappe's lenient cast: what is no number counts as 0 (observed: `limit_page_length=abc` means 0)."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0


def number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def stored(field: Field, value: object) -> Scalar:
    """`value` as column `field` keeps it; None stays None, but numbers and flags are never null there: 0."""
    if value is None:
        return 0 if field.kind in NUMERIC else None
    if field.kind in {"Datetime", "Date", "Time"}:
        return _stored_moment(field.kind, value)
    if field.kind in {"Check", "Int"}:
        return whole_number(value)
    if field.kind == "Float":
        return number(value)
    return value if isinstance(value, str) else str(value)


def _stored_moment(kind: str, value: object) -> str | None:
    if value == "":
        return None
    if kind == "Datetime":
        return stored_datetime(value)
    return stored_date(value) if kind == "Date" else stored_time(value)

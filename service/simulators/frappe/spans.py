"""Date ranges that filters name in words: `timespan`, `previous`, `next`."""

from __future__ import annotations

from datetime import date, timedelta

from service.simulators.frappe.failures import validation

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_LAST = {"last 7 days": 7, "last 14 days": 14, "last 30 days": 30, "last 60 days": 60, "last 90 days": 90}
_LENGTHS = {"1 day": 1, "1 week": 7, "1 month": 30, "3 months": 90, "6 months": 182, "1 year": 365}


def named_span(operator: str, value: object, today: date) -> tuple[date, date]:
    """First and last day of a span; 417 for words the site does not know."""
    words = str(value).strip().lower()
    if operator == "timespan":
        return _timespan(words, today)
    if words not in _LENGTHS:
        raise validation(f"Unknown span {value}")
    length = timedelta(days=_LENGTHS[words])
    return (today - length, today) if operator == "previous" else (today, today + length)


def _timespan(words: str, today: date) -> tuple[date, date]:
    if words in _DAYS:
        day = today + timedelta(days=_DAYS[words])
        return day, day
    if words in _LAST:
        return today - timedelta(days=_LAST[words]), today
    which, _, unit = words.partition(" ")
    step = {"last": -1, "this": 0, "next": 1}.get(which)
    if step is None or unit not in {"week", "month", "year"}:
        raise validation(f"Unknown timespan {words}")
    return _unit(unit, step, today)


def _unit(unit: str, step: int, today: date) -> tuple[date, date]:
    if unit == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    months = today.year * 12 + today.month - 1 + step
    first = date(months // 12, months % 12 + 1, 1)
    after = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first, after - timedelta(days=1)

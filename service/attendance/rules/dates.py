"""Dates beside a date, at the ends of the calendar too."""

from datetime import date, timedelta


def beside(day: date, days: int) -> date:
    """A date some days later (or earlier); at either end of the calendar the last there is."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min

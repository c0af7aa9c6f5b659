"""A cell of a file: text from a CSV; from an XLSX it may be a number, a date or a time of its own."""

from datetime import date, datetime, time, timedelta
from typing import Final

Cell = str | int | float | bool | date | datetime | time | timedelta
_NOTHING: Final = frozenset({"", "-", "--", "---", "n/a", "null", "none"})


def is_blank(cell: Cell | None) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NOTHING)

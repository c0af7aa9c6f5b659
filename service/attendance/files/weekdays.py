"""Days of the week as schedules write them: `L-V`, `LXJ`, `V,S,D`, `Lun-Vie`, `Mon-Fri`, `1-5` (spec B.1)."""

import re
import unicodedata
from typing import Final

from service.attendance.files.cells import word
from service.reporting.files.cells import Cell
from service.reporting.files.findings import BadCell, quoted

_NAMES: Final = (
    ("l", "lu", "lun", "lunes", "mo", "mon", "monday"),
    ("m", "ma", "mar", "martes", "tu", "tue", "tues", "tuesday"),
    ("x", "mi", "mie", "mier", "miercoles", "we", "wed", "wednesday"),
    ("j", "ju", "jue", "jueves", "th", "thu", "thur", "thurs", "thursday"),
    ("v", "vi", "vie", "viernes", "fr", "fri", "friday"),
    ("s", "sa", "sab", "sabado", "sat", "saturday"),
    ("d", "do", "dom", "domingo", "su", "sun", "sunday"),
)
"""Monday first. Single letters are the Spanish ones: M is Tuesday."""
_DAYS: Final = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in (*names, str(number))
}
_DAILY: Final = frozenset({"daily", "every day", "all", "diario", "todos", "todos los dias"})
_RANGE: Final = re.compile(r"\s*[-\u2010-\u2015]\s*|\s+(?:a|al|to)\s+")
_BETWEEN: Final = re.compile(r"\s*[,;/+&]\s*|\s+(?:y|e|and)\s+|\s+")
_RUN: Final = re.compile(r"[lmxjvsd]+|[1-7]+")


def weekdays(cell: Cell) -> tuple[int, ...]:
    """ISO numbers of the days, 1 is Monday, in order; a range may pass the week's end (`V-L`).

    Raises `BadCell` (`bad_weekdays`).
    """
    text = _bare(word(cell))
    if text in _DAILY:
        return tuple(range(1, 8))
    # A range is one word from here on, so that blanks may stand between days.
    parts = [part for part in _BETWEEN.split(_RANGE.sub("-", text)) if part]
    found = {day for part in parts for day in _days_of(part, cell)}
    if not found:
        raise _bad(cell)
    return tuple(sorted(found))


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace(".", " "))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(kept.split())


def _days_of(part: str, cell: Cell) -> list[int]:
    ends = part.split("-")
    if len(ends) == 2 and all(end in _DAYS for end in ends):
        first, last = (_DAYS[end] for end in ends)
        return [(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)]
    if part in _DAYS:
        return [_DAYS[part]]
    if _RUN.fullmatch(part):
        return [_DAYS[letter] for letter in part]
    raise _bad(cell)


def _bad(cell: Cell) -> BadCell:
    return BadCell(
        "bad_weekdays",
        f"{quoted(cell)} are no days of the week such as L-V, LXJ, V,S,D, Lun-Vie, Mon-Fri or 1-5",
    )

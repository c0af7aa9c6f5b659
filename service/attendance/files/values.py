"""A row's cells as values by word; every cell that cannot be read is a finding, and then there is no row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from service.attendance.files import cells
from service.attendance.files.cells import Order
from service.attendance.files.columns import REQUIRED, Columns
from service.attendance.files.weekdays import weekdays
from service.reporting.files.cells import Cell, is_blank
from service.reporting.files.findings import BadCell, finding, quoted
from service.schemas.attendance import ImportKind
from service.schemas.files import ImportFinding

Value = str | bool | int | Decimal | date | datetime | time
Parse = Callable[[Cell], Any]
_STATUSES: Final = {
    status: word
    for word, statuses in {
        "Active": ("active", "activo", "activa", "alta", "vigente", "1"),
        "Inactive": ("inactive", "inactivo", "inactiva", "0"),
        "Left": ("left", "baja", "terminated", "renuncia"),
        "Suspended": ("suspended", "suspendido", "suspendida"),
        "Approved": ("approved", "aprobado", "aprobada", "autorizado", "autorizada"),
        "Open": ("open", "pending", "pendiente", "abierto", "abierta"),
        "Rejected": ("rejected", "rechazado", "rechazada"),
        "Cancelled": ("cancelled", "canceled", "cancelado", "cancelada"),
    }.items()
    for status in statuses
}
_STATUSES_OF: Final[Mapping[ImportKind, Sequence[str]]] = {
    "people": ("Active", "Inactive", "Left", "Suspended"),
    "schedules": ("Active", "Inactive", "Cancelled"),
    "leaves": ("Approved", "Open", "Rejected", "Cancelled"),
}
_HALVES: Final = {
    "first": "first", "1": "first", "morning": "first", "primera": "first",
    "manana": "first", "mañana": "first",
    "second": "second", "2": "second", "afternoon": "second", "segunda": "second", "tarde": "second",
}  # fmt: skip

_HALVES_OF_MONTH: Final = {
    "first": "first", "1": "first", "1a": "first", "1ra": "first", "primera": "first",
    "second": "second", "2": "second", "2a": "second", "2da": "second", "segunda": "second",
    "both": "both", "ambas": "both", "1,2": "both", "1/2": "both", "1 y 2": "both", "1-2": "both",
}  # fmt: skip
_PRIORITIES: Final = {"1": 1, "2": 2}


def read_row(
    columns: Columns, parsers: Mapping[str, Parse], line: int, row: Sequence[Cell]
) -> tuple[dict[str, Any] | None, list[ImportFinding]]:
    """Values of all known columns (None: blank); no values at all where one of them cannot be read."""
    found = _beyond(columns, line, row)
    values: dict[str, Any] = {}
    for word, place in columns.at.items():
        cell = row[place] if place < len(row) else None
        if cell is None or is_blank(cell):
            values[word] = None
            if word in REQUIRED[columns.kind]:
                found.append(
                    finding(line, columns.header[place], "missing_value", "this cell must not be blank")
                )
            continue
        try:
            values[word] = parsers[word](cell)
        except BadCell as bad:
            found.append(finding(line, columns.header[place], bad.code, str(bad)))
    return (None if found else values), found


def parsers_of(kind: ImportKind, order: Order | None) -> dict[str, Parse]:
    """How each word's cell is read."""
    day = partial(cells.day, order=order)
    moment = partial(_moment, order=order)
    special: dict[str, Parse] = {
        "date": day, "from_date": day, "to_date": day, "joined_on": day, "left_on": day, "half_day_date": day,
        "time": moment, "start_time": cells.clock, "end_time": cells.clock,
        "skip": cells.flag, "half_day": cells.flag, "unpaid": cells.flag, "weekly_off": cells.flag,
        "before_minutes": cells.minutes, "after_minutes": cells.minutes,
        "late_grace_minutes": cells.minutes, "early_grace_minutes": cells.minutes,
        "half_day_threshold_hours": cells.decimal, "absent_threshold_hours": cells.decimal,
        "log_type": cells.log_type, "status": partial(_status, kind=kind), "half": _half,
        "days": weekdays, "half_of_month": _half_of_month, "priority": _priority,
    }  # fmt: skip
    return _Words(special)


class _Words(dict[str, Parse]):
    """What has no reading of its own is text."""

    def __missing__(self, word: str) -> Parse:
        return cells.word


def time_or_moment(cell: Cell, order: Order | None) -> time | date | datetime:
    """A time of day, or a date with one."""
    if isinstance(cell, str) and cell.strip().find(":") in {1, 2}:
        return cells.clock(cell)
    if isinstance(cell, (time, timedelta)) or (isinstance(cell, (int, float)) and 0 <= cell < 1):
        return cells.clock(cell)
    if isinstance(cell, datetime) and cell.year < cells.YEARS.start:
        return cells.clock(cell)
    return cells.date_or_moment(cell, order)


def _moment(cell: Cell, order: Order | None) -> time | date | datetime:
    return time_or_moment(cell, order)


def _status(cell: Cell, kind: ImportKind) -> str:
    known = _STATUSES.get(cells.word(cell).casefold())
    if known is None or known not in _STATUSES_OF.get(kind, ()):
        allowed = ", ".join(_STATUSES_OF.get(kind, ()))
        raise BadCell("bad_status", f"{quoted(cell)} is none of {allowed}")
    return known


def _half(cell: Cell) -> str:
    known = _HALVES.get(cells.word(cell).casefold())
    if known is None:
        raise BadCell("bad_flag", f"{quoted(cell)} is neither first nor second half")
    return known


def _half_of_month(cell: Cell) -> str:
    known = _HALVES_OF_MONTH.get(cells.word(cell).casefold())
    if known is None:
        raise BadCell("bad_half", f"{quoted(cell)} is none of 1, 2, both (halves of the month)")
    return known


def _priority(cell: Cell) -> int:
    known = _PRIORITIES.get(cells.word(cell))
    if known is None:
        raise BadCell("bad_number", f"{quoted(cell)} is neither 1 (stands first) nor 2")
    return known


def _beyond(columns: Columns, line: int, row: Sequence[Cell]) -> list[ImportFinding]:
    extra = [cell for cell in row[len(columns.header) :] if not is_blank(cell)]
    if not extra:
        return []
    message = f"{quoted(extra[0])} stands beyond the last column of the header"
    return [finding(line, None, "row_too_long", message)]

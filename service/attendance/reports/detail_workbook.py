"""The predecessor's workbook (spec A.15): every day with its colours, totals by person, statistics.

Its faults are left out: the shift is the real one, every punch has a column, observations keep one order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from service.attendance.reports.colours import LEGEND, REST, TOTALS, date_colour, punch_colour
from service.attendance.reports.executive_sheet import executive_page, executive_sheet, of_the_predecessor
from service.attendance.reports.original_words import incident_word, status_word, weekday_word
from service.attendance.reports.period_summary import LABELS
from service.attendance.reports.statistics_sheet import statistics_sheet
from service.reporting.columns import columns_of_row
from service.reporting.formats.cells import PATTERNS, calendar_date, duration, moment_writer, text
from service.reporting.formats.workbook import MOST_ROWS, Book, write_header
from service.reporting.formats.xlsx_file import workbook
from service.schemas.attendance.summary import SummaryRow

_TITLES: Final = {"en": "Attendance detail", "es": "Detalle Asistencia"}
_LABELS: Final[Mapping[str, Sequence[str]]] = {
    "en": (
        "Employee ID", "Employee name", "Shift", "Date", "Day", "Expected hours", "Total hours",
        "Break hours",
    ),
    "es": (
        "ID Empleado", "Nombre del empleado", "Turno", "Fecha", "Día", "Horas esperadas", "Horas totales",
        "Horas Descanso",
    ),
}  # fmt: skip
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "punch": "Punch", "notes": "OBSERVATIONS", "totals": "Totals", "days": "days", "leave": "Leave",
        "early": "Early exit",
    },
    "es": {
        "punch": "Checada", "notes": "OBSERVACIONES", "totals": "Totales", "days": "días", "leave": "Permiso",
        "early": "Salida anticipada",
    },
}  # fmt: skip
_WIDTHS: Final = (14, 30, 18, 12, 12, 17, 15, 17)
_UNSAID: Final = frozenset({"PRESENT", "LATE_FORGIVEN", "ON_LEAVE", "HALF_DAY_LEAVE"}) | REST
"""Statuses that observations do not repeat: on time, on a day off, or said by the leave."""
_DURATIONS: Final = ("expected_net_seconds", "worked_seconds", "break_seconds")
FIRST_PUNCH: Final = 8


def sheets(book: Book) -> None:
    """Executive summary, detail and statistics, in the order of the predecessor.

    The figures of a person are the summary's, which the answer brings along; a detail that was sealed before
    it did has its days alone.
    """
    by_person = book.view.answer["summary"].get("by_person")
    if by_person is None:
        _Detail(book).write()
        return
    first = executive_page(book)
    _Detail(book).write()
    rows = [*by_person.values()]
    locale = book.view.style.locale
    columns = columns_of_row(SummaryRow, LABELS.get(locale, {}))
    known = [column for column in columns if not rows or column.key in rows[0]]
    executive_sheet(book, of_the_predecessor(known, locale), rows, first)
    statistics_sheet(book, known, rows, LEGEND[locale])


def observations(row: Mapping[str, Any], locale: str) -> str:
    """Incidents, the status unless it is on time or a day off, the leave, the early exit: in this order."""
    if row["status"] == "NOT_EMPLOYED":
        return status_word("NOT_EMPLOYED", locale)
    words = _WORDS[locale]
    said = [incident_word(name, locale) for name in row["incidents"]]
    if row["status"] not in _UNSAID:
        said.append(status_word(row["status"], locale))
    if row["leave_type"]:
        said.append(f"{words['leave']}: {row['leave_type']}")
    if row["early"]:
        said.append(words["early"])
    return "; ".join(dict.fromkeys(said))


def placed_punches(row: Mapping[str, Any]) -> Sequence[str | None]:
    """The punches in their columns: where the entry is missing, the first stays empty (spec A.6)."""
    punches: Sequence[str] = row["punches"]
    return [None, *punches] if row["status"] == "MISSING_IN" else punches


_WHO: Final = itemgetter("person", "person_name")


@dataclass(slots=True)
class _Total:
    """What the rows of a person sum to; seconds, and `days` with punches."""

    person: str
    name: str
    days: int = 0
    expected: int = 0
    worked: int = 0
    breaks: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.days += row["worked_seconds"] is not None
        self.expected += row["expected_net_seconds"] or 0
        self.worked += row["worked_seconds"] or 0
        self.breaks += row["break_seconds"] or 0


@dataclass(slots=True)
class _Place:
    sheet: Worksheet
    row: int = 0


class _Detail:
    """The sheet of days; it goes on in another one when it is full."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.locale = book.view.style.locale
        self.words = _WORDS[self.locale]
        self.most = max(1, int(book.view.answer["summary"]["most_punches"]))
        self.moment = moment_writer("time", book.view.answer["meta"]["timezone"])
        self.place = self._opened()

    def write(self) -> None:
        """All rows, a line of totals after each person."""
        for (person, name), rows in groupby(self.book.view.each_row, _WHO):
            total = _Total(person, name)
            for row in rows:
                total.add(row)
                self._day(row)
            self._totals(total)
        self._closed()

    def _opened(self) -> _Place:
        sheet = self.book.sheet(_TITLES[self.locale])
        punches = [f"{self.words['punch']} {number}" for number in range(1, self.most + 1)]
        labels = [*_LABELS[self.locale], *punches, self.words["notes"]]
        notes = {column.key: column.note for column in self.book.view.columns}
        keys = ("person", "person_name", "shift", "day", "weekday", *_DURATIONS)
        explained = [notes.get(key) for key in keys] + [None] * (self.most + 1)
        write_header(self.book, sheet, list(zip(labels, explained, strict=True)), bg_color="#3498DB")
        for at, width in enumerate((*_WIDTHS, *([10] * self.most), 60)):
            sheet.set_column(at, at, width)
        return _Place(sheet)

    def _closed(self) -> None:
        self.place.sheet.autofilter(0, 0, self.place.row, FIRST_PUNCH + self.most)

    def _next(self) -> tuple[Worksheet, int]:
        if self.place.row == MOST_ROWS:
            self._closed()
            self.place = self._opened()
        self.place.row += 1
        return self.place.sheet, self.place.row

    def _day(self, row: Mapping[str, Any]) -> None:
        sheet, at = self._next()
        for column, key in enumerate(("person", "person_name", "shift")):
            text(sheet, at, column, row[key] or "", None)
        dated = self.book.look(num_format="dd/mm/yyyy", **date_colour(row))
        calendar_date(sheet, at, 3, date.fromisoformat(row["day"]), dated)
        text(sheet, at, 4, weekday_word(row["weekday"], self.locale), None)
        self._hours(sheet, at, [row[key] for key in _DURATIONS])
        self._punches(sheet, at, row)
        text(sheet, at, FIRST_PUNCH + self.most, observations(row, self.locale), None)

    def _hours(self, sheet: Worksheet, at: int, seconds: Sequence[int | None], **look: Any) -> None:
        style = self.book.look(num_format=PATTERNS["duration"], **look)
        for column, value in enumerate(seconds, start=5):
            if value is not None:
                duration(sheet, at, column, value, style)

    def _punches(self, sheet: Worksheet, at: int, row: Mapping[str, Any]) -> None:
        first = self.book.look(num_format=PATTERNS["time"], **punch_colour(row))
        plain = self.book.look(num_format=PATTERNS["time"])
        for number, moment in enumerate(placed_punches(row)):
            look = first if number == 0 else plain
            if moment is None:
                sheet.write_blank(at, FIRST_PUNCH + number, None, look)
            else:
                self.moment(sheet, at, FIRST_PUNCH + number, moment, look)

    def _totals(self, person: _Total) -> None:
        sheet, at = self._next()
        grey = self.book.look(**TOTALS)
        days = f"{person.days} {self.words['days']}"
        for column, value in enumerate((person.person, person.name, self.words["totals"], days, "")):
            text(sheet, at, column, value, grey)
        self._hours(sheet, at, (person.expected, person.worked, person.breaks), **TOTALS)
        for column in range(FIRST_PUNCH, FIRST_PUNCH + self.most + 1):
            sheet.write_blank(at, column, None, grey)


WORKBOOK: Final = workbook(sheets)

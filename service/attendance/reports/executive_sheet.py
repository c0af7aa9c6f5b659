"""The workbook's executive summary (spec A.15): a title, the period, and a table of the summary's columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from service.attendance.reports.people_table import people_table
from service.reporting.columns import Column
from service.reporting.formats.workbook import Book

_TITLES: Final = {"en": "Executive summary", "es": "Resumen Ejecutivo"}
_PERIODS: Final = {"en": "Period: {} to {}", "es": "Periodo: {} a {}"}
HEADER_ROW: Final = 4
"""The predecessor's table begins on row 5."""
_TOTAL_ABSENCES: Final = "total_absences"
_PREDECESSORS: Final[Mapping[str, str]] = {
    "person": "employee",
    "person_name": "Nombre",
    "worked_seconds": "total_horas_trabajadas",
    "expected_seconds": "total_horas_esperadas",
    "deducted_seconds": "total_horas_descontadas_permiso",
    "break_seconds": "total_horas_descanso",
    "net_expected_seconds": "total_horas",
    "lates": "total_retardos",
    "absences": "faltas_del_periodo",
    "justified_absences": "faltas_justificadas",
    _TOTAL_ABSENCES: "total_faltas",
    "absence_episodes": "episodios_ausencia",
    "early_exits": "total_salidas_anticipadas",
    "difference_seconds": "diferencia_HHMMSS",
}
"""The columns of the predecessor's period summary in its order, by what they hold (spec A.13)."""


def executive_page(book: Book) -> Worksheet:
    """The sheet itself, which may be filled after those behind it."""
    return book.sheet(_TITLES[book.view.style.locale])


def executive_sheet(
    book: Book, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], page: Worksheet | None = None
) -> None:
    """The rows of the summary report with its columns; hours ahead of the plan stand out."""
    locale, summary = book.view.style.locale, book.view.answer["summary"]
    sheet = page or executive_page(book)
    sheet.write_string(0, 0, _TITLES[locale], book.look(bold=True, font_size=16))
    first = summary.get("from") or summary.get("first_day") or "–"
    last = summary.get("to") or summary.get("last_day") or "–"
    sheet.write_string(1, 0, _PERIODS[locale].format(first, last))
    people_table(book, sheet, columns, rows, row=HEADER_ROW, colour="#366092")
    for place, column in enumerate(columns):
        sheet.set_column(place, place, min(40, max(14, len(column.label) + 3)))


def of_the_predecessor(columns: Sequence[Column], locale: str) -> list[Column]:
    """Of the summary's columns those that the predecessor had, in its order; in Spanish by its names."""
    known = {column.key: column for column in columns}
    if "absences" in known:
        known[_TOTAL_ABSENCES] = replace(
            known["absences"], key=_TOTAL_ABSENCES, label="Total absences", pick=lambda row: row["absences"]
        )
    return [
        replace(known[key], label=spanish) if locale == "es" else known[key]
        for key, spanish in _PREDECESSORS.items()
        if key in known
    ]

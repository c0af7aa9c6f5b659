"""The workbook's statistics (spec A.15): what each colour means, sums by person, and a chart of hours."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.attendance.reports.colours import LEGEND
from service.attendance.reports.tally import Tally
from service.reporting.formats.cells import PATTERNS, duration, number, text
from service.reporting.formats.workbook import Book, write_header

MOST_CHARTED: Final = 40
"""People in the chart: more bars cannot be read."""
_TITLES: Final = {"en": "Statistics", "es": "Estadísticas"}
_LEGEND: Final = {"en": "Colours of the detail", "es": "Colores del detalle"}
_LABELS: Final[Mapping[str, Sequence[str]]] = {
    "en": (
        "Employee ID", "Employee name", "Days", "Expected hours", "Worked hours", "Late", "Absences",
        "Early exits",
    ),
    "es": (
        "ID Empleado", "Nombre del empleado", "Días", "Horas esperadas", "Horas trabajadas", "Retardos",
        "Faltas", "Salidas anticipadas",
    ),
}  # fmt: skip
_HEADER_ROW: Final = 8


def statistics_sheet(book: Book, people: Sequence[Tally]) -> None:
    """Legend above, table below, the chart beside them."""
    locale = book.view.style.locale
    sheet = book.sheet(_TITLES[locale])
    for at, width in enumerate((16, 34, 10, 16, 16, 12, 12, 18)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, _LEGEND[locale], book.look(bold=True))
    for row, (colour, meaning) in enumerate(LEGEND[locale], start=1):
        sheet.write_blank(row, 0, None, book.look(**colour))
        sheet.write_string(row, 1, meaning)
    write_header(
        book, sheet, [(label, None) for label in _LABELS[locale]], row=_HEADER_ROW, bg_color="#3498DB"
    )
    style = book.look(num_format=PATTERNS["duration"])
    for row, one in enumerate(people, start=_HEADER_ROW + 1):
        text(sheet, row, 0, one.person, None)
        text(sheet, row, 1, one.name, None)
        number(sheet, row, 2, one.days, None)
        duration(sheet, row, 3, one.expected, style)
        duration(sheet, row, 4, one.worked, style)
        for at, count in enumerate((one.late, one.absent, one.early), start=5):
            number(sheet, row, at, count, None)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(people), len(_LABELS[locale]) - 1)
    if people:
        _chart(book, sheet.name, min(len(people), MOST_CHARTED))


def _chart(book: Book, name: str, count: int) -> None:
    labels = _LABELS[book.view.style.locale]
    chart = book.workbook.add_chart({"type": "bar"})
    first, last = _HEADER_ROW + 1, _HEADER_ROW + count
    for at, colour in ((3, "#B8C4CE"), (4, "#3498DB")):
        chart.add_series(
            {
                "name": labels[at],
                "categories": [name, first, 1, last, 1],
                "values": [name, first, at, last, at],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": f"{labels[4]} / {labels[3]}"})
    chart.set_x_axis({"num_format": "[h]", "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})  # the first person on top, as in the table
    chart.set_size({"width": 720, "height": 160 + 28 * count})
    book.workbook.get_worksheet_by_name(name).insert_chart(0, len(labels) + 1, chart)

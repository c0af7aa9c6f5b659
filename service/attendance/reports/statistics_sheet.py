"""The workbook's statistics (spec A.15): people's key figures with bands, legends, a chart of hours."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from service.attendance.reports.colours import BANDS, Explained
from service.attendance.reports.people_table import people_table, variant_of
from service.attendance.reports.statistics_words import bands_of, formula_of, key_measures, said
from service.attendance.rules.period.cards import CARDS, cards
from service.attendance.rules.period.measures import Measure
from service.reporting.columns import Column, humanised
from service.reporting.formats.workbook import Book
from service.reporting.labels import labels
from service.reporting.pages.shown import with_unit

MOST_CHARTED: Final = 40
"""People in the chart: more bars cannot be read."""
PLACES: Final = (
    "person", "person_name", "scheduled_days", "present_days", "net_expected_seconds", "worked_seconds",
    "difference_seconds", "hours_state", "lates", "early_exits", "absences", "justified_absences",
    "absence_episodes", "bradford", "bradford_band", "absenteeism", "absenteeism_band", "punctuality",
    "punctuality_band", "hour_efficiency", "hour_efficiency_band", "sic", "sic_band",
)  # fmt: skip
"""The table: who, the hours, S, D, R and E of the formulas, then each key figure with its band."""
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"person": "Employee ID", "person_name": "Employee name"},
    "es": {"person": "ID Empleado", "person_name": "Nombre del empleado"},
}
_TITLES: Final = {"en": "Statistics", "es": "Estadísticas"}
_LEGEND: Final = {"en": "Colours of the detail", "es": "Colores del detalle"}
_TOGETHER: Final = {"en": "Everybody", "es": "Todo el personal"}
_KEY: Final = {"en": "Key figures", "es": "Indicadores"}
_WIDTHS: Final = {"person": 18, "person_name": 34}
_CHARTED: Final = {"net_expected_seconds": "#B8C4CE", "worked_seconds": "#3498DB"}
_NO_DAY: Final = date(2000, 1, 1)
_CARDS_AT, _KEYS_AT = 2, 10
"""The columns in which the legends of everybody's and of the key figures begin."""
_HEADER_ROW: Final = 8


def statistics_sheet(
    book: Book, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], colours: Explained = ()
) -> None:
    """Legends above the table, the chart below it; `columns` are the summary's, `colours` another sheet's."""
    locale = book.view.style.locale
    shown = [replace(one, label=_NAMES[locale].get(one.key, one.label)) for one in _placed(columns)]
    sheet = book.sheet(_TITLES[locale])
    for at, column in enumerate(shown):
        sheet.set_column(at, at, _WIDTHS.get(column.key, 13))
    sheet.set_row(_HEADER_ROW, 45)  # labels of three lines: not every program fits rows to them by itself
    _legends(book, sheet, colours, {column.key: column for column in shown})
    people_table(book, sheet, shown, rows, row=_HEADER_ROW, colour="#3498DB")
    if rows:
        _chart(book, sheet.name, shown, len(rows))


def _placed(columns: Sequence[Column]) -> list[Column]:
    known = {column.key: column for column in columns}
    return [known[key] for key in PLACES if key in known]


def _legends(book: Book, sheet: Worksheet, colours: Explained, shown: Mapping[str, Column]) -> None:
    """Side by side and row by row: a workbook in constant memory goes back to no row."""
    together = _cards(book)
    keys = list(key_measures(variant_of(book))) if "bradford" in shown else []
    heads = ((0, _LEGEND, colours), (_CARDS_AT, _TOGETHER, together), (_KEYS_AT, _KEY, keys))
    for at, titles, lines in heads:
        if lines:
            sheet.write_string(0, at, titles[book.view.style.locale], book.look(bold=True))
    for row, (colour, card, key) in enumerate(zip_longest(colours, together, keys), start=1):
        if colour:
            sheet.write_blank(row, 0, None, book.look(**colour[0]))
            sheet.write_string(row, 1, colour[1])
        if card:
            figure, band, rule = card
            sheet.write_string(row, _CARDS_AT, figure, book.look(align="right", **BANDS.get(band, {})))
            sheet.write_string(row, _CARDS_AT + 1, rule)
        if key:
            _key_legend(book, sheet, row, key, shown)


def _key_legend(book: Book, sheet: Worksheet, row: int, key: Measure, shown: Mapping[str, Column]) -> None:
    locale = book.view.style.locale
    label = shown[key.name].label if key.name in shown else said("Bradford score", locale)
    sheet.write_string(row, _KEYS_AT, label)
    for at, (band, limit) in enumerate(bands_of(key, locale), start=_KEYS_AT + 2):
        sheet.write_string(row, at, limit, book.look(**BANDS[band]))
    sheet.write_string(row, _KEYS_AT + 6, formula_of(key, locale))


def _cards(book: Book) -> list[tuple[str, str, str]]:
    """Everybody's figures with their traffic light, name and rule, as far as the answer has them."""
    locale, summary = book.view.style.locale, book.view.answer["summary"]
    known = cards(variant_of(book), (), _NO_DAY, _NO_DAY)  # for their rules: the figures are in the answer
    found = []
    for name in CARDS:
        if name in summary:
            value, unit, band = (summary[name][part] for part in ("value", "unit", "band"))
            label = labels(locale).get(name) or humanised(name)
            sign = "±" if name == "mean_hour_deviation" and value is not None else ""
            rule = f"{label}: {said(known[name].rule, locale)}"
            found.append((sign + with_unit(value, unit, locale), band or "", rule))
    return found


def _chart(book: Book, name: str, shown: Sequence[Column], people: int) -> None:
    count, below = min(people, MOST_CHARTED), _HEADER_ROW + people + 2
    at = {column.key: place for place, column in enumerate(shown)}
    chart = book.workbook.add_chart({"type": "bar"})
    first, last = _HEADER_ROW + 1, _HEADER_ROW + count
    for key, colour in _CHARTED.items():
        chart.add_series(
            {
                "name": [name, _HEADER_ROW, at[key]],
                "categories": [name, first, at["person_name"], last, at["person_name"]],
                "values": [name, first, at[key], last, at[key]],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": " / ".join(shown[at[key]].label for key in reversed(_CHARTED))})
    chart.set_x_axis({"num_format": "[h]", "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})  # the first person on top, as in the table
    chart.set_size({"width": 960, "height": 160 + 28 * count})
    book.workbook.get_worksheet_by_name(name).insert_chart(below, 0, chart)

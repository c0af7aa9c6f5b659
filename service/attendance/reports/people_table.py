"""Rows of the summary as a table of a workbook: key figures with formula and bands, hours ahead in colour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from service.attendance.reports.colours import AHEAD, BANDS
from service.attendance.reports.statistics_words import bands_of, formula_of, key_measures, said
from service.attendance.rules.period.variants import KEY_FIGURES
from service.reporting.columns import Column, clock
from service.reporting.formats.cells import cell_writer, text
from service.reporting.formats.workbook import Book, look_of, write_header

_DIFFERENCE: Final = "difference_seconds"
_WORDS: Final = frozenset({"hours_state", *(f"{name}_band" for name in KEY_FIGURES)})


def variant_of(book: Book) -> Any:
    """Which formulas the key figures followed."""
    return book.view.answer["params"]["variant"]


def people_table(
    book: Book,
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    row: int,
    colour: str,
) -> None:
    """A header of this colour in `row`, the rows below it, a filter over both."""
    shown = _explained(book, columns)
    write_header(book, sheet, [(one.label, one.note) for one in shown], row=row, bg_color=colour)
    zone = book.view.answer["meta"]["timezone"]
    writers = [(one, cell_writer(one, zone), _look(book, one)) for one in shown]
    at = row
    for at, person in enumerate(rows, start=row + 1):
        for place, (column, write, look) in enumerate(writers):
            value = column.value(person)
            if value is None or value == "":
                continue
            if column.key == _DIFFERENCE:
                ahead = AHEAD if value > 0 else {}
                text(sheet, at, place, signed(value), book.look(align="right", **ahead))
            elif column.key in _WORDS:
                band = person[column.key]
                text(sheet, at, place, said(band, book.view.style.locale), book.look(**BANDS[band]))
            else:
                write(sheet, at, place, value, look)
    if columns:
        sheet.autofilter(row, 0, at, len(columns) - 1)


def signed(seconds: int) -> str:
    """±HH:MM:SS (A.13): a workbook shows no negative time, so the difference is text."""
    return f"+{clock(seconds)}" if seconds > 0 else clock(seconds)


def _explained(book: Book, columns: Sequence[Column]) -> list[Column]:
    """The columns, those of key figures with their formula and bands as the note."""
    locale = book.view.style.locale
    notes = {
        one.name: ". ".join([formula_of(one, locale), "; ".join(words for _, words in bands_of(one, locale))])
        for one in key_measures(variant_of(book))
    }
    return [replace(one, note=notes.get(one.key, one.note)) for one in columns]


def _look(book: Book, column: Column) -> Any:
    return book.look(num_format="0.00") if column.key in KEY_FIGURES else look_of(book, column)

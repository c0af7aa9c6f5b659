"""A file as rows of cells: typed for a workbook, and as the ERP's text for CSV."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None
Row: TypeAlias = list[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A header, and how the ERP writes a value below it; a text stands as it is."""

    header: str
    show: Callable[[Cell], str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file to be written: `name` without ending, `kind` as an import calls it.

    `above` are header rows over the headers; `rows` gives the same rows each time it is called.
    """

    name: str
    kind: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def headers(self) -> list[list[str]]:
        """All rows above the first one of data."""
        return [*map(list, self.above), [column.header for column in self.columns]]

    def place(self, header: str) -> int:
        """Where a column stands, from 0; the first of equal headers."""
        return [column.header for column in self.columns].index(header)


def plain(value: Cell) -> str:
    """As it is: `1250.5`, an ISO date."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def ledger(value: Cell) -> str:
    """As accountants write it: `6,400.50`, `(3,950.25)`."""
    if not isinstance(value, Decimal):
        return plain(value)
    return f"({-value:,.2f})" if value < 0 else f"{value:,.2f}"


def thousands(value: Cell) -> str:
    """Whole where it is: `3,000`, `1,250.50`."""
    if not isinstance(value, Decimal):
        return plain(value)
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def dollars(value: Cell) -> str:
    """With a blank behind, as the ERP has it: `$4.25 `."""
    return f"${value:,.2f} " if isinstance(value, Decimal) else plain(value)


def dollar_sum(value: Cell) -> str:
    """A sum of money: `$10,413.56`, `($12.00)`."""
    if not isinstance(value, Decimal):
        return plain(value)
    return f"(${-value:,.2f})" if value < 0 else f"${value:,.2f}"


def american(value: Cell) -> str:
    """A day as `8/25/2025`."""
    return f"{value.month}/{value.day}/{value.year}" if isinstance(value, date) else plain(value)


def dashed(value: Cell) -> str:
    """A day as `08-25-25`."""
    return f"{value:%m-%d-%y}" if isinstance(value, date) else plain(value)


def columns(show: Callable[[Cell], str], *headers: str) -> tuple[Column, ...]:
    """Columns that are written alike."""
    return tuple(Column(header, show) for header in headers)

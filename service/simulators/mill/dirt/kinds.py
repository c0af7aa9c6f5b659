"""Damages that many files share: numbers, days and keys that cannot be right."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from service.simulators.mill.dirt.damage import Damage, Record, always
from service.simulators.mill.files.table import Cell

Fresh: TypeAlias = Callable[[Record, int], None]
"""Gives a row a key that no other row has."""
Suits: TypeAlias = Callable[[Record], bool]


def written(code: str, column: str, text: Cell, suits: Suits = always) -> Damage:
    """A sound row, with this in that column."""
    return Damage(code, column, lambda record, _: [{**record, column: text}], suits=suits)


def changed(code: str, column: str, change: Callable[[Cell], Cell], suits: Suits = always) -> Damage:
    """A sound row, with the cell of that column changed."""
    return Damage(code, column, lambda record, _: [{**record, column: change(record[column])}], suits=suits)


def added(code: str, column: str, fresh: Fresh, **cells: Cell) -> Damage:
    """A row of its own with these cells, the others as in the row before."""

    def spoil(record: Record, serial: int) -> list[Record]:
        fresh(record, serial)
        return [{**record, **cells}]

    return Damage(code, column, spoil, adds=True)


def with_cell(code: str, column: str, fresh: Fresh, cell: Cell) -> Damage:
    """A row of its own with this in that column."""
    return added(code, column, fresh, **{column: cell})


def repeated(column: str, fresh: Fresh, differs: str) -> list[Damage]:
    """A row that stands twice, and two rows of one key that differ in a number."""

    def different(record: Record, serial: int) -> list[Record]:
        fresh(record, serial)
        return [{**record, differs: Decimal(10)}, {**record, differs: Decimal(20)}]

    same = Damage("KEY_DUP_SAME", column, lambda record, _: [record], adds=True)
    return [same, Damage("KEY_DUP_DIFF", column, different, adds=True)]


def without_key(column: str, *kept: str) -> Damage:
    """A row of blanks for a key, and without numbers but those of `kept`: it is no row of totals.

    It says something still: a row of blanks only is no row.
    """

    def spoil(record: Record, _: int) -> list[Record]:
        made = {name: None if name not in kept and _counts(cell) else cell for name, cell in record.items()}
        return [{**made, column: "  "}]

    def speaks(record: Record) -> bool:
        return any(isinstance(cell, str) and cell.strip() for cell in spoil(record, 0)[0].values())

    return Damage("KEY_MISSING", column, spoil, adds=True, suits=speaks)


def _counts(cell: Cell) -> bool:
    return isinstance(cell, int | Decimal) or (isinstance(cell, str) and cell.isdigit())


def untrimmed(column: str) -> Damage:
    """Blanks around a key, one of them of the kind that does not break lines."""
    return changed("KEY_TRIM", column, lambda cell: f" {cell} \u00a0")


def as_float(column: str) -> Damage:
    """A key that Excel took for a number: 90001.0."""
    return changed("KEY_FLOAT", column, lambda cell: f"{cell}.0")


def nonzero(column: str) -> Suits:
    """Rows with a number other than 0 there."""
    return lambda record: isinstance(record[column], Decimal) and record[column] != 0


def present(column: str) -> Suits:
    """Rows with anything there."""
    return lambda record: record[column] not in {None, ""}

"""Rows that only add up others (B.5, ROW_TOTAL), told from rows that have lost their key (KEY_MISSING)."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Final

from service.mill.rules.numbers import BadNumber, number
from service.reporting.files.cells import Cell, is_blank

COMPARED: Final = 100
"""Rows above that a row without a key is held against."""
_SEVERAL: Final = 3
_WORDS: Final = frozenset({"total", "totals", "grand total"})
_ZERO: Final = Decimal(0)


def is_total(cells: Sequence[Cell], key_at: int, above: Collection[Sequence[Cell]]) -> bool:
    """`Total` in the first cell; or no key, no word, and several numbers that may be the sums of those above.

    Most of them are then no smaller than any above: in some columns signs differ.
    """
    if str(cells[0]).strip().casefold().rstrip(":") in _WORDS:
        return True
    if not above or (key_at < len(cells) and not is_blank(cells[key_at])):
        return False
    found = _numbers(cells)
    if len(found) < _SEVERAL:
        return False
    as_large = sum(abs(value) >= _largest(above, at) for at, value in found.items())
    return as_large * 2 > len(found)


def _numbers(cells: Sequence[Cell]) -> Mapping[int, Decimal]:
    """The numbers of a row that are not 0, by their place; none where it has a word, too."""
    try:
        read = {at: number(cell) for at, cell in enumerate(cells) if not is_blank(cell)}
    except BadNumber:
        return {}
    return {at: value for at, value in read.items() if value}


def _largest(rows: Collection[Sequence[Cell]], at: int) -> Decimal:
    """The largest number of a column, whatever its sign; what is no number counts as 0."""
    return max((abs(_read(cells[at])) for cells in rows if at < len(cells)), default=_ZERO)


def _read(cell: Cell) -> Decimal:
    try:
        return number(cell) or _ZERO
    except BadNumber:
        return _ZERO

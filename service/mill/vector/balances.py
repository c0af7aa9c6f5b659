"""Planning balance and shortages as table operations (mill spec A.2 rows 1 and 2, E.9)."""

import numpy as np

from service.mill.rules.quantities import SCALE
from service.mill.vector.frames import Columns, F, order_of
from service.mill.vector.reading import Answer, CellError, Numbers, read_numbers, sorted_errors, written

ALLOC_SIGN = "ALLOC_SIGN"
ON_ORDER_NEG = "ON_ORDER_NEG"
NUM_BLANK = "NUM_BLANK"


def planning_balance(
    frame: F,
    *,
    theoretical: str = "theoretical_balance",
    allocated: str = "allocated",
    on_order: str = "on_order",
    units: bool = False,
) -> Answer[F]:
    """The frame with `planning_balance` = theoretical + allocated + on order, in pounds (R3); blank is 0.

    Allocated is stored negative (R2): a row with a positive one, a negative `on_order` or an unreadable
    value is listed and has no balance. Out: Decimals of 4 places and None; with `units`, for int64 columns
    of 0.0001 lb, int64 and `UNKNOWN`. Raises `MissingColumn`.
    """
    columns = Columns(frame)
    physical, promised, coming = (
        read_numbers(columns, name, units=units) for name in (theoretical, allocated, on_order)
    )
    errors = sorted_errors(
        physical.errors,
        promised.errors,
        _against_sign(columns, allocated, promised, 1, ALLOC_SIGN),
        coming.errors,
        _against_sign(columns, on_order, coming, -1, ON_ORDER_NEG),
    )
    known = np.ones(columns.rows, dtype=bool)
    known[[error.row for error in errors]] = False
    balance = physical.values + promised.values + coming.values
    return Answer(columns.with_columns({"planning_balance": written(balance, known, units=units)}), errors)


def _against_sign(columns: Columns[F], name: str, read: Numbers, sign: int, code: str) -> list[CellError]:
    """Values on the side of zero where this column has none."""
    rows = np.flatnonzero(read.values * sign > 0)
    if not len(rows):
        return []
    raws = columns.array(name)[rows].tolist()
    return [CellError(int(row), name, raw, code) for row, raw in zip(rows, raws, strict=True)]


def shortages(
    frame: F,
    threshold: str | int = "min_stock",
    *,
    balance: str = "planning_balance",
    key: str | None = None,
    units: bool = False,
) -> Answer[F]:
    """The rows with balance < threshold (equal is not short, R4) and their `shortage_amount`.

    The threshold is a column (blank is 0) or whole pounds (units with `units`) for all rows. Lowest balance
    first, then `key`, then as they came. A row whose balance is blank or unreadable, or whose threshold is
    unreadable, is judged neither way but listed. Raises `MissingColumn`.
    """
    columns = Columns(frame)
    found = read_numbers(columns, balance, units=units)
    level = _level(columns, threshold, units=units)
    blank = np.flatnonzero(~found.known & ~found.unread)
    unknown = [CellError(int(row), balance, None, NUM_BLANK) for row in blank]
    short = found.known & ~level.unread & (found.values < level.values)
    rows = np.flatnonzero(short)
    ties = order_of(columns.array(key))[rows] if key is not None else rows
    rows = rows[np.lexsort((rows, ties, found.values[rows]))]
    amount = written(level.values[rows] - found.values[rows], np.ones(len(rows), bool), units=units)
    errors = sorted_errors(found.errors, unknown, level.errors)
    return Answer(columns.taken(rows, {"shortage_amount": amount}), errors)


def _level(columns: Columns[F], threshold: str | int, *, units: bool) -> Numbers:
    if isinstance(threshold, str):
        return read_numbers(columns, threshold, units=units)
    value = threshold if units else threshold * SCALE
    return Numbers(np.full(columns.rows, value, np.int64), np.ones(columns.rows, dtype=bool))

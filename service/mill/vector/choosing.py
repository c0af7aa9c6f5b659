"""Conditional values as a table operation: the first rule that holds decides (mill spec A.2 row 9)."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from service.mill.vector.frames import Array, Columns, F, Flags, as_array, is_blank
from service.mill.vector.reading import Answer


class _Keep:
    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()
"""As a default: where no rule holds, the old value of the target stays."""
Rule = tuple[Any, Any]
"""A condition (flags, or a function of the frame that gives them) and a value or a column of values."""


def choose(frame: F, rules: Sequence[Rule], default: Any, *, target: str) -> Answer[F]:
    """The frame with `target` = the value of the first rule whose condition holds, else `default`.

    A condition that is not known (None, NA) does not hold. The result has the type that all values share,
    and is a column of objects where they share none: numbers never become text. Raises `ValueError` for
    flags of another length, `MissingColumn` for `KEEP` without a target.
    """
    columns = Columns(frame)
    left = np.ones(columns.rows, dtype=bool)
    values = [columns.array(target) if default is KEEP else _column(default, columns.rows)]
    wins = []
    for condition, value in rules:
        flags = _flags(condition(frame) if callable(condition) else condition, columns.rows)
        wins.append(flags & left)
        left &= ~flags
        values.append(_column(value, columns.rows))
    kinds = {value.dtype for value in values}
    chosen = values[0].astype(kinds.pop() if len(kinds) == 1 else object)
    for rows, value in zip(wins, values[1:], strict=True):
        chosen[rows] = value[rows]
    return Answer(columns.with_columns({target: chosen}))


def _flags(condition: Any, rows: int) -> Flags:
    found = as_array(condition)
    if found.shape != (rows,):
        raise ValueError(f"a condition has {found.shape} flags for {rows} rows")
    if found.dtype == bool:
        return found
    return np.fromiter((not is_blank(one) and bool(one) for one in found.tolist()), bool, rows)


def _column(value: Any, rows: int) -> Array:
    if isinstance(value, str | bytes) or not (hasattr(value, "__array__") or isinstance(value, list)):
        single = as_array([value])
        return np.repeat(single, rows)
    found = as_array(value)
    if found.ndim == 0:
        return np.repeat(found.reshape(1), rows)
    if found.shape != (rows,):
        raise ValueError(f"a rule has {found.shape} values for {rows} rows")
    return found

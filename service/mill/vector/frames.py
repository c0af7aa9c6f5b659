"""Frames as this drawer sees them: columns by name, in a dict of arrays, a pandas or a polars frame.

Neither library is imported here. What comes in is never written to; what goes out is of the kind that came,
and its columns are copies, so that nobody's frame changes through an answer (mill spec C.4.24).
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from numbers import Real
from typing import Any, Final, Generic, TypeVar, cast

import numpy as np
import numpy.typing as npt

from service.core.errors import near_matches

F = TypeVar("F")
Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_BLANK_TYPES: Final = frozenset({"NoneType", "NAType", "NaTType"})


class MissingColumn(LookupError):
    """A column that an operation needs is not there; says which there are and which are near."""

    def __init__(self, name: str, present: Sequence[str]) -> None:
        self.name, self.present, self.near = name, tuple(present), tuple(near_matches(name, present))
        there = ", ".join(present) or "none"
        meant = f"; did you mean {' or '.join(self.near)}?" if self.near else ""
        super().__init__(f"no column {name!r}; there are: {there}{meant}")


class Columns(Generic[F]):
    """A frame read by column names and answered in its own kind.

    Raises `ValueError` where columns differ in length or a name stands twice.
    """

    def __init__(self, frame: F) -> None:
        held: Any = frame
        self._frame = held
        self.names: tuple[str, ...] = tuple(held if isinstance(held, Mapping) else held.columns)
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"a column name stands twice in {', '.join(self.names)}")
        lengths = {name: len(held[name]) for name in self.names}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different lengths: {lengths}")
        self.rows: int = max(lengths.values(), default=0)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def column(self, name: str) -> Any:
        """A column as its frame holds it; raises `MissingColumn`."""
        if name not in self.names:
            raise MissingColumn(name, self.names)
        return self._frame[name]

    def array(self, name: str) -> Array:
        """A column as a NumPy array, which may share memory with it: to be read only."""
        return as_array(self.column(name))

    def with_columns(self, new: Mapping[str, Array]) -> F:
        """The same rows with these columns added or replaced."""
        kept = {name: _copied(self._frame[name]) for name in self.names if name not in new}
        places = {**dict.fromkeys(self.names), **dict.fromkeys(new)}
        made = {name: new[name] if name in new else kept[name] for name in places}
        return self.answer(made, index=getattr(self._frame, "index", None))

    def taken(self, positions: Ints, new: Mapping[str, Array]) -> F:
        """Some rows in this order (a pandas index goes along), with columns added or replaced."""
        places = {**dict.fromkeys(self.names), **dict.fromkeys(new)}
        made = {name: new[name] if name in new else _taken(self._frame[name], positions) for name in places}
        index = getattr(self._frame, "index", None)
        return self.answer(made, index=None if index is None else index.take(positions))

    def answer(self, columns: Mapping[str, Any], *, index: Any = None) -> F:
        """A frame of this kind out of columns; `index`: the labels of its rows, where its kind has such."""
        kind = type(self._frame)
        return cast(F, kind(dict(columns)) if index is None else kind(dict(columns), index=index))


def as_array(column: Any) -> Array:
    """Values as an array of one dtype; mixed values stay the objects they are, never become text.

    So do whole numbers that no one type holds, or with nulls among them: NumPy would make floats of them.
    """
    if isinstance(column, np.ndarray) or hasattr(column, "__array__"):
        made = np.asarray(column)
        held = getattr(getattr(column, "dtype", None), "kind", "")
        return objects(list(column)) if held in {"i", "u"} and made.dtype.kind == "f" else made
    values = list(column)
    alike = {type(value) for value in values}
    made = np.asarray(values) if alike in ({int}, {float}, {bool}) else objects(values)
    return objects(values) if alike == {int} and made.dtype.kind == "f" else made


def objects(values: Sequence[Any]) -> Array:
    """An array of objects of one dimension, whatever they are."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def is_blank(value: Any) -> bool:
    """Whether a value is a null of any of the libraries: None, NaN, NaT, NA (a blank text is not)."""
    return type(value).__name__ in _BLANK_TYPES or (isinstance(value, float) and math.isnan(value))


def order_of(array: Array) -> Ints:
    """A rank for each value, equal for equal ones: numbers by size, all else as text, nulls last."""
    if array.dtype.kind in "iu":
        return np.unique(array, return_inverse=True)[1].astype(np.int64)
    if array.dtype.kind == "M":
        days = np.unique(array, return_inverse=True)[1].astype(np.int64)
        return np.where(np.isnat(array), len(array), days)
    values = array.tolist()
    if set(map(type, values)) == {str}:
        return _ranked(values, sorted(set(values)))
    known = {value for value in set(values) if not is_blank(value)}
    numbers = all(_is_number(value) for value in known)
    return _ranked(values, sorted(known) if numbers else sorted(known, key=str))


def _ranked(values: Sequence[Any], known: Sequence[Any]) -> Ints:
    """The place of each value in a list of them; behind its end for those that are not in it."""
    ranks = dict(zip(known, range(len(known)), strict=True))
    return np.fromiter(map(ranks.get, values, repeat(len(known))), np.int64, len(values))


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) or (isinstance(value, Decimal) and not value.is_nan())


def _copied(column: Any) -> Any:
    return as_array(column).copy() if not hasattr(column, "copy") else column.copy()


def _taken(column: Any, positions: Ints) -> Any:
    if isinstance(column, list | tuple):
        return as_array(column)[positions]
    return column.take(positions) if hasattr(column, "take") else column[positions]

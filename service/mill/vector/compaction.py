"""A frame in less memory, exactly, with a report of each column (mill spec A.13; issue 7.5).

What the predecessor's did by itself is done only when asked, or never: no row is dropped, no text becomes a
date, no digit is lost (C.1.17, C.5.34).
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic

import numpy as np

from service.mill.vector.coded import Coded, Sparse, emptiness
from service.mill.vector.frames import Array, Columns, F, Ints, as_array, is_blank, order_of

MOSTLY: Final = 0.7
"""Sparse pays where more than this share of a column is empty (A.13)."""
_INTEGERS: Final = ("int8", "int16", "int32")
_UNSIGNED: Final = ("uint8", "uint16", "uint32")


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What became of a column; `unchanged` says why it stayed as it was, None where it did not."""

    name: str
    was: str
    now: str
    bytes_before: int
    bytes_after: int
    unchanged: str | None = None


@dataclass(frozen=True, slots=True)
class Compacted(Generic[F]):
    """The frame with the same values in the same rows, less those duplicates that were asked to go."""

    frame: F
    columns: tuple[ColumnReport, ...]
    rows_dropped: int = 0

    @property
    def bytes_before(self) -> int:
        """Of all columns."""
        return sum(one.bytes_before for one in self.columns)

    @property
    def bytes_after(self) -> int:
        """Of all columns."""
        return sum(one.bytes_after for one in self.columns)

    @property
    def saved(self) -> float | None:
        """Share of the memory that is free again, 0 to 1; None of nothing."""
        return 1 - self.bytes_after / self.bytes_before if self.bytes_before else None


def compact(
    frame: F, *, headroom: int = 2, sparse: bool = False, drop_duplicates: bool = False
) -> Compacted[F]:
    """The frame in narrower columns that hold exactly the same values.

    Whole numbers: the narrowest type that also holds `headroom` times the least and the greatest, so that
    two of them can be added (100 + 100 in int8 is -56). Floats: float32 where every value survives the way
    there and back. Text: codes and a list of texts where that is smaller (`Coded`; a pandas categorical).
    `sparse`: only what is not 0, or not NaN, where more than 70 % of a column of numbers is. Raises
    `ValueError` for a headroom below 1: the values themselves would not fit.
    """
    if headroom < 1:
        raise ValueError(f"a headroom is at least 1, not {headroom}")
    columns = Columns(frame)
    kept = _distinct(columns) if drop_duplicates else np.arange(columns.rows)
    dropped = columns.rows - len(kept)
    made: dict[str, Any] = {}
    reports = []
    for name in columns.names:
        column = columns.column(name)
        before = size_of(column)
        rest = column if not dropped else _some(column, kept)
        new, unchanged = _narrowed(rest, headroom, sparse=sparse)
        if unchanged is None and size_of(new) >= size_of(rest):
            new, unchanged = rest, "would not be smaller"
        made[name] = new.copy() if new is column and hasattr(new, "copy") else new
        reports.append(
            ColumnReport(name, _type(column), _type(made[name]), before, size_of(made[name]), unchanged)
        )
    return Compacted(columns.taken(kept, made), tuple(reports), dropped)


def _narrowed(column: Any, headroom: int, *, sparse: bool) -> tuple[Any, str | None]:
    """The column in less room, or itself and why."""
    values = as_array(column)
    own = getattr(column, "dtype", values.dtype)
    if isinstance(own, np.dtype) and own.kind in "iuf":
        if sparse and len(values) and emptiness(values)[1].mean() > MOSTLY:
            return _sparse(column, values), None
        return _integers(column, values, headroom) if own.kind in "iu" else _floats(column, values)
    if str(own).startswith(("Int", "UInt")) and hasattr(column, "dropna"):  # pandas; polars names them so too
        return _integers(column, np.asarray(column.dropna()), headroom, nullable=True)
    if values.dtype.kind in "OUT":
        return _text(column, values)
    return column, "already as narrow as it can be" if values.dtype.kind == "b" else "left as it is"


def _integers(column: Any, values: Array, headroom: int, *, nullable: bool = False) -> tuple[Any, str | None]:
    """`values` are those there are; a `nullable` column has a type of its own name (pandas' `Int8`)."""
    if not len(values):
        return column, "no value to judge by"
    low, high = int(values.min()) * headroom, int(values.max()) * headroom
    for name in _UNSIGNED if values.dtype.kind == "u" else _INTEGERS:
        limits = np.iinfo(name)
        if limits.min <= low and high <= limits.max:
            if np.dtype(name).itemsize >= values.dtype.itemsize:
                break
            own = name.replace("uint", "UInt").replace("int", "Int") if nullable else name
            return _as_type(column, values, own), None
    return column, f"its values need {values.dtype}"


def _floats(column: Any, values: Array) -> tuple[Any, str | None]:
    if values.dtype.itemsize <= 4:
        return column, "already narrow"
    with np.errstate(over="ignore"):
        short = values.astype(np.float32)
    if np.array_equal(short.astype(values.dtype), values, equal_nan=True):
        return _as_type(column, values, "float32"), None
    return column, "float32 would lose digits"


def _text(column: Any, values: Array) -> tuple[Any, str | None]:
    """Only texts and one kind of null: a categorical has no second one."""
    nulls = {type(one).__name__ for one in values.tolist() if not isinstance(one, str)}
    if len(nulls) > 1 or any(not (isinstance(one, str) or is_blank(one)) for one in values.tolist()):
        return column, "holds other things than text"
    if isinstance(column, np.ndarray | list | tuple):
        return Coded.of(values), None
    if not hasattr(column, "astype"):
        return column, "this kind of frame codes its text itself"
    coded = column.astype("category")
    after = {type(one).__name__ for one in np.asarray(coded).tolist() if not isinstance(one, str)}
    return (coded, None) if after == nulls else (column, "its nulls would become others")


def _sparse(column: Any, values: Array) -> Any:
    if isinstance(column, np.ndarray | list | tuple):
        return Sparse.of(values)
    if not hasattr(column, "astype"):
        return column
    plain = column[:0].astype(f"Sparse[{values.dtype}]").dtype
    return column.astype(type(plain)(values.dtype, emptiness(values)[0]))


def _as_type(column: Any, values: Array, name: str) -> Any:
    return (column if hasattr(column, "astype") else values).astype(name)


def _some(column: Any, rows: Ints) -> Any:
    return column.take(rows) if hasattr(column, "take") else as_array(column)[rows]


def _distinct(columns: Columns[Any]) -> Ints:
    """The first of each set of rows that are equal in every column."""
    if not columns.names:
        return np.arange(columns.rows)
    ranks = np.stack([order_of(columns.array(name)) for name in columns.names], axis=1)
    return np.sort(np.unique(ranks, axis=0, return_index=True)[1])


def _type(column: Any) -> str:
    return str(getattr(column, "dtype", type(column).__name__))


def size_of(column: Any) -> int:
    """Bytes of a column: by its library's own count, or its buffer and each of its objects once."""
    if hasattr(column, "memory_usage") and hasattr(column, "index"):
        return int(column.memory_usage(index=False, deep=True))
    if hasattr(column, "estimated_size"):
        return int(column.estimated_size())
    if isinstance(column, Coded | Sparse):
        return column.nbytes
    values = as_array(column)
    return int(values.nbytes) + (_objects_of(values.tolist()) if values.dtype == object else 0)


def _objects_of(values: Iterable[Any]) -> int:
    return sum(sys.getsizeof(one) for one in {id(one): one for one in values}.values())

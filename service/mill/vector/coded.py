"""Columns of a dict frame in little room: text as codes, and numbers of which most are empty.

They are arrays to whoever asks (`np.asarray`), equal to what they were made of.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from service.mill.vector.frames import Array, Flags, Ints, objects, order_of


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Text as a position in the list of its different texts (in order; a null is one of them, the last)."""

    codes: Array
    texts: Array

    @classmethod
    def of(cls, values: Array) -> Self:
        """The narrowest codes that reach."""
        ranks = order_of(values)
        _, first = np.unique(ranks, return_index=True)
        codes = ranks.astype(np.min_scalar_type(max(0, len(first) - 1)))
        return cls(codes, objects(values[first].tolist()))

    @property
    def dtype(self) -> np.dtype[Any]:
        """As an array: objects."""
        return self.texts.dtype

    @property
    def nbytes(self) -> int:
        """Codes, pointers and texts."""
        held = sum(sys.getsizeof(text) for text in self.texts.tolist())
        return int(self.codes.nbytes + self.texts.nbytes) + held

    def __len__(self) -> int:
        return len(self.codes)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self.texts[self.codes], dtype=dtype)

    def __iter__(self) -> Iterator[Any]:
        return iter(np.asarray(self).tolist())

    def take(self, positions: Ints) -> "Coded":
        """Some rows."""
        return Coded(self.codes[positions], self.texts)

    def copy(self) -> "Coded":
        """One that shares nothing that could be written to."""
        return Coded(self.codes.copy(), self.texts.copy())


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """Numbers of which only those are held that are not the one that most are: 0, or NaN."""

    rows: int
    positions: Array
    values: Array
    rest: float = 0

    @classmethod
    def of(cls, values: Array) -> Self:
        """Without what most of them are."""
        rest, empty = emptiness(values)
        at = np.flatnonzero(~empty)
        return cls(len(values), at.astype(np.min_scalar_type(len(values))), values[at], rest)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the values."""
        return self.values.dtype

    @property
    def nbytes(self) -> int:
        """Positions and values."""
        return int(self.positions.nbytes + self.values.nbytes)

    def __len__(self) -> int:
        return self.rows

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        whole = np.full(self.rows, self.rest, self.dtype)
        whole[self.positions] = self.values
        return whole if dtype is None else whole.astype(dtype)

    def __iter__(self) -> Iterator[Any]:
        return iter(np.asarray(self).tolist())

    def take(self, positions: Ints) -> "Sparse":
        """Some rows."""
        return Sparse.of(np.asarray(self)[positions])

    def copy(self) -> "Sparse":
        """One that shares nothing that could be written to."""
        return Sparse(self.rows, self.positions.copy(), self.values.copy(), self.rest)


def emptiness(values: Array) -> tuple[float, Flags]:
    """What counts as empty of some numbers, 0 or, where there are more of those, NaN; and where it stands.

    Where a zero is below zero (-0.0) none is empty: it would come back as another.
    """
    zero = values == 0
    if values.dtype.kind != "f":
        return 0, zero
    nan = np.isnan(values)
    if np.signbit(values[zero]).any():
        zero = np.zeros_like(zero)
    return (math.nan, nan) if nan.sum() > zero.sum() else (0.0, zero)

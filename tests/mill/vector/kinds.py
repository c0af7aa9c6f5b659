"""The kinds of frame that operations are held against: dict, pandas, and a frame of columns like polars'."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


class Series:
    """A column that cannot be written to and has neither `take` nor an index: as polars has them."""

    def __init__(self, values: Any) -> None:
        self._values = values if isinstance(values, np.ndarray) else _array(values)
        self._values = self._values.copy()
        self._values.flags.writeable = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, positions: Any) -> Any:
        found = self._values[positions]
        return Series(found) if isinstance(found, np.ndarray) else found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self._values if dtype is None else self._values.astype(dtype)


def _array(values: Any) -> Any:
    made = np.empty(len(values), dtype=object)
    made[:] = list(values)
    return made


class ColumnFrame:
    """Columns by name, made of a mapping of columns: what polars and others have in common."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns = {
            name: Series(np.asarray(one) if isinstance(one, Series) else one) for name, one in columns.items()
        }

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str) -> Series:
        return self._columns[name]


KINDS: dict[str, Any] = {"dict": dict, "pandas": pd.DataFrame, "columns": ColumnFrame}


def rows(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    """The rows of some columns as plain values, every null as None."""
    return list(zip(*(plain(frame[name]) for name in names), strict=True))


def plain(column: Any) -> list[Any]:
    """Plain Python values, every null as None."""
    return [None if pd.isna(value) else value for value in np.asarray(column).tolist()]


def image(frame: Any) -> Any:
    """Everything a frame holds, to compare before and after: types, bytes, and each value's repr."""
    names = list(frame) if isinstance(frame, dict) else list(frame.columns)
    return [
        (name, str(np.asarray(frame[name]).dtype), np.asarray(frame[name]).tobytes(), repr(list(frame[name])))
        for name in names
    ]

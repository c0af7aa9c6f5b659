"""The shape of every set of rows here: equal-long NumPy columns, so that a rule is one line over all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Self, TypeAlias, get_type_hints

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = Annotated[npt.NDArray[np.int64], "int64"]
Bools: TypeAlias = Annotated[npt.NDArray[np.bool_], "bool"]
Floats: TypeAlias = Annotated[npt.NDArray[np.float64], "float64"]
Dates: TypeAlias = Annotated[npt.NDArray[np.datetime64], "datetime64[D]"]
Clock: TypeAlias = Annotated[npt.NDArray[np.datetime64], "datetime64[s]"]
"""Wall-clock times of the site's zone, without an offset."""
Texts: TypeAlias = Annotated[npt.NDArray[np.object_], "O"]

DAY: Final = 86_400
NONE: Final = -1
"""No such row, id or position."""
NO_TIME: Final = np.iinfo(np.int64).min
"""What NaT is as an integer."""

LEFT_OUT: Final[Any] = object()
"""Stands in a table's definition for a column with a default: `Annotated[Ints, 60] = LEFT_OUT`."""


@dataclass(frozen=True)
class Table:
    """Equal-long columns, made of anything array-like; their annotations say dtype and default.

    Raises:
        ValueError: the columns differ in length.
    """

    columns: ClassVar[dict[str, tuple[Any, ...]]]
    """(dtype, default) of every column; only the dtype where there is no default."""

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        cls.columns = {name: hint.__metadata__ for name, hint in hints.items() if name != "columns"}

    def __post_init__(self) -> None:
        columns = self.columns
        length = len(getattr(self, next(iter(columns))))
        for name, (dtype, *default) in columns.items():
            given = getattr(self, name)
            values = np.full(length, default[0], dtype) if given is LEFT_OUT else np.asarray(given, dtype)
            if values.shape != (length,):
                raise ValueError(f"{type(self).__name__}.{name}: {values.shape}, expected ({length},)")
            object.__setattr__(self, name, values)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """A table of dictionaries, one a row; what a row leaves out takes its column's default.

        Raises:
            ValueError: a row has a key that the table has not, or lacks one without a default.
        """
        listed, columns = list(rows), cls.columns
        unknown = {key for row in listed for key in row} - set(columns)
        if unknown:
            raise ValueError(f"{cls.__name__} has no column {', '.join(sorted(unknown))}")
        return cls(
            **{name: _gathered(name, listed, dtype, default) for name, (dtype, *default) in columns.items()}
        )

    @classmethod
    def empty(cls) -> Self:
        return cls.from_rows([])

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.columns))))

    def take(self, chosen: Ints | Bools) -> Self:
        """The rows at these positions, or where the mask is true."""
        return type(self)(**{name: getattr(self, name)[chosen] for name in self.columns})


def _gathered(
    name: str, rows: list[Mapping[str, Any]], dtype: str, default: list[Any]
) -> npt.NDArray[np.generic]:
    lacking = not default and any(name not in row for row in rows)
    if lacking:
        raise ValueError(f"a row has no {name}")
    return np.array([row.get(name, *default) for row in rows], dtype=np.dtype(dtype))


def day_numbers(dates: Dates, when_none: int) -> Ints:
    """Days since 1970-01-01; NaT becomes `when_none`."""
    numbers = dates.astype("datetime64[D]").astype(np.int64)
    return np.where(numbers == NO_TIME, when_none, numbers)


def seconds(times: Clock) -> Ints:
    """Seconds since 1970-01-01 00:00:00 on the wall clock; NaT stays `NO_TIME`."""
    return times.astype("datetime64[s]").astype(np.int64)


def clock_times(numbers: Ints) -> Clock:
    """The other way round."""
    return numbers.astype("datetime64[s]")


def positions(ids: Ints, wanted: Ints) -> Ints:
    """Where each wanted id stands in the sorted `ids`; `NONE` where it does not."""
    if not len(ids):
        return np.full(len(wanted), NONE, dtype=np.int64)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, NONE)


def pick(values: npt.NDArray[Any], at: Ints, otherwise: Any) -> npt.NDArray[Any]:
    """`values[at]`, and `otherwise` where `at` is `NONE`."""
    if not len(values):
        return np.full(len(at), otherwise, dtype=values.dtype)
    return np.where(at == NONE, np.asarray(otherwise, dtype=values.dtype), values[np.maximum(at, 0)])

"""Columns as exact numbers and days; what cannot be read is listed with its row and its text (never 0).

Weights and money are whole units of 0.0001 (int64) inside: sums are exact up to 9.2e14 lb (mill spec E.1).
A blank (empty, `-`, `N/A`, None, NaN, NA) is not an error: each operation says what a blank means there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Generic

import numpy as np

from service.mill.rules.numbers import FIRST_DAY, BadCode, BadDay, BadNumber, code, day, last_day, number
from service.mill.rules.quantities import SCALE
from service.mill.vector.frames import Array, Columns, F, Flags, Ints, is_blank, objects

UNKNOWN: Final = int(np.iinfo(np.int64).min)
"""Stands for "not known" in a column of int64 units; it is also NumPy's "not a time"."""
MOST: Final = 10**9
"""No quantity is larger (mill spec B.5, NUM_RANGE); infinite is not a number either."""
FRACTION_SCALE: Final = 10**8
"""Units of a fraction of a recipe: 0.00000001 (numeric(12,8), mill spec E.1)."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
NO_LIMIT: Final = date(9990, 1, 1)
"""As the day of a reading: no date is too late."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A value that could not be used: row (from 0), column, what stood there, a code of mill spec B.5."""

    row: int
    column: str
    raw: object
    code: str


@dataclass(frozen=True, slots=True)
class Answer(Generic[F]):
    """A frame of the kind that came in, and what of it could not be used (by row, then column)."""

    frame: F
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column in whole units: 0 where it is blank or was not readable (`known` tells)."""

    values: Ints
    known: Flags
    errors: list[CellError] = field(default_factory=list)

    @property
    def unread(self) -> Flags:
        """Rows whose value is not a number: neither known nor blank."""
        return marked(self.errors, len(self.values))


def marked(errors: Iterable[CellError], rows: int) -> Flags:
    """The rows of some errors."""
    found = np.zeros(rows, dtype=bool)
    found[[error.row for error in errors]] = True
    return found


def sorted_errors(*found: Iterable[CellError]) -> tuple[CellError, ...]:
    """All of them by row, in each row as the columns were read."""
    return tuple(sorted((error for errors in found for error in errors), key=lambda error: error.row))


def read_numbers(columns: Columns[Any], name: str, *, scale: int = SCALE, units: bool = False) -> Numbers:
    """A column of text, Decimal, int or float in units of 1/scale, rounded half up.

    With `units` it holds int64 units already (`UNKNOWN` is a blank); raises `TypeError` where it does not.
    """
    array = columns.array(name)
    if units:
        if array.dtype != np.int64:
            raise TypeError(f"column {name!r} must hold int64 units, not {array.dtype}")
        return Numbers(np.where(array == UNKNOWN, 0, array), array != UNKNOWN)
    if array.dtype.kind in "iu":
        within = (array <= MOST) & (array >= -MOST)
        return _told(name, array, np.where(within, array, 0).astype(np.int64) * scale, within, ~within)
    if array.dtype.kind == "f":
        return _floats(name, array, scale)
    return _objects(name, array, scale)


def _told(name: str, array: Array, values: Ints, known: Flags, wrong: Flags) -> Numbers:
    errors = [CellError(int(row), name, array[row].item(), "NUM_RANGE") for row in np.flatnonzero(wrong)]
    return Numbers(values, known, errors)


def _floats(name: str, array: Array, scale: int) -> Numbers:
    """Rounded as the shortest decimal that means the float: multiplied in floating point, then only
    values near a half, or too large for that to be safe, are looked at digit by digit.

    Below 2**43 the product is off by less than 2**-9, far from the 0.01 that counts as near.
    """
    wide = array.astype(np.float64, copy=False)
    blank = np.isnan(wide)
    wrong = ~blank & ~(np.abs(wide) <= MOST)
    scaled = np.where(blank | wrong, 0.0, wide) * scale
    values = np.rint(scaled).astype(np.int64)
    unsure = (np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < 0.01) | (np.abs(scaled) > 2**43)
    for row in np.flatnonzero(unsure):
        values[row] = _units(Decimal(repr(array[row].item())), scale)
    return _told(name, array, values, ~blank & ~wrong, wrong)


def _units(value: Decimal, scale: int) -> int:
    return int((value * scale).to_integral_value(ROUND_HALF_UP))


class Memo(dict[Any, Any]):
    """What a text means, worked out once for each text."""

    def __init__(self, meaning: Callable[[Any], Any]) -> None:
        self._meaning = meaning

    def __missing__(self, raw: Any) -> Any:
        self[raw] = found = self._meaning(raw)
        return found


def _objects(name: str, array: Array, scale: int) -> Numbers:
    def meaning(raw: Any) -> int | _Wrong | None:
        try:
            value = None if is_blank(raw) else number(raw)
        except BadNumber as error:
            return _Wrong(error.code)
        return None if value is None else _units(value, scale)

    found, errors = _read_each(name, array, meaning)
    known = np.fromiter((one is not None for one in found), bool, len(found))
    values = np.fromiter((one or 0 for one in found), np.int64, len(found))
    return Numbers(values, known, errors)


def written(values: Ints, known: Flags, *, units: bool = False) -> Array:
    """A column of an answer: Decimals of 4 places and None, or with `units` int64 and `UNKNOWN`."""
    if units:
        return np.where(known, values, UNKNOWN)
    made = objects([Decimal(value).scaleb(-4) for value in values.tolist()])
    made[~known] = None
    return made


def nullable(values: Array, known: Flags) -> Array:
    """Plain Python values with None where not known."""
    made = values.astype(object)
    made[~known] = None
    return made


def half_up(top: Ints, bottom: Ints) -> Ints:
    """top / bottom in whole numbers, halves away from zero; bottom is not 0 and at most 2**62."""
    whole, rest = np.divmod(np.abs(top), np.abs(bottom))
    size: Ints = whole + (2 * rest >= np.abs(bottom))
    return size * np.sign(top) * np.sign(bottom)


@dataclass(frozen=True, slots=True)
class Days:
    """A column of plain dates (datetime64[D]), NaT where blank or not readable."""

    values: Array
    errors: list[CellError]

    @property
    def known(self) -> Flags:
        """Where there is a date."""
        return ~np.isnat(self.values)


def read_days(columns: Columns[Any], name: str, *, as_of: date = NO_LIMIT) -> Days:
    """A column of dates, datetimes, or texts of the date rule (mill spec B.5), three years from `as_of` on
    at most; by default however far.
    """
    array = columns.array(name)
    if array.dtype.kind == "M":
        return _dated(name, array, as_of)

    def meaning(raw: Any) -> int | _Wrong:
        try:
            found = None if is_blank(raw) else day(raw, today=as_of)
        except BadDay as error:
            return _Wrong(error.code)
        return UNKNOWN if found is None else found.toordinal() - _EPOCH

    found, errors = _read_each(name, array, meaning)
    if errors:
        found = [UNKNOWN if one is None else one for one in found]
    days = np.fromiter(found, np.int64, len(found))
    return Days(days.view("datetime64[D]"), errors)


def _dated(name: str, array: Array, as_of: date) -> Days:
    days = array.astype("datetime64[D]")
    wrong = (days < np.datetime64(FIRST_DAY)) | (days > np.datetime64(last_day(as_of)))
    errors = [CellError(int(row), name, array[row], "DATE_RANGE") for row in np.flatnonzero(wrong)]
    return Days(np.where(wrong, np.datetime64("NaT", "D"), days), errors)


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of keys as they are joined on; None where there is none."""

    values: list[str | None]
    errors: list[CellError]


def read_codes(columns: Columns[Any], name: str) -> Codes:
    """A column of keys: text, trimmed, in capitals, 90001.0 is 90001 (mill spec B.5); a blank is an error."""

    def meaning(raw: Any) -> str:
        try:
            return code(None if is_blank(raw) else raw)
        except BadCode as error:
            return _Wrong(error.code)

    return Codes(*_read_each(name, columns.array(name), meaning))


class _Wrong(str):
    """The code of an error, as the meaning of a value."""


def _read_each(name: str, array: Array, meaning: Callable[[Any], Any]) -> tuple[list[Any], list[CellError]]:
    """What each value means, None where that is `_Wrong`: those are listed.

    Only texts and None are looked up a second time: True equals 1, and means something else.
    """
    memo, raws = Memo(meaning), array.tolist()
    repeated = set(map(type, raws)) <= {str, type(None)}
    found = [*map(memo.__getitem__ if repeated else meaning, raws)]
    if not any(type(one) is _Wrong for one in (memo.values() if repeated else found)):
        return found, []
    errors = [
        CellError(row, name, raws[row], str(one)) for row, one in enumerate(found) if type(one) is _Wrong
    ]
    for error in errors:
        found[error.row] = None
    return found, errors

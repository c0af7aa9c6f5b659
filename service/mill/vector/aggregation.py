"""Figures of groups as a table operation, with flattened names (mill spec A.2 row 8, E.9)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from service.mill.vector.frames import Array, Columns, F, Flags, Ints, is_blank, objects, order_of
from service.mill.vector.reading import (
    Answer,
    CellError,
    Numbers,
    half_up,
    read_numbers,
    sorted_errors,
    written,
)

Function = Literal["sum", "mean", "min", "max", "count", "nunique", "first", "last"]
NUMERIC: Final = frozenset({"sum", "mean", "min", "max"})


@dataclass(frozen=True, slots=True)
class _Groups:
    """The group of each row, how many groups there are, and the key columns of the groups."""

    of_row: Ints
    number: int
    keys: dict[str, Array]


def aggregate(
    frame: F,
    by: str | Sequence[str],
    spec: Mapping[str, Function | Sequence[Function]],
    *,
    groups: Iterable[Any] = (),
    units: bool = False,
) -> Answer[F]:
    """A row for each group, by key (numbers by size, the group of nulls last), and `<column>_<function>`.

    sum, mean (half up), min and max are exact quantities as in `planning_balance`; count, nunique, first and
    last look at the values there are. Blanks do not count: without any value a figure is None, but a group
    holding an unreadable value has None for its four quantities. `groups`: keys (tuples for several columns)
    that are listed also without a row, with sum and count 0. Raises `MissingColumn`, `ValueError`.
    """
    columns = Columns(frame)
    names = [by] if isinstance(by, str) else list(by)
    found = _grouped(columns, names, [key if isinstance(key, tuple) else (key,) for key in groups])
    made, errors = dict(found.keys), list[Sequence[CellError]]()
    for name, asked in spec.items():
        wanted = [asked] if isinstance(asked, str) else list(asked)
        if unknown := [one for one in wanted if one not in (*NUMERIC, *_PLAIN)]:
            raise ValueError(
                f"no function is called {unknown[0]!r}; there are {', '.join((*NUMERIC, *_PLAIN))}"
            )
        read = read_numbers(columns, name, units=units) if NUMERIC & set(wanted) else None
        errors.append(read.errors if read else ())
        for function in wanted:
            made[f"{name}_{function}"] = (
                _quantity(function, read, found, units=units)
                if read is not None and function in NUMERIC
                else _plain(function, columns.array(name), found)
            )
    return Answer(columns.answer(made), sorted_errors(*errors))


def _grouped(columns: Columns[Any], names: Sequence[str], asked: Sequence[tuple[Any, ...]]) -> _Groups:
    """Rows asked for stand behind the frame's own, so that both are numbered alike."""
    keys = {name: columns.array(name) for name in names}
    if asked:
        keys = {
            name: objects([*values.tolist(), *(key[n] for key in asked)])
            for n, (name, values) in enumerate(keys.items())
        }
    rows = columns.rows + len(asked)
    code, first = np.zeros(rows, np.int64), np.zeros(min(rows, 1), np.int64)
    for values in keys.values():
        ranks = order_of(values)
        joined = code * (int(ranks.max(initial=0)) + 1) + ranks
        _, first, code = np.unique(joined, return_index=True, return_inverse=True)
    return _Groups(code[: columns.rows], len(first), {name: values[first] for name, values in keys.items()})


def _quantity(function: str, read: Numbers, found: _Groups, *, units: bool) -> Array:
    rows = np.flatnonzero(read.known)
    group, values = found.of_row[rows], read.values[rows]
    count = np.bincount(group, minlength=found.number)
    unread = np.bincount(found.of_row[read.unread], minlength=found.number) > 0
    size = np.bincount(found.of_row, minlength=found.number)
    known = (count > 0) & ~unread
    if function in {"min", "max"}:
        pick, worst = (np.minimum, np.iinfo(np.int64).max) if function == "min" else (np.maximum, _LEAST)
        made = np.full(found.number, worst, np.int64)
        pick.at(made, group, values)
        return written(np.where(known, made, 0), known, units=units)
    total = np.zeros(found.number, np.int64)
    np.add.at(total, group, values)
    if function == "mean":
        return written(half_up(total, np.maximum(count, 1)), known, units=units)
    return written(total, known | (size == 0), units=units)


_LEAST: Final = np.iinfo(np.int64).min


def _plain(function: str, values: Array, found: _Groups) -> Array:
    there = ~_blank(values)
    return _PLAIN[function](values[there], found.of_row[there], found.number)


def _blank(values: Array) -> Flags:
    if values.dtype.kind in "iub":
        return np.zeros(len(values), dtype=bool)
    if values.dtype.kind in "fM":
        return np.isnan(values) if values.dtype.kind == "f" else np.isnat(values)
    return np.fromiter((is_blank(one) for one in values.tolist()), bool, len(values))


def _count(_values: Array, group: Ints, number: int) -> Array:
    return np.bincount(group, minlength=number).astype(np.int64)


def _nunique(values: Array, group: Ints, number: int) -> Array:
    ranks = order_of(values)
    pairs = np.unique(group * (int(ranks.max(initial=0)) + 1) + ranks)
    return np.bincount(pairs // (int(ranks.max(initial=0)) + 1), minlength=number).astype(np.int64)


def _first(values: Array, group: Ints, number: int) -> Array:
    made = objects([None] * number)
    made[group[::-1]] = values[::-1]
    return made


def _last(values: Array, group: Ints, number: int) -> Array:
    return _first(values[::-1], group[::-1], number)


_PLAIN: Final[dict[str, Callable[[Array, Ints, int], Array]]] = {
    "count": _count,
    "nunique": _nunique,
    "first": _first,
    "last": _last,
}

"""A 64-bit fingerprint per row of everything it depends on, mixed column by column."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


def mixed(values: Hashes) -> Hashes:
    """The finaliser of splitmix64: every input bit changes about half of the output bits."""
    values = (values ^ (values >> _30)) * _FIRST
    values = (values ^ (values >> _27)) * _SECOND
    return values ^ (values >> _31)


def fold(seed: int, length: int, columns: Iterable[npt.NDArray[np.generic]]) -> Hashes:
    """One hash per row over the columns, in their order; the seed is the rule set's digest."""
    result = np.full(length, seed, dtype=np.uint64)
    for column in columns:
        result = mixed(result * _STEP + as_bits(column))
    return result


def as_bits(column: npt.NDArray[np.generic]) -> Hashes:
    """The values as unsigned 64-bit numbers; equal values give equal bits."""
    if column.dtype == np.float64:
        return column.view(np.uint64)
    return column.astype(np.int64).view(np.uint64)


def fold_groups(group: npt.NDArray[np.int64], group_count: int, members: Hashes) -> Hashes:
    """One hash per group of its members and their places in it; members stand in group order."""
    if not len(group):
        return np.zeros(group_count, dtype=np.uint64)
    count = np.bincount(group, minlength=group_count)
    place = np.arange(len(group)) - (np.cumsum(count) - count)[group]
    placed = mixed(members + place.astype(np.uint64) * _STEP)
    result = np.zeros(group_count, dtype=np.uint64)
    filled = count > 0
    result[filled] = np.add.reduceat(placed, (np.cumsum(count) - count)[filled])
    return result

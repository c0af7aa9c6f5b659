"""Recipes flattened to yarn: the explosion of many orders as a few operations on columns (benchmark B7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from service.mill.rules.exact import ZERO, exact
from service.mill.rules.fixedpoint import Factors, factors_of, times
from service.mill.rules.recipes import Recipes
from service.mill.rules.topology import topology

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Needs:
    """Yarn that orders need, a row for an order and a yarn: positions of both, and units of 0.0001 lb."""

    order: Ints
    yarn: Ints
    units: Ints

    def per_yarn(self, yarns: int) -> Ints:
        """Units of each of so many yarns, exact: a weighted `bincount` would add them up as floats."""
        total = np.zeros(yarns, np.int64)
        np.add.at(total, self.yarn, self.units)
        return total


@dataclass(frozen=True, slots=True)
class Flattened:
    """Per style its yarns and the gross pounds of each for a pound of it, over every level and path.

    The rows of the style at position `s` are `first[s]` to `first[s + 1]`, its yarns by code. `skipped`:
    styles without rows because they are in a circle or hold one.
    """

    styles: tuple[str, ...]
    yarns: tuple[str, ...]
    first: Ints
    yarn: Ints
    factors: Factors
    position: Mapping[str, int]
    skipped: frozenset[str]

    def positions(self, styles: Iterable[str]) -> Ints:
        """Where styles stand; -1 for one that has no recipe."""
        return np.fromiter((self.position.get(style, -1) for style in styles), np.int64)

    def of(self, style: str) -> dict[str, Decimal]:
        """The yarns of a style with their factors, to the last digit. Raises KeyError without a recipe."""
        at = self.position[style]
        rows = range(self.first[at], self.first[at + 1])
        return {self.yarns[self.yarn[row]]: self.factors.exact[row] for row in rows}

    def explode(self, styles: Ints, units: Ints) -> Needs:
        """What orders need, each given as the position of its style and as units of 0.0001 lb (0 or more).

        A row is the exact product rounded once, half up: what SQL's `round(sum(qty), 4)` gives for an order
        and a yarn. Rows come by order, then yarn. Orders without a recipe have none.
        """
        known = np.flatnonzero(styles >= 0)
        at = styles[known]
        count = self.first[at + 1] - self.first[at]
        order = np.repeat(known, count)
        # Row r of the answer is the (r - rows of the orders before) th row of its style.
        row = np.arange(order.size) + np.repeat(self.first[at] - np.cumsum(count) + count, count)
        return Needs(order, self.yarn[row], times(units[order], row, self.factors))


def flattened(recipes: Recipes) -> Flattened:
    """Every recipe flattened, each style once: from those without parts up."""
    found = topology(recipes)
    rows: dict[str, dict[str, Decimal]] = {}
    with exact():
        for style in reversed(found.order):
            if style not in found.poisoned:
                rows[style] = _row(style, rows, recipes)
    styles = sorted(style for style in rows if rows[style])
    yarns = sorted({yarn for row in rows.values() for yarn in row})
    number = {yarn: at for at, yarn in enumerate(yarns)}
    of_rows = [(style, yarn) for style in styles for yarn in sorted(rows[style])]
    return Flattened(
        tuple(styles),
        tuple(yarns),
        _offsets([len(rows[style]) for style in styles]),
        np.array([number[yarn] for _, yarn in of_rows], np.int64),
        factors_of([rows[style][yarn] for style, yarn in of_rows]),
        {style: at for at, style in enumerate(styles)},
        found.poisoned,
    )


def _row(style: str, rows: Mapping[str, Mapping[str, Decimal]], recipes: Recipes) -> dict[str, Decimal]:
    row = dict(recipes.yarns_of(style))
    for part, per_lb in recipes.parts_of(style).items():
        for yarn, factor in rows[part].items():
            row[yarn] = row.get(yarn, ZERO) + per_lb * factor
    return row


def _offsets(counts: Sequence[int]) -> Ints:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))

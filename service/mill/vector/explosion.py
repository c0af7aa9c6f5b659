"""Recipes and orders as tables: the yarn that orders need (mill spec A.2 row 3, E.9).

The arithmetic is that of `rules.flattened`: every level, losses added on (R7), exact, rounded once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic

import numpy as np

from service.mill.rules.flattened import Flattened, flattened
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.topology import lacking, topology, with_takers
from service.mill.vector.frames import Columns, F, Flags, Ints, objects
from service.mill.vector.reading import (
    FRACTION_SCALE,
    CellError,
    Numbers,
    marked,
    read_codes,
    read_numbers,
    sorted_errors,
    written,
)

STYLE: Final = "style_id"
YARN: Final = "yarn_id"
BOM_CYCLE: Final = "BOM_CYCLE"
BOM_UNREADABLE: Final = "BOM_UNREADABLE"
NO_BOM: Final = "NO_BOM"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A bill of material ready for any number of explosions.

    `refused`: styles that cannot be planned, with the reason; `cycles`: each circle once, as a path.
    `errors`: lines that could not be used; the whole style is refused, for a part of it would be too little.
    """

    flat: Flattened
    refused: Mapping[str, str]
    cycles: tuple[tuple[str, ...], ...]
    errors: tuple[CellError, ...]


@dataclass(frozen=True, slots=True)
class Unplanned:
    """An order without requirements: its row, its style, and why."""

    row: int
    style: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Exploded(Generic[F]):
    """`frame`: a row for an order and a yarn; `totals`: for a yarn. `unplanned` orders are in neither."""

    frame: F
    totals: F
    unplanned: tuple[Unplanned, ...]
    errors: tuple[CellError, ...]
    recipe: Recipe


def recipe_of(
    bom: Any, *, style: str = STYLE, component: str = YARN, per: str = "quantity_per", loss: str | None = None
) -> Recipe:
    """A frame of recipe lines, read once: pounds of a component for a pound of a style (fractions).

    A component that is itself a style is expanded further. `loss`: the column of losses added on (from 0 to
    below 1, blank is 0); without one there are none. Lines with neither component nor fraction are
    placeholders and skipped: a style that has nothing else has no recipe (`NO_BOM`).
    """
    read = _Lines.of(Columns(bom), style, component, per, loss)
    bad = marked(read.errors, len(read.parts))
    unusable = {one for row, one in enumerate(read.styles) if one is not None and bad[row]}
    return _flat(Recipes(read.by_style(unusable)), unusable, read.errors)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The columns of a recipe as they were read; `empty`: rows of placeholders."""

    styles: list[str | None]
    parts: list[str | None]
    shares: Ints
    losses: Ints
    empty: frozenset[int]
    errors: tuple[CellError, ...]

    @classmethod
    def of(cls, columns: Columns[Any], style: str, component: str, per: str, loss: str | None) -> "_Lines":
        styles, parts = read_codes(columns, style), read_codes(columns, component)
        shares = read_numbers(columns, per, scale=FRACTION_SCALE)
        nothing = Numbers(np.zeros(columns.rows, np.int64), np.ones(columns.rows, dtype=bool))
        losses = nothing if loss is None else read_numbers(columns, loss, scale=FRACTION_SCALE)
        blank = (shares.values == 0) & ~shares.unread
        empty = frozenset(row for row, part in enumerate(parts.values) if part is None and blank[row])
        found = sorted_errors(
            styles.errors,
            parts.errors,
            shares.errors,
            _outside(columns, per, shares, shares.values <= 0),
            losses.errors,
            _outside(columns, loss or "", losses, (losses.values < 0) | (losses.values >= FRACTION_SCALE)),
        )
        errors = tuple(error for error in found if error.row not in empty)
        return cls(styles.values, parts.values, shares.values, losses.values, empty, errors)

    def by_style(self, but: set[str]) -> dict[str, list[Line]]:
        """The lines of every style but these; a component that the column of styles names is a style."""
        own, lines = set(self.styles), dict[str, list[Line]]()
        rows = zip(self.styles, self.parts, self.shares.tolist(), self.losses.tolist(), strict=True)
        for row, (style, part, share, loss) in enumerate(rows):
            if style is not None and part is not None and style not in but and row not in self.empty:
                line = Line(
                    part, Decimal(share).scaleb(-8), Decimal(loss).scaleb(-8), is_yarn=part not in own
                )
                lines.setdefault(style, []).append(line)
        return lines


def _outside(columns: Columns[Any], name: str, read: Numbers, wrong: Flags) -> list[CellError]:
    """Numbers that no line of a recipe has."""
    rows = np.flatnonzero(wrong & ~read.unread)
    return [CellError(int(row), name, columns.array(name)[row], "BOM_RANGE") for row in rows]


def _flat(recipes: Recipes, unusable: set[str], errors: tuple[CellError, ...]) -> Recipe:
    """A style of which one that cannot be planned is a part is refused too: its yarn would be too little."""
    found = topology(recipes)
    unreadable = with_takers(found, recipes, unusable)
    refused = {
        **dict.fromkeys(sorted(lacking(found, recipes)), NO_BOM),
        **dict.fromkeys(sorted(found.poisoned), BOM_CYCLE),
        **dict.fromkeys(sorted(unreadable), BOM_UNREADABLE),
    }
    kept = {style: lines for style, lines in recipes.lines.items() if style not in refused}
    return Recipe(flattened(Recipes(kept)), refused, found.cycles, errors)


def explode(
    orders: F,
    bom: Any,
    *,
    style: str = STYLE,
    key: str = "order_no",
    quantity: str = "quantity",
    loss: str | None = None,
    units: bool = False,
) -> Exploded[F]:
    """The yarn each order needs, and each yarn in all (a total, not a running sum: C.1.11).

    `bom`: a frame of lines as `recipe_of` reads it (with its `loss` column), or a `Recipe` made before.
    Columns `key`, `style`, `yarn_id`, `required_quantity` by order as they came, then yarn; totals
    `yarn_id`, `required_quantity` by yarn. Quantities as in `planning_balance`; a row of both is rounded
    once. Orders of unknown or refused styles, and of unreadable or negative quantity, are `unplanned`.
    Raises `MissingColumn`.
    """
    recipe = bom if isinstance(bom, Recipe) else recipe_of(bom, loss=loss)
    columns = Columns(orders)
    wanted, amounts = read_codes(columns, style), read_numbers(columns, quantity, units=units)
    at = recipe.flat.positions(one or "" for one in wanted.values)
    usable = (at >= 0) & amounts.known & (amounts.values >= 0)
    needs = recipe.flat.explode(np.where(usable, at, -1), np.where(usable, amounts.values, 0))
    yarns = objects(recipe.flat.yarns)
    names = objects(wanted.values)
    lines = {
        key: columns.array(key)[needs.order],
        style: names[needs.order],
        YARN: yarns[needs.yarn],
        "required_quantity": written(needs.units, np.ones(len(needs.units), bool), units=units),
    }
    sums, used = needs.per_yarn(len(yarns)), np.unique(needs.yarn)
    totals = {
        YARN: yarns[used],
        "required_quantity": written(sums[used], np.ones(len(used), bool), units=units),
    }
    return Exploded(
        columns.answer(lines),
        columns.answer(totals),
        _unplanned(wanted.values, np.flatnonzero(~usable), at, amounts, recipe),
        sorted_errors(wanted.errors, amounts.errors),
        recipe,
    )


def _unplanned(
    styles: list[str | None], rows: Ints, at: Ints, amounts: Numbers, recipe: Recipe
) -> tuple[Unplanned, ...]:
    def reason(row: int, style: str | None) -> str:
        if style is None:
            return "KEY_MISSING"
        if at[row] < 0:
            return recipe.refused.get(style, NO_BOM)
        return "QUANTITY_NEGATIVE" if amounts.known[row] else "QUANTITY_UNKNOWN"

    return tuple(Unplanned(row, styles[row], reason(row, styles[row])) for row in rows.tolist())

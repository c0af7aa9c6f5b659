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
from service.mill.rules.topology import topology
from service.mill.vector.frames import Columns, F, Ints, objects
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

    A component that is itself a style is expanded further. `loss`: the column of losses added on (blank is
    0); without one there are none. Lines with neither component nor fraction are placeholders and skipped.
    """
    columns = Columns(bom)
    styles, parts = read_codes(columns, style), read_codes(columns, component)
    shares = read_numbers(columns, per, scale=FRACTION_SCALE)
    losses = read_numbers(columns, loss, scale=FRACTION_SCALE) if loss is not None else None
    empty = {row for row, part in enumerate(parts.values) if part is None and not shares.values[row]}
    checks = [styles.errors, parts.errors, shares.errors, *([losses.errors] if losses else [])]
    found = [error for errors in checks for error in errors if error.row not in empty]
    found += [
        CellError(int(row), per, columns.array(per)[row], "BOM_RANGE")
        for row in np.flatnonzero((shares.values <= 0) & ~shares.unread)
        if row not in empty
    ]
    bad = marked(found, columns.rows)
    unusable = {one for row, one in enumerate(styles.values) if one is not None and bad[row]}
    rows = [row for row, one in enumerate(styles.values) if one not in unusable and row not in empty]
    recipes = _recipes([(styles.values[row], parts.values[row]) for row in rows], rows, shares, losses)
    return _flat(recipes, unusable, sorted_errors(found))


def _recipes(
    pairs: list[tuple[str | None, str | None]], rows: list[int], shares: Numbers, losses: Numbers | None
) -> Recipes:
    own = {style for style, _ in pairs}
    lines: dict[str, list[Line]] = {}
    amounts = shares.values[rows].tolist()
    lost = losses.values[rows].tolist() if losses is not None else [0] * len(rows)
    for (style, part), amount, loss in zip(pairs, amounts, lost, strict=True):
        if style is not None and part is not None:
            line = Line(part, Decimal(amount).scaleb(-8), Decimal(loss).scaleb(-8), is_yarn=part not in own)
            lines.setdefault(style, []).append(line)
    return Recipes(lines)


def _flat(recipes: Recipes, unusable: set[str], errors: tuple[CellError, ...]) -> Recipe:
    """A style of which an unusable one is a part is unusable too: its yarn would be too little."""
    grown = set(unusable)
    while more := {
        style
        for style, lines in recipes.lines.items()
        if style not in grown and any(line.component in grown for line in lines)
    }:
        grown |= more
    kept = Recipes({style: lines for style, lines in recipes.lines.items() if style not in grown})
    found = topology(kept)
    refused = dict.fromkeys(sorted(grown), BOM_UNREADABLE) | dict.fromkeys(sorted(found.poisoned), BOM_CYCLE)
    return Recipe(flattened(kept), refused, found.cycles, errors)


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

"""What knit orders need of each yarn, and which of them nobody can tell it of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import Row

from service.mill.queries.recipes import RecipeBook
from service.mill.rules.explosion import Order, paths
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.recipes import Recipes, scale_incomplete
from service.mill.rules.topology import topology

Reason = Literal["NO_BOM", "BOM_REJECTED", "BOM_CYCLE"]
UNSOUND: Final = ("near", "incomplete")
"""Statuses of recipes that do not add up to a pound of yarn for a pound of fabric."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """Recipes as they are reckoned with, and those that an assumption made add to 100 %."""

    recipes: Recipes
    scaled: Mapping[str, Decimal]

    @property
    def told(self) -> list[str]:
        """The assumption in words, where it was made."""
        return [
            f"scale_incomplete: the recipe of {style} adds to {rounded(total, 8).normalize():f}, taken as 1"
            for style, total in sorted(self.scaled.items())
        ]


def assumed(recipes: Recipes, parameters: Parameters) -> Assumed:
    """The recipes under the parameters in force (`scale_incomplete`)."""
    if not parameters.scale_incomplete:
        return Assumed(recipes, {})
    return Assumed(*scale_incomplete(recipes, parameters.bom_sum_tolerance[1]))


@dataclass(frozen=True, slots=True)
class Needs:
    """By order number its pounds of each yarn, and the reason where they are not known."""

    of: Mapping[str, Mapping[str, Decimal]]
    unknown: Mapping[str, Reason]


def needs_of(orders: Iterable[Row[Any]], recipes: Recipes, book: RecipeBook) -> Needs:
    """What the balances of orders need; each way through a recipe is rounded, as a plan stores it."""
    rows = list(orders)
    poisoned = topology(recipes, (row.style_code for row in rows)).poisoned
    unknown = {
        row.order_no: reason
        for row in rows
        if (reason := _reason(row.style_code, recipes, book, row.style_code in poisoned)) is not None
    }
    found: dict[str, dict[str, Decimal]] = {row.order_no: {} for row in rows if row.order_no not in unknown}
    asked = [Order(row.order_no, row.style_code, row.balance) for row in rows if row.order_no in found]
    for path in paths(asked, recipes):
        of = found[path.order]
        of[path.yarn] = of.get(path.yarn, ZERO) + rounded(path.gross)
    return Needs(found, unknown)


def _reason(style: str, recipes: Recipes, book: RecipeBook, in_circle: bool) -> Reason | None:
    if in_circle:
        return "BOM_CYCLE"
    if recipes.lines.get(style):
        return None
    known = book.styles.get(style)
    return "BOM_REJECTED" if known is not None and known.bom_status == "rejected" else "NO_BOM"


def doubts_of_recipes(styles: Sequence[str], book: RecipeBook) -> list[str]:
    """What is doubtful about recipes: those that are used and do not add up, or that nobody knows."""
    unsound = sorted(code for code, style in book.styles.items() if style.bom_status in UNSOUND)
    used = set(book.styles)
    lacking = sorted(code for code in used | set(styles) if not book.recipes.lines.get(code))
    return [
        *([f"recipes that do not add up to 1: {', '.join(unsound)}"] if unsound else []),
        *([f"styles without a recipe: {', '.join(lacking)}"] if lacking else []),
    ]

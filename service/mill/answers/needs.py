"""What knit orders need of each yarn, and which of them nobody can tell it of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.mill.queries.recipes import RecipeBook
from service.mill.rules.explosion import Order, paths
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.recipes import Recipes, scale_incomplete
from service.mill.rules.trust import PARTLY, UNSOUND, Reason, trust


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
    """By order number its pounds of each yarn, and the reason where they are not known, or not all."""

    of: Mapping[str, Mapping[str, Decimal]]
    unknown: Mapping[str, Reason]


def needs_of(orders: Iterable[Row[Any]], recipes: Recipes, book: RecipeBook) -> Needs:
    """What the balances of orders need; each way through a recipe is rounded, as a plan stores it."""
    rows = list(orders)
    reasons = trust(recipes, book.styles, {row.style_code for row in rows}).reasons
    unknown = {row.order_no: reasons[row.style_code] for row in rows if row.style_code in reasons}
    found: dict[str, dict[str, Decimal]] = {
        row.order_no: {} for row in rows if unknown.get(row.order_no, PARTLY) == PARTLY
    }
    asked = [Order(row.order_no, row.style_code, row.balance) for row in rows if row.order_no in found]
    for path in paths(asked, recipes):
        of = found[path.order]
        of[path.yarn] = of.get(path.yarn, ZERO) + rounded(path.gross)
    return Needs(found, unknown)


def doubts_of_recipes(styles: Sequence[str], book: RecipeBook) -> list[str]:
    """What is doubtful about recipes: those that are used and do not add up, or that nobody knows."""
    unsound = sorted(code for code, style in book.styles.items() if style.bom_status in UNSOUND)
    used = set(book.styles)
    lacking = sorted(code for code in used | set(styles) if not book.recipes.lines.get(code))
    return [
        *([f"recipes that do not add up to 1: {', '.join(unsound)}"] if unsound else []),
        *([f"styles without a recipe: {', '.join(lacking)}"] if lacking else []),
    ]

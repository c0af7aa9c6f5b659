"""Where a yarn is used: the recipes read upwards (spec E.4 `where-used`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.mill.rules.exact import product
from service.mill.rules.recipes import Recipes


@dataclass(frozen=True, slots=True)
class Use:
    """A style that a yarn goes into. `path`: from the style that takes it itself up to this one.

    `per_lb`: gross pounds of the yarn for a pound of this style, over this path.
    """

    style: str
    path: tuple[str, ...]
    per_lb: Decimal

    @property
    def level(self) -> int:
        """1 where the style takes the yarn itself."""
        return len(self.path)


def where_used(yarn: str, recipes: Recipes) -> Iterator[Use]:
    """The reverse tree of a yarn, a style before what it goes into; a circle is walked once."""
    takers = _takers(recipes)
    direct = sorted((style for style, of in recipes.yarns.items() if yarn in of), reverse=True)
    stack = [Use(style, (style,), recipes.yarns_of(style)[yarn]) for style in direct]
    while stack:
        use = stack.pop()
        yield use
        for taker in reversed(takers.get(use.style, ())):
            if taker not in use.path:
                per_lb = product(use.per_lb, recipes.parts_of(taker)[use.style])
                stack.append(Use(taker, (*use.path, taker), per_lb))


def _takers(recipes: Recipes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for style in sorted(recipes.parts):
        for part in recipes.parts[style]:
            found.setdefault(part, []).append(style)
    return found

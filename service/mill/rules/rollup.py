"""Cost of a pound of every style, rolled up from the yarn (spec E.5 Q5, E.12, F-72)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.mill.rules.exact import ONE, ZERO, exact, product
from service.mill.rules.explosion import walk
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Recipes
from service.mill.rules.topology import topology

Reason = Literal["COST_MISSING", "CONVERSION_MISSING", "NO_BOM", "BOM_CYCLE"]
Costs = Mapping[str, Decimal | None]
"""Cost of a pound by code; None or absent is unknown. A yarn of 0 is the customer's own."""


@dataclass(frozen=True, slots=True)
class StyleCost:
    """Of a pound, to 6 places: what is known of material and conversion, None where nothing is (R12).

    `missing_costs`: ways to a yarn whose cost is unknown, as Q5 counts them; `missing`: those yarns.
    `missing_conversion`: styles whose own cost of conversion is unknown.
    """

    material_per_lb: Decimal | None
    conversion_per_lb: Decimal | None
    missing_costs: int = 0
    missing: tuple[str, ...] = ()
    missing_conversion: tuple[str, ...] = ()
    reason: Reason | None = None

    @property
    def unit_cost(self) -> Decimal | None:
        """Both as they are shown, so that they add up; None, for the reason told, where a part is unknown."""
        if self.reason or self.material_per_lb is None or self.conversion_per_lb is None:
            return None
        return self.material_per_lb + self.conversion_per_lb

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class _Sum:
    """Costs of a pound before rounding, the parts below added in; None: none of them is known."""

    material: Decimal | None
    conversion: Decimal | None
    missing_costs: int
    missing: frozenset[str]
    missing_conversion: frozenset[str]
    has_unknown_recipe: bool


def rolled_up(recipes: Recipes, costs: Costs, conversion: Costs) -> dict[str, StyleCost]:
    """Every style of the recipes and of `conversion`, by code; each once, from those without parts up.

    `costs` are of yarns, `conversion` is each style's own. A style in a circle, or that holds one, has no
    cost; nor has one without a recipe, or with a part without one.
    """
    found = topology(recipes, {*recipes.lines, *conversion})
    sums: dict[str, _Sum] = {}
    with exact():
        for style in reversed(found.order):
            if style not in found.poisoned:
                sums[style] = _sum(style, sums, recipes, costs, conversion)
    return {
        style: _shown(sums[style]) if style in sums else StyleCost(None, None, reason="BOM_CYCLE")
        for style in sorted(found.order)
    }


def _sum(style: str, sums: Mapping[str, _Sum], recipes: Recipes, costs: Costs, conversion: Costs) -> _Sum:
    lines = recipes.lines.get(style, ())
    unknown = [line.component for line in lines if line.is_yarn and costs.get(line.component) is None]
    below = [sums[line.component] for line in lines if not line.is_yarn]
    parts = [(sums[part], per_lb) for part, per_lb in recipes.parts_of(style).items()]
    yarns = [(costs.get(yarn), per_lb) for yarn, per_lb in recipes.yarns_of(style).items()]
    return _Sum(
        _added([*yarns, *((part.material, per_lb) for part, per_lb in parts)]),
        _added([(conversion.get(style), ONE), *((part.conversion, per_lb) for part, per_lb in parts)]),
        len(unknown) + sum(part.missing_costs for part in below),
        frozenset(unknown).union(*(part.missing for part in below)),
        _unknown_conversion(style, conversion).union(*(part.missing_conversion for part in below)),
        not lines or any(part.has_unknown_recipe for part in below),
    )


def _added(costs: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """Costs times pounds, of those that are known; None where none is."""
    known = [cost * per_lb for cost, per_lb in costs if cost is not None]
    return sum(known, ZERO) if known else None


def _unknown_conversion(style: str, conversion: Costs) -> frozenset[str]:
    return frozenset((style,) if conversion.get(style) is None else ())


def _shown(found: _Sum) -> StyleCost:
    reason: Reason | None = None
    if found.has_unknown_recipe:
        reason = "NO_BOM"
    elif found.missing:
        reason = "COST_MISSING"
    elif found.missing_conversion:
        reason = "CONVERSION_MISSING"
    return StyleCost(
        None if found.material is None else rounded(found.material, 6),
        None if found.conversion is None else rounded(found.conversion, 6),
        found.missing_costs,
        tuple(sorted(found.missing)),
        tuple(sorted(found.missing_conversion)),
        reason,
    )


@dataclass(frozen=True, slots=True)
class CostLine:
    """Of a pound of a style, over one way through the recipes: a yarn, or the conversion of a style.

    `path`: the styles down to the one that takes the yarn, or that is converted; `pounds`: of that component.
    """

    path: tuple[str, ...]
    component: str
    is_yarn: bool
    pounds: Decimal
    cost_per_lb: Decimal | None
    amount: Decimal | None

    @property
    def level(self) -> int:
        """0 for the style itself and what is done to it, 1 for its yarns and parts, and so on."""
        return len(self.path) - (not self.is_yarn)


def cost_lines(style: str, recipes: Recipes, costs: Costs, conversion: Costs) -> Iterator[CostLine]:
    """What a pound of a style costs, way by way; nothing for a style in a circle, or that holds one."""
    if style in topology(recipes, [style]).poisoned:
        return
    for path, levels in walk(style, ONE, recipes):
        yield _line(path, path[-1], levels[-1], conversion, is_yarn=False)
        for yarn, factor in sorted(recipes.yarns_of(path[-1]).items()):
            yield _line(path, yarn, product(levels[-1], factor), costs, is_yarn=True)


def _line(path: tuple[str, ...], component: str, pounds: Decimal, costs: Costs, *, is_yarn: bool) -> CostLine:
    cost = costs.get(component)
    amount = None if cost is None else product(pounds, cost)
    return CostLine(path, component, is_yarn, pounds, cost, amount)

"""Explosion: from pounds of styles to pounds of yarn, over every level, to the last digit (E.5 Q2, E.6.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from service.mill.rules.exact import ZERO, exact, product
from service.mill.rules.recipes import Recipes
from service.mill.rules.topology import topology, with_takers

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Explosion:
    """Gross pounds of every style and yarn that a demand needs, by code, the demand itself among them.

    `cycles` and `skipped`: circles that were met, and demanded styles that are left out of everything
    because of one (`BOM_CYCLE`). `without_recipe`: styles that were needed and of which nobody knows what
    goes into them: their yarn is missing from `yarns`, it is not zero.
    """

    styles: Mapping[str, Decimal]
    yarns: Mapping[str, Decimal]
    cycles: tuple[tuple[str, ...], ...] = ()
    skipped: tuple[str, ...] = ()
    without_recipe: tuple[str, ...] = ()


def explode(demand: Mapping[str, Decimal], recipes: Recipes, batches: Mapping[str, int] = _NONE) -> Explosion:
    """Every style expanded once, with its complete gross (F-18, F-23 to F-26).

    `batches`: how often a style is set up; its lines' `setup_lb` count so often. Without it the explosion is
    linear: twice the demand is twice the yarn.
    """
    found = topology(recipes, demand)
    styles = {style: pounds for style, pounds in demand.items() if style not in found.poisoned}
    yarns: dict[str, Decimal] = {}
    with exact():
        for style in found.order:
            if style not in styles:
                continue
            _add(styles, recipes.parts_of(style), styles[style])
            _add(yarns, recipes.yarns_of(style), styles[style])
            for line in recipes.lines.get(style, ()) if batches else ():
                into = yarns if line.is_yarn else styles
                into[line.component] += line.setup_lb * batches.get(style, 0)
    return Explosion(
        dict(sorted(styles.items())),
        dict(sorted(yarns.items())),
        found.cycles,
        tuple(sorted(set(demand) & found.poisoned)),
        tuple(style for style in sorted(styles) if not recipes.lines.get(style)),
    )


def _add(to: dict[str, Decimal], factors: Mapping[str, Decimal], pounds: Decimal) -> None:
    for component, factor in factors.items():
        to[component] = to.get(component, ZERO) + pounds * factor


def lossy(recipes: Recipes, styles: Iterable[str]) -> frozenset[str]:
    """Those whose recipe states a loss on any level; waste and shrinkage are not added to it (R7, E.6.2)."""
    found = topology(recipes, styles)
    return with_takers(
        found, recipes, (one for one in found.order if any(line.loss for line in recipes.lines.get(one, ())))
    )


@dataclass(frozen=True, slots=True)
class Order:
    """A knit order as far as its yarn is asked for: pounds of a style that are still to be knitted."""

    number: str
    style: str
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Path:
    """`gross` pounds of a yarn for an order over one way through the recipes (Q2: a row).

    `path`: the styles from the order's own down to the one that the yarn is knitted into; `levels`: the
    gross pounds of each of them.
    """

    order: str
    path: tuple[str, ...]
    yarn: str
    levels: tuple[Decimal, ...]
    gross: Decimal


def paths(orders: Iterable[Order], recipes: Recipes) -> Iterator[Path]:
    """Every way from an order to a yarn, each to the last digit; for explanations.

    Orders come as they are given, the ways of an order by path and yarn. Orders of a style that `explode`
    skips have none: half of a circle explains nothing.
    """
    wanted = [order for order in orders if order.pounds > 0]
    poisoned = topology(recipes, (order.style for order in wanted)).poisoned
    for order in wanted:
        if order.style in poisoned:
            continue
        for path, levels in walk(order.style, order.pounds, recipes):
            for yarn, factor in sorted(recipes.yarns_of(path[-1]).items()):
                yield Path(order.number, path, yarn, levels, product(levels[-1], factor))


def walk(
    style: str, pounds: Decimal, recipes: Recipes
) -> Iterator[tuple[tuple[str, ...], tuple[Decimal, ...]]]:
    """Every way down from a style: the styles of it and the gross pounds of each, a way before its branches.

    For a style that is not in a circle and holds none: it would have no end.
    """
    stack: list[tuple[tuple[str, ...], tuple[Decimal, ...]]] = [((style,), (pounds,))]
    while stack:
        path, levels = stack.pop()
        yield path, levels
        for part, factor in sorted(recipes.parts_of(path[-1]).items(), reverse=True):
            stack.append(((*path, part), (*levels, product(levels[-1], factor))))

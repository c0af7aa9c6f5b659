"""Quantities of styles turned into pounds of yarn: way by way, and in all (spec E.4, E.6.2, E.6.4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final, TypeVar

from service.core.errors import Invalid
from service.mill.answers.shown import lb, lb_or_none
from service.mill.queries.recipes import RecipeBook
from service.mill.rules.explosion import Explosion, Order, Path, explode, paths
from service.mill.rules.netting import Demand, Netting
from service.mill.rules.quantities import ZERO, Converted, Fabric, NoConversion, rounded, to_pounds
from service.mill.rules.recipes import Recipes
from service.mill.rules.trust import UNSOUND
from service.schemas.mill.recipes import MillExplodeItem, MillLossMode

T = TypeVar("T")
MOST_WAYS: Final = 50_000
"""Ways through recipes in one answer; beyond, it is refused and never cut."""
NO_FABRIC: Final = Fabric()


@dataclass(frozen=True, slots=True)
class Item:
    """A quantity that was asked for and its pounds; None with the reason where no factor is known."""

    at: int
    asked: MillExplodeItem
    style: str
    converted: Converted | None
    reason: str | None = None

    @property
    def pounds(self) -> Decimal:
        """Pounds, 0 where they are not known."""
        return ZERO if self.converted is None else self.converted.pounds


def items_of(asked: Sequence[MillExplodeItem], meant: Mapping[str, str], book: RecipeBook) -> list[Item]:
    """Each quantity in pounds, by its style's own factors (F-21)."""
    return [_item(at, one, meant[one.style], book) for at, one in enumerate(asked)]


def _item(at: int, asked: MillExplodeItem, style: str, book: RecipeBook) -> Item:
    try:
        return Item(at, asked, style, to_pounds(asked.quantity, asked.uom, book.styles[style].fabric))
    except NoConversion as error:
        return Item(at, asked, style, None, error.code)


def under(recipes: Recipes, mode: MillLossMode | None) -> Recipes:
    """Recipes whose losses are all counted in one way; None: as each style says."""
    if mode is None:
        return recipes
    return Recipes(recipes.lines, frozenset(recipes.lines if mode == "yield" else ()))


def limited(ways: Iterable[T]) -> list[T]:
    """All of them. Raises `Invalid` where there are more than an answer can hold."""
    found = list(islice(ways, MOST_WAYS + 1))
    if len(found) > MOST_WAYS:
        raise Invalid(f"there are more than {MOST_WAYS} ways through these recipes; ask for less at a time")
    return found


@dataclass(frozen=True, slots=True)
class Exploded:
    """What items need. `pounds` of each that were exploded: all of it, or what stages did not cover."""

    items: Sequence[Item]
    pounds: Mapping[int, Decimal]
    whole: Explosion
    setup: Mapping[str, Decimal]
    ways: Sequence[Path]


def exploded(items: Sequence[Item], recipes: Recipes, netting: Netting | None) -> Exploded:
    """Every style expanded once with all that is needed of it, and every way for itself.

    Of an item whose pounds nobody knows there is nothing in it: its yarn is unknown, not zero.
    """
    covered = {} if netting is None else {int(line.demand.order_no): line for line in netting.lines}
    pounds = {one.at: covered[one.at].net if one.at in covered else one.pounds for one in items}
    demand: dict[str, Decimal] = {}
    batches: dict[str, int] = {}
    for one in (one for one in items if one.converted is not None):
        demand[one.style] = demand.get(one.style, ZERO) + pounds[one.at]
        batches[one.style] = batches.get(one.style, 0) + one.asked.setups
    whole = explode(demand, recipes, {style: times for style, times in batches.items() if times})
    plain = explode(demand, recipes)
    setup = {yarn: gross - plain.yarns.get(yarn, ZERO) for yarn, gross in whole.yarns.items()}
    ways = limited(paths((Order(str(one.at), one.style, pounds[one.at]) for one in items), recipes))
    return Exploded(items, pounds, whole, setup, ways)


def demands_of(items: Sequence[Item]) -> list[Demand]:
    """The items as demands on fabric in stages, served in the order they were asked in."""
    return [Demand(f"{one.at:06}", one.style, one.pounds) for one in items]


def item_object(item: Item, found: Exploded) -> dict[str, Any]:
    """An item as the wire has it."""
    known = item.converted
    net = found.pounds[item.at]
    return {
        "item": item.at,
        "style_code": item.style,
        "named": item.asked.style,
        "quantity": f"{item.asked.quantity:f}",
        "uom": item.asked.uom,
        "quantity_lb": None if known is None else lb(known.pounds),
        "source": None if known is None else known.source,
        "estimated": known is not None and known.estimated,
        "reason": item.reason,
        "from_stages_lb": lb_or_none(None if known is None else known.pounds - net),
        "exploded_lb": lb_or_none(None if known is None else net),
    }


def row_object(way: Path) -> dict[str, Any]:
    """A way as the wire has it."""
    return {
        "item": int(way.order),
        "path": list(way.path),
        "levels": [
            {"style_code": style, "quantity_lb": lb(pounds)}
            for style, pounds in zip(way.path, way.levels, strict=True)
        ],
        "yarn_code": way.yarn,
        "gross_lb": lb(way.gross),
    }


def exploded_object(
    found: Exploded, book: RecipeBook, as_of: date, stock: Mapping[str, Decimal | None] | None
) -> dict[str, Any]:
    """Everything that items need; with `stock` (theoretical balances by yarn) what it does not cover."""
    whole = found.whole
    return {
        "as_of": as_of,
        "items": [item_object(one, found) for one in found.items],
        "rows": [row_object(way) for way in found.ways],
        "styles": [{"style_code": one, "gross_lb": lb(pounds)} for one, pounds in whole.styles.items()],
        "yarns": [
            {
                "yarn_code": yarn,
                "gross_lb": lb(gross),
                "setup_lb": lb(found.setup[yarn]),
                "theoretical_balance_lb": lb_or_none(None if stock is None else stock.get(yarn)),
                "net_lb": lb_or_none(None if stock is None else max(ZERO, gross - (stock.get(yarn) or ZERO))),
            }
            for yarn, gross in whole.yarns.items()
        ],
        "gross_lb": lb(sum((rounded(gross) for gross in whole.yarns.values()), ZERO)),
        "cycles": [list(path) for path in whole.cycles],
        "warnings": [*warnings_of(found, book), *_never_counted(found, stock)],
    }


def _never_counted(found: Exploded, stock: Mapping[str, Decimal | None] | None) -> Iterator[dict[str, str]]:
    """Yarns that were netted against a stock of which nobody knows anything."""
    if stock is not None:
        for yarn in found.whole.yarns:
            if stock.get(yarn) is None:
                yield _warning("NO_STOCK_ROW", yarn, "nobody ever counted it: taken as none")


def warnings_of(found: Exploded, book: RecipeBook) -> Iterator[dict[str, str]]:
    """What is doubtful about an explosion."""
    for item in found.items:
        if item.reason:
            yield _warning(item.reason, item.style, f"{item.asked.uom} of it cannot be turned into pounds")
    for path in found.whole.cycles:
        yield _warning("BOM_CYCLE", path[0], f"contains itself: {' > '.join(path)}")
    for style in found.whole.skipped:
        yield _warning("BOM_CYCLE", style, "left out: its recipe contains a circle")
    for style in found.whole.without_recipe:
        rejected = style in book.styles and book.styles[style].bom_status == "rejected"
        code = "BOM_REJECTED" if rejected else "NO_BOM"
        yield _warning(
            code, style, "what goes into it is not known: its yarn is missing here, it is not zero"
        )
    for style in found.whole.styles:
        if style in book.styles and book.styles[style].bom_status in UNSOUND:
            yield _warning("BOM_INCOMPLETE", style, "its recipe does not add up to 1")


def _warning(code: str, subject: str, message: str) -> dict[str, str]:
    return {"code": code, "subject": subject, "message": message}


def doubts_of(warnings: Iterable[Mapping[str, str]]) -> list[str]:
    """Warnings as reasons why an answer is not complete."""
    return [f"{one['code']} {one['subject']}: {one['message']}" for one in warnings]

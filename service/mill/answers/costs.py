"""What a pound of a style costs, level by level, and what differed from the standard (spec E.12)."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.exploding import limited
from service.mill.answers.needs import Assumed, assumed
from service.mill.answers.recipe_trees import factor_text
from service.mill.answers.shown import decimals, lb, lb_or_none
from service.mill.queries.costs import select_yarn_costs
from service.mill.queries.recipes import RecipeBook, select_all_recipes, select_recipes
from service.mill.rules.costing import Overhead, Variance, order_cost, price_variance, usage_variance
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO
from service.mill.rules.rollup import CostLine, StyleCost, cost_lines, rolled_up
from service.schemas.mill.costs import MillVarianceItem


@dataclass(frozen=True, slots=True)
class Costing:
    """Costs of styles, rolled up, with what they stand on."""

    book: RecipeBook
    taken: Assumed
    yarns: Mapping[str, Decimal | None]
    conversion: Mapping[str, Decimal | None]
    styles: Mapping[str, StyleCost]
    parameters: Parameters

    def overhead(self, style: str) -> Decimal | None:
        """Overhead of a pound by the one choice of the parameters; None as a share of what is not known."""
        basis, rate = self.parameters.overhead_basis, self.parameters.overhead
        if basis == "none":
            return ZERO
        if basis == "per_lb":
            return Overhead("per_lb", rate).per_lb(ZERO)
        conversion = self.styles[style].conversion_per_lb
        if conversion is None or self.styles[style].missing_conversion:
            return None
        return Overhead("of_conversion", rate).per_lb(conversion)

    def unit_cost(self, style: str) -> Decimal | None:
        """Material, conversion and overhead; None as soon as one of them is not known."""
        cost, overhead = self.styles[style].unit_cost, self.overhead(style)
        return None if cost is None or overhead is None else cost + overhead


async def costing(
    conn: ReadConnection, as_of: date, parameters: Parameters, style: str | None = None
) -> Costing:
    """The costs of every style, or of one and all that goes into it; three statements."""
    if style is None:
        book, yarns = await select_all_recipes(conn, as_of), await select_yarn_costs(conn)
        return await asyncio.to_thread(_costed, book, yarns, parameters)
    book = await select_recipes(conn, [style], as_of)
    named = {one.component for of in book.recipes.lines.values() for one in of if one.is_yarn}
    yarns = await select_yarn_costs(conn, sorted(named))
    return _costed(book, yarns, parameters)


def _costed(book: RecipeBook, yarns: Mapping[str, Decimal | None], parameters: Parameters) -> Costing:
    taken = assumed(book.recipes, parameters)
    usual = parameters.usual_conversion
    conversion = {
        code: usual if one.conversion_cost is None else one.conversion_cost
        for code, one in book.styles.items()
    }
    return Costing(book, taken, yarns, conversion, rolled_up(taken.recipes, yarns, conversion), parameters)


def figures_of(found: Costing, style: str) -> dict[str, Any]:
    """The cost of a pound of a style and what is missing of it."""
    cost = found.styles[style]
    return {
        "style_code": style,
        "material_per_lb": decimals(cost.material_per_lb, 6),
        "conversion_per_lb": decimals(cost.conversion_per_lb, 6),
        "overhead_per_lb": decimals(found.overhead(style), 6),
        "unit_cost_per_lb": decimals(found.unit_cost(style), 6),
        "complete": cost.complete,
        "reason": cost.reason,
        "missing_costs": cost.missing_costs,
        "missing": list(cost.missing),
        "missing_conversion": list(cost.missing_conversion),
    }


def style_cost_object(found: Costing, style: str, as_of: date) -> dict[str, Any]:
    """The roll-up of a style with every way through its recipes."""
    lines = limited(cost_lines(style, found.taken.recipes, found.yarns, found.conversion))
    return {
        **figures_of(found, style),
        "as_of": as_of,
        "lines": [_line(one) for one in lines],
        "assumptions": list(told(found)),
    }


def told(found: Costing) -> Iterator[str]:
    """What was assumed for these costs."""
    yield from found.taken.told
    silent = sum(one.conversion_cost is None for one in found.book.styles.values())
    usual = found.parameters.usual_conversion
    if silent and usual is not None:
        yield f"conversion_cost_per_lb: {usual:f} for styles that state none ({silent})"
    if found.parameters.overhead_basis != "none":
        yield f"overhead: {found.parameters.overhead_basis} {found.parameters.overhead:f}"


def _line(line: CostLine) -> dict[str, Any]:
    return {
        "level": line.level,
        "path": list(line.path),
        "component": line.component,
        "kind": "yarn" if line.is_yarn else "conversion",
        "per_top_lb": factor_text(line.pounds),
        "cost_per_lb": decimals(line.cost_per_lb, 4),
        "amount_per_lb": decimals(line.amount, 6),
    }


def order_cost_object(found: Costing, order: Row[Any], as_of: date, setups: int) -> dict[str, Any]:
    """Unit cost times what remains of the order, and the hours of setting up."""
    style = order.style_code
    hours = setups * found.parameters.setup_hours
    rate = found.parameters.machine_rate_per_hour
    cost = order_cost(found.unit_cost(style), order.balance, hours, rate)
    reason = found.styles[style].reason or cost.reason
    return {
        "order_no": order.order_no,
        "style_code": style,
        "as_of": as_of,
        "balance_lb": lb(order.balance),
        "unit_cost_per_lb": decimals(found.unit_cost(style), 6),
        "setup_hours": f"{hours:f}",
        "machine_rate_per_hour": decimals(rate, 4),
        "cost": decimals(cost.value, 2),
        "complete": cost.value is not None,
        "reason": None if cost.value is not None else reason,
        "missing": list(found.styles[style].missing),
        "missing_conversion": list(found.styles[style].missing_conversion),
        "assumptions": [*told(found), f"set up {setups} times for {found.parameters.setup_hours:f} h each"],
    }


def variance_object(asked: MillVarianceItem, costs: Mapping[str, Decimal | None]) -> dict[str, Any]:
    """Price and usage variance of an item; null with the reason where a figure is not known."""
    standard = asked.standard_price
    source = None if standard is None else "request"
    if standard is None and asked.yarn is not None and costs.get(asked.yarn) is not None:
        standard, source = costs[asked.yarn], "yarn"
    price = usage = None
    if asked.actual_price is not None and standard is not None:
        price = price_variance(asked.actual_price, standard, asked.actual_lb)
    if asked.standard_lb is not None and standard is not None:
        usage = usage_variance(asked.actual_lb, asked.standard_lb, standard)
    missing = "COST_MISSING" if standard is None else "NOT_STATED"
    return {
        "yarn_code": asked.yarn,
        "actual_price": decimals(asked.actual_price, 4),
        "standard_price": decimals(standard, 4),
        "standard_price_source": source,
        "actual_lb": lb(asked.actual_lb),
        "standard_lb": lb_or_none(asked.standard_lb),
        "price": _amount(price, missing),
        "usage": _amount(usage, missing),
    }


def _amount(variance: Variance | None, missing: str) -> dict[str, Any]:
    if variance is None:
        return {"amount": None, "verdict": None, "reason": missing}
    return {"amount": f"{variance.amount:.2f}", "verdict": variance.verdict, "reason": None}

"""How each kind of file is checked over all its rows, and put in force."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from service.mill.imports import demand, masters, orders, receipts, recipes, stock
from service.mill.imports.work import Work

Step = Callable[[Work], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Steps:
    """`check` looks and tells, and writes nothing but tables of the transaction; `publish` writes."""

    check: Step
    publish: Step


STEPS: Final[Mapping[str, Steps]] = {
    "yarn_inventory": Steps(stock.check, stock.publish),
    "bom": Steps(recipes.check, recipes.publish),
    "knit_orders": Steps(orders.check, orders.publish),
    "expected_receipts": Steps(receipts.check, receipts.publish),
    "yarn_po": Steps(receipts.check_lines, receipts.publish_lines),
    "yarn_demand": Steps(demand.check_weeks, demand.publish_weeks),
    "sales": Steps(demand.check_sales, demand.publish_sales),
    "style_map": Steps(masters.check_styles_named, masters.publish_map),
    "styles": Steps(masters.nothing_more, masters.publish_styles),
    "machines": Steps(masters.nothing_more, masters.publish_machines),
    "rates": Steps(masters.check_styles_named, masters.publish_rates),
    "suppliers": Steps(masters.nothing_more, masters.publish_suppliers),
    "stage_inventory": Steps(demand.check_rolls, demand.publish_rolls),
    "forecasts": Steps(demand.check_forecasts, demand.publish_forecasts),
}
"""By kind of file."""

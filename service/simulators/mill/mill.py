"""The whole mill on one day, made from a plan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from service.simulators.mill.demand import Need, needs, totals
from service.simulators.mill.masters import Masters, masters
from service.simulators.mill.orders import Order, orders
from service.simulators.mill.plan import Plan
from service.simulators.mill.recipes import Styles, styles
from service.simulators.mill.stock import Stock, on_order, stocks
from service.simulators.mill.supply import PurchaseLine, purchases
from service.simulators.mill.weeks import Weeks


@dataclass(frozen=True)
class Mill:
    """Everything its ERP knows on the day `as_of`; `stock` is of the first yarns of `masters`.

    Needs, allocations and what is on order follow from orders, recipes and purchases, and are never stored.
    """

    plan: Plan
    as_of: date
    masters: Masters
    styles: Styles
    orders: tuple[Order, ...]
    purchases: tuple[PurchaseLine, ...]
    stock: tuple[Stock, ...]

    @cached_property
    def weeks(self) -> Weeks:
        """The weeks of its reports."""
        return Weeks.of(self.as_of)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What each order takes of each yarn."""
        return tuple(needs(self.orders, self.styles.recipes, self.weeks))

    @cached_property
    def needed(self) -> dict[int, Decimal]:
        """All demand of each yarn."""
        return totals(self.needs)

    @cached_property
    def on_order(self) -> dict[int, Decimal]:
        """What is on order of each yarn."""
        return on_order(self.purchases)

    def planning_balance(self, yarn: int) -> Decimal:
        """What is left of a stocked yarn when all is knitted and all has come (spec I2)."""
        nothing = Decimal(0)
        taken = self.needed.get(yarn, nothing)
        return self.stock[yarn].balance - taken + self.on_order.get(yarn, nothing)


def generate(plan: Plan) -> Mill:
    """The mill of a plan.

    Raises `ValueError` for a size that does not exist.
    """
    known = masters(plan)
    made = styles(plan, known)
    knitted = orders(plan, known, made)
    bought = purchases(plan, known)
    needed = totals(needs(knitted, made.recipes, Weeks.of(plan.as_of)))
    held = stocks(plan, needed, on_order(bought))
    return Mill(plan, plan.as_of, known, made, knitted, bought, held)

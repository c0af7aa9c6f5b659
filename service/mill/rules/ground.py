"""What a plan stands on, as one snapshot saw it: stock, orders, receipts, recipes, demand (spec R13, E.6).

Yarns and styles go by their codes; `id` is the row they are stored under.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from service.mill.rules.parameters import Parameters
from service.mill.rules.plant import Plant
from service.mill.rules.precedence import Rank, rank
from service.mill.rules.quantities import Fabric
from service.mill.rules.recipes import Recipes
from service.mill.rules.sources import Standing
from service.mill.rules.substitution import Substitute

OPEN: Final = ("pending", "assigned", "in_progress")
"""Statuses of orders that have demand (spec E.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YarnGround:
    """A yarn. Not `known`: the inventory has no row of it; its opening is 0 and NO_STOCK_ROW is said."""

    id: int
    code: str
    known: bool
    opening: Decimal
    consumed: Decimal
    allocated: Decimal
    on_order: Decimal
    min_stock: Decimal
    safety_stock: Decimal
    moq: Decimal
    multiple: Decimal
    maximum: Decimal
    cost: Decimal | None
    lead_days: int | None
    """Of the yarn, else of its supplier; None: neither says."""
    lead_of: str
    """`yarn`, `supplier`, or the supplier's origin, whose default counts."""
    supplier: str | None
    status: str = "active"

    @property
    def planning(self) -> Decimal:
        """Planning balance (R3)."""
        return self.opening + self.allocated + self.on_order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGround:
    """A knit order with what remains of it (R5)."""

    id: int | None
    number: str
    style: str
    pounds: Decimal
    priority: int
    status: str
    kind: str = "firm"
    start: date | None = None
    due: date | None = None
    machine: str | None = None
    serves: tuple[str, ...] = ()

    @property
    def rank(self) -> Rank:
        """Its place in the order of service (R10)."""
        return rank(self.priority, self.due, self.number)

    @property
    def is_open(self) -> bool:
        """Whether it asks for yarn."""
        return self.status in OPEN and self.pounds > 0

    def needed(self, parameters: Parameters) -> date | None:
        """When its yarn has to be there (E.6.1): its start, else so many days before it is due."""
        if self.start is not None or self.due is None:
            return self.start
        return date.fromordinal(self.due.toordinal() - parameters.production_lead_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptGround:
    """What a purchase still brings: `past_due`, `dated` or `later`."""

    id: int
    po: str
    line: int
    yarn: str
    kind: str
    due: date | None
    pounds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleGround:
    """A style. `bom_status` says how far its recipe can be trusted."""

    id: int
    code: str
    stage: str
    bom_status: str
    fabric: Fabric
    rate_lb_per_day: Decimal | None = None
    work_center: str | None = None
    conversion_cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGround:
    """Yarn that is promised to an order already: `hard`, `soft` or `expected` out of a receipt."""

    id: int
    order: str
    yarn: str
    kind: str
    pounds: Decimal
    receipt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleGround:
    """A line of an open sales order: fabric that is still to be delivered, in the unit it was sold in."""

    document: str
    line: int
    style: str | None
    named: str
    quantity: Decimal
    unit: str
    due: date | None
    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastGround:
    """Pounds of a style expected in an ISO week."""

    style: str
    week: date
    pounds: Decimal


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Everything, from one snapshot. `stages`: pounds of fabric by (stage, style) of what is asked for.

    `substitutes`: the approved ones of each yarn that are themselves among `yarns`; what is free of them is
    told by their row there. `plant` is there where machines are planned too.
    """

    as_of: date
    parameters: Parameters
    parameters_version: str
    standing: Standing
    yarns: Mapping[str, YarnGround]
    orders: Sequence[OrderGround]
    receipts: Sequence[ReceiptGround]
    styles: Mapping[str, StyleGround]
    recipes: Recipes
    held: Sequence[HeldGround] = ()
    sales: Sequence[SaleGround] = ()
    forecasts: Sequence[ForecastGround] = ()
    stages: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    substitutes: Mapping[str, Sequence[Substitute]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    plant: Plant | None = None

    @property
    def served(self) -> list[OrderGround]:
        """Open orders in the order of service."""
        return sorted((one for one in self.orders if one.is_open), key=lambda one: one.rank)

    def hash(self) -> str:
        """The same data and parameters have the same, whatever order the rows came in (E.6)."""
        digest = hashlib.sha256(f"{self.as_of}|{sorted(self.parameters.as_values().items())}".encode())
        for part in (self.yarns.values(), self.orders, self.receipts, self.styles.values(), self.held):
            digest.update(_rows(part))
        for rest in (self.sales, self.forecasts):
            digest.update(_rows(rest))
        lines = sorted(f"{style}|{one!r}" for style, of in self.recipes.lines.items() for one in of)
        digest.update("\n".join(lines).encode())
        digest.update(repr(sorted(self.stages.items())).encode())
        digest.update(repr(sorted(self.substitutes.items())).encode())
        digest.update(b"" if self.plant is None else self.plant.digest())
        return digest.hexdigest()


def _rows(rows: Iterable[Any]) -> bytes:
    """Rows of one kind."""
    held = list(rows)
    if not held:
        return b""
    # The row's number is not data: the same file read into another database gives the same hash.
    data = attrgetter(*(part.name for part in fields(held[0]) if part.name != "id"))
    return "\n".join(sorted("|".join(map(str, data(one))) for one in held)).encode()

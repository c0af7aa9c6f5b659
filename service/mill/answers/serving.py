"""What orders would get of stock and receipts if they were served now: nothing is written (spec E.11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.needs import Needs, assumed, doubts_of_recipes, needs_of
from service.mill.answers.shown import lb
from service.mill.queries.allocations import StockRow, select_coming, select_live, select_stock
from service.mill.queries.recipes import select_recipes
from service.mill.rules.allocation import Claim, Key, Share, allocate, allocate_kits
from service.mill.rules.expected import Promise, Receipt, promises
from service.mill.rules.ground import OPEN
from service.mill.rules.orders import Kit, KitLine, kit
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO
from service.mill.rules.recipes import Recipes
from service.mill.rules.weeks import arrival
from service.schemas.mill.fields import MillAllocationMode

NOT_OPEN: Final = "NOT_OPEN"
"""Why an order is given nothing: its status is none that asks for yarn."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How orders are served. `expected`: whether receipts are promised for what stock lacks.

    An order that is not open (on hold, completed, cancelled) asks for nothing (E.6), but for the one that
    `as_if_open` names.
    """

    as_of: date
    parameters: Parameters
    mode: MillAllocationMode = "independent"
    min_fraction: Decimal | None = None
    expected: bool = True
    as_if_open: str | None = None

    def serves(self, order: Row[Any]) -> bool:
        """Whether an order asks for yarn."""
        return order.status in OPEN or order.order_no == self.as_if_open

    @property
    def least(self) -> Decimal:
        """The fraction of a kit below which nothing is given."""
        return self.parameters.kit_minimum_fraction if self.min_fraction is None else self.min_fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A yarn of an order: its share of stock, and what receipts bring, held or promised."""

    share: Share
    expected: tuple[Promise, ...] = ()
    held_expected: Decimal = ZERO
    held_until: date | None = None

    @property
    def coming(self) -> Decimal:
        """Pounds that receipts bring."""
        return self.held_expected + sum((one.pounds for one in self.expected), ZERO)

    @property
    def kit_line(self) -> KitLine:
        """As the status of the kit sees it."""
        days = [one.available_on for one in self.expected]
        if self.held_until is not None:
            days.append(self.held_until)
        there = self.share.hard + self.share.allocated
        return KitLine(
            self.share.claim.yarn, self.share.claim.required, there, self.coming, max(days, default=None)
        )


@dataclass(frozen=True, kw_only=True)
class Served:
    """Orders in the order of service with their lines by yarn, and the stock before."""

    terms: Terms
    orders: Sequence[Row[Any]]
    recipes: Recipes
    needs: Needs
    lines: Mapping[str, Sequence[Line]]
    stock: Mapping[str, StockRow]
    receipts: Mapping[int, Row[Any]]
    assumptions: Sequence[str]
    doubts: Sequence[str] = field(default=())

    def kit_of(self, order: Row[Any]) -> Kit | None:
        """How far the yarn of an order is there; None: nobody knows all that it needs."""
        if order.order_no in self.needs.unknown:
            return None
        lines = [line.kit_line for line in self.lines.get(order.order_no, ())]
        return kit(lines, order.balance, self.terms.as_of, self.terms.parameters)


async def serve(conn: ReadConnection, orders: Sequence[Row[Any]], terms: Terms) -> Served:
    """Orders (in the order of service) served from what is left of stock and receipts; six statements."""
    styles = sorted({row.style_code for row in orders})
    book = await select_recipes(conn, styles, terms.as_of)
    taken = assumed(book.recipes, terms.parameters)
    needs = needs_of([row for row in orders if terms.serves(row)], taken.recipes, book)
    yarns = sorted({yarn for of in needs.of.values() for yarn in of})
    stock = await select_stock(conn, yarns)
    live = await select_live(conn, [row.id for row in orders])
    coming = await select_coming(conn, yarns) if terms.expected else ()
    shares = _shares(orders, needs, stock, live, terms)
    return Served(
        terms=terms,
        orders=orders,
        recipes=taken.recipes,
        needs=needs,
        lines=_lines(shares, live, coming, terms),
        stock=stock,
        receipts={row.id: row for row in coming},
        assumptions=taken.told,
        doubts=[*doubts_of_recipes(styles, book), *_uncounted(stock)],
    )


def _shares(
    orders: Sequence[Row[Any]], needs: Needs, stock: Mapping[str, StockRow], live: Iterable[Row[Any]],
    terms: Terms,
) -> list[Share]:  # fmt: skip
    claims = [
        Claim(row.order_no, yarn, pounds, row.priority, row.due_date)
        for row in orders
        for yarn, pounds in needs.of.get(row.order_no, {}).items()
    ]
    held = held_of(live, expected=False)
    given = {code: row.left for code, row in stock.items() if row.theoretical is not None}
    # What is left is free of all that is held; the rules take what these orders hold off it once more.
    for (_, yarn), pounds in held.items():
        if yarn in given:
            given[yarn] += pounds
    if terms.mode == "kit":
        return allocate_kits(claims, given, held, terms.least)
    return allocate(claims, given, held)


def held_of(live: Iterable[Row[Any]], *, expected: bool) -> dict[Key, Decimal]:
    """Pounds that orders hold of yarns: out of receipts, or out of stock."""
    found: dict[Key, Decimal] = {}
    for row in live:
        if (row.kind == "expected") is expected:
            key = (row.order_no, row.yarn_code)
            found[key] = found.get(key, ZERO) + row.quantity_lb
    return found


def _lines(
    shares: Sequence[Share], live: Sequence[Row[Any]], coming: Iterable[Row[Any]], terms: Terms
) -> dict[str, list[Line]]:
    held = held_of(live, expected=True)
    until: dict[Key, date] = {}
    for row in live:
        if row.kind == "expected" and row.available_on is not None:
            key = (row.order_no, row.yarn_code)
            until[key] = max(row.available_on, until.get(key, date.min))
    policy = terms.parameters.past_due_policy
    receipts = [
        Receipt(row.id, row.yarn_code, day, row.free)
        for row in coming
        if row.free > 0 and (day := arrival(row.kind, row.due_date, terms.as_of, policy)) is not None
    ]
    promised: dict[Key, list[Promise]] = {}
    for one in promises([_without(share, held.get(share.claim.key, ZERO)) for share in shares], receipts):
        promised.setdefault(one.claim.key, []).append(one)
    found: dict[str, list[Line]] = {}
    for share in shares:
        key = share.claim.key
        line = Line(share, tuple(promised.get(key, ())), held.get(key, ZERO), until.get(key))
        found.setdefault(share.claim.order, []).append(line)
    return found


def _without(share: Share, expected: Decimal) -> Share:
    """The share, short of no more than what no receipt is held for."""
    return Share(share.claim, share.hard, share.allocated, max(ZERO, share.short - expected), share.reason)


def _uncounted(stock: Mapping[str, StockRow]) -> list[str]:
    unknown = sorted(code for code, row in stock.items() if row.theoretical is None)
    return [f"yarns that nobody ever counted, taken as none: {', '.join(unknown)}"] if unknown else []


def line_object(line: Line, receipts: Mapping[int, Row[Any]]) -> dict[str, Any]:
    """A line as the wire has it."""
    share = line.share
    return {
        "yarn_code": share.claim.yarn,
        "required_lb": lb(share.claim.required),
        "held_lb": lb(share.hard),
        "allocated_lb": lb(share.allocated),
        "expected_lb": lb(line.coming),
        "short_lb": lb(share.short),
        "reason": share.reason,
        "expected": [
            {
                "receipt_id": one.receipt,
                "po_no": receipts[one.receipt].po_no,
                "quantity_lb": lb(one.pounds),
                "available_on": one.available_on,
                "days_late": one.days_late,
            }
            for one in line.expected
        ],
    }


def kit_object(found: Kit | None) -> dict[str, Any] | None:
    """A kit as the wire has it."""
    if found is None:
        return None
    return {
        "status": found.status,
        "coverage": f"{found.coverage:.6f}",
        "producible_lb": lb(found.producible),
        "ready_on": found.ready_on,
        "missing": list(found.missing),
    }


def preview_object(served: Served) -> dict[str, Any]:
    """Every order with what it would get, and what would be left."""
    given = _given(served)
    lines = [line for of in served.lines.values() for line in of]
    return {
        "as_of": served.terms.as_of,
        "mode": served.terms.mode,
        "min_fraction": f"{served.terms.least:f}",
        "items": [_order_object(served, row) for row in served.orders],
        "yarns": [stock_object(row, given.get(code, ZERO)) for code, row in sorted(served.stock.items())],
        "required_lb": lb(sum((line.share.claim.required for line in lines), ZERO)),
        "allocated_lb": lb(sum(given.values(), ZERO)),
        "short_lb": lb(sum((line.share.short for line in lines), ZERO)),
        "assumptions": list(served.assumptions),
    }


def stock_object(row: StockRow, given: Decimal) -> dict[str, Any]:
    """A yarn of which so much is given now."""
    known = row.theoretical is not None
    return {
        "yarn_code": row.code,
        "theoretical_balance_lb": lb(row.theoretical) if row.theoretical is not None else None,
        "held_lb": lb(row.held),
        "allocated_lb": lb(given),
        "left_lb": lb(row.left - given) if known else None,
    }


def _given(served: Served) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for of in served.lines.values():
        for line in of:
            yarn = line.share.claim.yarn
            found[yarn] = found.get(yarn, ZERO) + line.share.allocated
    return found


def _order_object(served: Served, row: Row[Any]) -> dict[str, Any]:
    return {
        "order_no": row.order_no,
        "style_code": row.style_code,
        "priority": row.priority,
        "due_date": row.due_date,
        "balance_lb": lb(row.balance),
        "reason": served.needs.unknown.get(row.order_no) if served.terms.serves(row) else NOT_OPEN,
        "kit": kit_object(served.kit_of(row)),
        "lines": [line_object(line, served.receipts) for line in served.lines.get(row.order_no, ())],
    }

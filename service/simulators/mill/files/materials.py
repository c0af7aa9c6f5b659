"""The files about yarns: stock, what is on order, suppliers."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from service.simulators.mill.files.table import (
    Row,
    Table,
    american,
    columns,
    dollar_sum,
    dollars,
    ledger,
    plain,
    thousands,
)
from service.simulators.mill.mill import Mill
from service.simulators.mill.supply import PurchaseLine
from service.simulators.mill.weeks import AHEAD, COLUMNS, PAST_DUE, Weeks

_NOTHING = Decimal(0)


def yarn_inventory(mill: Mill) -> Table:
    """All stocked yarns with their balances (I1 and I2 hold)."""
    shown = (
        *columns(plain, "Desc#", "QS Cust", "Supplier", "Description", "Color"),
        *columns(ledger, "Beginning Balance", "Received", "Consumed", "Adjustments", "Theoretical Balance"),
        *columns(ledger, "Misc", "On Order", "Allocated", "Planning Balance"),
        *columns(plain, "Reconcile Date"),
        *columns(dollars, "Cost/Pound"),
        *columns(dollar_sum, "Total Cost"),
    )
    return Table("yarn_inventory", "yarn_inventory", shown, partial(_stock, mill))


def expected_receipts(mill: Mill) -> Table:
    """Purchase lines by the week they come in; the weeks end on Fridays (I3 and I4 hold)."""
    fridays = [american(mill.weeks.friday(column)) for column in range(1, AHEAD + 1)]
    shown = (
        *columns(american, "PO Date"),
        *columns(plain, "PO #", "Purchased From", "Desc", "Price", "INVEN"),
        *columns(thousands, "PO Order Amt", "Rec'd", "PO Bal", "Unscheduled or Past Due", "This Week"),
        *columns(thousands, *fridays, "Later"),
        *columns(plain, "Type", "Ply", "Size", "Filament", "Color", "Blend"),
    )
    return Table("expected_receipts", "expected_receipts", shown, partial(_receipts, mill))


def yarn_po(mill: Mill) -> Table:
    """The same purchase lines as the purchasing side lists them; nearly all without a quoted day."""
    shown = (
        *columns(plain, "PO#", "Status", "Desc#"),
        *columns(american, "Ordered", "Requested", "Quoted"),
        *columns(thousands, "Qty", "Balance"),
        *columns(plain, "Supplier", "Size", "Type", "Color", "Description"),
        *columns(dollars, "$/lb"),
        *columns(dollar_sum, "Total $"),
    )
    return Table("yarn_po", "yarn_po", shown, partial(_purchases, mill))


def suppliers(mill: Mill) -> Table:
    """Suppliers; nobody says whether lead times are days or weeks."""
    shown = columns(plain, "Supplier ID", "Supplier", "Lead Time", "MOQ", "Type")
    return Table("suppliers", "suppliers", shown, partial(_suppliers, mill))


def by_week(line: PurchaseLine, weeks: Weeks) -> list[Decimal]:
    """What of a purchase line comes in which column of `Weeks`; the last one is what is past due."""
    found = [_NOTHING] * (COLUMNS + 1)
    for delivery in line.deliveries:
        found[weeks.column(delivery.day)] += delivery.quantity
    return found


def _stock(mill: Mill) -> Iterator[Row]:
    for number, stock in enumerate(mill.stock):
        yarn, balance = mill.masters.yarns[number], stock.balance
        allocated, coming = -mill.needed.get(number, _NOTHING), mill.on_order.get(number, _NOTHING)
        worth = (balance * yarn.cost).quantize(Decimal("0.01"), ROUND_HALF_UP)
        # Now and then the ERP leaves a movement blank that was none, and writes the day another way.
        bare = number % 4 == 0
        moved = [
            None if bare and value == 0 else value
            for value in (stock.received, stock.consumed, stock.adjustments)
        ]
        day = mill.as_of.isoformat() if number % 3 else american(mill.as_of)
        yield [
            yarn.code, yarn.customer, yarn.supplier, yarn.description, yarn.colour, stock.beginning, *moved,
            balance, None, coming, allocated, balance + allocated + coming, day, yarn.cost, worth,
        ]  # fmt: skip


def _receipts(mill: Mill) -> Iterator[Row]:
    for line in mill.purchases:
        yarn, weekly = mill.masters.yarns[line.yarn], by_week(line, mill.weeks)
        made: Row = [line.placed, line.code, yarn.supplier, yarn.code, line.price, 0]
        made += [line.ordered, line.received, line.balance, weekly[PAST_DUE], *weekly[:PAST_DUE]]
        yield [*made, yarn.kind, yarn.ply, yarn.size, yarn.filaments, yarn.colour, yarn.blend]


def _purchases(mill: Mill) -> Iterator[Row]:
    for number, line in enumerate(mill.purchases):
        yarn = mill.masters.yarns[line.yarn]
        days = [delivery.day for delivery in line.deliveries if delivery.day is not None]
        wanted = min(days, default=None)
        made: Row = [line.code, "Open", yarn.code, line.placed, wanted, wanted if number % 79 == 0 else None]
        made += [line.ordered, line.balance, yarn.supplier, yarn.size, yarn.kind, yarn.colour]
        yield [*made, yarn.description, line.price, line.price * line.ordered]


def _suppliers(mill: Mill) -> Iterator[Row]:
    for one in mill.masters.suppliers:
        yield [one.code, one.name, one.lead_time, one.minimum, one.origin]

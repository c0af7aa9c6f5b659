"""Knit orders (B.1, B.4): what remains of each (R5, I7), what was shipped too much, what has no day."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.mill.files.cells import (
    AMOUNT,
    CODE,
    DAY,
    POUNDS,
    PRIORITY,
    SOME_AMOUNT,
    SOME_CODE,
    TEXT,
    UNLINKED,
    ZERO,
)
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.kinds.recipes import STYLE
from service.mill.rules.orders import BALANCE_TOLERANCE_LB
from service.mill.rules.quantities import rounded

ORDER: Final = ("Order #", "Order#", "KO #", "KO#", "Knit Order", "Actions")
MACHINE: Final = ("Machine", "MACH", "Machine #")
_HUNDRED: Final = Decimal(100)


def _check(record: Record) -> None:
    ordered, shipped = record.get("quantity"), record.get("shipped", ZERO)
    if ordered is None:
        if not record.rejected:
            record.tell("quantity", "NUM_FORMAT", "The quantity ordered is empty")
        return
    left = ordered - record.get("produced", ZERO) - shipped + record.get("seconds", ZERO)
    _compare(record, max(ZERO, left))
    if shipped * _HUNDRED > ordered * (_HUNDRED + record.ground.parameters.over_ship_pct):
        record.tell("shipped", "KO_OVERSHIP", _overshipped(ordered, shipped), shipped)
    if record.get("start_date") is None and record.get("due_date") is None:
        record.tell("due_date", "KO_NO_DATES", "Neither start nor due date: listed last")


def _compare(record: Record, balance: Decimal) -> None:
    stated = record.get("balance")
    if stated is not None and abs(stated - balance) > BALANCE_TOLERANCE_LB:
        said = "File value differs from ordered - G00 - shipped + seconds"
        record.tell("balance", "KO_BALANCE", said, rounded(balance))


def _overshipped(ordered: Decimal, shipped: Decimal) -> str:
    if not ordered:
        return "Shipped, and nothing was ordered"
    over = ((shipped / ordered - 1) * _HUNDRED).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"Shipped {over.normalize():f} % more than ordered"


KNIT_ORDERS: Final = Kind(
    name="knit_orders",
    title="Knit orders",
    semantics="upsert",
    key=("order_no",),
    needs=(("style_code",), ("order_no",), ("quantity",)),
    check=_check,
    columns=(
        Column("style_code", CODE, STYLE),
        Column("order_no", UNLINKED, ORDER),
        Column("start_date", DAY, ("Start Date",)),
        Column("due_date", DAY, ("Quoted Date", "Quoted", "Due Date")),
        Column("quantity", SOME_AMOUNT, ("Qty Ordered (lbs)", "Qty Ordered")),
        Column("produced", AMOUNT, ("G00 (lbs)", "G00")),
        Column("shipped", AMOUNT, ("Shipped (lbs)", "Shipped")),
        Column("balance", POUNDS, ("Balance (lbs)", "Balance"), stored=False),
        Column("seconds", AMOUNT, ("Seconds (lbs)", "Seconds")),
        Column("bki", TEXT, ("BKI #s",), stored=False),
        Column("machine", SOME_CODE, MACHINE),
        Column("sales_order_ref", TEXT, ("PO#", "PO #")),
        Column("customer_ref", TEXT, ("Customer",)),
        Column("priority", PRIORITY, ("Priority",)),
        Column("modified", DAY, ("Modified",), stored=False),
    ),
)

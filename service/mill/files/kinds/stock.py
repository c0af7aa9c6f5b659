"""The yarn inventory (B.1, B.4): balances with their signs (R2), checked against their sums (I1, I2)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from service.mill.files.cells import (
    AMOUNT,
    CODE,
    MOVEMENT,
    NUMBER,
    POUNDS,
    PRICE,
    SOME_AMOUNT,
    SOME_CODE,
    TEXT,
    ZERO,
    Ground,
)
from service.mill.files.cells import DAY as SOME_DAY
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.telling import Told
from service.mill.rules.balances import Stock, mismatches, outflow
from service.mill.rules.numbers import says_nothing
from service.mill.rules.quantities import rounded

YARN: Final = (
    "Desc#", "Desc #", "Desc", "Yarn", "Yarn#", "Yarn_ID", "Yarn Code", "Material_ID", "desc_num",
)  # fmt: skip
COST: Final = ("Cost/Pound", "Cost_Pound", "Cost per Pound", "Cost/lb", "$/lb")
SUPPLIER: Final = ("Supplier", "Purchased From", "Vendor")
MOVEMENTS: Final = ("beginning_balance", "received", "consumed", "adjustments", "misc")
_ONLY: Final = "No beginning: it is the theoretical balance without the movements"
_MISMATCHES: Final = {
    "TB_MISMATCH": ("theoretical_balance", "beginning + received + consumed + adjustments + misc"),
    "PB_MISMATCH": ("planning_balance", "theoretical + allocated + on order"),
}
_COST_TOLERANCE: Final = Decimal("0.05")


def _check(record: Record) -> None:
    """Signs, balances and cost of one yarn."""
    _sign(record, "consumed", "CONSUMED_SIGN", "Consumed")
    _sign(record, "allocated", "ALLOC_SIGN", "Allocated")
    if record.get("on_order", ZERO) < 0:
        record.tell("on_order", "ON_ORDER_NEG", "On order can never be negative")
    _only_theoretical(record)
    stock = _stock(record)
    if not record.rejected:
        _compare(record, stock)
    if "cost_per_lb" in record.places:
        _cost(record, stock.theoretical)


def _sign(record: Record, name: str, code: str, title: str) -> None:
    value = record.get(name, ZERO)
    if value > 0:
        record.values[name] = outflow(value)
        record.tell(name, code, f"{title} must be zero or negative; sign reversed", outflow(value))


def _only_theoretical(record: Record) -> None:
    """Of a file that does not say what there was at the beginning: what its movements leave of its balance.

    A rule of the whole file (E.8): where it has both, a balance that its movements do not make is wrong.
    """
    if "beginning_balance" not in record.places:
        moved = sum((record.get(name, ZERO) for name in MOVEMENTS[1:]), ZERO)
        record.values["beginning_balance"] = rounded(record.get("theoretical_balance", ZERO) - moved)


def _tell_only_theoretical(
    line: int, places: Mapping[str, int], titles: Mapping[str, str], _: Ground, told: Told
) -> None:
    """Said once of a file that has no column for what there was at the beginning."""
    if "beginning_balance" not in places and "theoretical_balance" in places:
        title, at = titles["theoretical_balance"], places["theoretical_balance"]
        told.tell(line, "TB_ONLY", _ONLY, column=title, at=at, raw=title)


def _stock(record: Record) -> Stock:
    names = ("beginning_balance", *MOVEMENTS[1:], "allocated", "on_order")
    return Stock(*(record.get(name, ZERO) for name in names))


def _compare(record: Record, stock: Stock) -> None:
    stated = record.get("theoretical_balance"), record.get("planning_balance")
    for one in mismatches(stock, *stated, record.tolerance):
        name, said = _MISMATCHES[one.code]
        record.tell(name, one.code, f"File value differs from {said}", rounded(one.computed))
    if stock.theoretical < 0:
        said = "Less than nothing lies in store: count again"
        record.tell("theoretical_balance", "TB_NEGATIVE", said, rounded(stock.theoretical))


def _cost(record: Record, balance: Decimal) -> None:
    """0 is the customer's own yarn where one is named, else nobody knows."""
    cost, owned = record.get("cost_per_lb"), record.get("customer") is not None
    if cost == 0 and not owned:
        record.values["cost_per_lb"] = None
        record.tell("cost_per_lb", "COST_ZERO", "Cost 0 and no customer who owns the yarn: cost unknown")
    elif cost is None and says_nothing(record.raw("cost_per_lb")):
        record.tell("cost_per_lb", "COST_MISSING", "No cost: unknown")
    total = record.get("total_cost")
    if cost is not None and total is not None and abs(total - balance * cost) > _COST_TOLERANCE:
        record.tell(
            "total_cost", "COST_TOTAL_MISMATCH", "Not theoretical balance x cost: not used", balance * cost
        )


YARN_INVENTORY: Final = Kind(
    name="yarn_inventory",
    title="Yarn inventory",
    semantics="replace_snapshot",
    key=("yarn_code",),
    needs=(
        ("yarn_code",), ("beginning_balance", "theoretical_balance"), ("consumed",), ("allocated",),
        ("on_order",),
    ),
    headed=_tell_only_theoretical,
    check=_check,
    columns=(
        Column("yarn_code", CODE, YARN),
        Column("customer", SOME_CODE, ("QS Cust", "Customer")),
        Column("supplier", SOME_CODE, SUPPLIER),
        Column("description", TEXT, ("Description",)),
        Column("color", TEXT, ("Color", "Colour")),
        Column("beginning_balance", MOVEMENT, ("Beginning Balance",)),
        Column("received", MOVEMENT, ("Received", "Rec'd", "Recd")),
        Column("consumed", MOVEMENT, ("Consumed", "Consumed_Qty")),
        Column("adjustments", MOVEMENT, ("Adjustments",)),
        Column(
            "theoretical_balance", POUNDS,
            ("Theoretical Balance", "Theoratical_Balance", "Theo Balance"), stored=False,
        ),
        Column("misc", MOVEMENT, ("Misc",)),
        Column("on_order", MOVEMENT, ("On Order", "OnOrder")),
        Column("allocated", MOVEMENT, ("Allocated", "Allocated_Qty")),
        Column("planning_balance", POUNDS, ("Planning Balance", "Planning_Ballance"), stored=False),
        Column("min_stock", AMOUNT, ("Min Stock", "Minimum Stock")),
        Column("reconcile_date", SOME_DAY, ("Reconcile Date",)),
        Column("cost_per_lb", PRICE, COST),
        Column("total_cost", NUMBER, ("Total Cost", "Total_Cast"), stored=False),
        Column("safety_stock_lb", SOME_AMOUNT, ("Safety Stock",)),
    ),
)  # fmt: skip

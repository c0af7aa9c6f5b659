"""What is asked of the mill: sales, open sales orders, forecasts, its own weekly report."""

from decimal import Decimal
from typing import Any, Final

from service.mill.files.cells import (
    CODE,
    DAY,
    NEEDED_DAY,
    NUMBER,
    POUNDS,
    PRICED,
    SOME_AMOUNT,
    TEXT,
    UNIT,
    UNLINKED,
    WHOLE,
    ZERO,
)
from service.mill.files.kind import Column, Kind, Record, WeekColumn
from service.mill.files.kinds.orders import ORDER
from service.mill.files.kinds.recipes import PART, STYLE
from service.mill.files.kinds.stock import YARN
from service.mill.rules.numbers import BadNumber, read_number
from service.mill.rules.quantities import rounded
from service.mill.rules.weeks import monday_of

FSTYLE: Final = ("fStyle#", "fStyle", "Finished Style")


def _check_sale(record: Record) -> None:
    if record.get("order_date") is None and not record.rejected:
        record.tell("order_date", "DATE_FORMAT", "The day of the sale is needed", rejects=True)
    if record.get("quantity") is None and not record.rejected:
        record.tell("quantity", "NUM_FORMAT", "The quantity is empty")
    record.values["open"] = False


SALES: Final = Kind(
    name="sales",
    title="Sales",
    semantics="upsert",
    key=("document_no", "line_no"),
    needs=(("document_no",), ("order_date",), ("style_code",), ("quantity",), ("uom",)),
    check=_check_sale,
    extra={"open": "boolean", "due_date": "date"},
    columns=(
        Column("document_no", CODE, ("Document", "Document #", "Invoice", "Invoice #")),
        Column("line_no", WHOLE, ("Line", "Line #")),
        Column("order_date", NEEDED_DAY, ("Invoice Date", "Order Date")),
        Column("customer", TEXT, ("Customer",)),
        Column("style_code", CODE, (*FSTYLE, *STYLE)),
        Column("quantity", POUNDS, ("Yds_ordered", "Quantity", "Qty")),
        Column("uom", UNIT, ("UOM", "Unit")),
        Column("unit_price", PRICED, ("Unit Price",)),
        Column("line_price", NUMBER, ("Line Price",), stored=False),
    ),
)


def _check_open(record: Record) -> None:
    """What is still to be delivered. Who does not say when it was ordered: first seen on the file's day."""
    ordered, shipped = record.get("ordered"), record.get("shipped", ZERO)
    left = record.get("quantity")
    if left is None and ordered is not None:
        left = ordered - shipped
    if left is None and not record.rejected:
        record.tell("ordered", "NUM_FORMAT", "The quantity is empty")
    record.values["quantity"] = None if left is None else max(ZERO, left)
    record.values["open"] = left is not None and left > 0
    record.values["due_date"] = record.get("ship_date") or record.get("quoted_date")
    record.values["order_date"] = record.get("order_date") or record.ground.snapshot


OPEN_SALES: Final = Kind(
    name="sales",
    title="Open sales orders",
    semantics="replace_snapshot",
    key=("document_no", "line_no"),
    needs=(("document_no",), ("style_code",), ("ordered", "quantity"), ("uom",), ("on_hold",)),
    check=_check_open,
    extra={"open": "boolean", "due_date": "date"},
    part="open",
    columns=(
        Column("document_no", UNLINKED, ("SO #", "SO#", "Sales Order", "Order #")),
        Column("line_no", WHOLE, ("Line", "Line #")),
        Column("on_hold", TEXT, ("On Hold",), stored=False),
        Column("customer", TEXT, ("Customer",)),
        Column("style_code", CODE, (*FSTYLE, *STYLE)),
        Column("order_date", DAY, ("Order Date",)),
        Column("quoted_date", DAY, ("Quoted Date", "Quoted"), stored=False),
        Column("ship_date", DAY, ("Ship Date",), stored=False),
        Column("ordered", POUNDS, ("Ordered", "Qty Ordered"), stored=False),
        Column("shipped", POUNDS, ("Shipped", "Qty Shipped"), stored=False),
        Column("quantity", POUNDS, ("Balance", "Open")),
        Column("uom", UNIT, ("UOM", "Unit")),
        Column("unit_price", PRICED, ("Unit Price",)),
    ),
)


def _check_forecast(record: Record) -> None:
    day = record.get("week_start")
    if record.rejected:
        return
    if day is None or record.get("quantity") is None:
        record.tell("week_start", "DATE_FORMAT", "A forecast needs its week and its pounds", rejects=True)
    else:
        record.values["week_start"] = monday_of(day)


FORECASTS: Final = Kind(
    name="forecasts",
    title="Forecasts",
    semantics="upsert",
    key=("style_code", "week_start"),
    needs=(("style_code",), ("week_start",), ("quantity",)),
    check=_check_forecast,
    columns=(
        Column("style_code", CODE, STYLE),
        Column("week_start", NEEDED_DAY, ("Week", "Week Start", "Week of", "Date")),
        Column("quantity", SOME_AMOUNT, ("Quantity (lbs)", "Forecast (lbs)", "Forecast", "Pounds", "Lbs")),
    ),
)


def _check_demand(record: Record) -> None:
    """Weeks of a yarn, held against the sums that the report itself states (I5, I6)."""
    weeks = _weekly(record, record.weeks)
    record.values["weeks"] = [one.monday for one in record.weeks]
    record.values["measures"] = [one.measure for one in record.weeks]
    record.values["quantities"] = weeks
    if record.rejected:
        return
    sums = {measure: _sum(record, weeks, measure) for measure in ("demand", "receipts")}
    past_due = record.get("past_due", ZERO)
    _same(record, "total_demand", sums["demand"], "the demand of all weeks")
    _same(record, "total_receipt", sums["receipts"] + past_due, "past due and the receipts of all weeks")
    opening = record.get("opening", ZERO)
    demand = record.get("total_demand", sums["demand"])
    receipts = record.get("total_receipt", sums["receipts"] + past_due)
    _same(record, "balance", opening - demand + receipts, "Monday inventory - total demand + total receipt")
    _check_recursion(record, opening, weeks)


def _check_recursion(record: Record, opening: Decimal, weeks: list[Decimal]) -> None:
    """I5: each week's balance is that of the week before, less demand, plus receipts; past due is in none."""
    balance = opening
    for one, value in zip(record.weeks, weeks, strict=True):
        if one.measure == "balance" and abs(value - balance) > record.tolerance:
            said = f"The balance before, demand and receipts make {balance}"
            record.told.tell(record.row, "DEMAND_DIFFERS", said, column=one.title, at=one.at, raw=str(value))
            return
        balance += {"demand": -value, "receipts": value}.get(one.measure, ZERO)


def _weekly(record: Record, weeks: "tuple[WeekColumn, ...] | Any") -> list[Decimal]:
    found = []
    for one in weeks:
        cell = record.cells[one.at] if one.at < len(record.cells) else None
        try:
            found.append(rounded(read_number(cell).value or ZERO))
        except BadNumber as bad:
            found.append(ZERO)
            record.told.tell(
                record.row, bad.code, str(bad), column=one.title, at=one.at, raw=cell, rejects=True
            )
    return found


def _sum(record: Record, weeks: list[Decimal], measure: str) -> Decimal:
    return sum((v for one, v in zip(record.weeks, weeks, strict=True) if one.measure == measure), ZERO)


def _same(record: Record, name: str, computed: Decimal, of: str) -> None:
    stated = record.get(name)
    if stated is not None and abs(stated - computed) > record.tolerance:
        record.tell(name, "DEMAND_DIFFERS", f"The report's own weeks differ: {of} make {computed}", stated)


_WEEKS: Final = {"weeks": "date[]", "measures": "text[]", "quantities": "numeric[]"}
YARN_DEMAND: Final = Kind(
    name="yarn_demand",
    title="The mill's weekly report of its yarns",
    semantics="replace_snapshot",
    key=("yarn_code",),
    needs=(("yarn_code",), ("opening",), ("total_demand",)),
    check=_check_demand,
    extra={**_WEEKS, "order_no": "text"},
    begin=lambda record: record.values.__setitem__("order_no", ""),
    weekly="grouped",
    columns=(
        Column("yarn_code", CODE, YARN),
        Column("opening", POUNDS, ("Monday Inventory",)),
        Column("total_demand", POUNDS, ("Total Demand",)),
        Column("total_receipt", POUNDS, ("Total Receipt", "Total Receipts")),
        Column("balance", POUNDS, ("Balance",)),
        Column("past_due", POUNDS, ("Past Due Receipts", "Past Due", "Unscheduled or Past Due")),
    ),
)


def _check_by_order(record: Record) -> None:
    """Pounds of a yarn that an order takes, by week; percentages are on the 0-100 scale here (B.1)."""
    named = [
        WeekColumn(record.places[name], name, None)
        for name in ("this_week", "later")
        if name in record.places
    ]
    now = monday_of(record.ground.snapshot)
    weeks = [
        *(WeekColumn(one.at, one.title, now) for one in named if one.title == "this_week"),
        *record.weeks,
        *(one for one in named if one.title == "later"),
    ]
    quantities = _weekly(record, weeks)
    record.values["weeks"] = [one.monday for one in weeks]
    record.values["measures"] = ["demand"] * len(weeks)
    record.values["quantities"] = quantities
    part = record.get("percentage")
    if part is not None and not 0 < part <= 100:
        record.tell("percentage", "BOM_RANGE", "Not a percentage above 0 and up to 100")
    if not record.rejected:
        _same(record, "total_demand", sum(quantities, ZERO), "all weeks")


YARN_DEMAND_BY_ORDER: Final = Kind(
    name="yarn_demand",
    title="Yarn demand by style and order",
    semantics="replace_snapshot",
    key=("style_code", "order_no", "yarn_code"),
    needs=(("style_code",), ("order_no",), ("yarn_code",), ("percentage",)),
    check=_check_by_order,
    extra=_WEEKS,
    part="by_order",
    weekly="dated",
    columns=(
        Column("style_code", CODE, STYLE),
        Column("order_no", UNLINKED, ORDER),
        Column("yarn_code", CODE, YARN),
        Column("percentage", NUMBER, ("Percentage", *PART)),
        Column("this_week", NUMBER, ("This Week",), stored=False),
        Column("later", NUMBER, ("Later",), stored=False),
        Column("total_demand", POUNDS, ("Total",)),
    ),
)

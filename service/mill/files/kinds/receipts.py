"""Purchases: what is still to come of each order, by week (B.1, I4), and the purchase orders themselves."""

from decimal import Decimal
from typing import Final

from service.mill.files.cells import (
    CODE,
    DAY,
    NUMBER,
    POUNDS,
    PRICE,
    SIZE,
    SOME_AMOUNT,
    SOME_CODE,
    TEXT,
    ZERO,
)
from service.mill.files.kind import Column, Kind, Record
from service.mill.files.kinds.stock import COST, SUPPLIER, YARN
from service.mill.rules.numbers import BadNumber, read_number
from service.mill.rules.quantities import rounded
from service.mill.rules.sizes import size_text

PO: Final = ("PO #", "PO#", "PO Number")


def _check(record: Record) -> None:
    """Buckets are never negative, and add to what is still open."""
    dated = [_bucket(record, one.at, one.title) for one in record.weeks]
    named = [record.get(name, ZERO) for name in ("past_due", "this_week", "later")]
    for name, value in zip(("past_due", "this_week", "later"), named, strict=True):
        if value < 0:
            record.tell(name, "NUM_RANGE", "Must be at least 0")
    record.values["dated"] = dated
    ordered, received = record.get("ordered", ZERO), record.get("received", ZERO)
    if ordered <= 0 and not record.rejected:
        record.tell("ordered", "NUM_RANGE", "Must be above 0")
    if record.rejected:
        return
    coming = sum(dated, ZERO) + sum(named, ZERO)
    _compare(record, coming, ordered - received)
    record.values["open_qty"], record.values["size_raw"] = coming, _size_of(record)


def _compare(record: Record, coming: Decimal, left: Decimal) -> None:
    """I4: what is coming, what the file says is open and what was not received are one; never below 0."""
    stated, name = record.get("open_qty", left), "open_qty" if "open_qty" in record.places else "ordered"
    if abs(coming - max(ZERO, stated)) > record.tolerance:
        said = f"Past due, weeks and later add to {coming}, the PO balance is {stated}"
        record.tell(name, "PO_BUCKETS", said)
    elif abs(coming - max(ZERO, left)) > record.tolerance:
        said = f"Past due, weeks and later add to {coming}, ordered less received is {left}"
        record.tell(name, "PO_BUCKETS", said)


def _size_of(record: Record) -> str | None:
    """`ply/denier/filaments` of a filament yarn, `count/ply` of a spun one (E.13); None where parts lack."""
    text = size_text(*(record.get(name) for name in ("ply", "size", "filament")))
    return text if "/" in text else None


def _bucket(record: Record, at: int, title: str) -> Decimal:
    """Pounds in a week's column."""
    cell = record.cells[at] if at < len(record.cells) else None
    try:
        value = rounded(read_number(cell).value or ZERO)
        if value < 0:
            raise BadNumber("NUM_RANGE", cell, "Must be at least 0")
    except BadNumber as bad:
        record.told.tell(record.row, bad.code, str(bad), column=title, at=at, raw=cell, rejects=True)
        return ZERO
    return value


EXPECTED_RECEIPTS: Final = Kind(
    name="expected_receipts",
    title="Expected yarn receipts",
    semantics="replace_snapshot",
    key=("po_no", "yarn_code"),
    needs=(
        ("po_no",), ("yarn_code",), ("ordered",), ("received",), ("past_due",), ("this_week",), ("later",),
    ),
    check=_check,
    extra={"dated": "numeric[]", "size_raw": "text"},
    weekly="dated",
    columns=(
        Column("po_date", DAY, ("PO Date",)),
        Column("po_no", CODE, PO),
        Column("supplier", SOME_CODE, ("Purchased From", "Supplier", "Vendor")),
        Column("yarn_code", CODE, ("Desc", *YARN)),
        Column("price_per_lb", PRICE, ("Price", *COST)),
        Column("inven", NUMBER, ("INVEN",), stored=False),
        Column("ordered", POUNDS, ("PO Order Amt", "Qty", "Ordered")),
        Column("received", SOME_AMOUNT, ("Rec'd", "Recd", "Received")),
        Column("open_qty", POUNDS, ("PO Bal", "Balance")),
        Column("past_due", POUNDS, ("Unscheduled or Past Due", "Past Due", "Past Due Receipts")),
        Column("this_week", POUNDS, ("This Week",)),
        Column("later", POUNDS, ("Later",)),
        Column("material", TEXT, ("Type",)),
        Column("ply", SIZE, ("Ply",), stored=False),
        Column("size", SIZE, ("Size",), stored=False),
        Column("filament", SIZE, ("Filament",), stored=False),
        Column("color", TEXT, ("Color", "Colour")),
        Column("blend", TEXT, ("Blend",)),
    ),
)  # fmt: skip


def _check_line(record: Record) -> None:
    ordered, stated = record.get("ordered"), record.get("open_qty")
    if record.rejected:
        return
    if ordered is None or ordered <= 0:
        record.tell("ordered", "NUM_RANGE", "Must be above 0")
    elif stated is not None and not 0 <= stated <= ordered:
        record.tell("open_qty", "NUM_RANGE", "Must be from 0 to what was ordered")
    else:
        record.values["open_qty"] = ordered if stated is None else stated
        record.values["received"] = ordered - record.values["open_qty"]
        record.values["size_raw"] = record.get("size")


YARN_PO: Final = Kind(
    name="yarn_po",
    title="Yarn purchase orders",
    semantics="upsert",
    key=("po_no", "yarn_code"),
    needs=(("po_no",), ("yarn_code",), ("ordered",)),
    check=_check_line,
    extra={"received": "numeric", "size_raw": "text"},
    columns=(
        Column("po_no", CODE, PO),
        Column("status", TEXT, ("Status",)),
        Column("yarn_code", CODE, YARN),
        Column("po_date", DAY, ("Ordered", "PO Date")),
        Column("requested", DAY, ("Requested",), stored=False),
        Column("quoted", DAY, ("Quoted", "Quoted Date"), stored=False),
        Column("ordered", POUNDS, ("Qty", "PO Order Amt")),
        Column("open_qty", POUNDS, ("Balance", "PO Bal")),
        Column("supplier", SOME_CODE, SUPPLIER),
        Column("size", SIZE, ("Size",), stored=False),
        Column("material", TEXT, ("Type",)),
        Column("color", TEXT, ("Color", "Colour")),
        Column("description", TEXT, ("Description",)),
        Column("price_per_lb", PRICE, COST),
        Column("total", NUMBER, ("Total $",), stored=False),
    ),
)

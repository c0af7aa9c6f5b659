"""What can be wrong in the files about yarns (spec B.5)."""

from collections.abc import Sequence
from decimal import Decimal

from service.simulators.mill.dirt.damage import Damage, Record
from service.simulators.mill.dirt.kinds import (
    added,
    as_float,
    changed,
    nonzero,
    present,
    repeated,
    untrimmed,
    with_cell,
    without_key,
    written,
)
from service.simulators.mill.files.table import Cell

_ZERO = Decimal(0)
_MOVEMENTS = ("Received", "Consumed", "Adjustments", "Theoretical Balance", "On Order", "Allocated")


def of_inventory() -> Sequence[Damage]:
    """Signs, sums, costs and keys of the yarn inventory."""
    bought = _bought
    return [
        changed("ALLOC_SIGN", "Allocated", _negated, nonzero("Allocated")),
        changed("CONSUMED_SIGN", "Consumed", _negated, nonzero("Consumed")),
        # A balance without any movement is no mismatch: it is all that is known of the yarn.
        changed("TB_MISMATCH", "Theoretical Balance", _more, nonzero("Beginning Balance")),
        changed("PB_MISMATCH", "Planning Balance", _more),
        changed("NUM_TEXT", "Beginning Balance", _texted, nonzero("Beginning Balance")),
        written("NUM_BLANK", "Misc", "N/A"),
        written("COST_MISSING", "Cost/Pound", None, bought),
        written("COST_ZERO", "Cost/Pound", _ZERO, bought),
        changed("COST_TOTAL_MISMATCH", "Total Cost", _more, bought),
        written("DATE_FORMAT", "Reconcile Date", "25.08.2025"),
        written("DATE_RANGE", "Reconcile Date", "1999-12-31"),
        written("FORMULA", "Description", "=1+1"),
        untrimmed("Desc#"),
        as_float("Desc#"),
        with_cell("KEY_FLOAT", "Desc#", _new_yarn, "9.5001E4"),
        with_cell("NUM_FORMAT", "On Order", _new_yarn, "1.234,50"),
        with_cell("NUM_RANGE", "Received", _new_yarn, "2000000000"),
        with_cell("ON_ORDER_NEG", "On Order", _new_yarn, Decimal(-50)),
        Damage("TB_NEGATIVE", "Theoretical Balance", _overdrawn, adds=True),
        without_key("Desc#"),
        *repeated("Desc#", _new_yarn, "Beginning Balance"),
        with_cell("ROW_TOTAL", "Desc#", _new_yarn, "Grand Total"),
    ]


def of_receipts(nowhere_on_order: str) -> Sequence[Damage]:
    """Expected receipts; the yarn given is in stock and not on order."""
    return [
        written("DATE_FORMAT", "PO Date", "14.7.2025"),
        written("SIZE_DATE", "Size", "1-Dec"),
        written("FORMULA", "Blend", "=A1"),
        as_float("Desc"),
        untrimmed("Desc"),
        changed("NUM_TEXT", "PO Order Amt", _texted),
        Damage("PO_BUCKETS", "PO Bal", _unbalanced, adds=True),
        added("PO_SUM", "PO Bal", _new_line, Desc=nowhere_on_order),
        added("YARN_UNKNOWN", "Desc", _new_line, Desc="99991"),
        with_cell("NUM_FORMAT", "This Week", _new_line, "12..3"),
        without_key("Desc"),
        *repeated("PO #", _new_line, "Price"),
    ]


def of_suppliers() -> Sequence[Damage]:
    """Suppliers."""
    return [
        with_cell("SUPPLIER_REMOVE", "Lead Time", _new_supplier, "Remove"),
        with_cell("NUM_FORMAT", "MOQ", _new_supplier, "1,23"),
        without_key("Supplier ID"),
        *repeated("Supplier ID", _new_supplier, "MOQ"),
    ]


def _new_yarn(record: Record, serial: int) -> None:
    record["Desc#"] = str(95_000 + serial)


def _new_line(record: Record, serial: int) -> None:
    record["PO #"] = f"PO-{90_000 + serial}"


def _new_supplier(record: Record, serial: int) -> None:
    record["Supplier ID"] = f"SUP-X{serial}"


def _bought(record: Record) -> bool:
    """Yarn that the mill pays for, and that is in stock."""
    return not record["QS Cust"] and nonzero("Theoretical Balance")(record) and present("Cost/Pound")(record)


def _negated(cell: Cell) -> Cell:
    return -cell if isinstance(cell, Decimal) else cell


def _more(cell: Cell) -> Cell:
    """So much more that no rounding explains it."""
    return cell + Decimal("7.25") if isinstance(cell, Decimal) else cell


def _texted(cell: Cell) -> Cell:
    """A number as a text with a currency sign and a minus behind."""
    assert isinstance(cell, Decimal)
    return f"$ {abs(cell):,.2f}" + ("-" if cell < 0 else "")


def _overdrawn(record: Record, serial: int) -> list[Record]:
    """A yarn of which more was taken than there was; its sums are right."""
    _new_yarn(record, serial)
    below = Decimal("-75.25")
    moved: Record = {**record, **dict.fromkeys(_MOVEMENTS, _ZERO), "Misc": None, "Beginning Balance": below}
    worth: Record = {"Cost/Pound": _ZERO, "Total Cost": _ZERO, "QS Cust": "CUST-X"}
    return [{**moved, "Theoretical Balance": below, "Planning Balance": below, **worth}]


def _unbalanced(record: Record, serial: int) -> list[Record]:
    """Ten pounds too many come this week."""
    _new_line(record, serial)
    coming = record["This Week"]
    assert isinstance(coming, Decimal)
    return [{**record, "This Week": coming + 10}]

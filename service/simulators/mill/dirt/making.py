"""What can be wrong in the files about what is knitted (spec B.5)."""

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

_Parts = Sequence[tuple[str, str]]


def of_bom(first: str, second: str) -> Sequence[Damage]:
    """Recipes of styles of their own, made of two yarns that are in stock."""
    return [
        _recipe("BOM_SCALE_MIXED", (first, "0.6"), (second, "40")),
        _recipe("BOM_RANGE", (first, "0.8"), (second, "-0.2")),
        _recipe("BOM_DUP_SAME", (first, "0.6"), (first, "0.6"), (second, "0.4")),
        _recipe("BOM_DUP_SUMMED", (first, "0.5"), (first, "0.1"), (second, "0.4")),
        _recipe("BOM_DUP_DIFF", (first, "0.5"), (first, "0.2"), (second, "0.4")),
        _recipe("BOM_SUM_NEAR", (first, "0.6"), (second, "0.385")),
        _recipe("BOM_SUM_OFF", (first, "0.4"), (second, "0.23")),
        _recipe("YARN_UNKNOWN", (first, "0.6"), ("99990", "0.4"), column="Desc#"),
        _recipe("NUM_FORMAT", (first, "0,6")),
        added("BOM_PLACEHOLDER", "Desc#", _new_style, **{"Desc#": None, "BOM_Percentage": Decimal(0)}),
        without_key("Style#", "Desc#"),
        Damage("KEY_TRIM", "Desc#", untrimmed("Desc#").spoil, suits=present("Desc#")),
        Damage("KEY_FLOAT", "Desc#", as_float("Desc#").spoil, suits=present("Desc#")),
    ]


def of_levels() -> Sequence[Damage]:
    """Two styles that are made of each other."""
    return [Damage("BOM_CYCLE", "Component_Style", _cycle, adds=True)]


def of_orders() -> Sequence[Damage]:
    """Knit orders."""
    return [
        changed("KO_HTML", "Order #", lambda cell: f"<b>{cell}</b>&nbsp;", lambda one: "<" not in _code(one)),
        changed("KO_BALANCE", "Balance (lbs)", _more, nonzero("Balance (lbs)")),
        Damage("KO_NO_DATES", "Quoted Date", _undated),
        written("DATE_FORMAT", "Quoted Date", "11.9.2025", present("Quoted Date")),
        written("DATE_RANGE", "Quoted Date", "1/1/2099", present("Quoted Date")),
        written("FORMULA", "PO#", "=1+1"),
        untrimmed("Order #"),
        Damage("KO_OVERSHIP", "Shipped (lbs)", _shipped_twice, adds=True),
        added("STYLE_UNKNOWN", "Style #", _new_order, **{"Style #": "ZZ9999/9"}),
        with_cell("NUM_FORMAT", "Qty Ordered (lbs)", _new_order, "1,23"),
        with_cell("NUM_RANGE", "Qty Ordered (lbs)", _new_order, "2000000000"),
        without_key("Order #"),
        *repeated("Order #", _new_order, "Qty Ordered (lbs)"),
    ]


def of_styles() -> Sequence[Damage]:
    """The style master."""
    return [
        with_cell("WC_FORMAT", "Work Center", _new_style, "6-30-28-F"),
        with_cell("NUM_FORMAT", "Yds/Lbs", _new_style, "1.2.9"),
        untrimmed("Style#"),
        *repeated("Style#", _new_style, "Width"),
    ]


def of_machines() -> Sequence[Damage]:
    """The machine list, among them the one without a work centre."""
    return [
        with_cell("WC_FORMAT", "WC", _new_machine, None),
        with_cell("WC_FORMAT", "WC", _new_machine, "6.30.28"),
        without_key("MACH"),
        untrimmed("MACH"),
        Damage("KEY_DUP_SAME", "MACH", lambda record, _: [record], adds=True),
        Damage("KEY_DUP_DIFF", "MACH", _two_centres, adds=True),
    ]


def of_rates() -> Sequence[Damage]:
    """Pounds a day."""
    return [
        written("RATE_NEG", "Lbs/Day", -12),
        with_cell("NUM_FORMAT", "Lbs/Day", _new_style, "fast"),
        *repeated("Style#", _new_style, "Lbs/Day"),
    ]


def of_rolls() -> Sequence[Damage]:
    """Rolls of a stage."""
    return [
        with_cell("NUM_FORMAT", "Pounds", _new_roll, "abc"),
        written("DATE_FORMAT", "Date", "3.9.2025"),
        *repeated("Roll #", _new_roll, "Pounds"),
    ]


def _recipe(code: str, *parts: tuple[str, str], column: str = "BOM_Percentage") -> Damage:
    def spoil(record: Record, serial: int) -> list[Record]:
        _new_style(record, serial)
        made: list[Record] = []
        for yarn, fraction in parts:
            made.append({**record, "Desc#": yarn, "BOM_Percentage": fraction, "unit": "lbs"})
        return made

    return Damage(code, column, spoil, adds=True)


def _cycle(record: Record, serial: int) -> list[Record]:
    """The second row closes the circle."""
    one, other = f"FX{serial}", f"FY{serial}"
    whole: Record = {**record, "BOM_Percentage": 1}
    return [
        {**whole, "Style#": one, "Component_Style": other},
        {**whole, "Style#": other, "Component_Style": one},
    ]


def _undated(record: Record, _: int) -> list[Record]:
    return [{**record, "Start Date": None, "Quoted Date": None}]


def _shipped_twice(record: Record, serial: int) -> list[Record]:
    _new_order(record, serial)
    weights: Record = {"Qty Ordered (lbs)": Decimal(500), "Shipped (lbs)": Decimal(1_000)}
    return [{**record, **weights, "G00 (lbs)": None, "Seconds (lbs)": None, "Balance (lbs)": Decimal(0)}]


def _two_centres(record: Record, serial: int) -> list[Record]:
    _new_machine(record, serial)
    return [{**record, "WC": "1.30.28.F"}, {**record, "WC": "2.30.28.F"}]


def _code(record: Record) -> str:
    return str(record["Order #"])


def _more(cell: Cell) -> Cell:
    return cell + 25 if isinstance(cell, Decimal) else cell


def _new_style(record: Record, serial: int) -> None:
    record["Style#"] = f"GX{serial}/1"


def _new_order(record: Record, serial: int) -> None:
    record["Order #"] = f"KO-{990_000 + serial}"


def _new_machine(record: Record, serial: int) -> None:
    record["MACH"] = str(9_000 + serial)


def _new_roll(record: Record, serial: int) -> None:
    record["Roll #"] = f"X{serial}"

"""Files that are wrong as a whole: headers, encodings, recipes in percent, lead times without a unit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from service.simulators.mill.dirt.damage import Finding
from service.simulators.mill.files.table import Cell, Column, Row, Table
from service.simulators.mill.files.writing import write_table

_LINE: Final = "\r\n"
_SUPPLIERS: Final = "Supplier ID,Supplier,Lead Time,MOQ,Type"


def write_variants(tables: Sequence[Table], folder: Path) -> list[Finding]:
    """Small CSV files beside the others, each with the one code an import has to say of it."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {table.name: table for table in tables}
    stock, bom = by_name["yarn_inventory"], by_name["bom"]
    found = []
    for made, code, row, column in (
        (_renamed(stock, "Consumed", "Konsumed"), "HEADER_MISSING", 1, "Konsumed"),
        (_renamed(stock, "Supplier", "Yarn_ID"), "HEADER_DUPLICATE", 1, "Yarn_ID"),
        (_renamed(stock, "Color", "Shade of Desk"), "HEADER_UNKNOWN", 1, "Shade of Desk"),
        (_percent(bom), "BOM_SCALE_PERCENT", 0, "BOM_Percentage"),
    ):
        name = f"{made.name}_{code.lower()}"
        write_table(replace(made, name=name), folder, ("csv",))
        found.append(Finding(f"variants/{name}", (row,) if row else (), column, code, ""))
    found.append(Finding("suppliers", (1,), "Lead Time", "LEAD_UNIT", "Lead Time"))
    return [*found, *_encoded(folder)]


def _renamed(table: Table, header: str, other: str) -> Table:
    """The table with another header over one of its columns."""
    columns = list(table.columns)
    at = table.place(header)
    columns[at] = Column(other, columns[at].show)
    return replace(table, columns=tuple(columns))


def _percent(bom: Table) -> Table:
    """The recipes with 100 for a whole, without placeholders and lines that stand twice."""

    def rows() -> Iterator[Row]:
        seen: set[tuple[Cell, Cell]] = set()
        for style, yarn, fraction, unit in bom.rows():
            if isinstance(fraction, Decimal) and (style, yarn) not in seen:
                seen.add((style, yarn))
                yield [style, yarn, f"{fraction * 100:f}", unit]

    return replace(bom, rows=rows)


def _encoded(folder: Path) -> Iterator[Finding]:
    """Names with an umlaut: in the encoding of Windows, and with a byte that is none in either encoding."""
    text = _LINE.join((_SUPPLIERS, "SUP-901,ZWIRNEREI MÜLLER,7,100,Import", ""))
    for name, raw in (
        ("suppliers_windows", text.encode("cp1252")),
        ("suppliers_no_encoding", text.encode("cp1252").replace(b"\xdc", b"\x81\xdc")),
    ):
        (folder / f"{name}.csv").write_bytes(raw)
        yield Finding(f"variants/{name}", (), "", "ENC", "")

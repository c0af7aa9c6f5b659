"""What can be wrong in the files about what is sold (spec B.5)."""

from collections.abc import Sequence

from service.simulators.mill.dirt.damage import Damage, Record
from service.simulators.mill.dirt.kinds import repeated, with_cell, without_key


def of_sales() -> Sequence[Damage]:
    """Invoiced lines; without a day a line is of no use."""
    return [
        with_cell("NUM_FORMAT", "Yds_ordered", _new_line, "1,2,3"),
        with_cell("DATE_FORMAT", "Invoice Date", _new_line, "31/12"),
        without_key("Document"),
        *repeated("Document", _new_line, "Yds_ordered"),
    ]


def of_style_map() -> Sequence[Damage]:
    """Finished styles and what they are made of."""
    return [without_key("fStyle")]


def _new_line(record: Record, serial: int) -> None:
    record["Document"] = f"INV{900_000 + serial}"

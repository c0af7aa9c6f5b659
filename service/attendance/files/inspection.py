"""The first look at a file: what it is as a whole, and whether it can be used, before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.attendance.files.cells import Order, day_and_month
from service.attendance.files.columns import Columns, recognised
from service.core.errors import Invalid
from service.reporting.files.cells import Cell
from service.reporting.files.tables import opened_rows, read_table
from service.schemas.attendance import DateOrder, FileKind

_DATED: Final = ("date", "time", "from_date", "to_date", "joined_on", "left_on", "half_day_date")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is: its columns, the order of day and month in its dates, how many rows it has."""

    columns: Columns
    order: Order | None
    rows: int


def inspected(path: Path, kind: FileKind = "auto", date_order: DateOrder = "auto") -> Inspected:
    """Read a file to its end once. Raises `Invalid` where it cannot be used as a whole."""
    with opened_rows(path) as lines:
        table = read_table(lines)
        columns = recognised(table.header, kind)
        evidence = _Evidence(columns)
        rows = 0
        for line, row in table.rows:
            evidence.see(line, row)
            rows += 1
    order = evidence.order if date_order == "auto" else date_order
    return Inspected(columns, order, rows)


class _Evidence:
    """Which of day and month comes first: one date that can only be read in one way decides for all."""

    def __init__(self, columns: Columns) -> None:
        places = [columns.at[word] for word in _DATED if word in columns.at]
        self.places = [*places, *(place for _, place in columns.pairs)]
        self.day_first: tuple[int, str] | None = None
        self.month_first: tuple[int, str] | None = None
        self.either: tuple[int, str] | None = None

    def see(self, line: int, row: Sequence[Cell]) -> None:
        for place in self.places:
            if place >= len(row) or not isinstance(row[place], str):
                continue
            found = day_and_month(row[place])
            if found is None:
                continue
            first, second = found
            if first > 12 and self.day_first is None:
                self.day_first = (line, str(row[place]))
            elif second > 12 and self.month_first is None:
                self.month_first = (line, str(row[place]))
            elif first != second and self.either is None:
                self.either = (line, str(row[place]))

    @property
    def order(self) -> Order | None:
        """The order found; None where no date needs one.

        Raises `Invalid` where dates contradict each other, or none of them tells.
        """
        if self.day_first is not None and self.month_first is not None:
            raise Invalid(
                f"{self.day_first[1]!r} (line {self.day_first[0]}) has the day first, "
                f"{self.month_first[1]!r} (line {self.month_first[0]}) the month: write all "
                "dates as 2026-10-31",
                code="date_order_mixed",
            )
        if self.day_first is not None:
            return "dmy"
        if self.month_first is not None:
            return "mdy"
        if self.either is not None:
            raise Invalid(
                f"{self.either[1]!r} (line {self.either[0]}) may be day or month first, and no date of the "
                "file tells: say the date order (dmy or mdy), or write dates as 2026-10-31",
                code="date_order_unknown",
            )
        return None

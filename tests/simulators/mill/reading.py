"""The files read as somebody would who knows nothing of how they were made."""

import csv
from decimal import Decimal
from pathlib import Path

FIRST_ROWS = {"yarn_demand": 3}
"""The physical row that data begin in, where that is not the second."""


def cells(path: Path) -> list[list[str]]:
    """All rows of a CSV file with its headers."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def records(path: Path) -> list[dict[str, str]]:
    """The rows below the headers by name; of equal names the last one's."""
    rows = cells(path)
    first = FIRST_ROWS.get(path.stem, 2)
    return [dict(zip(rows[first - 2], row, strict=True)) for row in rows[first - 1 :]]


def number(text: str) -> Decimal:
    """A number as accountants write it; a blank is 0."""
    bare = text.strip().replace("$", "").replace(",", "")
    if bare.startswith("("):
        return -Decimal(bare.strip("()"))
    return Decimal(bare or "0")

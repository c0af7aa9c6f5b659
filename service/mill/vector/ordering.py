"""Order of service (R10), and which row of another frame a row means."""

from itertools import repeat
from typing import Any

import numpy as np

from service.mill.vector.frames import Columns, Ints, order_of
from service.mill.vector.reading import CellError, Codes, read_days


def service_order(columns: Columns[Any], priority: str, due: str, key: str) -> tuple[Ints, list[CellError]]:
    """Rows by priority, due date and order number, what is missing last, then as they came (R10).

    Also the due dates that could not be read; they count as missing.
    """
    days = read_days(columns, due)
    dues = np.where(days.known, days.values.astype(np.int64), np.iinfo(np.int64).max)
    numbers, urgent = order_of(columns.array(key)), order_of(columns.array(priority))
    return np.lexsort((np.arange(columns.rows), numbers, dues, urgent)), days.errors


def places_of(wanted: Codes, known: Codes, what: str) -> Ints:
    """The row of `known` that each code means, as many as there are where it is none of them.

    Raises `ValueError` for a code that is known twice: neither row is the right one.
    """
    places: dict[str | None, int] = {}
    for row, name in enumerate(known.values):
        if name is not None and places.setdefault(name, row) != row:
            raise ValueError(f"{name} has two rows of {what} ({places[name]} and {row})")
    nowhere = repeat(len(known.values))
    return np.fromiter(map(places.get, wanted.values, nowhere), np.int64, len(wanted.values))

"""Lead times and days until due as a table operation (mill spec A.2 row 7, R14, F-66)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from service.mill.vector.frames import Columns, F
from service.mill.vector.reading import Answer, nullable, read_days, sorted_errors

ORDER: Final = "order_date"
DELIVERY: Final = "delivery_date"
DUE: Final = "due_date"


def dates(
    frame: F,
    as_of: date,
    columns: Sequence[str] = (ORDER, DELIVERY, DUE),
    *,
    order: str = ORDER,
    delivery: str = DELIVERY,
    due: str = DUE,
) -> Answer[F]:
    """The frame with its named columns as datetime64[D] (NaT: blank or listed as an error), and
    `lead_time_days` = delivery - order where both are named, `days_until_due` = due - `as_of` and
    `is_overdue` where `due` is. Dates are compared, not instants: due today is 0 and not overdue.

    Whole days or None. Columns that only sound like a date are left alone (C.5.34). Raises `MissingColumn`.
    """
    table = Columns(frame)
    read = {name: read_days(table, name, as_of=as_of) for name in columns}
    made = {name: days.values for name, days in read.items()}
    if order in read and delivery in read:
        lead = (read[delivery].values - read[order].values).astype(np.int64)
        made["lead_time_days"] = nullable(lead, read[delivery].known & read[order].known)
    if due in read:
        left = (read[due].values - np.datetime64(as_of, "D")).astype(np.int64)
        made["days_until_due"] = nullable(left, read[due].known)
        made["is_overdue"] = nullable(left < 0, read[due].known)
    return Answer(table.with_columns(made), sorted_errors(*(days.errors for days in read.values())))

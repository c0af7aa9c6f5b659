"""Total cost and cost per unit as a table operation (mill spec A.2 row 6, E.9, F-69)."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from service.mill.rules.quantities import SCALE
from service.mill.vector.frames import Columns, F, objects
from service.mill.vector.reading import Answer, half_up, read_numbers, sorted_errors, written

COSTS: Final = ("material_cost", "labor_cost", "overhead_cost")
COST_MISSING: Final = "COST_MISSING"
NOT_READABLE: Final = "NOT_READABLE"
ZERO_QUANTITY: Final = "ZERO_QUANTITY"
NO_QUANTITY: Final = "NO_QUANTITY"


def cost(
    frame: F,
    *,
    costs: Sequence[str] = COSTS,
    quantity: str = "quantity",
    blank_costs_are_zero: bool = False,
    units: bool = False,
) -> Answer[F]:
    """The frame with `total_cost`, `cost_per_unit` and, where one of them is not known, `cost_reason`.

    Only the named columns are added up, so a second pass gives the same (C.1.16). A blank cost makes the
    total unknown (`COST_MISSING`), unless the caller assumes `blank_costs_are_zero`; quantity 0 leaves the
    unit cost unknown (`ZERO_QUANTITY`). Money of 4 places, halves up, as in `planning_balance`.
    """
    columns = Columns(frame)
    parts = [read_numbers(columns, name, units=units) for name in costs]
    pieces = read_numbers(columns, quantity, units=units)
    total = sum((part.values for part in parts), np.zeros(columns.rows, np.int64))
    unread = np.logical_or.reduce([part.unread for part in parts] or [np.zeros(columns.rows, bool)])
    blank = np.logical_or.reduce([~part.known for part in parts] or [unread]) & ~unread
    complete = ~unread & (blank_costs_are_zero | ~blank)
    some = pieces.values != 0
    each = half_up(total * SCALE, np.where(some, pieces.values, 1))
    reason = np.select(
        [unread | pieces.unread, ~complete, ~pieces.known, ~some],
        objects([NOT_READABLE, COST_MISSING, NO_QUANTITY, ZERO_QUANTITY]).tolist(),
        "",
    )
    made = {
        "total_cost": written(total, complete, units=units),
        "cost_per_unit": written(each, complete & some, units=units),
        "cost_reason": objects([one or None for one in reason.tolist()]),
    }
    return Answer(columns.with_columns(made), sorted_errors(*(part.errors for part in parts), pieces.errors))

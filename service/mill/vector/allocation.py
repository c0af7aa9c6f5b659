"""Stock given to requirements, yarn by yarn, in order of service (mill spec A.2 row 4, E.9, R10)."""

from typing import Any, Final

import numpy as np

from service.mill.rules.allocation import allocate_columns
from service.mill.vector.frames import Columns, F, Flags, objects
from service.mill.vector.ordering import places_of, service_order
from service.mill.vector.reading import (
    Answer,
    Numbers,
    read_codes,
    read_numbers,
    sorted_errors,
    written,
)

NO_STOCK_ROW: Final = "NO_STOCK_ROW"
STOCK_UNKNOWN: Final = "STOCK_UNKNOWN"
REQUIRED_UNKNOWN: Final = "REQUIRED_UNKNOWN"
SHORT: Final = "SHORT"


def allocate(
    requirements: F,
    stock: Any,
    *,
    yarn: str = "yarn_id",
    required: str = "required_quantity",
    available: str = "available_quantity",
    priority: str = "priority",
    due: str = "due_date",
    key: str = "order_no",
    units: bool = False,
) -> Answer[F]:
    """The requirements in order of service (priority, due date, order number; missing ones last), each with
    `allocated`, `short`, `can_fulfill` and an `allocation_reason` where it is not served in full.

    Each yarn alone: kits are `rules.allocation`'s. Stock below zero gives nothing and is owed by nobody
    (F-51); a yarn without a row of stock gives 0 (`NO_STOCK_ROW`); blank stock is 0, unreadable stock gives
    an unknown allocation. Quantities as in `planning_balance`. Errors list both frames' cells, the
    requirements' first. Raises `MissingColumn`, `ValueError` for a yarn with two rows of stock.
    """
    wanted, held = Columns(requirements), Columns(stock)
    yarns, needs = read_codes(wanted, yarn), read_numbers(wanted, required, units=units)
    known_yarns, stocks = read_codes(held, yarn), read_numbers(held, available, units=units)
    rows, undated = service_order(wanted, priority, due, key)
    at = places_of(yarns, known_yarns, "stock")
    asked = np.where(needs.known, np.maximum(needs.values, 0), 0)
    there = np.append(np.maximum(stocks.values, 0), 0)  # the last one is of yarns without a row
    place = np.empty_like(rows)
    place[rows] = np.arange(wanted.rows)
    got = allocate_columns(at, place, asked, there)
    uncertain = np.append(stocks.unread, False)[at]
    known = needs.known & ~uncertain
    made = {
        "allocated": written(got, known, units=units)[rows],
        "short": written(asked - got, known, units=units)[rows],
        "can_fulfill": (known & (got == asked))[rows],
        "allocation_reason": _reasons(at == held.rows, needs, uncertain, got < asked)[rows],
    }
    errors = (
        *sorted_errors(yarns.errors, needs.errors, undated),
        *sorted_errors(known_yarns.errors, stocks.errors),
    )
    return Answer(wanted.taken(rows, made), errors)


def _reasons(no_row: Flags, needs: Numbers, uncertain: Flags, short: Flags) -> Any:
    found = np.select(
        [~needs.known, uncertain, no_row & short, short],
        [REQUIRED_UNKNOWN, STOCK_UNKNOWN, NO_STOCK_ROW, SHORT],
        "",
    )
    return objects([one or None for one in found.tolist()])

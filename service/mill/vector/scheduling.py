"""Hours of orders one after the other in each work centre, against its hours (mill spec A.2 row 5, F-67).

The predecessor's measure of capacity, with real starts and ends. Machines, set-up and calendars are those of
`rules.scheduling`. Hours are kept in whole milliseconds: their sums are exact and compare exactly.
"""

from datetime import datetime
from typing import Any, Final

import numpy as np

from service.mill.rules.quantities import SCALE
from service.mill.vector.frames import Array, Columns, F, Flags, Ints, objects
from service.mill.vector.ordering import places_of, service_order
from service.mill.vector.reading import (
    Answer,
    Numbers,
    half_up,
    read_codes,
    read_numbers,
    sorted_errors,
)

HOUR: Final = 3_600_000
UNKNOWN_WORK_CENTER: Final = "UNKNOWN_WORK_CENTER"
NO_RATE: Final = "NO_RATE"
NO_QUANTITY: Final = "NO_QUANTITY"
OVER_CAPACITY: Final = "OVER_CAPACITY"
HOURS_UNKNOWN: Final = "HOURS_UNKNOWN"


def schedule(
    orders: F,
    capacity: Any,
    *,
    start: datetime | None = None,
    default_rate: int = 100,
    quantity: str = "quantity",
    rate: str = "production_rate",
    center: str = "work_center_id",
    hours: str = "available_hours",
    priority: str = "priority",
    due: str = "due_date",
    key: str = "order_no",
    units: bool = False,
) -> Answer[F]:
    """The orders in order of service (R10) with `production_hours`, `start_hour`, `end_hour` from the
    centre's begin on, `can_schedule` (ends within the centre's hours), `rate_assumed`, `schedule_reason`.

    Pounds and pounds an hour; a blank rate is `default_rate` and `rate_assumed` tells so. Hours are floats,
    `can_schedule` is exact. With `start` also `start_at`, `end_at`. No rate, quantity or known centre: no
    hours, no time taken, a reason. Raises `MissingColumn`, `ValueError` for a centre given twice.
    """
    columns, centers = Columns(orders), Columns(capacity)
    wanted, amounts = read_codes(columns, center), read_numbers(columns, quantity, units=units)
    rates = read_numbers(columns, rate, units=units)
    rows, undated = service_order(columns, priority, due, key)
    known_centers, limits = read_codes(centers, center), read_numbers(centers, hours)
    assumed = ~rates.known & ~rates.unread
    pace = np.where(assumed, default_rate * SCALE, rates.values)
    at = places_of(wanted, known_centers, "hours")
    reason = _reasons(at == centers.rows, amounts, pace)
    runs = reason == ""
    took = _milliseconds(np.where(runs, amounts.values, 0), np.where(runs, pace, 1))
    end = np.zeros(columns.rows, np.int64)
    end[rows] = _running(at[rows], took[rows])
    # A limit is in units of 0.0001 h: 360 ms.
    limit = np.append(limits.values, 0)[at] * (HOUR // SCALE)
    limited = np.append(limits.known, False)[at]
    fits = runs & limited & (end <= limit)
    reason[runs & ~fits] = OVER_CAPACITY
    reason[runs & ~limited] = HOURS_UNKNOWN
    made: dict[str, Array] = {
        "production_hours": _hours(took, runs),
        "start_hour": _hours(end - took, runs),
        "end_hour": _hours(end, runs),
        "can_schedule": fits,
        "rate_assumed": assumed,
        "schedule_reason": objects([one or None for one in reason.tolist()]),
    }
    if start is not None:
        made |= _instants(start, end - took, end, runs)
    errors = (
        *sorted_errors(wanted.errors, amounts.errors, rates.errors, undated),
        *sorted_errors(known_centers.errors, limits.errors),
    )
    return Answer(columns.taken(rows, {name: values[rows] for name, values in made.items()}), errors)


def _reasons(no_center: Flags, amounts: Numbers, pace: Ints) -> Array:
    return objects(
        np.select(
            [no_center, pace <= 0, ~amounts.known | (amounts.values < 0)],
            [UNKNOWN_WORK_CENTER, NO_RATE, NO_QUANTITY],
            "",
        ).tolist()
    )


def _milliseconds(amount: Ints, pace: Ints) -> Ints:
    """Amount / pace to the millisecond, half up; above 2.5e8 lb/h the product would not fit int64."""
    whole, rest = np.divmod(amount, pace)
    large = rest > np.iinfo(np.int64).max // HOUR
    took = whole * HOUR + half_up(np.where(large, 0, rest) * HOUR, pace)
    for row in np.flatnonzero(large):
        took[row] += (2 * int(rest[row]) * HOUR + int(pace[row])) // (2 * int(pace[row]))
    return took


def _running(center: Ints, took: Ints) -> Ints:
    """When each ends: the sum of its own and all earlier times of its centre, in the order given."""
    by_center = np.argsort(center, kind="stable")
    centers, times = center[by_center], took[by_center]
    total = np.cumsum(times)
    first = np.flatnonzero(np.r_[True, centers[1:] != centers[:-1]][: len(centers)])
    before = np.repeat(total[first] - times[first], np.diff(np.r_[first, len(centers)]))
    ends = np.empty_like(took)
    ends[by_center] = total - before
    return ends


def _hours(milliseconds: Ints, known: Flags) -> Array:
    return np.where(known, milliseconds / HOUR, np.nan)


def _instants(start: datetime, begin: Ints, end: Ints, known: Flags) -> dict[str, Array]:
    """Instants as datetime64[ms] in the zone of `start`'s own clock; NaT where there is none."""
    origin = np.datetime64(start.replace(tzinfo=None), "ms")
    nothing = np.datetime64("NaT", "ms")
    return {
        "start_at": np.where(known, origin + begin.astype("timedelta64[ms]"), nothing),
        "end_at": np.where(known, origin + end.astype("timedelta64[ms]"), nothing),
    }

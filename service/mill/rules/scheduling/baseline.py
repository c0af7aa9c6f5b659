"""The predecessor's "scheduling" (F-67): hours added up per work centre, no machines, no dates.

Kept as a baseline for the benchmark; nothing plans with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

DEFAULT_RATE: Final = Decimal(100)
"""Pounds an hour where the rate is blank (spec A.2, operation 5)."""


@dataclass(frozen=True, slots=True)
class Queued:
    """An order in the order of service of its work centre; `rate` None is blank."""

    order: str
    center: str
    pounds: Decimal
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Flagged:
    """Hours of an order, those up to it in its work centre, and whether they fit; None is not known."""

    order: str
    hours: Decimal | None
    cumulative: Decimal | None
    fits: bool | None
    reason: Literal["NO_RATE", "NO_ELIGIBLE_MACHINE"] | None = None


def cumulative_hours(orders: Iterable[Queued], available: Mapping[str, Decimal]) -> list[Flagged]:
    """The flag of each order against the available hours of its work centre, in the order given."""
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    flags = []
    for one in orders:
        rate = DEFAULT_RATE if one.rate is None else one.rate
        if rate <= 0:
            flags.append(Flagged(one.order, None, None, None, "NO_RATE"))
            continue
        hours = one.pounds / rate
        used[one.center] += hours
        room = available.get(one.center)
        if room is None:
            flags.append(Flagged(one.order, hours, used[one.center], None, "NO_ELIGIBLE_MACHINE"))
        else:
            flags.append(Flagged(one.order, hours, used[one.center], used[one.center] <= room))
    return flags

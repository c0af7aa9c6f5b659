"""How a scheduled day divides into attendance, absence and leave, and shares of sums (spec A.14, D.10)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

SHARES: Final = {
    "P": (100, 0, 0),
    "OD": (100, 0, 0),
    "WFH": (100, 0, 0),
    "A": (0, 100, 0),
    "L": (0, 0, 100),
    "HD": (50, 50, 0),
    "HD/P": (50, 50, 0),
    "HD/A": (50, 50, 0),
}
"""Hundredths of a day attended, absent and on leave, by code; they sum to the day."""

BESIDE_LEAVE: Final = {"HD": (50, 0, 50), "HD/P": (50, 0, 50), "HD/A": (0, 50, 50)}
"""The same of half days whose other half was on leave."""


def percent(part: Decimal | int, whole: Decimal | int) -> str | None:
    """A share in percent to one decimal, halves up; None of nothing."""
    if not whole:
        return None
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def mean_deviation(worked_and_net: Iterable[tuple[int, int]]) -> int | None:
    """Mean over the people with planned time of |worked - planned|, in whole seconds; None without any."""
    deviations = [abs(worked - net) for worked, net in worked_and_net if net > 0]
    return round(sum(deviations) / len(deviations)) if deviations else None

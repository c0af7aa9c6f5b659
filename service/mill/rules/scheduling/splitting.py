"""Dividing an order over machines (spec E.7, step 4; F-68)."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final

MIN_BATCH: Final = Decimal(100)
"""Parameter `min_batch_lb` (spec E.3)."""
MOST_PARTS: Final = 4
_UNIT: Final = Decimal("0.0001")


def parts_of(pounds: Decimal, count: int, min_batch: Decimal = MIN_BATCH) -> Sequence[Decimal]:
    """Equal shares that add to the whole, the first with what does not divide; none below `min_batch`.

    Empty where that cannot be; the whole is always one part.
    """
    if count == 1:
        return (pounds,)
    share = (pounds / count).quantize(_UNIT, ROUND_DOWN)
    if count > MOST_PARTS or share < min_batch:
        return ()
    return (pounds - share * (count - 1), *(share,) * (count - 1))

"""Operations of the published plan that a new plan may not move (spec E.7)."""

from collections.abc import Iterable
from dataclasses import replace

from service.mill.rules.scheduling.shop import Operation


def frozen(operations: Iterable[Operation], now: float, freeze_hours: float) -> list[Operation]:
    """What is in progress, and what begins within the freeze window; each marked as frozen.

    What should have ended by now is not frozen: if its order still has a balance, that is planned anew. All
    in hours of the same time zero.
    """
    return [
        replace(one, frozen=True)
        for one in operations
        if one.setup_start < now + freeze_hours and one.end > now
    ]

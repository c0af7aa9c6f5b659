"""Order of service everywhere (R10): priority, then due date, missing last, then order number."""

from datetime import date
from typing import Protocol, TypeAlias

Rank: TypeAlias = tuple[int, bool, date, str]


class Ranked(Protocol):
    """What stands in line: priority 1 is critical, 4 is low."""

    @property
    def order_no(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def due(self) -> date | None: ...


def rank(order: Ranked) -> Rank:
    """Key to sort by; two orders never tie, since order numbers are unique (R10)."""
    return (order.priority, order.due is None, order.due or date.max, order.order_no)

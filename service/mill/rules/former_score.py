"""The predecessor's allocation score (spec A.9, F-80): a baseline; nothing is served by it."""

from decimal import Decimal
from typing import Final

_SHIPPED: Final = 1000
_SALES_ORDER: Final = 100
_VIP: Final = 50
_MOST_FOR_SIZE: Final = Decimal(50)


def former_score(
    pounds: Decimal, days_until_due: int, *, shipped: bool, sales_order: bool, vip: bool
) -> Decimal:
    """Higher is served first: anything shipped, a sales order, near its date, large, of a named customer."""
    return (
        _SHIPPED * shipped
        + _SALES_ORDER * sales_order
        + max(0, 100 - days_until_due)
        + min(pounds / 10, _MOST_FOR_SIZE)
        + _VIP * vip
    )

"""Stock that a new file counts lower than what is promised of it: promises go back until it fits (R11)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.access import audit
from service.core.database import WriteConnection
from service.mill.decisions.orders import live_allocation, release_parts
from service.mill.queries.allocations import select_beyond_stock
from service.mill.rules.releasing import Allocation, Release

REASON = "less is in store than was promised"


async def fit_to_stock(conn: WriteConnection, who: str) -> list[Release]:
    """Release allocations of stock beyond what is there: soft ones first, of each kind the last served first.

    For who puts new stock in force, in the same transaction, before the data versions are raised.
    """
    found = beyond(await select_beyond_stock(conn))
    if found:
        await release_parts(conn, who, found, REASON)
        gone = [{"id": one.allocation.number, "pounds": str(one.pounds)} for one in found]
        await audit.record(conn, who, "mill.allocations_fitted", "allocation:all", after={"released": gone})
    return found


def beyond(rows: Sequence[Row[Any]]) -> list[Release]:
    """What goes back of live allocations of yarns of which too much is held (`beyond` on each row)."""
    left: dict[str, Decimal] = {row.yarn_code: row.beyond for row in rows}
    found: list[Release] = []
    for one in sorted((live_allocation(row) for row in rows), key=_last, reverse=True):
        pounds = min(left[one.claim.yarn], one.pounds)
        if pounds > 0:
            left[one.claim.yarn] -= pounds
            found.append(Release(one, pounds))
    return found


def _last(one: Allocation) -> tuple[bool, Any, int]:
    return (one.kind == "soft", one.claim.rank, one.number)

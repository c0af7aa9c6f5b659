"""Stock and receipts that a new file counts lower than what is promised of them: promises go back (R11)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.access import audit
from service.core.database import WriteConnection
from service.mill.decisions.orders import live_allocation, release_parts
from service.mill.queries.allocations import select_beyond_receipts, select_beyond_stock
from service.mill.rules.releasing import Allocation, Release

REASON = "less is in store than was promised"


async def fit_to_stock(conn: WriteConnection, who: str) -> list[Release]:
    """Release allocations of stock beyond what is there: soft ones first, of each kind the last served first.

    For who puts new stock in force, in the same transaction, before the data versions are raised.
    """
    found = beyond(await select_beyond_stock(conn), "yarn_code")
    await release_parts(conn, who, found, REASON)
    await _record(conn, who, found)
    return found


async def fit_to_receipts(conn: WriteConnection, who: str) -> list[Release]:
    """Release what was promised of receipts that are gone, and of smaller ones what they no longer bring.

    As stock: the last served first, the last of them in part. For who puts new receipts in force, likewise.
    """
    rows = await select_beyond_receipts(conn)
    gone = beyond([row for row in rows if row.vanished], "expected_receipt_id")
    smaller = beyond([row for row in rows if not row.vanished], "expected_receipt_id")
    await release_parts(conn, who, gone, "receipt vanished")
    await release_parts(conn, who, smaller, "receipt reduced")
    await _record(conn, who, gone + smaller)
    return gone + smaller


async def _record(conn: WriteConnection, who: str, found: Sequence[Release]) -> None:
    if found:
        gone = [{"id": one.allocation.number, "pounds": str(one.pounds)} for one in found]
        await audit.record(conn, who, "mill.allocations_fitted", "allocation:all", after={"released": gone})


def beyond(rows: Sequence[Row[Any]], of: str) -> list[Release]:
    """What goes back of live allocations: of each thing in column `of` the pounds in `beyond`."""
    left: dict[Any, Decimal] = {getattr(row, of): row.beyond for row in rows}
    found: list[Release] = []
    held = [(live_allocation(row), getattr(row, of)) for row in rows]
    for one, what in sorted(held, key=_last, reverse=True):
        pounds = min(left[what], one.pounds)
        if pounds > 0:
            left[what] -= pounds
            found.append(Release(one, pounds))
    return found


def _last(held: tuple[Allocation, Any]) -> tuple[bool, Any, int]:
    one, _ = held
    return (one.kind == "soft", one.claim.rank, one.number)

"""Subscriptions that do not deliver, as gaps: somebody waits for a report that does not come."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.reporting.desk import Desk
from service.reporting.subscriptions import queries
from service.reporting.subscriptions.asking import owner_seen
from service.schemas.envelope import Gap

CODES = ("delivery_failed", "delivery_paused")
"""The kinds of gap found here, at every desk."""


async def failing_deliveries(conn: ReadConnection, desk: Desk, caller: Caller) -> Sequence[Gap]:
    """A gap for each subscription the caller may see that is paused or whose last delivery failed."""
    rows = await queries.select_failing(conn, desk.name, owner_seen(desk, caller))
    return [_gap(desk.name, row) for row in rows]


def _gap(desk: str, row: Row[Any]) -> Gap:
    paused = row.state == "paused"
    path = f"/v1/{desk}/subscriptions/{row.id}"
    go_on = f"POST {path}/resume once it is mended" if paused else "mend what is named; the next one is tried"
    return Gap(
        code="delivery_paused" if paused else "delivery_failed",
        need=f"{row.report} delivered by {row.channel}, {row.cron} {row.timezone}",
        have="paused, nothing is delivered" if paused else f"{row.failures} failed in a row",
        from_=row.failed_at,
        reasons=[row.detail or "not known"],
        remedies=[go_on, f"DELETE {path} if nobody needs it"],
        subject=f"subscription {row.id}",
        link=f"{path}/deliveries",
    )

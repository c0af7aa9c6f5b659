"""What the desk looks after by itself: sessions that were left open, and whether points add up."""

from datetime import timedelta
from typing import Final

from service.access import audit
from service.children.queries.points import select_drift
from service.children.queries.scopes import of_sessions
from service.children.queries.sweeping import interrupt_open
from service.core.runtime import Runtime
from service.core.telemetry import get_logger

SWEPT: Final = "session.interrupt"
AT_ONCE: Final = 100
"""As many as one row of the audit names children."""
_TOLD: Final = 20
log = get_logger("service.children")


async def sweep(runtime: Runtime) -> int:
    """Interrupt what has been open too long, in short transactions; how many sessions that were."""
    open_for = timedelta(hours=runtime.settings.children.open_session_hours)
    swept = 0
    while True:
        async with runtime.database.write() as conn:
            rows = await interrupt_open(conn, open_for, AT_ONCE)
            children = sorted({row.child_id for row in rows})
            if rows:
                fields = ["completion_status", "ended_at", "exit_reason"]
                await audit.record(
                    conn, "system", SWEPT, "children", child_ids=children, changed_fields=fields
                )
                await runtime.versions.raise_in(conn, [of_sessions(child) for child in children])
        swept += len(rows)
        if len(rows) < AT_ONCE:
            return swept


async def reconcile(runtime: Runtime) -> int:
    """How many children have other points than their ledger sums up to: told, and left to people."""
    async with runtime.database.snapshot(timeout=300) as conn:
        drifted = await select_drift(conn)
    if drifted:
        log.error("points_drifted", children=len(drifted), first=[row.id for row in drifted[:_TOLD]])
    return len(drifted)

"""What is past its time: old plans that nobody published, and what once lay in store."""

from typing import Any

from service.core.tasks import JobContext
from service.mill.queries import scopes
from service.mill.queries.plan_runs import forget_history, forget_plans


async def housekeeping(context: JobContext) -> dict[str, Any]:
    """The job `mill.housekeeping`. The published plans and the last of each kind stay."""
    runtime, settings = context.runtime, context.runtime.settings.mill
    async with runtime.database.write(timeout=300) as conn:
        plans = await forget_plans(conn, settings.keep_plans_days)
        history = await forget_history(conn, settings.keep_history_days)
        touched = [scopes.PLANS] if plans else []
        touched += [scopes.STOCK] if history else []
        if touched:
            await runtime.versions.raise_in(conn, touched)
    context.counts.update({"plans_deleted": plans, "history_deleted": history})
    return dict(context.counts)

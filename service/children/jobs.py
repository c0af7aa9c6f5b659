"""The desk's background jobs: sweeping, expiring, exporting, erasing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from service.children.play.housekeeping import reconcile, sweep
from service.core.tasks import Job, JobContext


async def sweep_sessions(context: JobContext) -> dict[str, Any]:
    """Interrupt sessions that nobody ended."""
    context.counts["sessions_updated"] = await sweep(context.runtime)
    return dict(context.counts)


async def reconcile_points(context: JobContext) -> dict[str, Any]:
    """Compare children's points with their ledger; a difference makes the run partial."""
    found = await reconcile(context.runtime)
    context.counts["children_drifted"] = found["drifted"]
    context.partial = bool(found["drifted"])
    return found


JOBS: Sequence[Job] = (
    Job(
        name="children.sweep",
        title="Interrupt sessions that nobody ended",
        run=sweep_sessions,
        deadline=timedelta(minutes=10),
        cron=lambda _: "*/15 * * * *",
    ),
    Job(
        name="children.reconcile_points",
        title="Compare points with the ledger",
        run=reconcile_points,
        deadline=timedelta(hours=1),
        cron=lambda _: "40 2 * * *",
    ),
)

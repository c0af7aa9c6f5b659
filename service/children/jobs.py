"""The desk's background jobs: sweeping, expiring, exporting, erasing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from service.children.family.expiring import end_expired
from service.children.family.resealing import reseal
from service.children.play.housekeeping import reconcile, sweep
from service.children.rights.copying import JOB as COPY
from service.children.rights.copying import LONGEST, write_copy
from service.children.rights.execution import carry_out_erasures
from service.core.tasks import Job, JobContext
from service.schemas.children.rights import DataExportParams


async def sweep_sessions(context: JobContext) -> dict[str, Any]:
    """Interrupt sessions that nobody ended."""
    context.counts["sessions_updated"] = await sweep(context.runtime)
    return dict(context.counts)


async def reconcile_points(context: JobContext) -> dict[str, Any]:
    """Compare children's points with their ledger; a difference makes the run partial."""
    context.counts["children_drifted"] = await reconcile(context.runtime)
    context.partial = context.counts["children_drifted"] > 0
    return dict(context.counts)


JOBS: Sequence[Job] = (
    Job(
        name="children.expire",
        title="End access to children that is over",
        run=end_expired,
        deadline=timedelta(minutes=5),
        cron=lambda _: "*/5 * * * *",
    ),
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
    Job(
        name="children.reseal",
        title="Seal with the first secret key what an older one sealed",
        run=reseal,
        deadline=timedelta(hours=1),
        cron=lambda _: "20 3 * * *",
    ),
    Job(
        name=COPY,
        title="Write a copy of a child's data for its guardian",
        run=write_copy,
        params=DataExportParams,
        deadline=LONGEST,
        scope=lambda params: f"{COPY}/{params.model_dump()['request']}",
        hands_out=False,
    ),
    Job(
        name="children.erasure",
        title="Erase the children whose erasure is due",
        run=carry_out_erasures,
        deadline=timedelta(minutes=50),
        cron=lambda _: "41 * * * *",
        patient=True,
    ),
)

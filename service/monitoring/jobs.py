"""The jobs of monitoring, each once over all replicas."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from service.core.tasks import Job, JobContext
from service.monitoring.alerts.evaluation import alerts_job
from service.monitoring.alerts.queries import forget_events
from service.monitoring.history.queries import forget_spans
from service.reporting.desk import Desk

EVENTS_KEPT: Final = timedelta(days=400)
"""As long as the runs that somebody started."""


def monitoring_jobs(desks: Sequence[Desk]) -> list[Job]:
    """Judging the alerts, and forgetting what no history shows any more."""
    return [alerts_job(desks), FORGET]


async def _forget(context: JobContext) -> dict[str, Any]:
    async with context.runtime.database.write(timeout=300) as conn:
        context.counts["spans_deleted"] = await forget_spans(conn)
        context.counts["events_deleted"] = await forget_events(conn, datetime.now(UTC) - EVENTS_KEPT)
    return dict(context.counts)


FORGET: Final = Job(
    name="monitoring.forget",
    title="Forget history and alert events past their time",
    run=_forget,
    deadline=timedelta(minutes=30),
    cron=lambda _: "47 * * * *",
)

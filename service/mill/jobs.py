"""The desk's jobs: import files, plan, forget what is old."""

from datetime import timedelta

from service.core.tasks import Job, cron_every
from service.mill.imports.inbox import run as read_inbox
from service.mill.imports.job import run as import_file
from service.mill.planning.housekeeping import housekeeping
from service.mill.planning.job import run as make_plan
from service.schemas.envelope import Ask
from service.schemas.mill.imports import MillImportParams
from service.schemas.mill.plans import MillPlanParams


def _plan_scope(params: Ask) -> str:
    """One plan of a kind at a time, under either of its names."""
    kind = getattr(params, "kind", "plan")
    return f"mill.plan/{'plan' if kind == 'six_phase' else kind}"


JOBS: tuple[Job, ...] = (
    Job(
        name="mill.import",
        title="Import a file of the mill's ERP",
        run=import_file,
        params=MillImportParams,
        needs="mill:write",
        deadline=timedelta(hours=1),
        scope=lambda params: f"mill.import/{params.kind}",  # type: ignore[attr-defined]  # it is the model above
    ),
    Job(
        name="mill.inbox",
        title="Import what lies in the mill's folder",
        run=read_inbox,
        needs="mill:write",
        deadline=timedelta(hours=2),
        cron=lambda settings: cron_every(settings.mill.inbox_seconds) if settings.mill.inbox else None,
    ),
    Job(
        name="mill.plan",
        title="Plan the mill",
        run=make_plan,
        params=MillPlanParams,
        needs="mill:write",
        deadline=timedelta(minutes=30),
        cron=lambda settings: settings.mill.plan_at or None,
        zone=lambda settings: settings.mill.time_zone,
        scope=_plan_scope,
    ),
    Job(
        name="mill.housekeeping",
        title="Forget what is past its time at the mill desk",
        run=housekeeping,
        deadline=timedelta(minutes=30),
        cron=lambda _: "51 3 * * *",
    ),
)

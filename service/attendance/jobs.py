"""The desk's jobs: follow the upstream, and recompute what changed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.attendance.imports import run as run_import
from service.attendance.queries.sheet import select_known, select_people
from service.attendance.recompute import Recompute
from service.attendance.sync import run as run_sync
from service.core.errors import Invalid, unknown_value
from service.core.retries import RetryPolicy
from service.core.runtime import Runtime
from service.core.settings import FrappeSettings, Settings
from service.core.tasks import Job, JobContext, cron_every
from service.core.telemetry import get_logger
from service.schemas.attendance.imports import ImportParams
from service.schemas.attendance.jobs import RecomputeParams, SyncParams

log = get_logger(__name__)

# A year and the month being closed: what late corrections may still touch.
WIDE = timedelta(days=396)


async def sync(context: JobContext) -> dict[str, Any]:
    """Read what the upstream recorded, then recompute the days it touches."""
    result = await run_sync(context)
    context.counts.update(await _recomputed(context))
    return result


async def import_file(context: JobContext) -> dict[str, Any]:
    """Store an uploaded file, then recompute the days it touches."""
    result = await run_import(context)
    if result["outcome"] == "applied" and not result["dry_run"]:
        context.counts.update(await _recomputed(context))
    return result


async def reconcile_widely(context: JobContext) -> dict[str, Any]:
    """Compare names and counts over thirteen months (spec E.7), or over the dates asked for."""
    params: SyncParams = context.params
    if params.from_ is None:
        last = params.to or datetime.now(UTC).date()
        context.params = params.model_copy(update={"from_": last - WIDE})
    return await sync(context)


async def recompute(context: JobContext) -> dict[str, Any]:
    """Recompute what is due; with dates, everything of these dates anew."""
    params: RecomputeParams = context.params
    extent = _extent(params)
    people = None if params.people is None else await _ids(context.runtime, params.people)
    context.counts.update(await _recomputed(context, extent, people))
    return dict(context.counts)


async def _recomputed(
    context: JobContext, extent: tuple[date, date] | None = None, people: list[int] | None = None
) -> Counter[str]:
    runtime = context.runtime
    work = Recompute(runtime.database, runtime.versions, runtime.compute)
    with log.timed("recompute", level="DEBUG") as fields:  # every ten seconds, mostly of nothing
        counts = await work.run(progress=context.progress, extent=extent, people=people)
        fields.update(counts)
    return counts


def _extent(params: RecomputeParams) -> tuple[date, date] | None:
    if params.from_ is None and params.to is None:
        return None
    if params.from_ is None or params.to is None or params.from_ > params.to:
        raise Invalid("give both `from` and `to`, `from` not after `to`")
    if (params.to - params.from_).days > 366:
        raise Invalid("`from` and `to` are more than 366 days apart; recompute in stretches")
    return params.from_, params.to


async def _ids(runtime: Runtime, numbers: list[str]) -> list[int]:
    async with runtime.database.snapshot() as conn:
        ids = {row.number: row.id for row in await select_people(conn)}
        for at, number in enumerate(numbers):
            if number not in ids:
                known = await select_known(conn, "person")
                raise unknown_value(f"/params/people/{at}", "person", number, known)
    return [ids[number] for number in numbers]


def _followed(due: Callable[[FrappeSettings], str | None]) -> Callable[[Settings], str | None]:
    """When it is due where an upstream is set; without one, never."""
    return lambda settings: None if (frappe := settings.upstream.frappe).url is None else due(frappe)


RECONCILE = Job(
    name="attendance.reconcile",
    title="Compare names and counts with Frappe HR",
    run=sync,
    params=SyncParams,
    needs="attendance:write",
    deadline=timedelta(hours=6),
    cron=_followed(lambda _: "30 2 * * *"),
    scheduled={"mode": "reconcile"},
    patient=True,
    retry=RetryPolicy(attempts=5, base=300, cap=3600),
    scope=lambda _: "attendance.sync",
)
JOBS = (
    Job(
        name="attendance.sync",
        title="Follow Frappe HR",
        run=sync,
        params=SyncParams,
        needs="attendance:write",
        deadline=timedelta(hours=6),
        cron=_followed(lambda frappe: cron_every(frappe.poll_seconds) if frappe.poll_seconds else None),
    ),
    RECONCILE,
    replace(
        RECONCILE,
        name="attendance.reconcile_widely",
        title="Compare thirteen months with Frappe HR",
        run=reconcile_widely,
        deadline=timedelta(hours=12),
        cron=_followed(lambda _: "30 3 * * 0"),
    ),
    Job(
        name="attendance.import",
        title="Import a file",
        run=import_file,
        params=ImportParams,
        needs="attendance:write",
        deadline=timedelta(hours=2),
    ),
    Job(
        name="attendance.recompute",
        title="Recompute days",
        run=recompute,
        params=RecomputeParams,
        needs="attendance:write",
        deadline=timedelta(hours=2),
    ),
)

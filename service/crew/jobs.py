"""The desk's jobs: follow Gartan, import files, tell people ahead of a gap, forget what is old."""

from dataclasses import replace
from datetime import timedelta

from service.core.settings import Settings
from service.core.tasks import Job, cron_every
from service.crew.decisions.resealing import reseal
from service.crew.imports import run as import_file
from service.crew.sync import schedule
from service.crew.sync.housekeeping import housekeeping
from service.crew.sync.run import run as sync
from service.crew.warning.job import warn
from service.schemas.crew.imports import CrewImportParams
from service.schemas.crew.jobs import CrewSyncParams


def beat(settings: Settings) -> str | None:
    """When stations are looked at, as a cron expression with seconds; None: nothing is followed."""
    gartan = settings.upstream.gartan
    if not gartan.stations or not gartan.poll_seconds:
        return None
    return cron_every(gartan.poll_seconds)


SYNC = Job(
    name=schedule.SYNC,
    title="Follow a fire station in Gartan",
    run=sync,
    params=CrewSyncParams,
    needs="crew:write",
    deadline=timedelta(minutes=15),
    scope=lambda params: f"crew.sync/{params.station}",  # type: ignore[attr-defined]  # it is the model above
)
JOBS: tuple[Job, ...] = (
    SYNC,
    replace(SYNC, name=schedule.LOOK_AHEAD, title="Look two weeks ahead at a fire station"),
    Job(
        name="crew.follow",
        title="Start what is due at every fire station",
        run=schedule.follow,
        needs="crew:write",
        deadline=timedelta(minutes=5),
        cron=beat,
    ),
    Job(
        name="crew.import",
        title="Import a report or crew details",
        run=import_file,
        params=CrewImportParams,
        needs="crew:write",
        deadline=timedelta(hours=1),
    ),
    Job(
        name="crew.warn",
        title="Tell people ahead that an appliance goes off the run",
        run=warn,
        needs="crew:write",
        deadline=timedelta(minutes=10),
        cron=lambda settings: "*/15 * * * *" if settings.crew.warn_hours else None,
    ),
    Job(
        name="crew.housekeeping",
        title="Forget what is past its time at the crew desk",
        run=housekeeping,
        deadline=timedelta(minutes=30),
        cron=lambda _: "41 3 * * *",
    ),
    Job(
        name="crew.reseal",
        title="Seal with the first secret key what an older one sealed of contacts",
        run=reseal,
        deadline=timedelta(hours=1),
        cron=lambda _: "25 3 * * *",
    ),
)

"""The one list of desks; app, worker, alembic, command line and tests read it."""

from collections.abc import Iterable, Sequence
from importlib import import_module

from service.access.jobs import JOBS as ACCESS_JOBS
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import near_matches
from service.core.settings import BadSettings, Settings
from service.core.tasks import Job
from service.monitoring import monitoring_jobs
from service.reporting.desk import Desk
from service.reporting.exports import export_job
from service.reporting.subscriptions.delivering import deliver_job
from service.reporting.subscriptions.queries import end_of

NAMES = ("attendance", "children", "crew", "mill")


def load_tables() -> None:
    """Import every table of the house, so that `Base.metadata` is whole."""
    for room in ("core", "access", "reporting.subscriptions", "monitoring", *NAMES):
        import_module(f"service.{room}.models")


def all_desks() -> tuple[Desk, ...]:
    """Every desk of the house."""
    return tuple(import_module(f"service.{name}").DESK for name in NAMES)


def running_desks(settings: Settings) -> Sequence[Desk]:
    """The desks that these settings switch on; raises `BadSettings` for one that does not exist."""
    for name in settings.desks:
        if name not in NAMES:
            near = near_matches(name, NAMES)
            hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(NAMES)}"
            raise BadSettings([f"MUSTER_DESKS: there is no desk {name!r}{hint}"])
    return [desk for desk in all_desks() if desk.name in settings.desks]


async def known_sites(conn: ReadConnection) -> set[str]:
    """The names of the sites that any desk has, switched on or not: what a key can be limited to."""
    return {name for desk in all_desks() if desk.sites is not None for name in await desk.sites(conn)}


async def leave(conn: WriteConnection, person: int) -> list[str]:
    """Take a person out of every desk, switched on or not; or what, in sentences, still depends on them."""
    needed = [
        need for desk in all_desks() if desk.leave is not None for need in await desk.leave(conn, person)
    ]
    if not needed:
        await end_of(conn, f"person:{person}")
    return needed


async def admit_device(conn: ReadConnection, caller: Caller, child_ids: Sequence[int]) -> None:
    """Raise the refusal of the desk that has children unless the caller may let a device play for each."""
    for desk in all_desks():
        if desk.devices is not None:
            await desk.devices(conn, caller, child_ids)


def jobs_of(desks: Iterable[Desk]) -> list[Job]:
    """The jobs of these desks, those that write and deliver the reports of each, of access and monitoring."""
    running = tuple(desks)
    own = [job for desk in running for job in (*desk.jobs, export_job(desk), deliver_job(desk))]
    return [*own, *ACCESS_JOBS, *monitoring_jobs(running)]

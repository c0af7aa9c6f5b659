"""The platform's own jobs: what is kept of runs, idempotency keys and the engine's records.

Once an hour over all replicas. Caches are cleaned in each process (`periodic`): nobody else can.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from service.core import queries
from service.core.database import WriteConnection
from service.core.tasks.job import Job, JobContext

Chore = Callable[[WriteConnection], Awaitable[int]]
"""Removes what is past its time within a transaction; how much that was."""

QUIET: Final = timedelta(hours=1)
"""A poll every 10 s leaves 8,640 records a day that say "nothing new"."""
SCHEDULED: Final = timedelta(days=30)
STARTED: Final = timedelta(days=400)
"""What a person started is part of how last year's sheet came about."""
MOST_SCHEDULED: Final = 1000
"""Of one job: an upstream that is down for days fails every poll."""
ENGINE: Final = timedelta(days=1)


async def old_runs(conn: WriteConnection) -> int:
    """Runs past their time, with their events."""
    return await queries.delete_old_runs(
        conn, quiet=QUIET, scheduled=SCHEDULED, started=STARTED, most=MOST_SCHEDULED
    )


async def engine_records(conn: WriteConnection) -> int:
    """The engine's own log and statistics."""
    return await queries.trim_engine_records(conn, ENGINE)


CHORES: Final[Mapping[str, Chore]] = {
    "runs": old_runs,
    "files": queries.delete_expired_files,
    "engine_records": engine_records,
}


def housekeeping(more: Mapping[str, Chore]) -> Job:
    """The hourly job; `more` are the chores of other rooms, by what they remove."""
    chores = {**CHORES, **more}

    async def run(context: JobContext) -> dict[str, Any]:
        for done, (name, chore) in enumerate(chores.items()):
            await context.progress(done, len(chores), "chores", name)
            async with context.runtime.database.write(timeout=300) as conn:
                context.counts[f"{name}_deleted"] = await chore(conn)
        return dict(context.counts)

    return Job(
        name="platform.housekeeping",
        title="Forget what is past its time",
        run=run,
        deadline=timedelta(minutes=30),
        cron=lambda _: "17 * * * *",
    )

"""Jobs and replicas for the tests of tasks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from service.core import queries
from service.core.database import Database
from service.core.errors import UpstreamSilent
from service.core.settings import Settings, TaskSettings
from service.core.tasks import Job, JobContext, Tasks
from service.schemas.envelope import Ask


class Count(Ask):
    """How far to count."""

    to: int = 3


async def count(context: JobContext) -> dict[str, Any]:
    for done in range(context.params.to):
        context.counts["steps"] += 1
        await context.progress(done + 1, context.params.to, "steps")
    await context.event("counted", "counted it all", to=context.params.to)
    return {"reached": context.params.to}


async def wait_for_ever(context: JobContext) -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


async def fail(context: JobContext) -> dict[str, Any]:
    raise UpstreamSilent("the site did not answer within 30 s")


async def break_down(context: JobContext) -> dict[str, Any]:
    raise TimeoutError("not the deadline: somebody else's patience")


async def ask_slowly(context: JobContext) -> dict[str, Any]:
    """Lies in a statement the first time; a restart of the database breaks it off there."""
    async with context.runtime.database.read() as conn:
        row = await queries.select_run(conn, context.run_id)
        assert row is not None
        if row.starts == 1:
            await conn.execute(text("SELECT pg_sleep(30)"))
    return {"starts": row.starts}


def job(name: str, run: Any, seconds: float = 20, **more: Any) -> Job:
    return Job(name=name, title=name.title(), run=run, deadline=timedelta(seconds=seconds), **more)


JOBS = [
    job("count", count, params=Count),
    job("wait", wait_for_ever),
    job("late", wait_for_ever, 0.05),
    job("fail", fail),
    job("break", break_down),
    job("slow", ask_slowly),
]


@asynccontextmanager
async def tasks_over(database: Database, jobs: Sequence[Job] = JOBS) -> AsyncIterator[Tasks]:
    settings = Settings(tasks=TaskSettings(heartbeat=0.3))
    tasks = Tasks(SimpleNamespace(database=database, settings=settings), jobs)  # type: ignore[arg-type]
    try:
        yield tasks
    finally:
        await tasks.close()


@asynccontextmanager
async def served(database: Database, jobs: Sequence[Job] = JOBS) -> AsyncIterator[Tasks]:
    """A replica that carries out what is queued."""
    async with tasks_over(database, jobs) as tasks:
        serving = asyncio.create_task(tasks.serve())
        try:
            yield tasks
        finally:
            await tasks.close()
            await asyncio.wait_for(serving, 60)


async def until(database: Database, run_id: Any, reached: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(60):
        while True:
            async with database.read() as conn:
                row = await queries.select_run(conn, run_id)
            if reached(row):
                return row
            await asyncio.sleep(0.02)


async def active_run(database: Database, scope: str) -> Any:
    """The active run of a scope, as soon as it is running."""
    async with asyncio.timeout(60):
        while True:
            async with database.read() as conn:
                row = await queries.select_active_run(conn, scope)
            if row is not None and row.state == "running" and row.starts:
                return row
            await asyncio.sleep(0.02)


async def scalar(database: Database, query: str, **values: Any) -> Any:
    async with database.read() as conn:
        return (await conn.execute(text(query), values)).scalar_one()


async def execute(database: Database, query: str, **values: Any) -> None:
    async with database.write() as conn:
        await conn.execute(text(query), values)


async def cut_connections(database: Database, like: str = "muster%") -> int:
    """What a restart of the server does to its clients."""
    return int(
        await scalar(
            database,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE :like",
            like=like,
        )
    )


async def eventually(database: Database, query: str, reached: Callable[[Any], bool]) -> None:
    """Return once the query's value is what it shall be."""
    async with asyncio.timeout(60):
        while True:
            if reached(await scalar(database, query)):
                return
            await asyncio.sleep(0.05)


async def taken(tasks: Tasks, run_id: Any) -> bool:
    """Take a run's lock as soon as it is free."""
    async with asyncio.timeout(60):
        while True:
            if await tasks._guard.hold(run_id):
                return True
            await asyncio.sleep(0.01)

"""Runs: one record, no overlap, cancel, deadline, resume after the process died, the schedule."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from service.core import queries
from service.core.database import Database
from service.core.errors import Conflict, Invalid, UpstreamSilent
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


JOBS = [
    Job(name="count", title="Count", run=count, deadline=timedelta(seconds=20), params=Count),
    Job(name="wait", title="Wait", run=wait_for_ever, deadline=timedelta(seconds=20)),
    Job(name="late", title="Late", run=wait_for_ever, deadline=timedelta(milliseconds=50)),
    Job(name="fail", title="Fail", run=fail, deadline=timedelta(seconds=20)),
]


@asynccontextmanager
async def tasks_over(database: Database, jobs: list[Job] = JOBS) -> AsyncIterator[Tasks]:
    settings = Settings(tasks=TaskSettings(heartbeat=0.3))
    tasks = Tasks(SimpleNamespace(database=database, settings=settings), jobs)  # type: ignore[arg-type]
    try:
        yield tasks
    finally:
        await tasks.close()


async def until(database: Database, run_id: Any, reached: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(20):
        while True:
            async with database.read() as conn:
                row = await queries.select_run(conn, run_id)
            if reached(row):
                return row
            await asyncio.sleep(0.02)


async def test_a_run_records_progress_events_counts_and_result(database: Database) -> None:
    told: list[dict[str, Any]] = []
    async with tasks_over(database) as tasks:
        row = await tasks.run_now("count", {"to": 5}, "test", watch=told.append)
    assert (row.state, row.result, row.counts, row.starts) == ("done", {"reached": 5}, {"steps": 5}, 1)
    assert row.progress["done"] == 5
    assert [step["done"] for step in told] == [1, 2, 3, 4, 5]
    async with database.read() as conn:
        events = await queries.select_events(conn, row.id)
    assert [(event.sequence, event.kind, event.data) for event in events] == [(1, "counted", {"to": 5})]


async def test_a_failure_with_a_meaning_becomes_the_runs_problem(database: Database) -> None:
    async with tasks_over(database) as tasks:
        row = await tasks.run_now("fail", {}, "test")
    assert row.state == "failed"
    assert row.error["code"] == "upstream_silent"
    assert "30 s" in row.error["detail"]


async def test_a_deadline_ends_a_run(database: Database) -> None:
    async with tasks_over(database) as tasks:
        row = await tasks.run_now("late", {}, "test")
    assert (row.state, row.error["code"]) == ("failed", "deadline_passed")


async def test_unknown_jobs_and_parameters_are_refused_before_anything_is_written(database: Database) -> None:
    async with tasks_over(database) as tasks:
        with pytest.raises(Invalid, match="did you mean count"):
            await tasks.start("coutn", {}, "test")
        with pytest.raises(Invalid) as refused:
            await tasks.start("count", {"too": 1}, "test")
    assert refused.value.errors[0].pointer == "/params/too"
    async with database.read() as conn:
        assert await queries.select_runs(conn, limit=10) == []


async def test_two_runs_of_one_scope_never_overlap_and_a_cancel_is_obeyed(database: Database) -> None:
    async with tasks_over(database) as tasks, tasks_over(database) as elsewhere:
        running = asyncio.create_task(tasks.run_now("wait", {}, "test"))
        async with asyncio.timeout(20):
            active = None
            while active is None:
                async with database.read() as conn:
                    active = await queries.select_active_run(conn, "wait")
        with pytest.raises(Conflict, match=str(active.id)):
            await elsewhere.run_now("wait", {}, "test")
        with pytest.raises(Conflict):
            await elsewhere.start("wait", {}, "test")
        await elsewhere.cancel(active.id)
        assert (await running).state == "cancelled"


async def test_a_run_whose_process_died_makes_way(database: Database) -> None:
    async with tasks_over(database) as dead:
        row = await dead._create(dead._job("wait"), dead._job("wait").params(), "test", queued=False)
        await dead._guard.close()  # what the operating system does to a killed process's connections
        async with tasks_over(database) as tasks:
            again = await tasks.start("wait", {}, "test")
    assert again.id != row.id
    lost = await until(database, row.id, lambda run: run.state == "failed")
    assert lost.error["code"] == "run_lost"


async def test_queued_runs_are_carried_out_and_go_back_when_the_process_stops(database: Database) -> None:
    async with tasks_over(database) as tasks:
        serving = asyncio.create_task(tasks.serve())
        counted = await tasks.start("count", {"to": 2}, "test")
        await until(database, counted.id, lambda run: run.state == "done")
        waiting = await tasks.start("wait", {}, "test")
        await until(database, waiting.id, lambda run: run.state == "running")
        await tasks.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    assert (await until(database, waiting.id, lambda run: True)).state == "queued"


async def test_the_schedule_starts_a_job_once_a_tick_over_two_replicas(database: Database) -> None:
    jobs = [
        Job(
            name="tick",
            title="Tick",
            run=count,
            deadline=timedelta(seconds=5),
            params=Count,
            cron=lambda _: "* * * * * */1",
        )
    ]
    async with tasks_over(database, jobs) as one, tasks_over(database, jobs) as two:
        serving = [asyncio.create_task(tasks.serve()) for tasks in (one, two)]
        await asyncio.sleep(4)
        await one.close()
        await two.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
    async with database.read() as conn:
        rows = await queries.select_runs(conn, limit=100)
    seconds = [row.created_at.replace(microsecond=0) for row in rows]
    assert len(rows) >= 2
    assert len(seconds) == len(set(seconds))

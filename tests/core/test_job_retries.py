"""A scheduled run that failed is repeated: with back-off, before the next tick, once over all replicas."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pgqueuer.errors import RetryRequested
from sqlalchemy import Row, select, text

from service.core import queries
from service.core.database import Database
from service.core.errors import Invalid, UpstreamSilent
from service.core.models import Run
from service.core.retries import RetryPolicy
from service.core.tasks import Job, JobContext, Tasks
from service.core.telemetry import OPERATIONS, correlation_id, request_id, work_id
from tests.core.running import eventually, execute, job, scalar, served, tasks_over, until
from tests.support.wall_clock import wall_clock

YEARLY = "0 0 1 1 *"
SECONDLY = "* * * * * */1"
AT_ONCE = RetryPolicy(attempts=3, base=0.0)


class Site:
    """Work that fails so many times."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error or UpstreamSilent("the site did not answer")
        self.ids: list[tuple[str | None, str | None]] = []

    async def ask(self, context: JobContext) -> None:
        self.ids.append((request_id(), correlation_id()))
        if len(self.ids) <= self.failures:
            raise self.error

    def job(self, cron: str = YEARLY, **more: Any) -> Job:
        return job("ask", self.ask, cron=lambda _: cron, **{"retry": AT_ONCE, **more})


async def runs(database: Database) -> list[Row[Any]]:
    async with database.read() as conn:
        return list((await conn.execute(select(*Run.__table__.c).order_by(Run.created_at))).all())


async def failed_once(tasks: Tasks, requested_by: str = "schedule") -> Row[Any]:
    """A run of the job, carried out here; its ended row."""
    row = await tasks.start("ask", {}, requested_by)
    await tasks._take(row.id)
    return await until(tasks.runtime.database, row.id, lambda run: run.state == "failed")


async def entries(database: Database) -> int:
    """Repetitions that the engine holds."""
    return int(await scalar(database, "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'muster.retry'"))


async def test_a_due_run_that_failed_is_repeated_once_over_two_replicas_until_it_succeeds(
    database: Database,
) -> None:
    site = Site(failures=2)
    OPERATIONS.clear()
    async with served(database, [site.job()]) as tasks, served(database, [site.job()]):
        await tasks._tick(tasks.jobs["ask"])
        await eventually(database, "SELECT count(*) FROM muster.run WHERE state = 'done'", lambda n: n == 1)
    first, second, third = await runs(database)
    assert [(run.state, run.attempt) for run in (first, second, third)] == [
        ("failed", 1), ("failed", 2), ("done", 3),
    ]  # fmt: skip
    assert [run.requested_by for run in (first, second, third)] == ["schedule"] * 3
    assert first.retry_at is not None
    assert first.retry_at <= second.created_at
    assert third.retry_at is None
    assert site.ids == [(str(run.id), str(first.id)) for run in (first, second, third)]
    (operation,) = [entry for entry in OPERATIONS.snapshot() if entry["name"] == "job.ask"]
    assert (operation["count"], operation["errors"]) == (3, 2)


async def test_attempts_end(database: Database) -> None:
    site = Site(failures=99)
    async with served(database, [site.job()]) as tasks:
        await tasks._tick(tasks.jobs["ask"])
        await eventually(database, "SELECT count(*) FROM muster.run WHERE state = 'failed'", lambda n: n == 3)
    rows = await runs(database)
    assert [run.attempt for run in rows] == [1, 2, 3]
    assert rows[-1].retry_at is None
    await eventually(database, "SELECT count(*) FROM pgqueuer", lambda left: left == 0)


async def test_a_repetition_survives_the_process_that_planned_it(database: Database) -> None:
    site = Site(failures=1)
    async with tasks_over(database, [site.job()]) as dead:
        failed = await failed_once(dead)
        await dead._guard.close()
    assert await entries(database) == 1
    async with served(database, [site.job()]):
        await eventually(database, "SELECT count(*) FROM muster.run WHERE state = 'done'", lambda n: n == 1)
    assert [run.attempt for run in await runs(database)] == [1, 2]
    assert failed.retry_at is not None


@pytest.mark.parametrize(
    ("cron", "requested_by", "error"),
    [
        (SECONDLY, "schedule", None),  # the next tick comes before the repetition would
        (YEARLY, "key:ab12cd34", None),  # somebody started it, and sees that it failed
        (YEARLY, "schedule", Invalid("asked wrongly")),  # it would fail again
    ],
)
async def test_what_is_not_repeated(
    database: Database, cron: str, requested_by: str, error: Exception | None
) -> None:
    job = Site(1, error).job(cron, retry=RetryPolicy(base=60.0, jitter=0))
    async with tasks_over(database, [job]) as tasks:
        failed = await failed_once(tasks, requested_by)
    assert (failed.retry_at, await entries(database)) == (None, 0)


async def test_q6_a_clock_that_jumps_while_a_failure_is_recorded_moves_no_repetition(
    database: Database,
) -> None:
    holding = asyncio.Event()

    async def fail_beside(context: JobContext) -> None:
        blocked.append(asyncio.create_task(hold(context)))
        await holding.wait()
        raise UpstreamSilent("the site did not answer")

    async def hold(context: JobContext) -> None:
        """Its end cannot be recorded before the clock has jumped."""
        async with database.write() as conn:
            row = text("SELECT 1 FROM muster.run WHERE id = :id FOR UPDATE")
            await conn.execute(row, {"id": context.run_id})
            holding.set()
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            await eventually(database, waiting, lambda n: n > 0)
            wall.ahead -= 86400

    blocked: list[asyncio.Task[None]] = []
    ask = job("ask", fail_beside, cron=lambda _: YEARLY, retry=RetryPolicy(base=60.0, jitter=0))
    async with tasks_over(database, [ask]) as tasks:
        with wall_clock() as wall:
            await failed_once(tasks)
        await blocked[0]
    left = "SELECT extract(epoch FROM execute_after - now())::int FROM pgqueuer WHERE entrypoint = 'muster.retry'"
    assert await scalar(database, left) == pytest.approx(60, abs=30)


async def test_a_deadline_that_passed_is_tried_again(database: Database) -> None:
    async def hang(context: JobContext) -> None:
        await asyncio.Event().wait()

    late = job("ask", hang, 0.05, cron=lambda _: YEARLY, retry=RetryPolicy(base=60.0, jitter=0))
    async with tasks_over(database, [late]) as tasks:
        failed = await failed_once(tasks)
    assert failed.error["code"] == "deadline_passed"
    assert (failed.retry_at - datetime.now(UTC)).total_seconds() == pytest.approx(60, abs=30)


async def test_who_starts_the_job_meanwhile_has_repeated_it(database: Database) -> None:
    site = Site(failures=1)
    async with tasks_over(database, [site.job()]) as tasks:
        failed = await failed_once(tasks)
        await tasks.run_now("ask", {}, "command line")
        await tasks._again(failed.id)
    assert [run.requested_by for run in await runs(database)] == ["schedule", "command line"]


async def test_a_tick_that_came_meanwhile_stands_for_the_repetition(database: Database) -> None:
    async with tasks_over(database, [Site(9).job("0 * * * *")]) as tasks:
        failed = await failed_once(tasks)
        await execute(
            database,
            "UPDATE muster.run SET finished_at = now() - interval '2 hours' WHERE id = :id",
            id=failed.id,
        )
        await tasks._again(failed.id)
    assert len(await runs(database)) == 1


async def test_a_repetition_waits_for_its_scope_and_for_a_replica_that_knows_the_job(
    database: Database,
) -> None:
    site = Site(failures=1)
    busy = job("busy", site.ask, scope=lambda _: "ask")
    async with tasks_over(database, [site.job(), busy]) as tasks, tasks_over(database, [busy]) as other:
        failed = await failed_once(tasks)
        with pytest.raises(RetryRequested):
            await other._again(failed.id)
        holding = await tasks.start("busy", {}, "test")
        with pytest.raises(RetryRequested):
            await tasks._again(failed.id)
        await tasks.cancel(holding.id)
        await tasks._again(failed.id)
    again = (await runs(database))[-1]
    assert (again.job, again.state, again.attempt) == ("ask", "queued", 2)


async def test_a_run_belongs_to_the_request_that_asked_for_it(database: Database) -> None:
    site = Site(failures=0)
    async with tasks_over(database, [site.job()]) as tasks:
        with work_id("request-1", "month-end-7"):
            row = await tasks.start("ask", {}, "key:a")
        await tasks._take(row.id)
    assert site.ids == [(str(row.id), "month-end-7")]
    async with database.read() as conn:
        ended = await queries.select_run(conn, row.id)
    assert ended is not None
    assert (ended.state, ended.correlation_id) == ("done", "month-end-7")

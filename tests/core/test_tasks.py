"""Runs: one record, no overlap, cancel, deadline, joined transactions, resuming, the schedule."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from service.core import queries
from service.core.database import Database
from service.core.errors import Conflict, Invalid
from service.core.models import Run
from service.core.tasks.job import JobContext
from service.core.telemetry import Timings, _timings
from tests.core.running import (
    JOBS,
    Count,
    active_run,
    count,
    cut_connections,
    eventually,
    execute,
    job,
    scalar,
    served,
    taken,
    tasks_over,
    until,
    wait_for_ever,
)


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


async def test_a_deadline_ends_a_run_and_another_time_out_is_not_taken_for_it(database: Database) -> None:
    async with tasks_over(database) as tasks:
        late = await tasks.run_now("late", {}, "test")
        broken = await tasks.run_now("break", {}, "test")
    assert (late.state, late.error["code"]) == ("failed", "deadline_passed")
    assert (broken.state, broken.error["code"]) == ("failed", "internal")
    assert "patience" not in broken.error["detail"]


async def test_unknown_jobs_and_parameters_are_refused_before_anything_is_written(database: Database) -> None:
    async with tasks_over(database) as tasks:
        with pytest.raises(Invalid, match="did you mean count"):
            await tasks.start("coutn", {}, "test")
        with pytest.raises(Invalid) as refused:
            await tasks.start("count", {"too": 1}, "test")
    assert refused.value.errors[0].pointer == "/params/too"
    async with database.read() as conn:
        assert (await conn.scalars(select(Run.id))).all() == []


async def test_two_runs_of_one_scope_never_overlap_and_a_cancel_is_obeyed(database: Database) -> None:
    async with tasks_over(database) as tasks, tasks_over(database) as elsewhere:
        running = asyncio.create_task(tasks.run_now("wait", {}, "test"))
        active = await active_run(database, "wait")
        with pytest.raises(Conflict, match=str(active.id)):
            await elsewhere.run_now("wait", {}, "test")
        with pytest.raises(Conflict):
            await elsewhere.start("wait", {}, "test")
        await elsewhere.cancel(active.id)
        assert (await running).state == "cancelled"


async def test_a_started_run_belongs_to_the_transaction_it_is_given(database: Database) -> None:
    """A stored answer to an `Idempotency-Key` and its run stand or fall together."""
    async with tasks_over(database) as tasks:
        with pytest.raises(ZeroDivisionError):
            async with database.write() as conn:
                await tasks.start("count", {}, "test", conn)
                raise ZeroDivisionError
        assert await scalar(database, "SELECT count(*) FROM muster.run") == 0
        assert await scalar(database, "SELECT count(*) FROM pgqueuer") == 0
        async with database.write() as conn:
            row = await tasks.start("count", {}, "test", conn)
            with pytest.raises(Conflict):  # and the transaction is still usable
                await tasks.start("count", {}, "test", conn)
    assert await scalar(database, "SELECT state FROM muster.run WHERE id = :id", id=row.id) == "queued"
    assert await scalar(database, "SELECT count(*) FROM pgqueuer") == 1


async def test_a_run_whose_process_died_makes_way(database: Database) -> None:
    async with tasks_over(database) as dead:
        row = await dead._begun(dead._job("wait"), dead._job("wait").params(), "test")
        assert row is not None
        await dead._guard.close()  # what the operating system does to a killed process's connections
        async with tasks_over(database) as tasks:
            again = await tasks.start("wait", {}, "test")
    assert again.id != row.id
    lost = await until(database, row.id, lambda run: run.state == "failed")
    assert lost.error["code"] == "run_lost"


async def test_a_run_left_behind_by_a_killed_process_goes_on_here(database: Database) -> None:
    async with tasks_over(database) as dead:
        row = await dead._begun(dead._job("count"), Count(to=2), "test")
        assert row is not None
        await dead._guard.close()
        async with served(database):
            ended = await until(database, row.id, lambda run: run.state == "done")
    assert ended.result == {"reached": 2}


async def test_queued_runs_are_carried_out_go_back_when_the_process_stops_and_go_on(
    database: Database,
) -> None:
    async with served(database) as tasks:
        counted = await tasks.start("count", {"to": 2}, "test")
        await until(database, counted.id, lambda run: run.state == "done")
        waiting = await tasks.start("wait", {}, "test")
        await until(database, waiting.id, lambda run: run.state == "running")
    assert (await until(database, waiting.id, lambda run: True)).state == "queued"
    jobs = [job("wait", count, params=Count)]
    async with served(database, jobs):
        ended = await until(database, waiting.id, lambda run: run.state == "done")
    assert ended.starts == 2


async def test_stopped_by_a_cancel_alone_runs_go_back_as_well(database: Database) -> None:
    async with tasks_over(database) as tasks:
        serving = asyncio.create_task(tasks.serve())
        waiting = await tasks.start("wait", {}, "test")
        await until(database, waiting.id, lambda run: run.state == "running")
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        assert (await until(database, waiting.id, lambda run: True)).state == "queued"


async def test_ctrl_c_at_the_command_line_cancels_its_run_and_the_next_one_starts(database: Database) -> None:
    async with tasks_over(database) as tasks:
        pressed = asyncio.create_task(tasks.run_now("wait", {}, "command line"))
        active = await active_run(database, "wait")
        pressed.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pressed
        assert (await until(database, active.id, lambda run: True)).state == "cancelled"
        assert (await tasks.start("wait", {}, "test")).state == "queued"


async def test_a_command_carries_out_what_a_stopped_service_left_in_the_queue(database: Database) -> None:
    """Otherwise `muster sync` and the next `demo` would be refused because of a run nobody runs."""
    async with tasks_over(database) as tasks:
        left = await tasks.start("count", {"to": 4}, "schedule")
        same = await tasks.run_now("count", {"to": 4}, "command line")
        assert (same.id, same.state) == (left.id, "done")
        other = await tasks.start("count", {"to": 2}, "schedule")
        mine = await tasks.run_now("count", {"to": 3}, "command line")
    assert (mine.result, mine.id == other.id) == ({"reached": 3}, False)
    assert (await until(database, other.id, lambda run: True)).result == {"reached": 2}


async def test_a_cancelled_queued_run_is_passed_over(database: Database) -> None:
    async with tasks_over(database) as tasks:
        first = await tasks.start("wait", {}, "test")
        await tasks.cancel(first.id)
    async with served(database) as tasks:
        second = await tasks.start("count", {}, "test")
        await until(database, second.id, lambda run: run.state == "done")
        assert await queries_left(database) == 0
    ended = await until(database, first.id, lambda run: True)
    assert (ended.state, ended.starts) == ("cancelled", 0)


async def queries_left(database: Database) -> int:
    """Entries of the engine, once it has written what it did."""
    left = "SELECT count(*) FROM pgqueuer"
    await eventually(database, left, lambda count: count == 0)
    return int(await scalar(database, left))


async def test_q_a_restart_of_the_database_ends_neither_the_engine_nor_a_run(database: Database) -> None:
    """Every connection of the process is cut, as a restart does: pool, engine, locks."""
    ticking = [*JOBS, job("tick", count, params=Count, cron=lambda _: "* * * * * */1")]
    async with served(database, ticking) as tasks:
        slow = await tasks.start("slow", {}, "test")
        await until(database, slow.id, lambda run: run.state == "running")
        assert await cut_connections(database) >= 3
        ended = await until(database, slow.id, lambda run: run.state == "done")
        assert ended.result["starts"] >= 2
        later = await tasks.start("count", {}, "test")
        await until(database, later.id, lambda run: run.state == "done")
        ticked = "SELECT count(*) FROM muster.run WHERE job = 'tick'"
        before = await scalar(database, ticked)
        await eventually(database, ticked, lambda count: count > before)


async def test_a_process_that_lost_its_lock_to_another_leaves_the_run_to_it(database: Database) -> None:
    async with tasks_over(database) as tasks, tasks_over(database) as other:
        mine = asyncio.create_task(tasks.run_now("wait", {}, "test"))
        active = await active_run(database, "wait")
        connection = tasks._guard._connection
        assert connection is not None
        connection.terminate()
        assert await taken(other, active.id)
        row = await asyncio.wait_for(mine, 60)
        assert row.state == "running"  # it is the other's to end
        await other._guard.release(active.id)


async def test_the_schedule_starts_a_job_once_a_tick_over_two_replicas(database: Database) -> None:
    jobs = [job("tick", count, 5, params=Count, cron=lambda _: "* * * * * */2")]
    async with served(database, jobs), served(database, jobs):
        done = "SELECT count(*) FROM muster.run WHERE state = 'done'"
        await eventually(database, done, lambda count: count >= 2)
    async with database.read() as conn:
        rows = (await conn.execute(select(Run.created_at, Run.requested_by))).all()
    ticks = [int(row.created_at.timestamp()) // 2 for row in rows]
    assert len(ticks) == len(set(ticks))
    assert {row.requested_by for row in rows} == {"schedule"}


async def test_a_patient_job_waits_for_its_scope_and_others_leave_the_tick(database: Database) -> None:
    jobs = [
        job("busy", wait_for_ever),
        job("patient", count, params=Count, patient=True, scope=lambda _: "busy"),
        job("impatient", count, params=Count, scope=lambda _: "busy"),
    ]
    async with served(database, jobs) as tasks:
        busy = await tasks.start("busy", {}, "test")
        await until(database, busy.id, lambda run: run.state == "running")
        await asyncio.wait_for(tasks._tick(tasks.jobs["impatient"]), 60)
        waiting = asyncio.create_task(tasks._tick(tasks.jobs["patient"]))
        await tasks.cancel(busy.id)
        await asyncio.wait_for(waiting, 60)
        jobs_run = await scalar(database, "SELECT array_agg(job ORDER BY created_at) FROM muster.run")
    assert jobs_run == ["busy", "patient"]


async def test_a_job_of_another_replicas_desk_is_left_to_it(database: Database) -> None:
    async with tasks_over(database) as tasks:
        queued = await tasks.start("count", {}, "test")
    async with served(database, [job("wait", wait_for_ever)]):
        await queries_left(database)
    assert (await until(database, queued.id, lambda run: True)).state == "queued"
    async with served(database):
        await until(database, queued.id, lambda run: run.state == "done")


async def test_housekeeping_keeps_what_tells_something_and_forgets_the_rest(database: Database) -> None:
    await execute(
        database,
        """
        INSERT INTO muster.run (id, job, scope, state, params, requested_by, counts, created_at, finished_at)
        SELECT gen_random_uuid(), 'poll', who || age || state || counts, state, '{}', who, counts::jsonb,
               now() - age::interval, now() - age::interval
        FROM (VALUES
            ('schedule', '1 minute', 'done', '{"requests": 4}'),
            ('schedule', '3 hours', 'done', '{"requests": 4, "days_unchanged": 9, "inserted": 0}'),
            ('schedule', '3 hours', 'done', '{"days_written": 2}'),
            ('schedule', '3 hours', 'failed', '{}'),
            ('schedule', '40 days', 'failed', '{}'),
            ('key:a', '40 days', 'done', '{}'),
            ('key:a', '500 days', 'done', '{"inserted": 5}')
        ) AS given (who, age, state, counts)
        """,
    )
    await execute(
        database,
        "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint) "
        "VALUES (now() - interval '2 days', 1, 'successful', 0, 'x'), (now(), 2, 'successful', 0, 'x')",
    )
    from service.core.idempotency import forget_old_keys
    from service.core.tasks import housekeeping

    async with tasks_over(database, [housekeeping({"idempotency_keys": forget_old_keys})]) as tasks:
        row = await tasks.run_now("platform.housekeeping", {}, "test")
    assert row.counts == {
        "runs_deleted": 3,
        "files_deleted": 0,
        "engine_records_deleted": 1,
        "idempotency_keys_deleted": 0,
    }
    kept = await scalar(
        database,
        "SELECT array_agg(requested_by || ' ' || state || ' ' || counts::text ORDER BY created_at) "
        "FROM muster.run WHERE job = 'poll'",
    )
    assert kept == [
        "key:a done {}",
        'schedule done {"days_written": 2}',
        "schedule failed {}",
        'schedule done {"requests": 4}',
    ]


async def test_runs_at_once_keep_to_the_setting(database: Database) -> None:
    most, running = 0, 0

    async def busy(context: JobContext) -> None:
        nonlocal most, running
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    jobs = [job(f"busy{n}", busy) for n in range(8)]
    async with served(database, jobs) as tasks:
        rows = [await tasks.start(f"busy{n}", {}, "test") for n in range(8)]
        for row in rows:
            await until(database, row.id, lambda run: run.state == "done")
    assert 1 <= most <= tasks.runtime.settings.tasks.concurrency


async def test_hints_during_a_run_become_one_more_run_after_it(database: Database) -> None:
    async def requested() -> list[str]:
        async with database.read() as conn:
            return sorted((await conn.scalars(select(Run.requested_by))).all())

    async with tasks_over(database) as tasks:
        running = asyncio.create_task(tasks.run_now("wait", {}, "test"))
        first = await active_run(database, "wait")
        request = Timings()
        _timings.set(request)
        for _ in range(5):
            tasks.start_soon("wait", {}, "hook")
        _timings.set(None)
        await asyncio.sleep(0.5)
        assert await requested() == ["test"]
        # What is tried until the scope is free is none of the request that gave the hint.
        assert request.counts == {}
        await tasks.cancel(first.id)
        await running
        await asyncio.gather(*tasks._soon.values())
        assert await requested() == ["hook", "test"]

"""`/health/tasks`: each job with its last and next run, the queue, and each process's own work."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import make_url

from service.core.tasks import every, housekeeping
from tests.core.running import execute, job, wait_for_ever
from tests.core.whole import Whole, whole


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[Whole]:
    """The application with three jobs more; nothing carries them out by itself."""
    async with whole(database_url) as made:
        more = [
            job("tests.failing", wait_for_ever, cron=lambda _: "0 3 * * *"),
            job("tests.manual", wait_for_ever),
            housekeeping({}),
        ]
        made.runtime.tasks.jobs.update({entry.name: entry for entry in more})
        yield made


async def asked(house: Whole) -> dict[str, Any]:
    async with house.client() as client:
        answer = await client.get("/health/tasks")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    found["jobs"] = {entry["name"]: entry for entry in found["jobs"]}
    found["periodic"] = {entry["name"]: entry for entry in found["periodic"]}
    return found


async def test_runs_become_history_and_the_queue_is_counted(own: Whole) -> None:
    await execute(
        own.runtime.database,
        """
        INSERT INTO muster.run (id, job, scope, state, params, requested_by, attempt, counts, error,
                                created_at, started_at, finished_at, retry_at)
        SELECT gen_random_uuid(), 'tests.failing', minutes || state, state, '{}', 'schedule', attempt,
               '{"pages": 3}', CASE state WHEN 'failed' THEN '{"code": "upstream_silent"}'::jsonb END,
               now() - minutes * interval '1 minute', now() - minutes * interval '1 minute',
               now() - minutes * interval '1 minute' + interval '2.5 seconds',
               CASE attempt WHEN 3 THEN now() + interval '1 hour' END
        FROM (VALUES (50, 'failed', 1), (40, 'done', 2), (30, 'cancelled', 1), (20, 'failed', 1),
                     (10, 'failed', 2), (5, 'failed', 3)) AS given (minutes, state, attempt)
        """,
    )
    await own.runtime.tasks.start("tests.manual", {}, "key:a")
    found = await asked(own)
    failing, manual = found["jobs"]["tests.failing"], found["jobs"]["tests.manual"]
    assert [run["state"] for run in failing["recent"]] == [
        "failed", "failed", "failed", "cancelled", "done", "failed",
    ]  # fmt: skip
    last = failing["last"]
    assert (last["attempt"], last["duration_seconds"], last["counts"]) == (3, 2.5, {"pages": 3})
    assert last["error_code"] == "upstream_silent"
    assert failing["failures_in_a_row"] == 3
    assert failing["schedule"] == "0 3 * * *"
    due = datetime.fromisoformat(failing["next_at"])
    assert (due.hour, due.minute) == (3, 0)
    assert timedelta(0) < due - datetime.now(UTC) <= timedelta(days=1)
    assert datetime.fromisoformat(failing["retry_at"]) > datetime.now(UTC)
    assert datetime.fromisoformat(failing["succeeded_at"]) < datetime.now(UTC) - timedelta(minutes=39)
    assert (manual["schedule"], manual["next_at"], manual["last"]["state"]) == (None, None, "queued")
    assert found["jobs"]["platform.housekeeping"]["recent"] == []
    assert (found["queue"]["queued"], found["queue"]["running"], found["queue"]["retries"]) == (1, 0, 0)
    assert found["queue"]["oldest_seconds"] >= 0
    assert (found["database"], found["engine"]) == ("ok", "off")


async def test_the_engine_says_whether_it_runs(own: Whole) -> None:
    tasks = own.runtime.tasks
    serving = asyncio.create_task(tasks.serve())
    async with asyncio.timeout(60):
        while tasks.engine != "running":  # noqa: ASYNC110  # it has no event for being watched
            await asyncio.sleep(0.01)
    assert (await asked(own))["engine"] == "running"
    await tasks.close()
    await serving
    assert (await asked(own))["engine"] == "off"


async def test_what_a_process_does_by_itself_is_listed_with_its_clean_ups(own: Whole) -> None:
    def broken() -> None:
        raise RuntimeError("the reason")

    async with every(timedelta(hours=1), "tests.clean", broken) as work, every(None, "tests.off", broken):
        await work.once(broken)
        found = (await asked(own))["periodic"]
    clean = found["tests.clean"]
    assert (clean["period_seconds"], clean["failures_in_a_row"], clean["detail"]) == (3600, 1, "the reason")
    assert (clean["outcome"], clean["times"]) == ("failed", 1)
    assert (found["tests.off"]["period_seconds"], found["tests.off"]["next_at"]) == (0, None)
    assert found["pool_cleanup"]["period_seconds"] == 1800
    assert found["pool_cleanup"]["next_at"] is not None


@pytest.mark.parametrize("refused_by", ["the machine", "the server"])
async def test_without_the_database_it_says_what_it_does_not_know(own: Whole, refused_by: str) -> None:
    there = make_url(own.runtime.database.url).set(database="nothing")
    elsewhere = {
        "the machine": "postgresql+asyncpg://nobody:x@127.0.0.1:1/nothing",
        "the server": there.render_as_string(hide_password=False),
    }
    async with own.client() as client:
        assert (await client.get("/health/tasks")).status_code == 200  # who asks is known from now on
        await own.runtime.database.close()
        own.runtime.database.url = elsewhere[refused_by]
        await own.runtime.database.open()
        answer = await client.get("/health/tasks")
        ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "not_ready")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["database"], found["queue"]) == ("away", None)
    (failing,) = [entry for entry in found["jobs"] if entry["name"] == "tests.failing"]
    assert (failing["last"], failing["failures_in_a_row"]) == (None, None)
    assert failing["next_at"] is not None
    assert found["periodic"]


async def test_only_an_admin_may_look(own: Whole) -> None:
    async with own.client(token=None) as nobody, own.client() as client:
        assert (await nobody.get("/health/tasks")).status_code == 401
        assert (await client.get("/health/tasks?job=x")).status_code == 422

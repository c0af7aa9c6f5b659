"""The sync as a run: state, counts, progress, events, and the sentence when it cannot be."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from service.attendance.jobs import JOBS
from service.attendance.sync import SyncParams, run
from service.core.cache import open_cache
from service.core.compute import Compute
from service.core.database import Database
from service.core.runtime import Runtime
from service.core.settings import Settings, UpstreamSettings
from service.core.tasks import Job, Tasks
from service.core.versions import Versions
from service.simulators.frappe import FrappeServer, faults
from tests.attendance.mirroring import add_person, add_punches, fetch, punches, settings_of, site, there

SYNC = Job(
    name="attendance.sync", title="Sync", run=run, deadline=timedelta(minutes=5), params=SyncParams,
    scope=lambda _: "attendance.sync",
)  # fmt: skip
CHECKIN = "Employee Checkin"


@pytest.fixture
async def server() -> AsyncIterator[FrappeServer]:
    async with site() as opened:
        add_person(opened.store, "E1")
        add_punches(opened.store, 120)
        yield opened


async def carried_out(
    database: Database, upstream: UpstreamSettings, watch: Any = None, job: Job = SYNC, **params: Any
) -> Any:
    """One run through the real machinery of jobs."""
    settings = Settings(upstream=upstream)
    versions = Versions(database.direct_url)
    cache, compute = open_cache(settings.cache, versions=versions), Compute()
    runtime = Runtime(settings, database, versions, cache, compute)
    tasks = Tasks(runtime, [job])
    try:
        return await tasks.run_now(job.name, params, "test", watch)
    finally:
        await tasks.close()
        compute.close()
        await cache.close()


def upstream_of(server: FrappeServer, **changed: Any) -> UpstreamSettings:
    return UpstreamSettings(frappe=settings_of(server, **changed))


async def test_a_run_says_what_it_did(database: Database, server: FrappeServer) -> None:
    seen: list[dict[str, Any]] = []
    row = await carried_out(database, upstream_of(server), seen.append)
    assert row.state == "done"
    assert await punches(database) == there(server.store)
    assert row.counts["inserted"] > 120
    assert row.counts["requests"] > 10
    assert row.result["gaps"] == 0
    assert seen[-1]["unit"] == "rows"
    assert seen[-1]["done"] >= 120
    assert all(progress["total"] is None or progress["done"] <= progress["total"] for progress in seen)


async def test_a_run_with_a_gap_is_partial_and_names_it(database: Database, server: FrappeServer) -> None:
    server.faults.add(faults.dropped_rows(2), kind="list", doctype=CHECKIN)
    row = await carried_out(database, upstream_of(server, page=50, max_page=50))
    assert row.state == "partial"
    events = await fetch(database, "SELECT kind, message FROM muster.run_event ORDER BY sequence")
    assert any(kind == "gap" and "pages were lost" in message for kind, message in events)


async def test_a_wrong_token_is_one_sentence(database: Database, server: FrappeServer) -> None:
    row = await carried_out(database, upstream_of(server, secret="wrong"))
    assert row.state == "failed"
    assert row.error["code"] == "upstream_credential"
    assert "API Access" in row.error["detail"]
    assert "wrong" not in str(row.error)


async def test_a_wrong_zone_is_one_sentence(database: Database, server: FrappeServer) -> None:
    row = await carried_out(database, upstream_of(server, time_zone="Europe/London"))
    assert (row.state, row.error["code"]) == ("failed", "upstream_time_zone")
    assert "America/Mexico_City" in row.error["detail"]
    assert await fetch(database, "SELECT count(*) FROM attendance.source") == [(0,)]


async def test_a_site_that_is_down_fails_the_run(database: Database, server: FrappeServer) -> None:
    await server.stop()
    row = await carried_out(database, upstream_of(server, retries=0))
    assert (row.state, row.error["code"]) == ("failed", "upstream_unreachable")


async def test_without_an_upstream_it_says_what_to_set(database: Database) -> None:
    row = await carried_out(database, UpstreamSettings())
    assert row.state == "failed"
    assert "MUSTER_UPSTREAM__FRAPPE__URL" in row.error["detail"]


async def test_once_a_week_thirteen_months_are_compared(database: Database, server: FrappeServer) -> None:
    widely = next(job for job in JOBS if job.name == "attendance.reconcile_widely")
    assert widely.cron is not None
    assert widely.cron(Settings(upstream=upstream_of(server)))
    row = await carried_out(database, upstream_of(server), job=widely, **widely.scheduled)
    assert row.state == "done"
    weeks = await fetch(database, """
        SELECT max(to_time) - min(from_time) FROM attendance.sync_window WHERE kind = 'time' AND state = 'done'
    """)  # fmt: skip
    assert weeks[0][0] >= timedelta(days=396)

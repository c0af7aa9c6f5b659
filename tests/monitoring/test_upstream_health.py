"""How the upstreams stand: by the calls of all workers, and by what is stored."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.attendance.queries.completeness import REQUIRED
from service.core.database import Database
from service.core.errors import UpstreamError
from service.core.outbound import Breaker
from service.core.outbound.contacts import CONTACTS
from service.monitoring import upstreams
from service.reporting.desk import SourceState
from tests.core.misbehaving import QUICK, listening, outbound, send
from tests.core.running import execute
from tests.core.whole import whole

THROUGH, CHECKED = "2026-10-01T06:29:00", "2026-10-01T06:30:00"
NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def told(**more: Any) -> dict[str, dict[str, Any]]:
    contact = {
        "last_answer": "2026-11-01T06:00:00.000000+00:00",
        "last_failure": None,
        "last_failure_detail": None,
        "outcomes": {"ok": 2},
        "retries": 1,
        "in_flight": 1,
        "breaker": "closed",
        "breaker_reason": None,
        "rate_limit": {},
        "paused_seconds": 0.0,
        "clock_ahead": None,
    }
    return {"frappe": {**contact, **more}}


def test_counts_of_workers_add_up_and_the_last_contact_says_how_it_stands() -> None:
    failed = "2026-11-01T06:10:00.000000+00:00"
    opened = told(last_answer=None, last_failure=failed, breaker="open", outcomes={"timeout": 8})
    (found,) = upstreams.upstreams(upstreams.merged([told(), opened]), [], {}, NOW)
    assert (found.status, found.breaker) == ("left_alone", "open")
    assert (found.attempts, found.outcomes, found.retries) == (10, {"ok": 2, "timeout": 8}, 2)
    assert found.last_contact_at == datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    # The worker that found it down has ended: its counts stay, its breaker went with it.
    (left,) = upstreams.upstreams(upstreams.merged([told(), upstreams.lasting(opened)]), [], {}, NOW)
    assert (left.breaker, left.attempts, left.status, left.in_flight) == ("closed", 10, "failing", 1)


def test_what_is_stored_outlives_the_process() -> None:
    through = NOW - timedelta(minutes=3)
    state = SourceState("frappe", "https://hr.example.com", NOW - timedelta(minutes=1), through)
    (found,) = upstreams.upstreams({}, [state], {}, NOW)
    assert (found.status, found.breaker, found.lag_seconds) == ("unknown", None, 180)
    assert (found.last_contact_at, found.address) == (state.last_contact_at, state.address)


async def test_calls_of_this_process_and_the_mirror_are_told(database_url: str) -> None:
    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        status = 200 if number == 1 else 503
        send(writer, status, b"{}", "X-RateLimit-Remaining: 41")

    CONTACTS.pop("frappe", None)  # another test of this process may have called one
    frappe = {"url": "https://hr.example.com", "key": "k", "secret": "s", "time_zone": "UTC"}
    breaker = Breaker(threshold=1, cool_down=600)
    async with (
        whole(database_url, upstream={"frappe": frappe}) as house,
        listening(handler) as (url, _),
        outbound(policy=QUICK, breaker=breaker) as caller,
        house.client() as client,
    ):
        await store(house.runtime.database)
        await caller.get(url)
        with pytest.raises(UpstreamError):
            await caller.get(url, deadline=0.5)
        found = {one["name"]: one for one in (await client.get("/health/upstreams")).json()["items"]}
    ours = found[caller.group]
    assert (ours["status"], ours["breaker"], ours["outcomes"]["ok"]) == ("left_alone", "open", 1)
    assert ours["rate_limit"] == {"x-ratelimit-remaining": "41"}
    assert ours["last_failure_at"] >= ours["last_contact_at"][:19]
    mirror = found["frappe"]
    assert (mirror["address"], mirror["status"]) == ("https://hr.example.com", "unknown")
    assert (mirror["last_contact_at"], mirror["complete_through"]) == (f"{CHECKED}Z", f"{THROUGH}Z")
    assert mirror["lag_seconds"] > 0


async def store(database: Database) -> None:
    """A site of which everything is here up to an instant."""
    made = "INSERT INTO attendance.source (kind, base_url, time_zone) VALUES ('frappe', 'https://x', 'UTC')"
    await execute(database, made)
    for doctype in REQUIRED:
        await execute(
            database,
            "INSERT INTO attendance.sync_cursor (source_id, doctype, phase, complete_through, checked_at) "
            f"SELECT id, :doctype, 'live', '{THROUGH}Z', '{CHECKED}Z' FROM attendance.source",
            doctype=doctype,
        )

"""Runs over HTTP: start, follow, cancel; who may; the same start twice is one run."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import httpx
import pytest

from service.client import Event, MusterClient
from service.schemas.envelope import RunAsk
from tests.client.serving import serving
from tests.reporting.conftest import House

ENDED = {"done", "failed", "cancelled", "partial"}
START = {"job": "stall.count", "params": {"to": 3}}


@pytest.fixture
async def working(house: House) -> AsyncIterator[House]:
    """The house with its jobs being carried out."""
    serving = asyncio.create_task(house.runtime.tasks.serve())
    yield house
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def reached(client: httpx.AsyncClient, run_id: str, states: set[str]) -> dict[str, Any]:
    """The run once it is in one of these states."""
    async with asyncio.timeout(60):
        while True:
            run: dict[str, Any] = (await client.get(f"/v1/runs/{run_id}")).json()
            if run["state"] in states:
                return run
            await asyncio.sleep(0.05)


async def test_a_run_from_start_to_end(working: House) -> None:
    async with working.client("writer") as client:
        started = await client.post("/v1/runs", json=START)
        assert started.status_code == 202
        assert started.headers["location"] == f"/v1/runs/{started.json()['id']}"
        run = await reached(client, started.json()["id"], ENDED)
        assert (run["state"], run["result"], run["counts"]) == ("done", {"reached": 3}, {"numbers": 3})
        assert run["requested_by"] == "key:writer"
        events = (await client.get(f"/v1/runs/{run['id']}/events", params={"limit": 2})).json()
        assert [event["message"] for event in events["items"]] == ["number 1", "number 2"]
        assert events["page"]["has_more"]
        rest = (await client.get(f"/v1/runs/{run['id']}/events", params={"after": 2})).json()
        assert [event["sequence"] for event in rest["items"]] == [3]


async def test_the_same_key_is_one_run(house: House) -> None:
    async with house.client("writer") as client:
        client.headers["Idempotency-Key"] = "once"
        first = await client.post("/v1/runs", json=START)
        again = await client.post("/v1/runs", json=START)
        other = await client.post("/v1/runs", json={**START, "params": {"to": 4}})
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_two_runs_of_one_scope_are_a_conflict(house: House) -> None:
    async with house.client("writer") as client:
        first = (await client.post("/v1/runs", json=START)).json()
        second = await client.post("/v1/runs", json=START)
        assert second.status_code == 409
        assert first["id"] in second.json()["detail"]
        cancelled = await client.post(f"/v1/runs/{first['id']}/cancel")
        assert cancelled.json()["state"] == "cancelled"
        assert (await client.post("/v1/runs", json=START)).status_code == 202


async def test_a_running_one_stops_when_asked(working: House) -> None:
    async with working.client("writer") as client:
        slow = {"job": "stall.count", "params": {"to": 1000, "pause": 0.05}}
        run = (await client.post("/v1/runs", json=slow)).json()
        await reached(client, run["id"], {"running"})
        assert (await client.post(f"/v1/runs/{run['id']}/cancel")).status_code == 200
        assert (await reached(client, run["id"], ENDED))["state"] == "cancelled"


async def test_runs_are_listed_newest_first_by_page(house: House) -> None:
    async with house.client("writer") as client:
        made = []
        for _ in range(5):
            run = (await client.post("/v1/runs", json=START)).json()
            made.insert(0, run["id"])
            await client.post(f"/v1/runs/{run['id']}/cancel")
        seen, address = [], "/v1/runs?limit=2&state=cancelled&include=total"
        while address:
            answer = await client.get(address)
            seen += [run["id"] for run in answer.json()["items"]]
            assert answer.json()["page"]["total"] == 5
            address = answer.links.get("next", {}).get("url", "")
        assert seen == made
        assert (await client.get("/v1/runs", params={"job": "other"})).json()["items"] == []


async def test_who_may_what(house: House) -> None:
    async with house.client("writer") as writer, house.client("reader") as reader:
        run = (await writer.post("/v1/runs", json=START)).json()
        assert (await reader.get(f"/v1/runs/{run['id']}")).status_code == 200
        assert (await reader.post(f"/v1/runs/{run['id']}/cancel")).status_code == 403
        assert (await reader.post("/v1/runs", json=START)).status_code == 403
        assert (await writer.post("/v1/runs", json={"job": "house.clean"})).status_code == 403
    async with house.client("other") as stranger:
        assert (await stranger.get(f"/v1/runs/{run['id']}")).status_code == 404
        assert (await stranger.get("/v1/runs")).json()["items"] == []


@pytest.mark.parametrize("path", ["nonsense", "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11"])
async def test_unknown_runs_are_404(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/v1/runs/{path}")).json()["code"] == "not_found"
    assert (await client.get(f"/v1/runs/{path}/events")).status_code == 404


async def test_bad_starts_are_422(house: House) -> None:
    async with house.client("writer") as client:
        unknown = await client.post("/v1/runs", json={"job": "stall.cont"})
        assert "did you mean stall.count" in unknown.json()["detail"]
        wrong = await client.post("/v1/runs", json={"job": "stall.count", "params": {"to": "x"}})
        assert wrong.json()["errors"][0]["pointer"] == "/params/to"
        extra = await client.post("/v1/runs", json={**START, "colour": "red"})
        assert extra.status_code == 422


async def test_events_stream_until_the_end(working: House) -> None:
    # A real server: the in-process transport hands bodies over only when they are whole.
    async with serving(working.asgi) as base, MusterClient(base, "writer") as muster:
        slow = RunAsk(job="stall.count", params={"to": 5, "pause": 0.1})
        run = await muster.runs.start(slow)
        async with asyncio.timeout(60):
            whole = [event async for event in muster.runs.events_stream(run.id)]
            rest = [event async for event in muster.runs.events_stream(run.id, after=3)]
        assert [page.sequence for page in (await muster.runs.events(run.id)).items] == [1, 2, 3, 4, 5]
    assert numbers(whole) == [1, 2, 3, 4, 5]
    assert [event.id for event in whole if event.event == "event"] == ["1", "2", "3", "4", "5"]
    assert "progress" in {event.event for event in whole}
    assert (whole[-1].event, whole[-1].data["state"]) == ("end", "done")
    assert numbers(rest) == [4, 5]


async def test_a_stream_of_events_goes_on_after_the_last_one_seen(working: House) -> None:
    async with serving(working.asgi) as base, MusterClient(base, "writer") as muster:
        run = await muster.runs.start(RunAsk(job="stall.count", params={"to": 5, "pause": 0}))
        async with asyncio.timeout(60):
            rest = [event async for event in muster.runs.events_stream(run.id, last_event_id="3")]
    assert numbers(rest) == [4, 5]


def numbers(events: Sequence[Event]) -> list[int]:
    """Those of a run's own events."""
    return [event.data["data"]["number"] for event in events if event.event == "event"]

"""Profiles name the functions that take the time, and nobody's values; slow requests are kept without theirs."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, Depends, Request
from playwright.async_api import Route, async_playwright, expect
from sqlalchemy import text

from service.core.auth import needs
from service.core.inbound import Reading, RuntimeDep
from service.core.telemetry import Timings
from service.core.telemetry.metrics import REQUESTS
from service.core.telemetry.slow import KEPT, SLOW_REQUESTS
from tests.core.refused import checked
from tests.core.whole import Whole, whole

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECRET = "a-value-that-no-profile-may-show"
busy = APIRouter(prefix="/v1/busy", dependencies=[Depends(needs())])


def grind_on_the_loop(given: str) -> int:
    """Takes processor time, with somebody's value at hand."""
    return sum(len(given) for _ in range(20_000))


def grind_in_a_thread(given: str) -> int:
    end = time.perf_counter() + 0.05
    while time.perf_counter() < end:
        grind_on_the_loop(given)
    return 1


@busy.get("/{word}")
async def grind(word: str, runtime: RuntimeDep, conn: Reading, slowly: bool = False) -> dict[str, int]:
    """Work on the loop, in a thread and in the database."""
    grind_on_the_loop(word)
    await runtime.compute.in_thread(grind_in_a_thread, word)
    for _ in range(3):
        await conn.execute(text("SELECT CAST(:word AS text)"), {"word": word})
    if slowly:
        await conn.execute(text("SELECT pg_sleep(0.1)"))
    return {"done": 1}


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url, monitoring={"slow_request": 0.1}) as made:
        made.app.include_router(busy)
        yield made


async def under_load(own: Whole, **params: Any) -> Any:
    """A profile of one second while somebody keeps the service busy."""
    async with own.client() as client:
        taken = asyncio.create_task(client.post("/v1/performance/profile", params={"seconds": 1, **params}))
        while not taken.done():
            await client.get(f"/v1/busy/{SECRET}")
        return await taken


async def test_a_profile_names_functions_of_loop_and_threads_and_no_values(own: Whole) -> None:
    answer = await under_load(own, format="speedscope")
    document = answer.json()
    assert document["$schema"].startswith("https://www.speedscope.app/")
    frames = document["shared"]["frames"]
    names = {frame["name"] for frame in frames}
    assert {"grind_on_the_loop", "grind_in_a_thread"} <= names
    assert any(name.startswith("muster-compute") for name in names)
    assert "service/core/compute.py" in {frame["file"] for frame in frames}
    assert not [frame["file"] for frame in frames if (frame["file"] or "").startswith("/")]
    assert SECRET not in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_one_profile_at_a_time_and_none_too_long(own: Whole) -> None:
    async with own.client() as client:
        first = asyncio.create_task(client.post("/v1/performance/profile", params={"seconds": 1}))
        while not own.app.state.monitor.profiling.running:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0)
        checked(await client.post("/v1/performance/profile"), 409, "already_profiling")
        page = await first
        assert page.status_code == 200
        assert own.runtime.compute.around is None
        for seconds in (0, 61):
            answer = await client.post("/v1/performance/profile", params={"seconds": seconds})
            assert answer.status_code == 422
        answer = await client.post("/v1/performance/profile", headers={"Accept": "image/png"})
        checked(answer, 406, "not_acceptable")
    policy = page.headers["content-security-policy"]
    assert policy.count("'sha256-") == 3
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    assert "sandbox allow-scripts;" in policy + ";"
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium")
async def test_a_profile_is_looked_at_without_a_network_and_under_its_policy(own: Whole) -> None:
    async with own.client() as client:
        page = await client.post("/v1/performance/profile", params={"seconds": 1})
    asked: list[str] = []
    wrong: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(status=200, headers=dict(page.headers), body=page.text)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = await browser.new_page()
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        await shown.route("**/*", answer)
        await shown.goto("http://muster.test/profile")
        await expect(shown.get_by_text("Samples:")).to_be_visible(timeout=60_000)
        await browser.close()
    assert (asked, wrong) == (["http://muster.test/profile"], [])


async def test_a_slow_request_is_kept_with_timings_and_fingerprints_only(own: Whole) -> None:
    SLOW_REQUESTS.latest.clear()
    async with own.client() as client:
        slow = await client.get(f"/v1/busy/{SECRET}", params={"slowly": "true"})
        told = (await client.get("/v1/performance/slow-requests")).json()
        statements = (await client.get("/v1/performance/statements")).json()["items"]
    assert (told["threshold_ms"], told["kept"]) == (100.0, KEPT)
    [kept] = [one for one in told["items"] if one["request_id"] == slow.headers["x-request-id"]]
    assert (kept["route"], kept["method"], kept["status"]) == ("/v1/busy/{word}", "GET", 200)
    assert kept["ms"] >= kept["spent_ms"]["db"] >= 100
    assert kept["statements"][0]["times"] == 3  # who asks is looked up by another one
    assert kept["counts"]["db"] == sum(one["times"] for one in kept["statements"])
    assert {one["fingerprint"] for one in kept["statements"]} <= {one["fingerprint"] for one in statements}
    assert SECRET not in str(told)


async def test_what_a_route_waited_because_it_was_asked_to_is_not_what_it_took(own: Whole) -> None:
    waits = APIRouter(prefix="/v1/waits", dependencies=[Depends(needs())])

    @waits.get("/long")
    async def wait(request: Request) -> dict[str, int]:
        request.state.waited = 1e9
        return {"done": 1}

    own.app.include_router(waits)
    series = REQUESTS.series("/v1/waits/long", "GET", 200)
    before = series.count, series.total
    async with own.client() as client:
        await client.get("/v1/waits/long")
    assert (series.count - before[0], series.total - before[1]) == (1, 0.0)


async def test_the_ring_of_slow_requests_is_of_fixed_size(own: Whole) -> None:
    for number in range(KEPT + 20):
        SLOW_REQUESTS.keep({"request_id": f"r{number}"}, "/a", "GET", 200, 1.0, Timings())
    async with own.client() as client:
        items = (await client.get("/v1/performance/slow-requests")).json()["items"]
    SLOW_REQUESTS.latest.clear()
    assert len(items) == KEPT
    assert items[0]["request_id"] == f"r{KEPT + 19}"

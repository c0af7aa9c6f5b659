"""The performance report over HTTP: complete, judged, compared, and at its old path."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.core.telemetry.metrics import REQUESTS
from tests.core.refused import checked
from tests.core.whole import Whole, whole

PATH = "/v1/performance-report"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    """An application of this test's own; requests are counted from none."""
    REQUESTS._series.clear()
    async with whole(database_url) as opened:
        yield opened


def endpoint(report: dict[str, Any], route: str, method: str = "GET") -> dict[str, Any]:
    (found,) = [one for one in report["endpoints"] if (one["route"], one["method"]) == (route, method)]
    return dict(found)


async def test_every_operation_of_the_document_appears_called_or_not(house: Whole) -> None:
    async with house.client() as client:
        for _ in range(25):
            await client.get("/v1/access/me")
        await client.get("/v1/access/keys/nobody")
        document = (await client.get("/openapi.json")).json()
        report = (await client.get(PATH)).json()
    operations = {
        (path, method.upper())
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS
    }
    assert {(one["route"], one["method"]) for one in report["endpoints"]} >= operations
    assert report["coverage"] == {
        "operations": len(operations),
        "listed": len(operations),
        "percent": 100.0,
        "called": 2,
    }
    me = endpoint(report, "/v1/access/me")
    assert (me["operation"], me["count"], me["failed"], me["success_rate"]) == ("access_me", 25, 0, 100.0)
    assert me["min_ms"] <= me["p50_ms"] <= me["p95_ms"] <= me["p99_ms"] <= me["max_ms"]
    assert (me["min_ms"] <= me["mean_ms"] <= me["max_ms"], me["variance_ms2"] >= 0) == (True, True)
    assert endpoint(report, "/v1/access/keys/{key_id}")["refused"] == 1
    never = endpoint(report, "/v1/access/audit")
    assert (never["count"], never["p95_ms"], never["success_rate"]) == (0, None, None)
    assert report["comparison"] is None


async def test_the_sections_tell_what_was_measured(house: Whole) -> None:
    await house.app.state.monitor.keep()
    async with house.client() as client:
        await client.get("/v1/access/keys")
        report = (await client.get(PATH)).json()
        health = (await client.get("/health/performance")).json()
    assert (report["workers"], report["requests"]) == (1, 1)
    assert report["query_stats"]["calls"] > 0
    assert report["query_stats"]["statements"][0]["total_ms"] > 0
    (pool,) = report["connection_pool"]
    assert (pool["name"], pool["capacity"], pool["timeouts"]) == ("primary", 50, 0)
    assert {one["name"] for one in report["optimization_stats"]} >= {"response_cache", "warming"}
    assert all(one["enabled"] and one["share_percent"] == 100 for one in report["optimization_stats"])
    jobs = {job["name"] for job in report["background_tasks"]["jobs"]}
    assert "platform.housekeeping" in jobs
    assert report["memory_report"]["rss_bytes"] > 0
    assert {trend["name"] for trend in report["trends"]} >= {"pool_in_use", "memory", "disk", "database"}
    assert all(trend["seconds_to_limit"] is None for trend in report["trends"])  # nobody knows yet
    cost = report["monitoring"]
    assert cost["sampling_seconds"] > 0
    assert (cost["bytes"] > 0, 0 <= cost["processor_percent"] < 100) == (True, True)
    keys = endpoint(report, "/v1/access/keys")
    assert keys["database_percent"] > 0
    assert keys["main_statement"] is not None
    assert (health["workers"], health["pools"][0]["name"]) == (1, "primary")
    assert health["database"]["calls"] > 0
    assert {one["name"] for one in health["features"]} >= {"response_cache"}


async def test_a_route_that_fails_is_named_with_its_rule_and_figures(house: Whole) -> None:
    async with house.client() as client:
        for _ in range(3):
            await client.get("/v1/trials/fail/boom")
        report = (await client.get(PATH)).json()
    (found,) = [one for one in report["bottlenecks"] if one["category"] == "LOW_SUCCESS_RATE"]
    assert (found["route"], found["severity"]) == ("/v1/trials/fail/{how}", "critical")
    assert found["rule"] == "success rate < 95 %"
    assert found["figures"] == {"count": 3, "failed": 3, "success_rate": 0}


async def test_the_old_path_answers_the_same_and_says_where_it_is_now(house: Whole) -> None:
    async with house.client() as client:
        before = await client.get("/api/v2/performance-report")
        now = await client.get(PATH)
    assert before.headers["deprecation"].startswith("@")
    assert before.headers["link"] == f'<{PATH}>; rel="successor-version"'
    assert "deprecation" not in now.headers
    assert before.json().keys() == now.json().keys()


async def test_only_admins_see_it_and_a_typo_is_refused(house: Whole) -> None:
    async with house.client(token=None) as client:
        for path in (PATH, "/v1/baselines", "/health/performance", "/health/upstreams"):
            checked(await client.get(path), 401, "not_authenticated")
    async with house.client() as client:
        checked(await client.get(PATH, params={"basline": "x"}), 422, "invalid")
        checked(await client.get(PATH, params={"baseline": "nobody"}), 404, "not_found")


async def test_a_baseline_is_kept_listed_compared_and_forgotten(house: Whole) -> None:
    async with house.client() as client:
        for _ in range(20):
            await client.get("/v1/access/me")
        asked = {"name": "release-1", "note": "before"}
        made = await client.post("/v1/baselines", json=asked, headers={"Idempotency-Key": "one"})
        again = await client.post("/v1/baselines", json=asked, headers={"Idempotency-Key": "one"})
        assert (made.status_code, again.json(), made.json()["note"]) == (201, made.json(), "before")
        checked(await client.post("/v1/baselines", json=asked), 409, "baseline_exists")
        checked(await client.post("/v1/baselines", json={"name": "../x"}), 422, "invalid")
        where = made.headers["location"]
        kept = (await client.get(where)).json()
        assert endpoint(kept["report"], "/v1/access/me")["count"] == 20
        assert [one["id"] for one in (await client.get("/v1/baselines")).json()["items"]] == [kept["id"]]
        for _ in range(5):
            await client.get("/v1/access/me")
        for named in ("release-1", kept["id"]):
            report = (await client.get(PATH, params={"baseline": named})).json()
            (me,) = [one for one in report["comparison"]["endpoints"] if one["operation"] == "access_me"]
            assert (me["before_count"], me["after_count"]) == (20, 25)
            assert me["verdict"] in ("same", "better", "worse")
        assert (await client.delete(where)).json()["name"] == "release-1"
        checked(await client.delete(where), 404, "not_found")
        deeds = (await client.get("/v1/access/audit", params={"subject": f"baseline:{kept['id']}"})).json()
    assert [deed["what"] for deed in deeds["items"]] == ["baseline.removed", "baseline.kept"]


async def test_random_paths_add_no_series(house: Whole) -> None:
    async with house.client(token=None) as client:
        await client.get("/nothing/first")
        before = len(REQUESTS.all_series())
        for hundred in range(100 if os.environ.get("MUSTER_PROVE") == "1" else 10):
            paths = (f"/nothing/{hundred}/{number}" for number in range(100))
            await asyncio.gather(*(client.get(path) for path in paths))
        assert len(REQUESTS.all_series()) == before
    async with house.client() as client:
        text = (await client.get("/metrics")).text
    assert "/nothing" not in text


async def test_alive_says_when_the_event_loop_is_late(house: Whole) -> None:
    monitor = house.app.state.monitor
    async with house.client(token=None) as client:
        assert (await client.get("/livez")).status_code == 200
        monitor._due_at -= 3600  # as if the look that is due now had been due an hour ago
        checked(await client.get("/livez"), 503, "event_loop_late")

"""Request ids, one line each, bounded series, no secrets, nothing held back."""

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import generate_latest
from starlette.types import Receive, Scope, Send

from service.core.telemetry import (
    REGISTRY,
    Telemetry,
    Timings,
    happened,
    request_id,
    timed,
    timings,
    without_secrets,
    work_id,
)
from tests.core.log_process import KEY, NAME
from tests.core.whole import Whole, whole
from tests.support.owners import ROOT


def series() -> set[str]:
    """Every series that /metrics shows."""
    text = generate_latest(REGISTRY).decode()
    return {line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")}


def requests_of(route: str) -> float:
    """Requests counted for a route."""
    return sum(
        sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == "muster_requests_total" and sample.labels["route"] == route
    )


def logged(kind: str, level: str = "INFO") -> str:
    command = [sys.executable, "-m", "tests.core.log_process", kind, level]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout == ""
    return ended.stderr


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """What the process wrote as JSON."""
    return [json.loads(line) for line in logged("json").splitlines()]


def test_every_line_of_a_request_carries_its_id(lines: list[dict[str, Any]]) -> None:
    of_first = [line for line in lines if line.get("request_id") == "given-1"]
    assert [line["event"] for line in of_first] == [
        "inside",
        "in a task",
        "in a thread",
        "a library of others",
        "request",
    ]
    assert of_first[3]["module"] == "some.library"
    assert {"level", "timestamp", "module"} <= set(of_first[0])
    last = of_first[-1]
    assert (last["route"], last["method"], last["status"]) == ("unmatched", "GET", 200)
    assert last["ms"] > 0
    assert last["db_n"] == 1
    made = [line for line in lines if line["event"] == "request"][1]["request_id"]
    assert len(made) == 16
    assert int(made, 16)


def test_lines_of_a_job_carry_its_run(lines: list[dict[str, Any]]) -> None:
    assert [line["request_id"] for line in lines if line["event"] == "a job says something"] == ["run-7"]


def test_no_secret_and_nobodys_name_is_logged(lines: list[dict[str, Any]]) -> None:
    whole_log = json.dumps(lines, ensure_ascii=False)
    for secret in ("S" * 43, "L" * 43, "hunter2", "secret456", NAME):
        assert secret not in whole_log
    assert "mst_ab12cd34_…" in whole_log  # whose key it was may be known
    by_event = {line["event"]: line for line in lines}
    assert "1 values refused" in by_event["a row"]["exception"]
    assert "UniqueViolationError, SQLSTATE 23505" in by_event["a statement"]["exception"]
    assert "raise_database_error" in by_event["a statement"]["exception"]
    assert by_event["odd"]["where"] == "/x"


def test_lines_for_people_say_the_same_and_levels_hold() -> None:
    text = logged("readable", "WARNING")
    assert "connecting" in text
    assert "inside" not in text
    assert "hunter2" not in text
    assert NAME not in text
    assert "raise_database_error" in text
    automatic = logged("auto")  # no terminal here: JSON
    assert "inside" in automatic
    assert not automatic.startswith("\x1b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Bearer {KEY}", "Bearer …"),
        (f"key={KEY}.", "key=mst_ab12cd34_…."),
        ("/sign-in?a=1&link=abcdef", "/sign-in?a=1&link=…"),
        ("/sign-in/password?token=abcdef&x=1", "/sign-in/password?token=…&x=1"),
        ("got eyJhbGciOiJI.eyJpc3MiOiJt.c2lnbmF0dXJl", "got eyJ…"),
        ("GET /v1/children/shared-reports/qW3rT5?a=1", "GET /v1/children/shared-reports/…?a=1"),
        ("/v1/children/shared-reports/{token}", "/v1/children/shared-reports/{token}"),
        ("postgresql://u:p@h/d", "postgresql://u:…@h/d"),
        ("nothing here", "nothing here"),
        ("https://site/path", "https://site/path"),
    ],
)
def test_what_is_taken_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


async def test_ids_are_accepted_made_and_returned(house: Whole) -> None:
    async with house.client() as client:
        assert (await client.get("/livez", headers={"X-Request-Id": "abc.D-1_2"})).headers[
            "x-request-id"
        ] == "abc.D-1_2"
        for odd in ("a b", "x" * 65, "", "a/b", "ä"):
            answer = await client.get("/livez", headers={"X-Request-Id": odd.encode()})  # type: ignore[dict-item]  # raw bytes
            assert answer.headers["x-request-id"] != odd
            assert len(answer.headers["x-request-id"]) == 16
        assert len(answer.headers.get_list("x-request-id")) == 1


async def test_q_ten_thousand_paths_and_methods_add_no_series(house: Whole) -> None:
    telemetry = house.app.middleware_stack or house.app.build_middleware_stack()
    async with house.client() as client:
        for path in ("/v1/runs", "/nothing", "/v1/runs/x"):
            await client.get(path)
            await client.request("BREW", path)
        before = series()
        for number in range(10_000):
            await _ask(telemetry, f"/{secrets.token_hex(4)}/{number}", "BREW" if number % 2 else "GET")
        await client.get(f"/v1/runs/{secrets.token_hex(8)}")
        await client.request("B" + secrets.token_hex(3).upper(), "/v1/runs")
    assert {line for line in series() - before if "created" not in line} == set()


async def _ask(app: Any, path: str, method: str) -> None:
    """A request without a client in between: ten thousand of them shall take two seconds."""
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "headers": [(b"host", b"muster.test")], "client": None, "server": None, "state": {},
    }  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        return None

    await app(scope, receive, send)


async def test_requests_are_counted_by_the_whole_template_of_their_route(house: Whole) -> None:
    """Also for a router inside a router, where a route knows only the end of its path."""
    routes = {
        "/v1/runs/1c5f0a52-2f4d-4f0e-9a3b-5f6f6f1f9c11": "/v1/runs/{run_id}",
        "/v1/trials/said/a/b": "/v1/trials/said/{word:path}",
        "/v1/attendance/people": "/v1/attendance/people",
        "/v1/attendance/reports/monthly-sheet": "/v1/attendance/reports/monthly-sheet",
        "/v1/access/keys": "/v1/access/keys",
        "/docs": "/docs",
    }
    async with house.client() as client:
        for path, template in routes.items():
            before = requests_of(template)
            await client.get(path)
            assert requests_of(template) == before + 1, (path, template)


async def test_an_answer_from_the_cache_is_counted_for_its_route(database_url: str) -> None:
    template = "/v1/attendance/reports/monthly-sheet"
    async with whole(database_url) as own, own.client() as client:
        query = {"month": "2026-10"}
        first = await client.get(template, params=query)
        assert first.status_code == 200, first.text
        before = requests_of(template)
        again = await client.get(template, params=query)
        assert "hit" in again.headers["cache-status"]
        assert requests_of(template) == before + 1


async def test_timings_are_told_and_belong_to_one_request(house: Whole) -> None:
    async with house.client() as client:
        answer = await client.get("/v1/trials/said/x")
        assert "db;dur=" in answer.headers["server-timing"]
        assert f"db;dur={answer.headers['x-query-time']}" in answer.headers["server-timing"]
        assert "server-timing" not in (await client.get("/livez")).headers


def test_timed_adds_up_and_counts_failures() -> None:
    measured = Timings()
    measured.add("db", 0.5)
    measured.add("db", 0.25)
    assert (measured.seconds, measured.counts) == ({"db": 0.75}, {"db": 2})
    assert measured.server_timing() == "db;dur=750.00"
    with pytest.raises(ZeroDivisionError), timed("a piece of work of this test") as fields:
        fields["rows"] = 1
        raise ZeroDivisionError
    happened("a piece of work of this test", "ok", 3)
    counted = {
        sample.labels["outcome"]: sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.labels.get("name") == "a piece of work of this test" and sample.name.endswith("_total")
    }
    assert counted == {"failed": 1, "ok": 3}
    assert timings().seconds == {}


def test_work_has_its_id_only_while_it_lasts() -> None:
    with work_id("outer"):
        with work_id("inner"):
            assert request_id() == "inner"
        assert request_id() == "outer"
    assert request_id() is None


async def test_a_stream_is_passed_on_piece_by_piece_and_timed_to_its_first() -> None:
    go, begun, sent = asyncio.Event(), asyncio.Event(), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await go.wait()
        await send({"type": "http.response.body", "body": b"two", "more_body": False})

    async def send(message: Any) -> None:
        sent.append(message.get("body"))
        if message.get("body") == b"one":
            begun.set()

    def seconds() -> float:
        return REGISTRY.get_sample_value("muster_request_seconds_sum", {"route": "unmatched"}) or 0.0

    before, started = seconds(), time.perf_counter()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "state": {}}
    serving = asyncio.create_task(Telemetry(app)(scope, None, send))  # type: ignore[arg-type]  # nothing is read
    await begun.wait()
    first = time.perf_counter() - started
    await asyncio.sleep(0.1)
    assert sent == [None, b"one"]
    go.set()
    await serving
    assert sent[-1] == b"two"
    assert seconds() - before < first + 0.05


@pytest.fixture(autouse=True)
def no_id_is_left() -> Iterator[None]:
    """Ids do not leak from one test into the next."""
    yield
    assert request_id() is None

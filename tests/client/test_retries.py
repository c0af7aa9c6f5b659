"""What the client tries again, what it does not, and when it gives up."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client import (
    Backoff,
    CallOptions,
    Conflict,
    MusterClient,
    RateLimited,
    TimedOut,
    Unavailable,
    Unreachable,
    Unreadable,
)
from service.client._retry import parse_retry_after, wait_before
from service.client.errors import refusal
from tests.client.serving import Reply, Scripted, problem, serving, speaking, until

QUICK = Backoff(first=0.001, longest=0.002)
GOOD = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'
TRUNCATED = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"ok":'


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_passing_failure_is_tried_again(status: int) -> None:
    app = Scripted([problem(status), problem(status), Reply(json={"ok": True})])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        answer = await muster.request("GET", "/v1/x")
    assert answer.json() == {"ok": True}
    assert len(app.seen) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 412, 422, 428, 501])
async def test_a_lasting_refusal_is_not_tried_again(status: int) -> None:
    app = Scripted([problem(status)])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(type(refusal(status))) as caught:
            await muster.request("GET", "/v1/x")
    assert caught.value.status == status
    assert len(app.seen) == 1


async def test_retries_are_counted_and_can_be_set_per_call() -> None:
    app = Scripted([problem(503)])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        for retries, requests in ((0, 1), (1, 2), (None, 3)):
            app.seen.clear()
            with pytest.raises(Unavailable):
                await muster.request("GET", "/v1/x", options=CallOptions(retries=retries))
            assert len(app.seen) == requests


@pytest.mark.parametrize("first", [None, b"", b"HTTP/1.1 nonsense\r\n\r\n", TRUNCATED])
async def test_reset_silent_garbled_and_truncated_connections_are_tried_again(first: bytes | None) -> None:
    async with speaking(first, GOOD) as url, MusterClient(url, backoff=QUICK) as muster:
        assert (await muster.request("GET", "/v1/x")).json() == {"ok": True}


async def test_a_connection_that_is_always_reset_is_unreachable() -> None:
    async with speaking(None) as url, MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(Unreachable) as caught:
            await muster.request("GET", "/v1/people", query={"name": "Ann"})
    assert "GET /v1/people" in str(caught.value)
    assert "Ann" not in str(caught.value)


async def test_nobody_listens() -> None:
    async with speaking(None) as url:
        pass
    async with MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(Unreachable):
            await muster.request("GET", "/v1/x")


async def test_post_is_repeated_with_one_idempotency_key() -> None:
    app = Scripted([problem(503), problem(500), Reply(201, {"id": "1"})])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        await muster.request("POST", "/v1/runs", body={"job": "x"})
        await muster.request("POST", "/v1/runs", body={"job": "x"})
    keys = [seen.headers["idempotency-key"] for seen in app.seen]
    assert keys[0] == keys[1] == keys[2]
    assert keys[3] != keys[0]
    assert {seen.body for seen in app.seen} == {b'{"job":"x"}'}


async def test_post_with_the_callers_own_key() -> None:
    app = Scripted([Reply(201, {})])
    async with serving(app) as url, MusterClient(url) as muster:
        await muster.request("POST", "/v1/runs", options=CallOptions(idempotency_key="mine"))
    assert app.seen[0].headers["idempotency-key"] == "mine"


async def test_patch_is_not_repeated() -> None:
    app = Scripted([problem(503), Reply(json={})])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(Unavailable):
            await muster.request("PATCH", "/v1/x", body={})
    assert len(app.seen) == 1


async def test_own_first_attempt_in_flight_is_waited_for_and_another_conflict_is_not() -> None:
    wait = {"retry-after": "0"}
    app = Scripted([problem(409, "idempotency_key_in_flight", headers=wait), Reply(201, {}), problem(409)])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        assert (await muster.request("POST", "/v1/runs")).status == 201
        with pytest.raises(Conflict):
            await muster.request("POST", "/v1/runs")
    assert len(app.seen) == 3


async def test_retry_after_beyond_two_minutes_is_raised_at_once() -> None:
    app = Scripted([problem(429, headers={"retry-after": "121"})])
    async with serving(app) as url, MusterClient(url) as muster:
        with pytest.raises(RateLimited) as caught:
            await muster.request("GET", "/v1/x")
    assert caught.value.retry_after == 121
    assert len(app.seen) == 1


async def test_a_wait_that_would_pass_the_deadline_raises_the_error_itself() -> None:
    app = Scripted([problem(429, headers={"retry-after": "100"})])
    async with serving(app) as url, MusterClient(url, deadline=10) as muster:
        with pytest.raises(RateLimited):
            await muster.request("GET", "/v1/x")
    assert len(app.seen) == 1


async def test_a_slow_attempt_is_abandoned_and_tried_again() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30)), Reply(json={"ok": True})])
    async with serving(app) as url, MusterClient(url, timeout=0.5, backoff=QUICK) as muster:
        assert (await muster.request("GET", "/v1/x")).json() == {"ok": True}
    assert len(app.seen) == 2


async def test_a_slow_drip_does_not_outlive_the_attempt() -> None:
    async def drip(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(0.02)

    async with serving(drip) as url, MusterClient(url, timeout=0.1, retries=0) as muster:
        with pytest.raises(TimedOut):
            await muster.request("GET", "/v1/x")


async def test_the_deadline_bounds_all_attempts_together() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30))])
    async with serving(app) as url, MusterClient(url, deadline=0.2, retries=50, backoff=QUICK) as muster:
        with pytest.raises(TimedOut):
            await muster.request("GET", "/v1/x")
    # Fifty retries were allowed; a second request may begin in the deadline's last millisecond.
    assert len(app.seen) <= 2


async def test_waiting_frees_the_slot_and_the_response() -> None:
    calm = Scripted(
        [lambda seen: problem(503, headers={"retry-after": "60"}) if seen.path == "/a" else Reply()]
    )
    async with serving(calm) as url, MusterClient(url, concurrency=1) as muster:
        waiting = asyncio.create_task(muster.request("GET", "/a"))
        await until(lambda: calm.seen)
        assert (await muster.request("GET", "/b")).status == 200
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_at_most_twenty_requests_at_once() -> None:
    now = most = 0
    full = asyncio.Event()

    async def counted() -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 20:
            full.set()
        await full.wait()
        await asyncio.sleep(0.01)  # so that one more would be seen
        now -= 1

    app = Scripted([Reply(json={}, before=counted)])
    async with serving(app) as url, MusterClient(url) as muster, asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(muster.request("GET", "/v1/x"))
    assert len(app.seen) == 100
    assert most == 20


async def test_a_caller_without_a_slot_stops_at_its_deadline() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30))])
    async with serving(app) as url, MusterClient(url, concurrency=1) as muster:
        first = asyncio.create_task(muster.request("GET", "/v1/x"))
        await until(lambda: app.seen)
        with pytest.raises(TimedOut, match="no free slot"):
            await muster.request("GET", "/v1/x", options=CallOptions(deadline=0.05))
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_a_redirect_is_not_followed() -> None:
    app = Scripted([Reply(307, headers={"location": "http://elsewhere.invalid/"})])
    async with serving(app) as url, MusterClient(url, "mst_x") as muster:
        with pytest.raises(Unreadable, match="redirected"):
            await muster.request("GET", "/v1/x")
    assert len(app.seen) == 1


@given(attempt=st.integers(0, 2000), share=st.floats(0, 1))
def test_waits_are_full_jitter_between_nothing_and_eight_seconds(attempt: int, share: float) -> None:
    wait = wait_before(attempt, Unreachable("no"), Backoff(), lambda low, high: low + share * (high - low))
    assert wait is not None
    assert 0 <= wait <= min(8.0, 0.5 * 2 ** min(attempt, 10))


@given(asked=st.integers(0, 500))
def test_retry_after_is_the_least_wait_up_to_two_minutes(asked: int) -> None:
    wait = wait_before(0, refusal(429, retry_after=asked), Backoff())
    if asked > 120:
        assert wait is None
    else:
        assert wait is not None
        assert asked <= wait <= asked + 0.5


def test_retry_after_as_seconds_as_a_date_and_unreadable() -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert parse_retry_after("7") == 7
    assert parse_retry_after("Sun, 22 Nov 2026 08:00:30 GMT", now) == 30
    assert parse_retry_after("Sun, 22 Nov 2026 07:00:00 GMT", now) == 0
    assert parse_retry_after("soon") is None
    assert parse_retry_after("") is None
    assert parse_retry_after(None) is None

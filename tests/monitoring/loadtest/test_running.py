"""Runs against real servers on the loopback interface that answer, stall, fail and vanish."""

import asyncio
import time
from typing import Any

from service.monitoring.loadtest.plan import Plan
from service.monitoring.loadtest.running import Run
from service.monitoring.loadtest.schedule import Call
from service.monitoring.loadtest.sending import CUT_OFF, NO_ANSWER, Sender
from service.monitoring.loadtest.statistics import TIMEOUT, Answered, Tally
from tests.client.serving import Reply, Scripted, Seen, serving, speaking, until
from tests.monitoring.loadtest.plans import plan


async def carried_out(asked: Plan, url: str, key: str | None = None) -> Run:
    """The run, once it is over."""
    async with Sender(url, key, timeout=asked.timeout) as sender:
        run = Run(asked, sender)
        await run.carry_out(asyncio.Event())
    return run


def only(run: Run) -> Tally:
    """What was noted of the one kind of request."""
    (tally,) = run.measured.tallies.values()
    return tally


async def test_an_open_run_sends_every_arrival_as_the_plan_says() -> None:
    app = Scripted([Reply(json={"ok": True})])
    request = {"method": "POST", "path": "/one", "query": {"n": 1}, "body": {"a": 1}, "headers": {"X-A": "b"}}
    async with serving(app) as url:
        run = await carried_out(plan(stage=[{"seconds": 0.5, "rate": 80}], request=[request]), url, "mst_k")
    assert (only(run).done, only(run).errors, only(run).bytes) == (40, {}, 40 * 12)
    assert {(seen.method, seen.path, seen.query, seen.body) for seen in app.seen} == {
        ("POST", "/one", "n=1", b'{"a": 1}')
    }
    assert {(seen.headers["authorization"], seen.headers["x-a"]) for seen in app.seen} == {
        ("Bearer mst_k", "b")
    }
    assert len({seen.headers["idempotency-key"] for seen in app.seen}) == 40


async def test_a_closed_run_has_no_more_requests_in_flight_than_users() -> None:
    inside = most = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.002)
        inside -= 1
        await Scripted([Reply(json=1)])(scope, receive, send)

    async with serving(app) as url:
        stages = [{"seconds": 0.2, "users": 1, "to": 3}, {"seconds": 0.3, "users": 3}]
        run = await carried_out(plan(model="closed", think=0.001, stage=stages), url)
    assert 1 <= most <= 3
    assert only(run).errors == {}
    assert run.started == only(run).done > 3


async def test_an_open_run_does_not_wait_for_a_server_that_stalls() -> None:
    """The first answer comes only after 20 requests have: a generator that waits would never send them."""
    everybody = asyncio.Event()

    def reply(seen: Seen) -> Reply:
        if len(app.seen) == 20:
            everybody.set()
        return Reply(json=1, before=everybody.wait)  # type: ignore[arg-type]  # what it answers is not used

    app = Scripted([reply])
    async with serving(app) as url:
        run = await carried_out(plan(stage=[{"seconds": 0.3, "rate": 100}]), url)
    assert (only(run).done, only(run).errors) == (30, {})


async def test_latency_runs_from_the_moment_a_request_was_meant_to_start() -> None:
    """A sender that stops everything for 0.3 s: what was due meanwhile waited, though it was served at once."""

    class Stalling:
        stalled = False

        async def send(self, call: Call) -> Answered:
            if not self.stalled:
                self.stalled = True
                time.sleep(0.3)  # noqa: ASYNC251  that nothing else can run is the point
            return Answered(None)

    run = Run(plan(), Stalling())
    await run.carry_out(asyncio.Event())
    tally = only(run)
    assert tally.done == 100
    # Thirty were due within these 0.3 s, evenly: together they waited 0.3 · 30 / 2 s at least.
    assert tally.response.sum - tally.service.sum > 4.0
    assert run.measured.late.greatest > 0.25
    assert run.generator().late_p99_ms > 250


async def test_what_cannot_be_started_is_dropped_and_counted() -> None:
    release = asyncio.Event()
    app = Scripted([Reply(json=1, before=release.wait)])  # type: ignore[arg-type]  # as above
    async with serving(app) as url, Sender(url, None, timeout=60) as sender:
        run = Run(plan(stage=[{"seconds": 0.3, "rate": 100}], max_in_flight=5), sender)
        running = asyncio.create_task(run.carry_out(asyncio.Event()))
        await until(lambda: run.measured.tallies and only(run).dropped == 25)
        release.set()
        await running
    assert (only(run).done, only(run).dropped) == (5, 25)


async def test_a_stop_gives_up_what_is_in_flight_and_keeps_what_was_measured() -> None:
    def reply(seen: Seen) -> Reply:
        return Reply(json=1, before=asyncio.Event().wait if len(app.seen) > 10 else None)  # type: ignore[arg-type]

    app, stop = Scripted([reply]), asyncio.Event()
    async with serving(app) as url, Sender(url, None, timeout=60) as sender:
        run = Run(plan(stage=[{"seconds": 600, "rate": 100}]), sender)
        running = asyncio.create_task(run.carry_out(stop))
        await until(lambda: len(app.seen) > 15 and only(run).done == 10)
        stop.set()
        await running
    assert only(run).done == 10
    assert only(run).errors == {}
    assert run.measured.cut_short >= 5


async def test_errors_are_counted_by_kind() -> None:
    asked = plan(stage=[{"seconds": 0.1, "rate": 100}])
    async with serving(Scripted([Reply(503)])) as url:
        assert only(await carried_out(asked, url)).errors == {"status 503": 10}
        expecting = asked.model_copy(
            update={"request": [asked.request[0].model_copy(update={"expect": [503]})]}
        )
        assert only(await carried_out(expecting, url)).errors == {}
    async with serving(Scripted([Reply(before=asyncio.Event().wait)])) as url:  # type: ignore[arg-type]
        tally = only(await carried_out(asked.model_copy(update={"timeout": 0.3}), url))
        assert (tally.errors, tally.response.count) == ({TIMEOUT: 10}, 10)
    async with speaking(None) as url:
        assert only(await carried_out(asked, url)).errors == {CUT_OFF: 10}
    assert only(await carried_out(asked, url)).errors == {NO_ANSWER: 10}

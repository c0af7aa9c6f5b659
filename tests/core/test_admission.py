"""Requests beyond what can be worked on at once wait their turn, or are refused; nothing leaks a turn."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from service.cli.serving import EventStreams, in_front_of
from service.core.admission import LONGEST_QUEUE, Admission, QuickRefusal
from service.core.auth import Caller, needs
from service.core.errors import Unavailable
from tests.client.serving import serving, until
from tests.core.building import Clock
from tests.core.refused import checked
from tests.core.test_front import kept
from tests.core.whole import whole


async def test_turns_are_given_in_order_and_all_come_back() -> None:
    admission, served = Admission(2, 60), []

    async def request(number: int) -> None:
        await admission.enter()
        served.append(number)
        await asyncio.sleep(0)
        admission.leave()

    await asyncio.gather(*(request(number) for number in range(50)))
    assert served == list(range(50))
    assert (admission.inside, admission.waiting) == (0, 0)


async def test_who_waits_too_long_is_refused_and_who_leaves_takes_no_turn() -> None:
    admission = Admission(1, 0.02)
    await admission.enter()
    with pytest.raises(Unavailable) as refused:
        await admission.enter()
    assert (refused.value.code, refused.value.headers) == ("overloaded", {"Retry-After": "1"})
    patient = Admission(1, 60)
    await patient.enter()
    gone = asyncio.create_task(patient.enter())
    heir = asyncio.create_task(patient.enter())
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    patient.leave()
    await heir
    assert (patient.inside, patient.waiting) == (1, 0)
    cancelled = asyncio.create_task(patient.enter())
    await asyncio.sleep(0)
    patient.leave()
    cancelled.cancel()  # in the moment in which it was given its turn
    await asyncio.gather(cancelled, return_exceptions=True)
    assert (patient.inside, patient.waiting) == (0, 0)


async def test_who_would_wait_too_long_by_the_pace_of_late_is_refused_at_once() -> None:
    clock = Clock()
    admission = Admission(1, 10, clock=clock)
    await admission.enter()
    waiting = [asyncio.create_task(admission.enter()) for _ in range(6)]
    await asyncio.sleep(0)
    for _ in range(2):
        admission.leave()
        clock.now += 4  # a turn every four seconds
        await asyncio.sleep(0)
    assert (admission.waiting, admission.is_full) == (4, True)
    with pytest.raises(Unavailable):
        await admission.enter()
    for _ in range(2):
        admission.leave()
        await asyncio.sleep(0)
    assert (admission.waiting, admission.is_full) == (2, False)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_queue_is_bounded_before_any_pace_is_known() -> None:
    admission = Admission(1, 60)
    await admission.enter()
    waiting = [asyncio.create_task(admission.enter()) for _ in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await admission.enter()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert admission.waiting == 0


class Gate:
    """Routes that answer when the test says so, and a stream that never ends by itself."""

    def __init__(self) -> None:
        self.opened, self.inside = asyncio.Event(), 0
        self.router = APIRouter(prefix="/v1/gate", dependencies=[Depends(needs())])
        self.router.get("/held")(self.held)
        self.router.get("/stream")(self.stream)
        self.router.get("/file")(self.file)

    async def held(self) -> dict[str, bool]:
        """When the gate opens."""
        self.inside += 1
        await self.opened.wait()
        return {"opened": True}

    async def stream(self) -> StreamingResponse:
        """Events until the gate opens."""

        async def events() -> Any:
            yield b"data: 1\n\n"
            await self.opened.wait()

        return StreamingResponse(events(), media_type="text/event-stream")

    async def file(self) -> StreamingResponse:
        """A file whose reader takes his time."""

        async def pieces() -> Any:
            yield b"first,row\n"
            await self.opened.wait()

        return StreamingResponse(pieces(), media_type="text/csv")


async def test_a_quick_refusal_carries_the_ids_of_its_request() -> None:
    admission = Admission(1, 1)
    admission.waiting = LONGEST_QUEUE
    refusing = QuickRefusal(Response(status_code=500), admission)

    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        """As `Front` hands it on."""
        scope["state"] = {"caller": Caller("key:a", "a", "key", frozenset())}
        await refusing(scope, receive, send)

    transport = httpx.ASGITransport(known)
    async with httpx.AsyncClient(transport=transport, base_url="http://muster.test") as client:
        ids = {"X-Request-Id": "payday-7", "X-Correlation-Id": "month-end"}
        mine, plain = await client.get("/v1/a", headers=ids), await client.get("/v1/a")
    assert checked(mine, 503, "overloaded")["request_id"] == mine.headers["x-request-id"] == "payday-7"
    assert mine.headers["x-correlation-id"] == "month-end"
    assert checked(plain, 503, "overloaded")["request_id"] == plain.headers["x-request-id"]
    assert "x-correlation-id" not in plain.headers


async def test_q51_beyond_the_bound_kept_answers_and_probes_are_served_and_the_rest_is_refused(
    database_url: str,
) -> None:
    """Over real connections, as `muster serve` answers them: 3 at once, and 10 times as many come."""
    gate = Gate()
    async with whole(database_url, max_in_flight=3, max_wait=0.05, allowed_hosts=["*"]) as house:
        house.app.include_router(gate.router)
        house.app.include_router(kept)
        app = in_front_of(EventStreams(house.app), house.app, house.runtime)
        bearer = {"Authorization": f"Bearer {house.token}", "X-Correlation-Id": "month-end-7"}
        async with serving(app) as url, httpx.AsyncClient(base_url=url, headers=bearer, timeout=30) as client:
            await client.get("/v1/kept/100")
            streams = [client.stream("GET", f"/v1/gate/{what}") for what in ("stream", "file") * 5]
            opened = [await stream.__aenter__() for stream in streams]  # they give their turns back
            assert {answer.status_code for answer in opened} == {200}
            held = [asyncio.create_task(client.get("/v1/gate/held")) for _ in range(30)]
            await until(lambda: sum(task.done() for task in held) == 27)
            assert (gate.inside, house.app.state.admission.inside) == (3, 3)
            for task in (task for task in held if task.done()):
                document = checked(task.result(), 503, "overloaded")
                assert document["request_id"] == task.result().headers["x-request-id"]
                assert task.result().headers["retry-after"] == "1"
                assert task.result().headers["x-correlation-id"] == "month-end-7"
            assert (await client.get("/v1/kept/100")).headers["cache-status"] == "Muster; hit"
            for path in ("/livez", "/readyz", "/health", "/metrics"):
                assert (await client.get(path)).status_code == 200
            gate.opened.set()
            done = [answer.status_code for answer in await asyncio.gather(*held)]
            assert (done.count(200), done.count(503)) == (3, 27)
            assert (await client.get("/v1/gate/held")).status_code == 200  # normal again
            for stream in streams:
                await stream.__aexit__(None, None, None)
        assert (house.app.state.admission.inside, house.app.state.admission.waiting) == (0, 0)

"""Event streams: followed over a real server, resumed where they were, ended by whoever closes them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from service.client import (
    Backoff,
    CallOptions,
    Event,
    MusterClient,
    MusterClientSync,
    NotFound,
    TimedOut,
    Unavailable,
)
from tests.client.serving import Scope, serving, until

AT_ONCE = Backoff(first=0.0, longest=0.0)
STEP = b"retry: 0\n\n"


@dataclass
class Told:
    """An ASGI app: each connection gets the next pieces; then it is ended, broken off or held open."""

    turns: list[Sequence[bytes] | int]
    hold: bool = False
    resumed: list[str | None] = field(default_factory=list)
    left: int = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        assert headers["accept"] == "text/event-stream"
        self.resumed.append(headers.get("last-event-id"))
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        status = turn if isinstance(turn, int) else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        for piece in () if isinstance(turn, int) else turn:
            if piece == b"broken":
                raise ConnectionResetError
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
        if self.hold and not isinstance(turn, int):
            await receive()
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left += 1
            return
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def client_of(told: Told) -> AsyncIterator[MusterClient]:
    async with serving(told) as base, MusterClient(base, "mst_x", backoff=AT_ONCE) as muster:
        yield muster


async def test_events_are_read_however_they_are_cut() -> None:
    whole = (
        b': hello\r\nid: 7\r\nevent: change\r\ndata: {"a":\r\ndata: "\xc3\xa4"}\r\n\r\n'
        b"data:plain\rid\r\rid: 9\n\nevent: end\ndata: {}\n\nevent: late\ndata: 1\n\n"
    )
    for size in (1, 2, 5, len(whole)):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        async with client_of(Told([pieces])) as muster, muster.crew.stream() as stream:
            assert [event async for event in stream] == [
                Event("7", "change", {"a": "ä"}),
                Event("", "message", "plain"),
                Event(None, "end", {}),
            ]
            assert stream.last_event_id == "9"


async def test_it_comes_back_where_it_was_after_an_end_and_after_a_break() -> None:
    told = Told(
        [
            [STEP, b"id: 1\nevent: change\ndata: 1\n\n"],
            [b"id: 2\nevent: change\ndata: 2\n\nid: 3\nevent: change\nda", b"broken"],
            503,
            [b"id: 3\nevent: change\ndata: 3\n\n", b"event: end\ndata: 0\n\n"],
        ]
    )
    async with client_of(told) as muster:
        found = [event.data async for event in muster.crew.stream(last_event_id="0")]
    assert found == [1, 2, 3, 0]
    assert told.resumed == ["0", "1", "2", "2"]


async def test_what_is_in_vain_is_raised_and_what_may_pass_only_after_its_retries() -> None:
    for status, error, tries in ((404, NotFound, 1), (503, Unavailable, 3)):
        told = Told([status])
        async with client_of(told) as muster:
            with pytest.raises(error):
                await anext(muster.crew.stream())
        assert len(told.resumed) == tries


async def test_nothing_more_is_the_end() -> None:
    async with client_of(Told([[STEP], 204])) as muster:
        assert [event async for event in muster.crew.stream()] == []


async def close_stream(_: MusterClient, stream: Any) -> None:
    await stream.aclose()


async def close_client(muster: MusterClient, _: Any) -> None:
    await muster.aclose()


@pytest.mark.parametrize("close", [close_stream, close_client])
async def test_who_waits_for_the_next_event_is_let_go_when_it_is_closed(close: Callable[..., Any]) -> None:
    told = Told([[STEP, b"id: 1\ndata: 1\n\n"]], hold=True)
    async with client_of(told) as muster:
        stream = muster.crew.stream()
        assert (await anext(stream)).data == 1
        rest = asyncio.create_task(_rest(stream))
        await asyncio.sleep(0)
        await close(muster, stream)
        assert await rest == []
        await stream.aclose()
        await until(lambda: told.left == 1)
    assert len(told.resumed) == 1


async def _rest(stream: Any) -> list[Event]:
    return [event async for event in stream]


async def test_a_wait_that_was_given_up_loses_nothing() -> None:
    more = asyncio.Event()

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b": alive\n\n", "more_body": True})
        await more.wait()
        await send({"type": "http.response.body", "body": b"event: end\ndata: 1\n\n"})

    async with (
        serving(app) as base,
        MusterClient(base, "mst_x") as muster,
        muster.crew.stream() as stream,
    ):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(stream)
        more.set()
        assert (await anext(stream)).data == 1


async def test_streams_take_no_slots_of_other_calls() -> None:
    told = Told([[STEP, b"data: 1\n\n"]], hold=True)
    async with serving(told) as base, MusterClient(base, "mst_x", concurrency=1) as muster:
        streams = [muster.crew.stream() for _ in range(3)]
        assert [(await anext(one)).data for one in streams] == [1, 1, 1]
        accepting = CallOptions(headers={"accept": "text/event-stream"}, timeout=0.2, retries=0)
        with pytest.raises(TimedOut):
            await muster.request("GET", "/v1/crew/stream", options=accepting)
        assert len(told.resumed) == 4  # it was sent, beside three that are open


async def test_the_blocking_twin_follows_and_is_closed_from_another_thread() -> None:
    told = Told([[STEP, b"id: 1\ndata: 1\n\n"], [b"id: 2\ndata: 2\n\n"]])

    def follow(base: str) -> list[Any]:
        with MusterClientSync(base, "mst_x", backoff=AT_ONCE) as muster, muster.crew.stream() as stream:
            first = [next(stream).data, next(stream).data]
            told.hold = True
            threading.Timer(0.05, stream.close).start()
            return [*first, stream.last_event_id, *(event.data for event in stream if event.id != "2")]

    async with serving(told) as base:
        assert await asyncio.to_thread(follow, base) == [1, 2, "2"]
    assert told.resumed[:3] == [None, "1", "2"][: len(told.resumed)]


async def test_a_stream_that_nobody_closed_ends_with_its_client() -> None:
    told = Told([[STEP, b"data: 1\n\n"]], hold=True)
    async with serving(told) as base:
        async with MusterClient(base, "mst_x") as muster:
            stream = muster.crew.stream()
            assert (await anext(stream)).data == 1
        await until(lambda: told.left == 1)
        assert [event async for event in stream] == []

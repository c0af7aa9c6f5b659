"""Q55: who sends nothing, slowly or too much loses the connection; others are served meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from service.cli.protocol import LARGEST_HEAD, Protocol, close_late
from tests.client.serving import Reply, Scripted, until

IDLE = 300
"""By hand 10,000: a look at them takes 23 ms, closing 500 of them as long."""


@dataclass
class Server:
    """A uvicorn with our protocol, and its clock, which the test moves."""

    url: str
    connections: set[Any]
    ahead: float = 0.0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def look(self, seconds: float) -> int:
        """So much later, look at the connections."""
        self.ahead += seconds
        return close_late(self.connections, asyncio.get_running_loop().time() + self.ahead, 10.0)

    async def connect(self, said: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that has said so much, and that the server knows of."""
        known = len(self.connections)
        port = int(self.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self.writers.append(writer)
        writer.write(said)
        await writer.drain()
        await until(lambda: len(self.connections) > known)
        return reader, writer


@asynccontextmanager
async def server(app: Any) -> AsyncIterator[Server]:
    """In this process: the protocol, without the look that `muster serve` takes every second."""
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", http=Protocol, backlog=4096)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running._serve())
    await until(lambda: running.started)
    port = running.servers[0].sockets[0].getsockname()[1]
    made = Server(f"http://127.0.0.1:{port}", running.server_state.connections)
    try:
        yield made
    finally:
        for writer in made.writers:
            writer.close()
        running.should_exit = running.force_exit = True
        await task


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body, then answers."""
    await Scripted([Reply(json={"ok": True})])(scope, receive, send)


GET = b"GET /livez HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"


async def test_q55_idle_sockets_and_slow_heads_are_closed_and_others_are_served() -> None:
    async with server(echo) as running, httpx.AsyncClient(base_url=running.url, timeout=30) as client:
        idle = [await running.connect() for _ in range(IDLE)]
        slow, trickle = await running.connect(GET)
        assert running.look(0) == 0
        trickle.write(b"X-A: b\r\n")  # one more line now and then keeps no connection
        assert running.look(9) == 0
        assert (await client.get("/")).status_code == 200
        assert running.look(2) == IDLE + 1
        said = await slow.read()
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"too_slow"' in said
        assert {await reader.read() for reader, _ in idle} == {b""}
        assert (await client.get("/")).status_code == 200
        assert running.look(100) == 0  # the client's own connection lies idle between two requests


async def test_q55_heads_are_bounded_and_large_ones_below_the_bound_are_answered() -> None:
    async with server(echo) as running, httpx.AsyncClient(base_url=running.url, timeout=30) as client:
        line = b"X-Padding: " + b"a" * 8000 + b"\r\n"
        reader, writer = await running.connect(GET)
        for _ in range(LARGEST_HEAD // len(line) + 2):
            writer.write(line)
            await asyncio.sleep(0)
        assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
        for _ in range(3):  # each head is counted for itself
            assert (await client.get("/", headers={"X-Padding": "a" * 30_000})).status_code == 200


async def test_q55_a_body_that_does_not_come_is_given_up_and_a_slow_one_is_not() -> None:
    async with server(echo) as running:
        stuck, _ = await running.connect(POST)
        steady, writer = await running.connect(POST)
        assert running.look(0) == 0
        for number in range(1, 4):
            writer.write(b"a" * 25_000)
            await until(lambda: max(c.received for c in running.connections) == number * 25_000)  # noqa: B023
            assert running.look(21) == (1 if number == 1 else 0)
        writer.write(b"a" * 25_000)
        assert await stuck.read() == b""
        assert (await steady.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")


async def test_q55_a_reader_who_stops_reading_is_given_up() -> None:
    """Ten megabytes that nobody takes: the writer waits for the reader, and not for ever."""
    ended = asyncio.Event()

    async def large(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(400):
            await send({"type": "http.response.body", "body": b"x" * 25_000, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        ended.set()

    async with server(large) as running:
        await running.connect(GET + b"\r\n")
        (connection,) = running.connections
        await until(lambda: connection.stuck_since is not None)
        assert running.look(59) == 0
        assert running.look(2) == 1
        async with asyncio.timeout(60):
            await ended.wait()

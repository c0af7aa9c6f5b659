"""Real servers on the loopback interface for the client's tests: scripted answers, and broken ones."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

Scope = MutableMapping[str, Any]
App = Callable[..., Awaitable[None]]


@dataclass
class Seen:
    """A request as the server saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to answer: JSON unless `body` is given; `before` is awaited first."""

    status: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    before: Callable[[], Awaitable[None]] | None = None


@dataclass
class Scripted:
    """An ASGI app that answers the replies in order, the last one for ever, and remembers who asked."""

    replies: list[Reply | Callable[[Seen], Reply]]
    seen: list[Seen] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        seen = Seen(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)
        self.seen.append(seen)
        chosen = self.replies[0] if len(self.replies) == 1 else self.replies.pop(0)
        reply = chosen(seen) if callable(chosen) else chosen
        if reply.before is not None:
            await reply.before()
        content = json.dumps(reply.json).encode() if reply.body is None else reply.body
        if reply.status in {204, 304}:
            content = b""
        sent = {"content-type": "application/json", **reply.headers}
        start = [(name.encode(), value.encode()) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": start})
        await send({"type": "http.response.body", "body": content})


async def until(happened: Callable[[], object]) -> None:
    """Wait for something that gives no signal, for ten seconds at most."""
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110  (uvicorn and the scripted servers have no event to wait for)
            await asyncio.sleep(0.002)


def problem(status: int, code: str = "told", **more: Any) -> Reply:
    """A problem document."""
    headers = more.pop("headers", {})
    document = {"title": "No", "status": status, "code": code, "request_id": "r-1", **more}
    return Reply(status, document, {"content-type": "application/problem+json", **headers})


def page(rows: list[Any], following: str | None = None, **more: Any) -> Reply:
    """A list's page."""
    where = {"next": following, "has_more": following is not None, "limit": len(rows)}
    return Reply(json={"items": rows, "page": where, **more})


@asynccontextmanager
async def serving(app: App, port: int = 0) -> AsyncIterator[str]:
    """A uvicorn on a free port, or the one given; gives its base URL."""
    config = uvicorn.Config(app, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


@asynccontextmanager
async def speaking(*turns: bytes | None) -> AsyncIterator[str]:
    """A server below HTTP: each connection gets the next bytes and is closed; None resets it unanswered."""
    left = list(turns)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        said = left.pop(0) if len(left) > 1 else left[0]
        if said is None:
            writer.transport.abort()
            return
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

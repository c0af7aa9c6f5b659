"""A real socket that answers as a test tells it to, and a quick caller to ask it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from service.core.outbound import Breaker, Outbound
from service.core.retries import RetryPolicy
from service.core.settings import FrappeSettings

Handler = Callable[[asyncio.StreamWriter, int], Awaitable[None]]
QUICK = RetryPolicy(attempts=4, base=0.01, cap=0.05)


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[tuple[str, Counter[str]]]:
    """A server that hands every request to `handler(writer, number of the request)`."""
    seen: Counter[str] = Counter()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            seen["requests"] += 1
            seen["bytes"] += len(head)
            await handler(writer, seen["requests"])
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            seen["gone"] += 1
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/", seen
    finally:
        server.close()


def send(writer: asyncio.StreamWriter, status: int = 200, body: bytes = b"{}", *lines: str) -> None:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *lines, "", ""]
    writer.write("\r\n".join(head).encode() + body)


def outbound(*, policy: RetryPolicy = QUICK, total: float = 5.0, breaker: Breaker | None = None) -> Outbound:
    settings = FrappeSettings(total_timeout=total, connect_timeout=1.0)
    return Outbound("test", settings, policy=policy, breaker=breaker)

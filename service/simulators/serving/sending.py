"""How an answer travels: at once, dripping, late, or broken off with a reset."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterable

from starlette.types import Receive, Scope, Send

from service.simulators.serving.answers import Answer

TRANSPORT = "muster.transport"  # where the server puts its connection, so that a fault can cut it
_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


async def send_answer(
    answer: Answer, scope: Scope, receive: Receive, send: Send, more: Iterable[tuple[str, str]] = ()
) -> None:
    """Send one answer in its manner; `more` are headers that every answer of the site has."""
    if answer.delivery.manner == "reset":
        cut(scope)
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    headers = [(b"content-type", answer.media_type.encode())]
    if isinstance(answer.body, bytes):
        headers.append((b"content-length", b"%d" % len(answer.body)))
    headers += [(name.encode(), value.encode()) for name, value in (*more, *answer.headers)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await _DELIVERIES[answer.delivery.manner](answer, scope, send)


async def _plain(answer: Answer, _scope: Scope, send: Send) -> None:
    async for part in _parts(answer):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _parts(answer: Answer) -> AsyncIterator[bytes]:
    if isinstance(answer.body, bytes):
        yield answer.body
        return
    async for part in answer.body:
        yield part


async def _drip(answer: Answer, _scope: Scope, send: Send) -> None:
    body = answer.body if isinstance(answer.body, bytes) else b""
    for at in range(0, len(body), answer.delivery.chunk):
        part = body[at : at + answer.delivery.chunk]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(answer.delivery.pause)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _hang(answer: Answer, scope: Scope, send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    await asyncio.sleep(answer.delivery.pause)
    await _plain(answer, scope, send)


async def _broken(answer: Answer, scope: Scope, send: Send) -> None:
    body = answer.body if isinstance(answer.body, bytes) else b""
    kept = body[: int(len(body) * answer.delivery.keep)]
    await send({"type": "http.response.body", "body": kept, "more_body": True})
    await asyncio.sleep(0.02)  # let the kernel deliver what was sent: a reset discards what is still queued
    cut(scope)


_DELIVERIES = {"plain": _plain, "drip": _drip, "hang": _hang, "broken": _broken}


def cut(scope: Scope) -> None:
    """Reset the client's connection."""
    transport = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("this server cannot cut connections")
    wire = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    transport.abort()

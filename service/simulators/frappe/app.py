"""The ASGI application: requests in, answers out in whatever manner a fault orders."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from service.simulators.frappe.answers import Answer
from service.simulators.frappe.config import FrappeConfig
from service.simulators.frappe.site import Site
from service.simulators.frappe.store import Store

TRANSPORT = "muster.transport"  # where the server puts its connection, so that a fault can cut it
_LINGER = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


def create_app(store: Store, config: FrappeConfig | None = None) -> Starlette:
    """The site as an ASGI application; `app.state.site` holds its faults and request log.

    A fault that resets the connection needs the server of `FrappeServer`.
    """
    site = Site(store, config or FrappeConfig())
    app = Starlette(routes=[Mount("", app=Front(site))])
    app.state.site = site
    return app


class Front:
    """Plain ASGI: one request, one answer."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await self.site.answer(Request(scope, receive))
        if answer.delivery.manner == "reset":
            cut(scope)
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await self._start(answer, send)
        await _DELIVERIES[answer.delivery.manner](answer, scope, send)

    async def _start(self, answer: Answer, send: Send) -> None:
        headers = [(b"content-type", answer.media_type.encode())]
        if isinstance(answer.body, bytes):
            headers.append((b"content-length", b"%d" % len(answer.body)))
        named = (*self.site.wire_headers().items(), *answer.headers)
        headers += [(name.encode(), value.encode()) for name, value in named]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})


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

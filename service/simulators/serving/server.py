"""Any simulated site on a loopback port, beside whatever else the process does: its own thread, its own event
loop."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.simulators.serving.sending import TRANSPORT

_PATIENCE = 1.0  # seconds a stopping server gives requests in flight before it drops them


class PortTakenError(OSError):
    """The port asked for belongs to another program."""


class ConnectionAware(HttpToolsProtocol):
    """The usual protocol, which also lets the application reach its connection (to reset it)."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]  # our own extension


def server_config(app: object, **more: object) -> uvicorn.Config:
    """How the simulator is served: fast parser, no headers of its own, no websockets, no log lines."""
    settings: dict[str, object] = {
        "http": ConnectionAware, "loop": "uvloop", "ws": "none", "lifespan": "off", "log_config": None,
        "access_log": False, "server_header": False, "timeout_graceful_shutdown": 1,
    }  # fmt: skip
    return uvicorn.Config(app, **(settings | more))  # type: ignore[arg-type]  # names and types are uvicorn's


def bind(host: str, port: int) -> socket.socket:
    """A listening place; PortTakenError in one sentence where there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(f"port {port} on {host} cannot be used: {error.strerror}") from error
    return listener


@contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """The server stops at SIGINT and SIGTERM and then raises them again: without this SIGTERM would end the
    process before the rows are put away, and SIGINT with a traceback."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_until_stopped(app: ASGIApp, listener: socket.socket) -> None:
    """Serve in this, the main thread until SIGINT or SIGTERM."""
    server = uvicorn.Server(server_config(app))
    with _signals_end_quietly():
        server.run(sockets=[listener])


class SiteServer:
    """`async with SiteServer(app) as server:` serves on `server.url` until the block ends.

    `stop()` and `start()` inside the block let the site be down for a while (connections are refused) and
    come back on the same port. `name` is that of its thread.
    """

    def __init__(
        self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0, name: str = "simulated-site"
    ) -> None:
        self.app, self.host, self.port, self.name = app, host, port, name
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def open(self) -> None:
        """Start serving; returns when the port answers. PortTakenError where it cannot be had."""
        if self._thread is not None:
            return
        listener = bind(self.host, self.port)
        self.port = listener.getsockname()[1]
        server = uvicorn.Server(server_config(self.app))
        thread = threading.Thread(target=server.run, args=([listener],), name=self.name, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        self._server, self._thread = server, thread
        if not thread.is_alive():
            self.close()
            raise RuntimeError("the simulated site could not start")

    def close(self) -> None:
        """Stop serving; requests still in flight after a second are dropped."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.should_exit = True
        thread.join(_PATIENCE)
        server.force_exit = True
        thread.join()

    async def start(self) -> None:
        await asyncio.to_thread(self.open)

    async def stop(self) -> None:
        await asyncio.to_thread(self.close)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

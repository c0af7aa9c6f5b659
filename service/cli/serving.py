"""serve, worker: the service itself, until it is told to stop."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.app import create_app
from service.cli.house import address, free_socket, opened
from service.cli.protocol import Protocol, watched
from service.cli.stopping import FINISH_WITHIN, handled_by, run
from service.cli.supervising import supervise
from service.cli.words import out, say
from service.core.admission import QuickRefusal
from service.core.collecting import settle
from service.core.responses.front import Front
from service.core.runtime import Runtime
from service.core.settings import Settings, load_settings
from service.monitoring.health import Readiness
from service.worker import work

Port = Annotated[int | None, typer.Option(help="Port to listen on; default MUSTER_PORT or 8000.")]
Workers = Annotated[int | None, typer.Option(help="Processes that answer; default MUSTER_WORKERS or 1.")]

ACCEPTED_AT_ONCE = 16
"""libuv accepts one connection of a listening socket in each turn of the loop. Under load a turn takes 50 ms
and more, and new connections, probes too, waited 10 s before anybody could refuse them. Duplicates of the
socket accept one each."""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    app.command()(worker)


def serve(port: Port = None, workers: Workers = None) -> None:
    """Serve the API, pages and background jobs with the settings of the environment."""
    given: dict[str, Any] = {"port": port, "workers": workers}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    bound = free_socket(settings.host, settings.port, "choose another with --port or MUSTER_PORT")
    with bound:
        code = run(_serve(settings, bound) if settings.workers == 1 else supervise(settings, bound))
    say("stopped")
    if code:
        raise typer.Exit(code)


async def _serve(settings: Settings, bound: socket.socket) -> int:
    url = address(settings, bound.getsockname()[1])
    async with opened(settings) as runtime:

        async def tell() -> None:
            out.print(f"Muster serves {url}/docs (Ctrl-C stops it)", markup=False)

        await serve_until_stopped(create_app(settings, runtime, fronted=True), runtime, bound, tell)
    return 0


def worker() -> None:
    """Carry out background jobs only, without the API."""
    run(_work(load_settings()))
    say("stopped")


async def _work(settings: Settings) -> None:
    async with opened(settings) as runtime:
        stop = asyncio.Event()
        with handled_by(stop.set):
            out.print("Muster carries out jobs (Ctrl-C stops it)")
            await work(runtime, stop)


async def serve_until_stopped(
    app: FastAPI,
    runtime: Runtime,
    bound: socket.socket,
    tell: Callable[[], Awaitable[None]],
    stopping: str | None = "stopping",
) -> None:
    """Answer requests and carry out jobs until SIGINT or SIGTERM.

    Then nothing new is taken, requests in flight are finished, event streams end (their readers come back by
    themselves) and runs under way go back to the queue. `tell` is called once requests are answered,
    `stopping` is said when the signal comes.
    """
    readiness = app.state.readiness = Readiness()
    streams = EventStreams(app)
    server = _Server(_config(in_front_of(streams, app, runtime)), tell)

    def stop() -> None:
        readiness.draining = server.should_exit = True
        streams.end.set()
        if stopping is not None:
            say(stopping)

    jobs = asyncio.create_task(_jobs(runtime, streams.end))
    with handled_by(stop):
        try:
            async with watched(server.server_state.connections):
                await server.serve(sockets=doors(bound))
        finally:
            streams.end.set()
            await jobs


def doors(bound: socket.socket) -> list[socket.socket]:
    """The listening socket and its duplicates.

    None of them waits in `accept`, not for a moment: whether it does is one flag of all duplicates in all
    workers, `dup` sets it as Python believes it to be, and a worker that lost a connection to another one in
    that moment stood still until the next one came.
    """
    bound.setblocking(False)
    return [bound, *(bound.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]


def in_front_of(streams: ASGIApp, app: FastAPI, runtime: Runtime) -> ASGIApp:
    """The short way to kept answers outside of everything: 3.5 us of 30 were layers that no hit needs.

    The application is made `fronted`: a request that found nothing here would look once more.
    """
    authenticator = runtime.authenticator
    behind = QuickRefusal(streams, app.state.admission)
    return Front(behind, responses=app.state.responses, authenticator=lambda: authenticator)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Protocol,
        loop="uvloop",
        ws="none",
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=FINISH_WITHIN,
        server_header=False,
    )


async def _jobs(runtime: Runtime, stop: asyncio.Event) -> None:
    if runtime.settings.tasks.enabled:
        await work(runtime, stop)


class EventStreams:
    """Lets event streams end when the service stops, which would otherwise wait for their readers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; who writes events is told that the reader left, the reader that this is all."""
        if scope["type"] != "http" or not _asks_for_events(scope):
            await self.app(scope, receive, send)
            return
        unfinished = False

        async def noted(message: Message) -> None:
            nonlocal unfinished
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await self.app(scope, self._until_end(receive), noted)
        if unfinished and self.end.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _until_end(self, receive: Receive) -> Receive:
        async def heard() -> Message:
            message = asyncio.ensure_future(receive())
            end = asyncio.ensure_future(self.end.wait())
            try:
                await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                end.cancel()

        return heard


def _asks_for_events(scope: Scope) -> bool:
    return b"format=sse" in scope["query_string"] or any(
        name == b"accept" and b"text/event-stream" in value for name, value in scope["headers"]
    )


class _Server(uvicorn.Server):
    """A server that says when it is ready and leaves signals to the command."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self.tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell."""
        await super().startup(sockets)
        settle()
        if self.started:
            await self.tell()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Not here: uvicorn would send them again when it has stopped, and SIGTERM would end us unclosed."""
        yield

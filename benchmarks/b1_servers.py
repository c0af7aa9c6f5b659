"""The servers of B1, each role a process: `python -m benchmarks.b1_servers ours|alone …`."""

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from service.access.keys import create_key
from service.app import create_app
from service.cli.serving import EventStreams, in_front_of, settle
from service.core.auth import Authentication
from service.core.responses import CacheEntry, ResponseCache, Responses
from service.core.settings import load_settings

SIZES = {"1 KB": 1_000, "100 KB": 100_000}
SCOPE = "attendance/2026-10"


def body_of(size: int) -> bytes:
    """JSON-like rows of about this size; they shrink to a tenth, as rows do."""
    row = b'{"person":"HR-EMP-%05d","code":"P","worked_seconds":%d},'
    rows = b"".join(row % (n, 28_800 + n * 37 % 3_600) for n in range(size // 58 + 1))
    return rows[:size]


BODIES = {str(size): body_of(size) for size in SIZES.values()}
PACKED = {name: zlib.compress(body, 6, 31) for name, body in BODIES.items()}


Finished = tuple[int, list[tuple[bytes, bytes]], bytes]
ANSWERS: dict[str, Finished] = {}


def finished_answers(heads: dict[str, list[list[str]]]) -> dict[str, Finished]:
    """What the bare function answers: at `/1000/plain` with two headers, at `/1000/plain/same` with ours."""
    answers: dict[str, Finished] = {}
    for path, head in heads.items():
        _, size, form = path.split("/")
        body = {"gzip": PACKED[size], "304": b""}.get(form, BODIES[size])
        ours = [(name.encode(), value.encode()) for name, value in head]
        least = [pair for pair in ours if pair[0] in (b"content-type", b"content-length")]
        if form == "304":
            least = [pair for pair in ours if pair[0] == b"etag"]
        status = 304 if form == "304" else 200
        answers |= {path: (status, least, body), path + "/same": (status, ours, body)}
    return answers


async def bare(scope: Any, _: Any, send: Any) -> None:
    """The thing to compare with."""
    status, headers, body = ANSWERS[scope["path"]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def report(size: int, request: Request) -> Response:
    """A route that answers as a report does: finished bytes, and the word that they may be kept."""
    versions = request.app.state.runtime.versions
    entry = CacheEntry((SCOPE,), versions.known([SCOPE]), timedelta(hours=1), request.state.caller.visibility)
    request.state.cache_entry = entry
    return Response(BODIES[str(size)], media_type="application/json")


@contextlib.asynccontextmanager
async def full_application(level: str) -> AsyncIterator[tuple[FastAPI, str]]:
    """The application over an embedded database of its own, with a key."""
    with tempfile.TemporaryDirectory(prefix="muster-b1-") as home:
        environment = {"MUSTER_HOME": home, "MUSTER_LOG__LEVEL": level, "MUSTER_TASKS__ENABLED": "false"}
        app = create_app(load_settings(environment))
        app.get("/v1/benchmark/{size}")(report)
        async with app.router.lifespan_context(app):
            made = await create_key(app.state.runtime.database, "b1", ["admin"])
            yield app, made.token


def layers_only(app: FastAPI) -> ASGIApp:
    """Our two layers and the route, without telemetry and without FastAPI's own layers outside."""
    inner = FastAPI()
    inner.get("/v1/benchmark/{size}")(report)
    inner.state.runtime = app.state.runtime
    responses = Responses(versions=app.state.runtime.versions)
    return Authentication(ResponseCache(inner, responses), lambda: app.state.runtime.authenticator)


class Server(uvicorn.Server):
    """Leaves signals to `serve`: uvicorn's own way ends the process before its database stops."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def serve(*apps: tuple[ASGIApp, str]) -> None:
    """Servers as production runs them, without access log, until SIGTERM."""
    servers = [
        Server(
            uvicorn.Config(
                app,
                port=int(port),
                loop="uvloop",
                http="httptools",
                lifespan="off",
                access_log=False,
                log_level="error",
                timeout_keep_alive=600,
            )
        )
        for app, port in apps
    ]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    settle()
    await asyncio.gather(*(server.serve() for server in servers))


async def serve_ours(level: str, *ports: str) -> None:
    """Functions, layers and full application on three ports of one process; prints the key first."""
    async with full_application(level) as (app, key):
        print(key, flush=True)
        heads = asyncio.create_task(_learn_heads())
        apps: tuple[ASGIApp, ...] = (bare, layers_only(app), served(app))
        await serve(*zip(apps, ports, strict=True))
        heads.cancel()


def served(app: FastAPI) -> ASGIApp:
    """The application as `muster serve` runs it."""
    return in_front_of(EventStreams(app), app, app.state.runtime)


async def serve_alone(port: str) -> None:
    """The functions in a process of their own."""
    heads = asyncio.create_task(_learn_heads())
    await serve((bare, port))
    heads.cancel()


async def _learn_heads() -> None:
    """The first line of standard input: which headers ours has, by path."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    ANSWERS.update(finished_answers(json.loads(await reader.readline())))


ROLES: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {"alone": serve_alone, "ours": serve_ours}

if __name__ == "__main__":
    uvloop.run(ROLES[sys.argv[1]](*sys.argv[2:]))

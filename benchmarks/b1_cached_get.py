"""B1: a cached GET against a bare ASGI function that answers the same bytes on the same server.

Four servers (uvicorn, httptools, uvloop): `bare`, the function with type and length for headers; `same`, the
function that answers our very bytes, headers too; `layers`, our authentication and response cache alone;
`app`, the full application. CPU time of the server process per request in many short interleaved slices:
median, and the median ratio to `bare` and to `same` of the same round. Authentication is on, the access log
is off. Run with `python -m benchmarks.b1_cached_get`.
"""

import asyncio
import contextlib
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from service.access.keys import create_key
from service.app import create_app
from service.core.auth import Authentication
from service.core.cache import BoundedMemory, Cache
from service.core.responses import CacheEntry, ResponseCache, Responses
from service.core.settings import load_settings

SIZES = {"1 KB": 1_000, "100 KB": 100_000}
CONNECTIONS = 8
SLICES = int(os.environ.get("B1_SLICES", "40"))
ROUNDS = int(os.environ.get("B1_ROUNDS", "40"))
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
async def full_application() -> AsyncIterator[tuple[FastAPI, str]]:
    """The application over an embedded database of its own, with a key."""
    with tempfile.TemporaryDirectory(prefix="muster-b1-") as home:
        environment = {"MUSTER_HOME": home, "MUSTER_LOG__LEVEL": "ERROR", "MUSTER_TASKS__ENABLED": "false"}
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
    await asyncio.gather(*(server.serve() for server in servers))


async def serve_ours(layers_port: str, app_port: str) -> None:
    """The layers and the full application on two ports of one process; prints the key first."""
    async with full_application() as (app, key):
        print(key, flush=True)
        await serve((layers_only(app), layers_port), (app, app_port))


@dataclass
class Target:
    """One server behind one port; `form` ends the path of the bare function's requests."""

    name: str
    pid: int
    port: int
    key: str
    ours: bool = True
    suffix: str = ""

    def request(self, size: int, form: str, etag: str = "") -> bytes:
        """The request's bytes: the bare function knows the form by the path, ours by the headers."""
        path = f"/v1/benchmark/{size}" if self.ours else f"/{size}/{form}{self.suffix}"
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: application/json"]
        lines += ["User-Agent: b1", "Accept-Encoding: " + ("gzip" if form == "gzip" else "identity")]
        lines += [f"Authorization: Bearer {self.key}"]
        if form == "304":
            lines.append(f"If-None-Match: {etag}")
        return "\r\n".join([*lines, "", ""]).encode()


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


class Connection:
    """A blocking keep-alive connection that reads whole answers."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> tuple[bytes, bytes]:
        """Head and body of the next answer."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.received()
        head, _, body = received.partition(b"\r\n\r\n")
        marker = head.lower().find(b"content-length:")
        missing = int(head[marker + 15 :].split(b"\r\n")[0]) - len(body) if marker >= 0 else 0
        pieces = [body]
        while missing > 0:
            pieces.append(self.received())
            missing -= len(pieces[-1])
        return head, b"".join(pieces)

    def received(self) -> bytes:
        """What came next."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


class Load:
    """Eight connections to one target, all asked, then all read."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.connections = [Connection(target.port) for _ in range(CONNECTIONS)]

    def once(self, request: bytes) -> tuple[bytes, bytes]:
        """One answer."""
        self.connections[0].socket.sendall(request)
        return self.connections[0].read()

    def slice(self, request: bytes) -> float:
        """CPU microseconds per request over one slice."""
        started = cpu_seconds(self.target.pid)
        for _ in range(ROUNDS):
            for connection in self.connections:
                connection.socket.sendall(request)
            for connection in self.connections:
                connection.read()
        return (cpu_seconds(self.target.pid) - started) * 1e6 / (ROUNDS * CONNECTIONS)


def fields(head: bytes) -> dict[str, str]:
    """The header fields of an answer, without those the server adds."""
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    return {name: value for name, _, value in lines if name not in ("date", "server")}


def checked(load: Load, size: int, form: str, etag: str) -> dict[str, str]:
    """The header fields of a case, after a look that its answer is the right one."""
    load.once(load.target.request(size, form, etag))
    head, body = load.once(load.target.request(size, form, etag))
    expected = {"gzip": PACKED[str(size)], "304": b""}.get(form, BODIES[str(size)])
    assert head.startswith(b"HTTP/1.1 304" if form == "304" else b"HTTP/1.1 200"), head
    assert body == expected
    assert fields(head).get("cache-status", "Muster; hit") == "Muster; hit", head
    return fields(head)


def compare(loads: list[Load], case: str, size: int, form: str, etag: str) -> None:
    """One line of figures."""
    requests = [load.target.request(size, form, etag) for load in loads]
    for load, request in zip(loads, requests, strict=True):
        checked(load, size, form, etag)
        load.slice(request)  # warm
    rounds = [
        [load.slice(request) for load, request in zip(loads, requests, strict=True)] for _ in range(SLICES)
    ]
    parts = []
    for place, load in enumerate(loads):
        took = statistics.median(figures[place] for figures in rounds)
        to_bare, to_same = (statistics.median(f[place] / f[base] for f in rounds) for base in (0, 1))
        parts.append(f"{load.target.name} {took:5.1f} us {to_bare:.2f}x {to_same:.2f}x")
    print(f"{case:12} " + "   ".join(parts), flush=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    """Until a server listens, 30 s at most."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")


@contextlib.contextmanager
def child(role: str, *words: str) -> Any:
    """A server process of this file."""
    arguments = [sys.executable, "-m", "benchmarks.b1_cached_get", role, *words]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def hit_costs() -> None:
    """A hit of the second level against a dict lookup with expiry, in one process."""
    cache, key, repeats = Cache(BoundedMemory(10_000, 1 << 26)), "2026-10/Villas", 100_000
    plain = {f"report:{key}": (time.monotonic() + 3600, b"x")}

    async def build() -> bytes:
        return b"x"

    def lookup() -> bytes | None:
        found = plain.get(f"report:{key}")
        return found[1] if found and found[0] > time.monotonic() else None

    async def ours() -> float:
        hour = timedelta(hours=1)
        started = time.process_time()
        for _ in range(repeats):
            await cache.get_or_build(key, build, ttl=hour, namespace="report")
        return (time.process_time() - started) / repeats

    def theirs() -> float:
        started = time.process_time()
        for _ in range(repeats):
            lookup()
        return (time.process_time() - started) / repeats

    pairs = [(asyncio.run(ours()), theirs()) for _ in range(5)]
    mine, base = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
    print(f"second level hit {mine:.2f} us, dict with expiry {base:.2f} us ({mine / base:.1f}x)", flush=True)


FORMS = (("plain", "1 KB"), ("plain", "100 KB"), ("gzip", "100 KB"), ("304", "1 KB"), ("304", "100 KB"))


def main() -> None:
    """Print the figures."""
    print(f"B1 cached GET, CPU per request, ratio to bare, ratio to same; {SLICES} x {ROUNDS * CONNECTIONS}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, uvicorn {uvicorn.__version__}")
    ports = [free_port() for _ in range(3)]
    with child("ours", *map(str, ports[1:])) as ours:
        key = ours.stdout.readline().strip()
        for port in ports[1:]:
            wait_for(port, ours)
        layers = Load(Target("layers", ours.pid, ports[1], key))
        app = Load(Target("app", ours.pid, ports[2], key))
        etags = {size: checked(layers, size, "plain", "")["etag"] for size in SIZES.values()}
        heads = {
            f"/{SIZES[label]}/{form}": list(checked(layers, SIZES[label], form, etags[SIZES[label]]).items())
            for form, label in FORMS
        }
        with child("bare", str(ports[0]), json.dumps(heads)) as other:
            wait_for(ports[0], other)
            bare_load = Load(Target("bare", other.pid, ports[0], key, ours=False))
            same = Load(Target("same", other.pid, ports[0], key, ours=False, suffix="/same"))
            for form, label in FORMS:
                size = SIZES[label]
                compare([bare_load, same, layers, app], f"{label} {form}", size, form, etags[size])
    hit_costs()


async def serve_bare(port: str, heads: str) -> None:
    """The bare function, told which headers ours has."""
    ANSWERS.update(finished_answers(json.loads(heads)))
    await serve((bare, port))


ROLES: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {"bare": serve_bare, "ours": serve_ours}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(ROLES[sys.argv[1]](*sys.argv[2:]))
    else:
        main()

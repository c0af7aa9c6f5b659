"""B1: a cached GET against a bare ASGI function that answers the same bytes on the same server.

One server process (uvicorn, httptools, uvloop) with a port for each: `bare`, the function with type and
length for headers; `same`, the function that answers our very bytes, headers too; `layers`, authentication
and response cache alone; `app`, the full application. `alone` is `bare` in a small process of its own.
`logged` is `app` in a second process with a line for every request (INFO, JSON, to nowhere). Authentication
is on everywhere but in the functions; requests are counted everywhere in `app`; the access log is off but in
`logged`.

Figures: CPU time of the server process per request in many short interleaved slices: median, and the median
of the ratios of the same round. `python -m benchmarks b1`; B1_SLICES and B1_ROUNDS make it smaller.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.b1_load import CONNECTIONS, ROUNDS, Load, Target, child, free_port, wait_for
from benchmarks.b1_servers import BODIES, PACKED, SIZES
from benchmarks.printing import heading, judge, note
from service.core.cache import BoundedMemory, Cache

Process = subprocess.Popen[str]
Service = tuple[Process, str, list[int]]
"""A process, its key, the ports of functions, layers and application."""
SLICES = int(os.environ.get("B1_SLICES", "40"))


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


def compare(loads: list[Load], case: str, size: int, form: str, etag: str) -> list[dict[str, float]]:
    """CPU microseconds per request by target, round by round; prints the medians."""
    requests = [load.target.request(size, form, etag) for load in loads]
    for load, request in zip(loads, requests, strict=True):
        checked(load, size, form, etag)
        load.slice(request)  # warm
    names = [load.target.name for load in loads]
    rounds = [
        dict(zip(names, [load.slice(r) for load, r in zip(loads, requests, strict=True)], strict=True))
        for _ in range(SLICES)
    ]
    parts = [f"{name} {statistics.median(figures[name] for figures in rounds):.1f}" for name in names]
    note(f"{case:12} {'   '.join(parts)} us")
    return rounds


def ratio(rounds: list[dict[str, float]], ours: str, peer: str) -> float:
    """The median of the ratios of the same round."""
    return statistics.median(figures[ours] / figures[peer] for figures in rounds)


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
    heading("B1, second level of the cache, in one process")
    note(f"hit {mine:.2f} us, dict with expiry {base:.2f} us")
    judge("hit / dict with expiry", mine / base, 25)


FORMS = (("plain", "1 KB"), ("plain", "100 KB"), ("gzip", "100 KB"), ("304", "1 KB"), ("304", "100 KB"))
GOALS = {"1 KB plain": 1.4, "100 KB plain": 1.2, "1 KB 304": 1.4, "100 KB 304": 1.4}
"""Of `app` to `bare`. The issue asks for 1.4; 1.25 (304: 1.2, 100 KB: 1.1) is where it is to end."""
LOGGED_GOAL = 1.35


@contextlib.contextmanager
def service(level: str) -> Iterator[Service]:
    """A process with the three ports; yields it, its key and the ports."""
    ports = [free_port() for _ in range(3)]
    with child("ours", level, *map(str, ports)) as process:
        assert process.stdout is not None
        key = process.stdout.readline().strip()
        for port in ports:
            wait_for(port, process)
        yield process, key, ports


def targets(quiet: Service, loud: Service, alone: tuple[Process, int]) -> list[Target]:
    """All that is compared, in the order of the lines."""
    (process, key, (functions, layers, app)), (other, other_key, (_, _, logged)) = quiet, loud
    small, port = alone
    return [
        Target("alone", small.pid, port, key, ours=False),
        Target("bare", process.pid, functions, key, ours=False),
        Target("same", process.pid, functions, key, ours=False, suffix="/same"),
        Target("layers", process.pid, layers, key),
        Target("app", process.pid, app, key),
        Target("logged", other.pid, logged, other_key),
    ]


def teach(loads: list[Load], processes: list[Process]) -> dict[int, str]:
    """Tell the functions which headers ours has; answers the ETags by size."""
    app = next(load for load in loads if load.target.name == "app")
    etags = {size: checked(app, size, "plain", "")["etag"] for size in SIZES.values()}
    heads = {
        f"/{SIZES[label]}/{form}": list(checked(app, SIZES[label], form, etags[SIZES[label]]).items())
        for form, label in FORMS
    }
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(json.dumps(heads) + "\n")
        process.stdin.flush()
    time.sleep(0.5)
    return etags


def main() -> None:
    """Print the figures."""
    heading(f"B1, cached GET, CPU per request, {SLICES} slices of {ROUNDS * CONNECTIONS}")
    port = free_port()
    with service("ERROR") as quiet, service("INFO") as loud, child("alone", str(port)) as alone:
        wait_for(port, alone)
        loads = [Load(target) for target in targets(quiet, loud, (alone, port))]
        etags = teach(loads, [quiet[0], loud[0], alone])
        measured = {
            f"{label} {form}": compare(loads, f"{label} {form}", SIZES[label], form, etags[SIZES[label]])
            for form, label in FORMS
        }
    _judge(measured)
    hit_costs()


def _judge(measured: dict[str, list[dict[str, float]]]) -> None:
    for case, rounds in measured.items():
        peers = ", ".join(f"{peer} {ratio(rounds, 'app', peer):.2f}" for peer in ("same", "alone"))
        note(f"{case:12} app to {peers}; layers to bare {ratio(rounds, 'layers', 'bare'):.2f}")
    for case, goal in GOALS.items():
        judge(f"{case}, app / bare", ratio(measured[case], "app", "bare"), goal)
    packed = statistics.median(
        gzip["app"] / plain["app"]
        for gzip, plain in zip(measured["100 KB gzip"], measured["100 KB plain"], strict=True)
    )
    judge("100 KB, compressed / plain", packed, 1.0)
    judge("1 KB plain, logged / app", ratio(measured["1 KB plain"], "logged", "app"), LOGGED_GOAL)


if __name__ == "__main__":
    main()

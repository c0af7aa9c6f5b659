"""B3: the first sync of a million check-ins from the simulated site, at 0, 20 and 100 ms of latency.

Beside each run, in the same minutes: the same pages fetched, decoded and thrown away (what the site and the
wire give), by as many streams and by one alone (a sequential client), and `psql` copying the same rows from
a CSV file into the same table with the same indexes. The site is another process.
`python -m benchmarks b3`; B3_ROWS and B3_LATENCIES (ms, comma-separated) make it smaller.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import uvloop
from sqlalchemy import text

from benchmarks.ground import ZONE, database
from benchmarks.printing import heading, judge, note
from service.attendance.sync import SyncParams, synchronise
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.documents import CHECKIN
from service.attendance.upstream.pages import by_name, split_points
from service.core.database import Database, driver_in_transaction
from service.core.embedded.binaries import installation
from service.core.settings import FrappeSettings
from service.simulators.frappe import FrappeConfig, FrappeServer, Store, bulk_checkins

ROWS = int(os.environ.get("B3_ROWS", "1000000"))
LATENCIES = [float(part) / 1000 for part in os.environ.get("B3_LATENCIES", "0,20,100").split(",")]
COLUMNS = (
    "source_id", "upstream_name", "person_id", "local_time", "day", "at", "log_type", "device_id", "skip",
    "upstream_modified",
)  # fmt: skip


class Quiet:
    """A run's reporter that only counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
        """Nobody watches."""

    async def event(self, kind: str, message: str, **_: Any) -> None:
        note(f"{kind}: {message}")


def serve(path: str, latency: float, port: Any) -> None:
    """The simulated site, until its process is ended."""
    server = FrappeServer(Store(Path(path), zone=ZONE), FrappeConfig(latency=latency))
    server.open()
    port.send(server.port)
    time.sleep(86_400)


@contextmanager
def site(path: Path, latency: float) -> Iterator[tuple[FrappeSettings, psutil.Process]]:
    """A site on the rows in `path`, answering after `latency` seconds, and its process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(str(path), latency, theirs))
    process.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    try:
        settings = FrappeSettings.model_validate(
            {"url": url, "key": "demo", "secret": "demo", "time_zone": ZONE, "max_in_flight": 4}
        )
        yield settings, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


@asynccontextmanager
async def watched_memory() -> AsyncIterator[list[int]]:
    """The growth of this process's memory, sampled every 50 ms; the list's last entry is the most."""
    process, most = psutil.Process(), [0]
    before = process.memory_info().rss

    async def sample() -> None:
        while True:
            most.append(max(most[-1], process.memory_info().rss - before))
            await asyncio.sleep(0.05)

    task = asyncio.create_task(sample())
    try:
        yield most
    finally:
        task.cancel()


async def fetch_only(settings: FrappeSettings, streams: int) -> float:
    """Seconds to fetch and decode every page, storing nothing."""
    started = time.perf_counter()
    async with FrappeClient(settings) as client:
        client.size.size = client.size.most
        points = await split_points(client, CHECKIN, streams)

        async def read(after: str | None, until: str | None) -> int:
            return sum([len(page) async for page in by_name(client, CHECKIN, after=after, until=until)])

        ranges = zip([None, *points], [*points, None], strict=True)
        assert sum(await asyncio.gather(*(read(*bounds) for bounds in ranges))) == ROWS
    return time.perf_counter() - started


async def copied(db: Database, folder: Path) -> float:
    """Seconds in which `psql` copies the synced rows from a file into an empty table with these indexes."""
    columns = ", ".join(COLUMNS)
    file = folder / "checkins.csv"
    async with db.write(timeout=600) as conn:
        driver = await driver_in_transaction(conn)
        await conn.execute(text("CREATE TABLE attendance.peer (LIKE attendance.checkin INCLUDING ALL)"))
        query = f"SELECT {columns} FROM attendance.checkin ORDER BY upstream_name"
        await driver.copy_from_query(query, output=file, format="csv")
    command = f"\\copy attendance.peer ({columns}) FROM '{file}' (FORMAT csv)"
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        installation() / "bin" / "psql", db.direct_url, "-qc", command
    )
    assert await process.wait() == 0
    seconds = time.perf_counter() - started
    async with db.write(timeout=600) as conn:
        await conn.execute(text("DROP TABLE attendance.peer"))
    return seconds


@dataclass(frozen=True, slots=True)
class Synced:
    """What one first load took; CPU seconds of the syncing process, the site, the database; bytes."""

    seconds: float
    cpu: tuple[float, float, float]
    memory: int
    requests: int


def cpu_seconds(process: psutil.Process, *, children: bool = False) -> float:
    """CPU time of a process; with its children, those that ended too."""
    spent = process.cpu_times()
    total = float(spent.user + spent.system)
    if children:
        total += spent.children_user + spent.children_system
        total += sum(cpu_seconds(child) for child in process.children())
    return total


async def synced(db: Database, settings: FrappeSettings, site: psutil.Process) -> Synced:
    """The whole first sync, as the job does it."""
    async with db.read() as conn:
        server = psutil.Process(await conn.scalar(text("SELECT pg_backend_pid()"))).parent()

    def spent() -> tuple[float, float, float]:
        return time.process_time(), cpu_seconds(site), cpu_seconds(server, children=True)

    before, started = spent(), time.perf_counter()
    async with watched_memory() as grown, FrappeClient(settings) as client:
        result = await synchronise(db, client, SyncParams(), Quiet())
    seconds, after = time.perf_counter() - started, spent()
    ours, theirs, base = (b - a for a, b in zip(before, after, strict=True))
    found = Synced(seconds, (ours, theirs, base), grown[-1], result.requests)
    async with db.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM attendance.checkin")) == ROWS
    return found


async def measure(path: Path, folder: Path, latency: float) -> None:
    """One latency: everything once, side by side."""
    with site(path, latency) as (settings, process):
        async with database() as db:
            ours = await synced(db, settings, process)
            peer = await copied(db, folder)
        concurrent = await fetch_only(settings, settings.max_in_flight)
        alone = await fetch_only(settings, 1)
    heading(f"B3, first sync of {ROWS:,} check-ins, {latency * 1000:.0f} ms latency")
    rate("ours, end to end", ours.seconds)
    syncing, serving, storing = ours.cpu
    note(
        f"{ours.requests} requests; CPU: syncing {syncing:.1f} s, the site {serving:.1f} s, "
        f"the database {storing:.1f} s, together {sum(ours.cpu):.1f} s"
    )
    rate(f"fetch and decode, {settings.max_in_flight}", concurrent)
    rate("fetch and decode, 1 alone", alone)
    rate("psql \\copy, same indexes", peer)
    judge("memory growth", ours.memory / 2**20, 150, unit="MiB")
    judge("slower half / ours", max(concurrent, peer) / ours.seconds, 0.8, at_least=True)
    judge("\\copy / ours", peer / ours.seconds, 0.6, at_least=True)


def rate(what: str, seconds: float) -> None:
    """One line: seconds, rows a second."""
    note(f"{what:<26} {seconds:8.1f} s  {ROWS / seconds:10,.0f} rows/s")


def main() -> None:
    """Make the rows once, then measure each latency."""
    with tempfile.TemporaryDirectory(prefix="muster-b3-") as folder:
        path = Path(folder) / "site.sqlite"
        store = Store(path, zone=ZONE)
        bulk_checkins(store, ROWS)
        store.close()
        for latency in LATENCIES:
            uvloop.run(measure(path, Path(folder), latency))


if __name__ == "__main__":
    main()

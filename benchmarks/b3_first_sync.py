"""B3: the first sync of a million check-ins from the simulated site, at 0, 20 and 100 ms of latency.

Beside each run, in the same minute: the same pages fetched and decoded without storing them (what the site
and the wire give), one stream alone (a sequential client), and COPY of the same rows from a CSV file into the
same table with the same indexes (what `psql \\copy` does). The site is another process.
`python -m benchmarks.b3_first_sync`; B3_ROWS and B3_LATENCIES (ms, comma-separated) make it smaller.
"""

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from benchmarks.ground import ZONE, database, run
from service.attendance.sync import SyncParams, synchronise
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.documents import CHECKIN
from service.attendance.upstream.pages import by_name, split_points
from service.core.database import Database, driver_in_transaction
from service.core.settings import FrappeSettings
from service.simulators.frappe import FrappeConfig, FrappeServer, Store, bulk_checkins

ROWS = int(os.environ.get("B3_ROWS", "1000000"))
LATENCIES = [float(part) / 1000 for part in os.environ.get("B3_LATENCIES", "0,20,100").split(",")]


class Quiet:
    """A run's reporter that only counts."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
        """Nobody watches."""

    async def event(self, kind: str, message: str, **_: Any) -> None:
        print(f"  {kind}: {message}")


def serve(path: str, latency: float, port: Any) -> None:
    """The simulated site, until its process is ended."""
    server = FrappeServer(Store(Path(path), zone=ZONE), FrappeConfig(latency=latency))
    server.open()
    port.send(server.port)
    time.sleep(86_400)


@contextmanager
def site(path: Path, latency: float) -> Iterator[FrappeSettings]:
    """A site on the rows in `path`, answering after `latency` seconds."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(str(path), latency, theirs))
    process.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    try:
        yield FrappeSettings.model_validate(
            {"url": url, "key": "demo", "secret": "demo", "time_zone": ZONE, "max_in_flight": 4}
        )
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
    """Seconds to COPY the synced rows from a CSV file into an empty table with the same indexes."""
    columns = [
        "source_id", "upstream_name", "person_id", "local_time", "day", "at", "log_type", "device_id", "skip",
        "upstream_modified",
    ]  # fmt: skip
    file = folder / "checkins.csv"
    async with db.write(timeout=600) as conn:
        driver = await driver_in_transaction(conn)
        await conn.execute(text("CREATE TABLE attendance.peer (LIKE attendance.checkin INCLUDING ALL)"))
        query = f"SELECT {', '.join(columns)} FROM attendance.checkin"
        await driver.copy_from_query(query, output=file, format="csv")
        started = time.perf_counter()
        await driver.copy_to_table(
            "peer", source=file, columns=columns, schema_name="attendance", format="csv"
        )
        seconds = time.perf_counter() - started
        await conn.execute(text("DROP TABLE attendance.peer"))
    return seconds


async def measure(path: Path, folder: Path, latency: float) -> None:
    """One latency: everything once, side by side."""
    with site(path, latency) as settings:
        async with database() as db:
            cpu = time.process_time()
            started = time.perf_counter()
            async with watched_memory() as grown, FrappeClient(settings) as client:
                result = await synchronise(db, client, SyncParams(), Quiet())
            seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
            async with db.read() as conn:
                assert await conn.scalar(text("SELECT count(*) FROM attendance.checkin")) == ROWS
            peer = await copied(db, folder)
        concurrent = await fetch_only(settings, 4)
        alone = await fetch_only(settings, 1) if latency <= 0.02 else None
    slower = max(concurrent, peer)
    print(f"\nB3 first sync of {ROWS:,} check-ins, {latency * 1000:.0f} ms latency")
    print(f"  ours, end to end        {seconds:8.1f} s  {ROWS / seconds:10,.0f} rows/s  CPU {cpu:.1f} s")
    print(f"  fetch and decode, 4     {concurrent:8.1f} s  {ROWS / concurrent:10,.0f} rows/s")
    if alone is not None:
        print(f"  fetch and decode, 1     {alone:8.1f} s  {ROWS / alone:10,.0f} rows/s")
    print(f"  COPY, same indexes      {peer:8.1f} s  {ROWS / peer:10,.0f} rows/s")
    print(f"  requests {result.requests}, memory +{grown[-1] / 2**20:.0f} MiB (bound: +150)")
    print(f"  slower half / ours: {slower / seconds:.2f} (goal: 0.8)")


async def main() -> None:
    """Make the rows once, then measure each latency."""
    with tempfile.TemporaryDirectory(prefix="muster-b3-") as folder:
        path = Path(folder) / "site.sqlite"
        store = Store(path, zone=ZONE)
        bulk_checkins(store, ROWS)
        store.close()
        for latency in LATENCIES:
            await measure(path, Path(folder), latency)


if __name__ == "__main__":
    run(main())

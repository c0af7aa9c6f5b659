"""B0: from a punch posted at the upstream until the sheet shows it, by polling and by the webhook hint.

Three processes: the simulated site with a small firm; the whole service (HTTP, jobs, embedded database, as
`muster serve` runs it); and the clock, which posts a check-in over the site's REST interface, on a working
day on which that person was absent, and asks for the sheet every 20 ms until the code of that cell is
another one. The time starts before the post is sent and ends when the answer with the new code is there.
By polling: the usual 10 s; posts come at any moment of that period. By hint: the poll is out of the way (10
minutes), and the site's webhook calls `/v1/attendance/hooks/upstream` after its commit; the clock does that
for it.
`python -m benchmarks b0`; B0_PEOPLE, B0_DAYS, B0_POLLED, B0_HINTED (samples) make it smaller.
"""

import asyncio
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx

from benchmarks.ground import ZONE, run
from benchmarks.printing import heading, judge, note, times
from service.access.keys import create_key
from service.app import create_app
from service.attendance.router.hook import HEADER, signature
from service.cli.demo import first_sync
from service.cli.house import free_socket, opened
from service.cli.serving import serve_until_stopped
from service.cli.stopping import run as run_stoppable
from service.core.settings import Settings, load_settings
from service.simulators.frappe import FrappeConfig, FrappeServer, Simulation, Store
from service.simulators.frappe.run import fill

PEOPLE = int(os.environ.get("B0_PEOPLE", "250"))
POLLED = int(os.environ.get("B0_POLLED", "10"))
HINTED = int(os.environ.get("B0_HINTED", "20"))
DAYS = int(os.environ.get("B0_DAYS", "40"))
POLL_SECONDS, NEVER = 10, 600
LONGEST = 60.0
SECRET = "b0"
SITE = {"Authorization": "token demo:demo"}


def serve_site(file: str, pipe: Any) -> None:
    """The simulated site, until its process is ended."""
    store = Store(Path(file), zone=ZONE)
    fill(store, Simulation(people=PEOPLE, days=DAYS, zone=ZONE))
    server = FrappeServer(store, FrappeConfig())
    server.open()
    pipe.send(server.url)
    time.sleep(86_400)


def serve_service(settings: Settings, pipe: Any) -> None:
    """The service: first sync, then HTTP and jobs, until SIGTERM."""
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  progress is nobody's here
    run_stoppable(_service(settings, pipe))


async def _service(settings: Settings, pipe: Any) -> None:
    bound = free_socket("127.0.0.1", 0, "")
    async with opened(settings) as runtime:
        await first_sync(runtime)
        made = await create_key(runtime.database, "b0", ["attendance:read"])

        async def tell() -> None:
            pipe.send((f"http://127.0.0.1:{bound.getsockname()[1]}", made.token))

        await serve_until_stopped(create_app(settings, runtime, fronted=True), runtime, bound, tell)


@contextmanager
def process(target: Any, argument: Any) -> Iterator[Any]:
    """A process of its own; yields what it sends first."""
    ours, theirs = multiprocessing.Pipe()
    child: BaseProcess = multiprocessing.get_context("spawn").Process(target=target, args=(argument, theirs))
    child.start()
    theirs.close()  # so that a child that dies is heard of
    try:
        yield ours.recv()
    finally:
        child.terminate()
        child.join()


def settings_of(home: Path, url: str, poll: int) -> Settings:
    """The settings of a real service over this site."""
    frappe = {"URL": url, "KEY": "demo", "SECRET": "demo", "TIME_ZONE": ZONE, "HOOK_SECRET": SECRET}
    environment = {f"MUSTER_UPSTREAM__FRAPPE__{name}": value for name, value in frappe.items()}
    environment |= {"MUSTER_UPSTREAM__FRAPPE__POLL_SECONDS": str(poll), "MUSTER_LOG__LEVEL": "ERROR"}
    return load_settings(environment | {"MUSTER_HOME": str(home)})


class Clock:
    """Posts punches and watches the sheet."""

    def __init__(self, site: httpx.AsyncClient, service: httpx.AsyncClient) -> None:
        self.site, self.service = site, service
        self.until = date.today() - timedelta(days=3)  # noqa: DTZ011  far enough from midnight anywhere
        self.params = {"from": str(self.until - timedelta(days=20)), "to": str(self.until)}
        self.absences: list[tuple[str, str]] = []

    async def sheet(self) -> dict[str, dict[str, str]]:
        """The codes by person and day, as a caller gets them now."""
        answer = await self.service.get("/v1/attendance/reports/monthly-sheet", params=self.params)
        answer.raise_for_status()
        return {row["person"]: row["days"] for row in answer.json()["items"]}

    async def active(self) -> dict[str, str]:
        """Those the site takes punches for, each with the time at which the usual shift begins."""
        shifts = await self.rows("Shift Type", "start_time")
        starts = {row["name"]: row["start_time"] for row in shifts}
        people = await self.rows("Employee", "default_shift", "status")
        return {
            row["name"]: starts[row["default_shift"]]
            for row in people
            if row["status"] == "Active" and row["default_shift"] in starts
        }

    async def rows(self, doctype: str, *fields: str) -> list[dict[str, str]]:
        """All documents of a type, from the site."""
        query = {"fields": json.dumps(["name", *fields]), "limit_page_length": "0", "order_by": "name asc"}
        answer = await self.site.get(f"/api/resource/{doctype}", params=query)
        answer.raise_for_status()
        found: list[dict[str, str]] = answer.json()["data"]
        return found

    async def find_absences(self, wanted: int) -> None:
        """Cells that a punch will change, each of another person where there are enough of them."""
        rows, working = await self.sheet(), await self.active()
        cells = [
            (person, f"{day} {start.zfill(8)}")
            for person, start in working.items()
            for day, code in rows.get(person, {}).items()
            if code == "A"
        ]
        self.absences = random.Random(7).sample(cells, min(wanted, len(cells)))
        if len(self.absences) < wanted:
            raise RuntimeError(f"{wanted} absences wanted, {len(cells)} found: more people are needed")

    async def sample(self, *, hint: bool) -> float:
        """Seconds from the post until the sheet shows it."""
        person, moment = self.absences.pop()
        day = moment[:10]
        document = {"employee": person, "time": moment, "log_type": "IN"}
        started = time.perf_counter()
        posted = await self.site.post("/api/resource/Employee Checkin", json=document)
        posted.raise_for_status()
        if hint:
            await self.hint(posted.content)
        while (await self.sheet())[person][day] == "A":
            if time.perf_counter() - started > LONGEST:
                note(f"the sheet does not show the punch of {person} at {moment}")
                break
            await asyncio.sleep(0.02)
        return time.perf_counter() - started

    async def hint(self, body: bytes) -> None:
        """What the site's webhook does."""
        headers = {HEADER: signature(SECRET, body), "Content-Type": "application/json"}
        answer = await self.service.post("/v1/attendance/hooks/upstream", content=body, headers=headers)
        answer.raise_for_status()


@asynccontextmanager
async def clock(url: str, service: str, key: str) -> AsyncIterator[Clock]:
    """A clock between the site and the service."""
    bearer = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=SITE) as site,
        httpx.AsyncClient(base_url=service, headers=bearer, timeout=30) as ours,
    ):
        yield Clock(site, ours)


async def collect(url: str, service: tuple[str, str], samples: int, *, hint: bool) -> list[float]:
    """So many samples, one after the other; between two, a pause that leaves the poll's phase to chance."""
    async with clock(url, *service) as watch:
        await watch.find_absences(samples)
        seconds = []
        for _ in range(samples):
            await asyncio.sleep(random.uniform(0.2, 1.0) if hint else random.uniform(0, POLL_SECONDS))
            seconds.append(await watch.sample(hint=hint))
    return seconds


def measure(url: str, way: str, poll: int, samples: int, goal: float) -> None:
    """One way, with a service of its own; without samples, nothing."""
    if not samples:
        return
    with tempfile.TemporaryDirectory(prefix="muster-b0-") as home:
        settings = settings_of(Path(home), url, poll)
        with process(serve_service, settings) as service:
            found: list[float] = []

            async def work() -> None:
                found.extend(await collect(url, service, samples, hint=poll == NEVER))

            run(work())
    heading(f"B0, from the post upstream until the sheet shows it, {way}")
    note(f"{PEOPLE} people, {DAYS} days; the sheet is asked for every 20 ms")
    times(way, found)
    note(f"p50 {statistics.median(found):.2f} s")
    judge("p95", percentile(found, 0.95), goal, unit="s")


def percentile(values: list[float], share: float) -> float:
    """The smallest value that this share of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def main() -> None:
    """By hint, then by polling."""
    with (
        tempfile.TemporaryDirectory(prefix="muster-b0-") as folder,
        process(serve_site, str(Path(folder) / "site.sqlite")) as url,
    ):
        measure(url, "by the webhook hint", NEVER, HINTED, 2)
        measure(url, "by polling", POLL_SECONDS, POLLED, 15)


if __name__ == "__main__":
    main()

"""What load is put on: `muster serve` as a process over an invented firm, and runs of the load generator."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil

from benchmarks.b1_load import free_port, wait_for
from benchmarks.ground import database, make_firm
from service.access.keys import create_key
from service.attendance.recompute import Recompute
from service.core.compute import Compute
from service.core.database import Database
from service.monitoring.loadtest.plan import Plan
from service.monitoring.loadtest.result import Result, result_of
from service.monitoring.loadtest.running import Run
from service.monitoring.loadtest.sending import Sender

START, DAYS = "2026-09-01", 61
NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
MONTHS = ["2026-09", "2026-10"]
REPORTS: list[dict[str, Any]] = [
    {"name": name, "path": f"/v1/attendance/reports/{name}", "query": {"month": MONTHS, "site": ["A", "B"]}}
    for name in ("monthly-sheet", "summary", "late-early", "overtime")
]
"""A mix of reports of a month and a site, 16 different answers in all."""
LISTS: list[dict[str, Any]] = [
    {"name": "people", "path": "/v1/attendance/people", "query": {"limit": 20}},
    {"name": "days", "path": "/v1/attendance/days", "query": {"limit": 20, "site": ["A", "B"]}},
]
"""Lists that are asked of the database each time."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running service."""

    url: str
    key: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Seconds of processor time that its process has had."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Bytes of memory that its process holds."""
        return int(self.process.memory_info().rss)


@asynccontextmanager
async def firm(people: int) -> AsyncIterator[tuple[Database, str]]:
    """A database with a firm of so many people over 61 days, worked out; and a key to read it."""
    async with database() as db:
        compute = Compute()
        await make_firm(db, people, START, DAYS, punches=2)
        await Recompute(db, None, compute).run(now=NOW)
        compute.close()
        async with db.write() as conn:
            await conn.exec_driver_sql("ANALYZE")
        made = await create_key(db, "load", ["admin"])
        yield db, made.token


@contextmanager
def served(db: Database, key: str, **settings: str) -> Iterator[Served]:
    """`muster serve` over this database, its log without a line for each request."""
    with tempfile.TemporaryDirectory(prefix="muster-load-") as home:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")},
            "MUSTER_DATABASE__URL": db.url,
            "MUSTER_SECRET_KEYS": '["' + "k" * 32 + '"]',
            "MUSTER_HOME": home,
            "MUSTER_LOG__LEVEL": "WARNING",
            **settings,
        }
        port = free_port()
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )
        try:
            wait_for(port, process)
            yield Served(f"http://127.0.0.1:{port}", key, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()


async def loaded(service: Served, **given: Any) -> Result:
    """The result of a plan, as `muster loadtest` carries it out."""
    plan = Plan.model_validate({"model": "closed", **given})
    started_at = datetime.now(UTC)
    async with Sender(service.url, service.key, timeout=plan.timeout) as sender:
        run = Run(plan, sender)
        await run.carry_out(asyncio.Event())
    told: dict[str, Any] = {"url": service.url, "started_at": started_at, "seconds": run.seconds}
    return result_of(plan, run.measured, run.generator(), interrupted=False, **told)


def told(result: Result) -> str:
    """One line of a run."""
    everything = result.all
    failed = ", ".join(f"{count} × {what}" for what, count in everything.errors.items()) or "no error"
    limited = f"; THE GENERATOR: {result.limited}" if result.limited else ""
    return (
        f"{everything.rate:8.1f}/s  p50 {everything.response.p50:7.1f}  p95 {everything.response.p95:7.1f}  "
        f"p99 {everything.response.p99:7.1f} ms  {failed}, {everything.dropped} dropped{limited}"
    )

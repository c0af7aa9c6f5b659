"""A process of its own that makes plans over a filled database, and says what each took (for B9).

`python -m benchmarks.b9_planner URL PLANS` prints a line of JSON for each: seconds by the clock and of CPU of
each step, reading and writing among them, and the memory of the process afterwards.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import psutil

from benchmarks.clocked import server_cpu
from service.access.authenticator import open_authenticator
from service.core.collecting import settle
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.core.telemetry import configure_logs
from service.desks import jobs_of, running_desks


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Runtime]:
    """The service's runtime over a database, its jobs carried out when asked only."""
    with TemporaryDirectory(prefix="muster-bench-") as home:
        settings = Settings.model_validate(
            {
                "database": {"url": url, "pool_size": 5},
                "secret_keys": ["b" * 32],
                "cache": {"warm_seconds": 0},
                "log": {"level": "ERROR"},
                "home": Path(home),
            }
        )
        configure_logs(settings.log)
        desks = jobs_of(running_desks(settings))
        async with open_runtime(settings, desks, open_authenticator) as runtime:
            settle()  # as a server does when it has started
            yield runtime


async def plan_once(runtime: Runtime) -> dict[str, Any]:
    """One plan by the job: seconds of each step (clock, CPU) and what it says of itself."""
    marks: list[tuple[str, float, float]] = []

    def watch(progress: dict[str, Any]) -> None:
        marks.append((progress["message"], time.perf_counter(), time.process_time()))

    before = await server_cpu(runtime.database)
    run = await runtime.tasks.run_now("mill.plan", {}, "benchmark", watch)
    of_server = await server_cpu(runtime.database) - before
    if run.state != "done":
        raise RuntimeError(f"the plan is {run.state}: {run.error}")
    taken = {
        step: [clock_after - clock, cpu_after - cpu]
        for (step, clock, cpu), (_, clock_after, cpu_after) in pairwise(marks)
    }
    memory = psutil.Process().memory_info().rss
    return {"seconds": taken, "server": of_server, "result": run.result, "rss": memory}


async def _main(url: str, plans: int) -> None:
    async with running(url) as runtime:
        for _ in range(plans):
            print(orjson.dumps(await plan_once(runtime)).decode(), flush=True)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))

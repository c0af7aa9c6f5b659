"""Q50, Q51, Q52: the service at 70 % of its capacity, at ten times of it, and for a long time.

Capacity is what a closed load of eight users gets. Then, with Poisson arrivals at 70 % of it: reports and
lists with both caches off, and the same reports cached. Then ten times the capacity of the uncached mix with
probes of /livez beside it, ten seconds of rest, and half of the capacity. The soak asks at half of the
capacity and looks at memory and descriptors every second; its first third is warm-up.
`python -m benchmarks load`; LOAD_PEOPLE, LOAD_SECONDS, LOAD_OVERLOAD, LOAD_SOAK (seconds; 0: none) make it
smaller or longer.
"""

import asyncio
import os
import time
from typing import Any

import numpy as np
import uvloop

from benchmarks.printing import heading, judge, note
from benchmarks.served import LISTS, REPORTS, Served, firm, loaded, served, told

PEOPLE = int(os.environ.get("LOAD_PEOPLE", "250"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "30"))
OVERLOAD = float(os.environ.get("LOAD_OVERLOAD", "60"))
SOAK = float(os.environ.get("LOAD_SOAK", "600"))
UNCACHED = {"MUSTER_CACHE__MAX_ENTRIES": "0"}
MIX = REPORTS + LISTS
Mix = list[dict[str, Any]]


async def steady(
    service: Served, title: str, mix: list[dict[str, object]], goal: float
) -> tuple[float, float]:
    """Q50; answers a second at capacity, and processor seconds an answer there."""
    warm_up, before = SECONDS / 6, service.cpu_seconds()
    full = await loaded(service, stage=[{"seconds": SECONDS, "users": 8}], request=mix, warm_up=warm_up)
    cpu = (service.cpu_seconds() - before) / max(1, full.all.done) * (1 - 1 / 6)
    stage = [{"seconds": SECONDS, "rate": full.all.rate * 0.7}]
    open_load = {"model": "open", "arrivals": "poisson", "max_in_flight": 2000}
    result = await loaded(service, **open_load, stage=stage, request=mix, warm_up=warm_up)
    heading(f"Q50, {title}, {PEOPLE} people")
    note(f"capacity  {told(full)}")
    note(f"at 70 %   {told(result)}")
    judge("p95", result.all.response.p95, goal, unit="ms")
    judge("errors and dropped", result.all.failed + result.all.dropped, 0)
    return full.all.rate, cpu


async def overload(service: Served, capacity: float, cpu: float) -> None:
    """Q51."""
    open_load = {"model": "open", "arrivals": "poisson", "max_in_flight": 20_000, "request": MIX}
    begun, before = time.perf_counter(), service.cpu_seconds()
    probes, result = await asyncio.gather(
        loaded(
            service, model="open", stage=[{"seconds": OVERLOAD, "rate": 20}], request=[{"path": "/livez"}]
        ),
        loaded(service, **open_load, stage=[{"seconds": OVERLOAD, "rate": capacity * 10}]),
    )
    good = result.all.done - result.all.failed
    rate = good / (time.perf_counter() - begun)
    refusals = max(1, result.all.failed)
    spent = service.cpu_seconds() - before
    await asyncio.sleep(10)
    after = await loaded(service, **open_load, stage=[{"seconds": SECONDS / 3, "rate": capacity * 0.5}])
    heading(f"Q51, ten times the capacity for {OVERLOAD:g} s")
    note(f"overload  {told(result)}")
    note(f"refused after {result.all.refused.p50:.1f} ms (p50), {result.all.refused.p95:.1f} ms (p95)")
    dear = max(0.0, spent - good * cpu) / refusals * 1000
    note(f"a refusal costs at most {dear:.2f} ms of CPU, an answer {cpu * 1000:.1f}")
    note(f"/livez    {told(probes)}")
    note(f"after     {told(after)}")
    judge("goodput / capacity", rate / capacity, 0.8, at_least=True)
    others = {what for what in result.all.errors if what not in {"status 503", "status 429"}}
    judge("kinds of failure other than 503 and 429", len(others), 0)
    judge("errors ten seconds later", after.all.failed + after.all.dropped, 0)


async def soak(service: Served, capacity: float) -> None:
    """Q52: memory and descriptors, once a second."""
    seen: list[tuple[float, int, int]] = []

    async def look() -> None:
        while True:
            seen.append((time.perf_counter(), service.memory(), service.process.num_fds()))
            await asyncio.sleep(1)

    looking = asyncio.create_task(look())
    stage = [{"seconds": SOAK, "rate": capacity * 0.5}]
    result = await loaded(service, model="open", stage=stage, request=MIX, max_in_flight=2000)
    looking.cancel()
    settled = seen[len(seen) // 3 :]
    seconds = np.array([moment for moment, _, _ in settled]) - settled[0][0]
    memory = np.array([size for _, size, _ in settled], dtype=float)
    slope = float(np.polyfit(seconds, memory, 1)[0]) * 3600 / float(memory[0])
    heading(f"Q52, soak of {SOAK:g} s at half of the capacity")
    note(told(result))
    note(f"memory {memory[0] / 2**20:.1f} MiB after warm-up, {memory[-1] / 2**20:.1f} at the end")
    judge("memory slope", slope * 100, 1, unit="%/h")
    descriptors = [number for _, _, number in settled]
    judge("descriptors, most - least after warm-up", max(descriptors) - min(descriptors), 20)
    judge("memory", float(memory.max()) / 2**20, 500, unit="MiB")


async def measure() -> None:
    """Uncached, overloaded, cached, then long."""
    async with firm(PEOPLE) as (db, key):
        with served(db, key, MUSTER_TASKS__ENABLED="false", **UNCACHED) as service:
            capacity, cpu = await steady(service, "uncached reports and lists", MIX, 200)
            await overload(service, capacity, cpu)
        with served(db, key) as service:
            await steady(service, "cached reports", REPORTS, 20)
            if SOAK:
                await soak(service, capacity)


def main() -> None:
    """All of it."""
    uvloop.run(measure())


if __name__ == "__main__":
    main()

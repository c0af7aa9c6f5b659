"""B8: the service with its monitoring against the service without, in turn, on a mix of cached and uncached.

Two processes over one database, `MUSTER_MONITORING__ENABLED=true` and `false`, take turns under the same
closed load. Processor time per answer stands for throughput: on a shared machine seconds measure the
neighbours. Memory is that of each process after the last round. Goals: 3 % of throughput, 5 % of memory.
`python -m benchmarks b8`; B8_PEOPLE, B8_ROUNDS and B8_SECONDS make it smaller.
"""

import os
import statistics
from typing import Any

import uvloop

from benchmarks.printing import heading, judge, note
from benchmarks.served import LISTS, REPORTS, Served, firm, loaded, served

PEOPLE = int(os.environ.get("B8_PEOPLE", "250"))
ROUNDS = int(os.environ.get("B8_ROUNDS", "12"))
SECONDS = float(os.environ.get("B8_SECONDS", "8"))
USERS = 4
# Sixteen reports are kept soon; lists are asked of the database each time: about four of five are cached.
MIX: list[dict[str, Any]] = [{**report, "weight": 4} for report in REPORTS] + [
    {**listed, "weight": 2} for listed in LISTS
]


async def once(service: Served, number: int) -> tuple[float, float]:
    """Processor milliseconds an answer, and answers a second, of one turn."""
    before = service.cpu_seconds()
    stage = [{"seconds": SECONDS, "users": USERS}]
    result = await loaded(service, stage=stage, request=MIX, seed=number)
    if result.all.failed:
        raise RuntimeError(f"answers failed: {result.all.errors}")
    return (service.cpu_seconds() - before) * 1000 / result.all.done, result.all.rate


async def measure() -> None:
    """Both processes in turn; who is first changes from round to round."""
    async with firm(PEOPLE) as (db, key):
        quiet = {"MUSTER_TASKS__ENABLED": "false"}
        with (
            served(db, key, MUSTER_MONITORING__ENABLED="true", **quiet) as on,
            served(db, key, MUSTER_MONITORING__ENABLED="false", **quiet) as off,
        ):
            for service in (on, off):
                await once(service, 0)
            rounds = []
            for number in range(1, ROUNDS + 1):
                order = (on, off) if number % 2 else (off, on)
                found = {service.url: await once(service, number) for service in order}
                rounds.append((found[on.url], found[off.url]))
            memory = on.memory(), off.memory()
    heading(f"B8, monitoring on and off, {PEOPLE} people, {ROUNDS} rounds of {SECONDS:g} s, {USERS} users")
    for name, place in (("on", 0), ("off", 1)):
        cpu, rate = (statistics.median(each[place][figure] for each in rounds) for figure in (0, 1))
        note(f"{name:3} {cpu:7.3f} ms of CPU an answer  {rate:8.1f}/s  {memory[place] / 2**20:6.1f} MiB")
    judge("CPU an answer, on / off", statistics.median(a[0] / b[0] for a, b in rounds), 1.03)
    judge("memory, on / off", memory[0] / memory[1], 1.05)
    judge("memory with monitoring", memory[0] / 2**20, 500, unit="MiB")


def main() -> None:
    """All of it."""
    uvloop.run(measure())


if __name__ == "__main__":
    main()

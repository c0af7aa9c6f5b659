"""B9: the mill as its work grows, and G.4: complete plans of sets S and M, imports, the report of shortages.

Plans are made by the job in a process of their own, B9_PLANS (5) of each set in B9_SETS (S,M): reading,
computing and writing apart, the memory after each. Then explosion and plan of a quarter of S, of S and of
four times S: the slope is stated. Then imports by the job (28,653 lines of recipes with validation), what
reading alone takes (100,000 rows of CSV, 10,000 rows of XLSX), and the report of shortages at set S, new and
kept. B9_BASE divides S for the slopes (4), B9_PART all sets (1). `python -m benchmarks b9`.
"""

import asyncio
import math
import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from benchmarks import mill_sets
from benchmarks.b9_files import files
from benchmarks.b9_reports import reports
from benchmarks.clocked import clocked
from benchmarks.ground import database, run
from benchmarks.mill_filling import empty, fill
from benchmarks.mill_sets import AS_OF, SETS, MillSet, Size
from benchmarks.printing import heading, judge, note
from service.core.collecting import settle
from service.core.database import Database
from service.mill.planning.plan import plan
from service.mill.queries.ground import select_ground
from service.mill.queries.parameters import select_parameters
from service.mill.rules.flattened import flattened

NAMES = tuple(one for one in os.environ.get("B9_SETS", "S,M").split(",") if one)
PLANS = int(os.environ.get("B9_PLANS", "5"))
BASE = int(os.environ.get("B9_BASE", "4"))
PART = int(os.environ.get("B9_PART", "1"))
ROUNDS = int(os.environ.get("B9_ROUNDS", "5"))
SECONDS: Final = {"S": 2.0, "M": 10.0}
"""A complete plan (G.4)."""
MEMORY: Final = 500.0
"""MiB of a process at set M (G.4)."""
GROWTH: Final = 16.0
"""MiB between the second plan and the last: the first fills what is kept for ever."""
LINEAR: Final = 1.15
"""Sixteen times the work at most this much more than sixteen times the time (as B4)."""
TIMES: Final = (1, 4, 16)


def main() -> None:
    """All of it on one cluster."""
    run(_main())


async def _main() -> None:
    async with database() as db:
        for name in NAMES:
            await _plans(db, name, SETS[name].part(PART))
        await _slopes(db, SETS["S"].part(PART * BASE))
        await empty(db)
        await fill(db, mill_sets.make(SETS["S"].part(PART)))
        await reports(db)
        await empty(db)
        with TemporaryDirectory(prefix="muster-bench-") as folder:
            await files(db, Path(folder))


async def _plans(db: Database, name: str, size: Size) -> None:
    await empty(db)
    await fill(db, mill_sets.make(size))
    found = [one async for one in _planned(db.url)]
    heading(f"B9, a complete plan of set {name}, {PLANS} in a fresh process")
    note(f"{found[-1]['result']}")
    for step in found[0]["seconds"]:
        clock, cpu = (statistics.median(one["seconds"][step][at] for one in found) for at in (0, 1))
        note(f"{step:<13} median {clock:8.3f} s   CPU {cpu:8.3f} s   n={len(found)}")
    total, cpu = (
        statistics.median(sum(step[at] for step in one["seconds"].values()) for one in found) for at in (0, 1)
    )
    judge(f"set {name}, by the clock", total, SECONDS[name], unit="s")
    server = statistics.median(one["server"] for one in found)
    note(f"CPU of the service {cpu:.2f} s, of the database server {server:.2f} s")
    judge(f"set {name}, CPU of both", cpu + server, SECONDS[name], unit="s")
    memory = [one["rss"] / 2**20 for one in found]
    note("memory after each: " + ", ".join(f"{one:.0f}" for one in memory) + " MiB")
    judge(f"set {name}, memory", max(memory), MEMORY, unit="MiB")
    judge(f"set {name}, growth from the second plan on", memory[-1] - memory[min(1, PLANS - 1)], GROWTH,
          unit="MiB")  # fmt: skip


async def _planned(url: str) -> Any:
    command = (sys.executable, "-m", "benchmarks.b9_planner", url, str(PLANS))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async for line in process.stdout:
        yield orjson.loads(line)
    if await process.wait():
        raise RuntimeError(f"the planner ended with {process.returncode}")


async def _slopes(db: Database, base: Size) -> None:
    """What sixteen times the work takes, of what is computed here: CPU."""
    heading("B9, the slope of explosion and plan")
    taken: dict[str, list[float]] = {"explosion": [], "plan": []}
    for factor in TIMES:
        mill = mill_sets.make(base.times(factor))
        await empty(db)
        await fill(db, mill)
        works = (("explosion", _explosion(mill)), ("plan", await _plan(db)))
        settle()
        for what, work in works:
            found = clocked(work, ROUNDS, 20)
            taken[what].append(found.middle)
            told = f"{len(mill.lines):,} lines, {len(mill.orders):,} orders"
            note(f"{what}, x{factor} ({told}): CPU {found.middle * 1000:.2f} ms, n={len(found.cpu)}")
    for what, (one, *_, last) in taken.items():
        note(f"{what}: grows as work ** {math.log(last / one) / math.log(TIMES[-1]):.2f}")
        judge(f"{what}, time / work, x16 to x1", last / one / TIMES[-1], LINEAR)


def _explosion(mill: MillSet) -> Callable[[], Any]:
    flat = flattened(mill_sets.recipes(mill))
    codes = [mill_sets.style_code(one) for one in mill.orders.style.tolist()]
    units = mill.orders.cents * 100
    return lambda: flat.explode(flat.positions(codes), units).per_yarn(len(flat.yarns))


async def _plan(db: Database) -> Callable[[], Any]:
    async with db.snapshot() as conn:
        in_force = await select_parameters(conn)
        ground = await select_ground(conn, AS_OF, in_force, datetime.now(UTC))
    return lambda: plan(ground)


if __name__ == "__main__":
    main()

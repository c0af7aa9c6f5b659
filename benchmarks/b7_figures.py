"""The figures of mill spec G.3 beside ours: statements over set S with 5,000 orders, vector forms, scheduler.

Vector forms and scheduler are judged by CPU, statements by the server's own clock.
B7_SCALE (1) makes all sizes of vector forms and scheduler smaller.
"""

import os
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, Final
from uuid import uuid4

import numpy as np
from sqlalchemy import TextClause, text

from benchmarks.clocked import clocked, clocked_waiting, told
from benchmarks.mill_sets import AS_OF, MillSet
from benchmarks.mill_statements import ALLOCATION, BALANCES, EXPLOSION, ONE_LEVEL, SHORTAGES, UPDATE
from benchmarks.printing import heading, judge, note
from service.core.collecting import collecting_seldom
from service.core.database import Database
from service.mill.planning.plan import plan
from service.mill.planning.storing import store
from service.mill.queries.ground import select_ground
from service.mill.queries.parameters import select_parameters
from service.mill.queries.plan_runs import begin_plan, queue_plan
from service.mill.rules.allocation import allocate_columns
from service.mill.rules.scheduling.engine import Options, schedule
from service.mill.rules.scheduling.rates import Rates
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Shop
from service.mill.rules.scheduling.windows import Window, Windows
from service.mill.rules.weeks import monday_of, time_phase_units

SCALE = float(os.environ.get("B7_SCALE", "1"))
ROUNDS = int(os.environ.get("B7_ROUNDS", "15"))
SECONDS = float(os.environ.get("B7_SECONDS", "5"))
WEEKS: Final = 13
MACHINES, CENTERS = 285, 91
ALLOCATED: Final = {5_000: 1.0, 25_000: 5.2, 250_000: 59.0}
"""Lines and the spec's milliseconds."""
SCHEDULED: Final = {1_000: 20.0, 5_000: 115.0, 50_000: 925.0}
"""Orders and the spec's milliseconds, round the clock with an hour of set-up."""
SHIFTS: Final = (5_000, 300.0)
"""Orders and the spec's milliseconds with windows of shifts."""
BY_SQL: Final = {
    "Q1, shortages": (SHORTAGES, 2.8),
    "single level, by yarn": (ONE_LEVEL, 50.0),
    "Q2, explosion": (EXPLOSION, 104.0),
    "Q3, allocation": (ALLOCATION, 119.0),
    "Q4, weekly balances": (BALANCES, 74.0),
}


def vector_forms() -> None:
    """Allocation and weekly balances as columns."""
    heading("B7, G.3: vector forms")
    for lines, goal in ALLOCATED.items():
        _judged(f"allocation, {_size(lines):,} lines", _allocation(_size(lines)), goal)
    yarns = _size(1_200)
    _judged(f"weekly balances, {yarns:,} x {WEEKS}", _balances(yarns), 0.07)


def scheduler() -> None:
    """The list scheduler, round the clock and within shifts; garbage is collected as for a plan."""
    heading(f"B7, G.3: list scheduler, {MACHINES} machines in {CENTERS} centres, set-up 1 h")
    with collecting_seldom():
        for orders, goal in SCHEDULED.items():
            work = _scheduler(_size(orders), shifts=False)
            _judged(f"{_size(orders):,} orders, round the clock", work, goal)
        orders, goal = _size(SHIFTS[0]), SHIFTS[1]
        _judged(f"{orders:,} orders, two shifts", _scheduler(orders, shifts=True), goal)


def _size(full: int) -> int:
    return max(20, int(full * SCALE))


def _judged(what: str, work: Callable[[], Any], goal: float) -> None:
    found = clocked(work, ROUNDS, SECONDS)
    told(what, found)
    judge(f"G.3, {what}", found.middle * 1000, goal, unit="ms")


async def statements(db: Database, mill: MillSet) -> None:
    """The spec's statements: judged by what they take within the server; told with all rows fetched."""
    number, rows = await _planned(db)
    heading("B7, G.3: statements")
    note(f"{len(mill.orders):,} orders, {len(mill.lines):,} lines over three levels, {rows:,} requirements")
    asked = {
        "most": 10_000, "orders": [at + 1 for at in range(len(mill.orders))], "as_of": AS_OF, "run": number,
        "weeks": WEEKS, "monday": monday_of(AS_OF),
    }  # fmt: skip
    for what, (statement, goal) in BY_SQL.items():
        values = {name: asked[name] for name in statement.compile().params}
        fetched = await clocked_waiting(partial(_fetched, db, statement, values), ROUNDS, SECONDS)
        told(f"{what}, fetched", fetched)
        inside = [await _explained(db, statement, values) for _ in range(min(ROUNDS, len(fetched.clock)))]
        judge(f"G.3, {what}, in the server", statistics.median(inside), goal, unit="ms")
    found = await clocked_waiting(lambda: _updated(db), ROUNDS, SECONDS)
    told("update of 1,200 rows", found)
    judge("G.3, update of 1,200 rows with 3 indexes", found.middle_clock * 1000, 33.0, unit="ms")


async def _fetched(db: Database, statement: TextClause, values: Mapping[str, Any]) -> None:
    async with db.read() as conn:
        (await conn.execute(statement, values)).all()


async def _explained(db: Database, statement: TextClause, values: Mapping[str, Any]) -> float:
    """Milliseconds of planning and execution, by the server's own clock."""
    asked = text(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON, FORMAT JSON) {statement.text}")
    async with db.read() as conn:
        [found] = (await conn.execute(asked, values)).scalar_one()
    return float(found["Planning Time"] + found["Execution Time"])


async def _updated(db: Database) -> None:
    async with db.write() as conn:
        await conn.execute(UPDATE)


async def _planned(db: Database) -> tuple[int, int]:
    """A plan's rows, for the statements that read them: its number, and how many requirements."""
    async with db.snapshot() as conn:
        in_force = await select_parameters(conn)
        ground = await select_ground(conn, AS_OF, in_force, datetime.now(UTC))
    made, work = plan(ground), uuid4()
    async with db.write(timeout=300) as conn:
        await queue_plan(conn, "plan", AS_OF, {}, "benchmark", work)
        number = await begin_plan(conn, work)
        assert number is not None
        rows = await store(conn, number, made)
    async with db.write() as conn:
        await conn.exec_driver_sql("ANALYZE mill.plan_requirements, mill.plan_orders")
    return number, rows["plan_requirements"]


def _allocation(lines: int) -> Callable[[], Any]:
    chance = np.random.default_rng(lines)
    yarns = max(2, min(1_200, lines // 4))
    yarn, served = chance.integers(0, yarns, lines), chance.permutation(lines)
    required = chance.integers(1, 40_000_000, lines)
    available = chance.integers(0, 10**9, yarns)
    return lambda: allocate_columns(yarn, served, required, available)


def _balances(yarns: int) -> Callable[[], Any]:
    chance = np.random.default_rng(yarns)
    opening = chance.integers(-(10**6), 10**8, yarns)
    demand, receipts = (chance.integers(0, 10**7, (yarns, WEEKS)) for _ in range(2))
    return lambda: time_phase_units(opening, demand, receipts)


def _scheduler(orders: int, *, shifts: bool) -> Callable[[], Any]:
    """Orders of styles of one centre each; windows of two shifts a day on five days a week for five years."""
    chance = np.random.default_rng(orders)
    windows = Windows(list(_shifts(5 * 365))) if shifts else None
    machines = [
        Machine(code=f"M{at:03}", center=f"W{at % CENTERS:02}", windows=windows) for at in range(MACHINES)
    ]
    styles = max(1, orders // 3)
    rates = np.exp(chance.normal(6.3, 0.55, styles)).round(2)
    known = Rates(style_per_day={f"S{at}": Decimal(str(rate)) for at, rate in enumerate(rates.tolist())})
    shop = Shop(machines=machines, rates=known, setups=Setups())
    pounds = np.clip(np.exp(chance.normal(7.467, 1, orders)), 25, 37_600).round(2)
    columns = (
        chance.integers(0, styles, orders), pounds, chance.integers(1, 5, orders),
        chance.integers(0, 90, orders),
    )  # fmt: skip
    jobs = [
        Job(order=f"O{at:06}", style=f"S{style}", center=f"W{style % CENTERS:02}",
            pounds=Decimal(str(amount)), priority=priority, due=24.0 * due)
        for at, (style, amount, priority, due) in enumerate(
            zip(*(one.tolist() for one in columns), strict=True)
        )
    ]  # fmt: skip
    made = schedule(jobs, shop, Options())
    assert len(made.operations) == orders
    _never_two_at_once(made.operations)
    return lambda: schedule(jobs, shop, Options())


def _shifts(days: int) -> list[Window]:
    first = datetime.combine(AS_OF, datetime.min.time())
    return [
        Window(24.0 * at + start, 24.0 * at + start + 8, efficiency)
        for at in range(days)
        if (first + timedelta(days=at)).weekday() < 5
        for start, efficiency in ((6.0, 0.95), (14.0, 0.9))
    ]


def _never_two_at_once(operations: Any) -> None:
    """What is compared before a time is taken: no machine does two things at once."""
    placed = sorted(operations, key=lambda one: (one.machine, one.setup_start))
    for one, after in pairwise(placed):
        assert one.machine != after.machine or one.end <= after.setup_start + 1e-6

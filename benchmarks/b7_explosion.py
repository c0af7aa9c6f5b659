"""B7: pounds of yarn that knit orders need, 28,653 lines of recipes x 2,000 orders (and 195, and 5,000).

A loop over the rows of frames, one over plain tuples, a merge of frames (the predecessor's form), the spec's
Q2 in SQL, and ours: recipes flattened once (`flattened`), then columns; and `paths`, which explains each
pound. Over one level, as in the mill's file, and 2,000 orders over three. What they answer is compared first.
Then the figures of the spec's G.3 (`b7_figures`) beside ours. B7_ORDERS, B7_LINES, B7_ROUNDS (15 after 3
that do not count), B7_SECONDS (5: of what takes long as many as fit, n tells) and B7_SCALE (1: of G.3) make
it smaller, B7_SQL=0 leaves statements out. `python -m benchmarks b7`.
"""

import importlib.util
import os
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from benchmarks import mill_sets
from benchmarks.b7_figures import scheduler, statements, vector_forms
from benchmarks.clocked import Clocked, clocked, clocked_waiting, told
from benchmarks.ground import database, run
from benchmarks.mill_filling import empty, fill
from benchmarks.mill_sets import AS_OF, SETS, MillSet
from benchmarks.mill_statements import EXPLOSION, NEEDED
from benchmarks.printing import heading, judge, note, processor
from service.core.database import Database
from service.mill.rules.explosion import Order, paths
from service.mill.rules.flattened import Flattened, flattened
from service.mill.rules.quantities import SCALE
from service.mill.rules.recipes import Recipes

ORDERS = tuple(int(one) for one in os.environ.get("B7_ORDERS", "195,2000,5000").split(","))
LINES = int(os.environ.get("B7_LINES", "28653"))
ROUNDS = int(os.environ.get("B7_ROUNDS", "15"))
SECONDS = float(os.environ.get("B7_SECONDS", "5"))
WITH_SQL = os.environ.get("B7_SQL", "1") == "1"
JUDGED = ORDERS[min(1, len(ORDERS) - 1)]
LOOP, TUPLES, MERGE = "row loop over frames", "loop over tuples", "merge of frames"
SQL, Q2, OURS, COMPILED, PATHS = "SQL", "SQL, Q2 with paths", "ours", "ours, recipes too", "ours, paths"
PEERS: Final = (LOOP, TUPLES, MERGE, SQL, Q2)
HALF: Final = 0.00006
"""Half a unit of the fourth place: floats are not rounded, ours are."""
GOAL: Final = 1.0
"""Ours is to be faster than each of the others; the ratios are told."""


def main() -> None:
    """All numbers of orders over one level, one over three, then the figures of G.3."""
    if importlib.util.find_spec("pandas") is None:
        note("left out: pandas is not installed")
        return
    run(_main())


async def _main() -> None:
    heading(f"B7, {processor()}, NumPy {version('numpy')}, pandas {version('pandas')}")
    size = replace(SETS["S"], lines=LINES, styles=max(20, LINES * 6_110 // 28_653), orders=max(ORDERS))
    flat, deep = mill_sets.make(replace(size, levels=1)), mill_sets.make(size)
    async with database() if WITH_SQL else nullcontext() as db:
        await _filled(db, flat)
        for orders in ORDERS:
            await _explode(db, flat.first(orders), "one level")
        await _filled(db, deep)
        await _explode(db, deep.first(JUDGED), "three levels")
        if db is not None:
            await statements(db, deep)
    vector_forms()
    scheduler()


async def _filled(db: Database | None, mill: MillSet) -> None:
    """In the tables, in place of what was there."""
    if db is not None:
        await empty(db)
        await fill(db, mill)


async def _explode(db: Database | None, mill: MillSet, levels: str) -> None:
    """Every form on one mill: compared, then timed."""
    numbers = [at + 1 for at in range(len(mill.orders))]
    works = _works(mill)
    title = f"B7, {len(mill.lines):,} lines x {len(numbers):,} orders, {levels}"
    heading(f"{title}: what they answer")
    expected = works[TUPLES]()
    differing = sum(_differs(expected, work()) for work in works.values())
    if db is not None:
        differing += _differs(expected, await _needed(db, numbers))
    judge("forms that differ", differing, 0)
    if differing:
        raise SystemExit("the forms differ: nothing is timed")
    heading(title)
    found = {who: clocked(work, ROUNDS, SECONDS) for who, work in works.items()}
    if db is not None:
        found |= await _by_sql(db, numbers)
    _tell(found, len(numbers))


async def _by_sql(db: Database, numbers: list[int]) -> dict[str, Clocked]:
    works: dict[str, Callable[[], Awaitable[Any]]] = {
        SQL: lambda: _rows(db, NEEDED, numbers),
        Q2: lambda: _rows(db, EXPLOSION, numbers),
    }
    return {who: await clocked_waiting(work, ROUNDS, SECONDS) for who, work in works.items()}


def _tell(found: dict[str, Clocked], orders: int) -> None:
    for who, one in found.items():
        told(who, one)
    mine = found[OURS]
    for who in (one for one in PEERS if one in found):
        # A statement works in another process: it goes by the clock, and ours beside it too.
        other, own = (found[who].middle_clock, mine.middle_clock) if who in (SQL, Q2) else (
            found[who].middle, mine.middle
        )  # fmt: skip
        what = f"{who} / ours ({other * 1000:.2f} / {own * 1000:.3f} ms)"
        if orders == JUDGED:
            judge(what, other / own, GOAL, at_least=True)
        else:
            note(f"{what}: {other / own:.1f}")


def _works(mill: MillSet) -> dict[str, Callable[[], Any]]:
    """What each may prepare is prepared."""
    from benchmarks import b7_peers  # noqa: PLC0415  needs pandas

    known = mill_sets.recipes(mill)
    flat = flattened(known)
    frames = b7_peers.frames(mill.orders, mill.lines)
    of_tuples = b7_peers.tuples(mill.orders, mill.lines)
    codes = [mill_sets.style_code(one) for one in mill.orders.style.tolist()]
    units = mill.orders.cents * (SCALE // 100)
    orders = [
        Order(mill_sets.order_no(at), code, mill_sets.cents(amount))
        for at, (code, amount) in enumerate(zip(codes, mill.orders.cents.tolist(), strict=True))
    ]
    return {
        LOOP: lambda: b7_peers.over_frames(*frames),
        TUPLES: lambda: b7_peers.over_tuples(*of_tuples),
        MERGE: lambda: b7_peers.merged(*frames),
        OURS: lambda: _ours(flat, codes, units),
        COMPILED: lambda: _ours(flattened(known), codes, units),
        PATHS: lambda: _paths(orders, known),
    }


def _ours(flat: Flattened, codes: list[str], units: Any) -> Any:
    needs = flat.explode(flat.positions(codes), units)
    needs.per_yarn(len(flat.yarns))
    return needs.order, needs.yarn, needs.units, flat


def _paths(orders: list[Order], known: Recipes) -> Any:
    found: dict[tuple[str, str], Any] = {}
    for one in paths(orders, known):
        key = (one.order, one.yarn)
        found[key] = found.get(key, 0) + one.gross
    keys = sorted(found)
    return (
        [int(order[1:]) for order, _ in keys],
        [int(yarn[1:]) for _, yarn in keys],
        [float(found[key]) for key in keys],
    )


async def _needed(db: Database, numbers: list[int]) -> Any:
    rows = await _rows(db, NEEDED, numbers)
    orders, yarns, pounds = zip(*rows, strict=True) if rows else ((), (), ())
    return [one - 1 for one in orders], [one - 1 for one in yarns], [float(one) for one in pounds]


async def _rows(db: Database, statement: Any, numbers: list[int]) -> Any:
    async with db.read() as conn:
        return (await conn.execute(statement, {"orders": numbers, "as_of": AS_OF})).all()


def _differs(expected: Any, found: Any) -> bool:
    """Whether an answer has other rows, or another number of pounds in one of them."""
    orders, yarns, pounds, *flat = found
    if flat:
        codes = np.array([int(one[1:]) for one in flat[0].yarns])
        yarns, pounds = codes[yarns], pounds / SCALE
    same = np.array_equal(expected[0], orders) and np.array_equal(expected[1], yarns)
    return not same or bool((np.abs(expected[2] - np.asarray(pounds, float)) > HALF).any())


if __name__ == "__main__":
    main()

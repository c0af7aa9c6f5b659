"""What report 002 claims of the mill's queries, each with and without the fifteen indexes it names.

Over set M with 50,000 orders and 100,000 sales (CLAIMS_PART divides all of it). Without: the named indexes
are dropped within a transaction that is rolled back, keys stay. Without any: the server may use none at all.
The join is taken once more order by order, as the predecessor's N+1 did. Rows are compared first; times go
by the clock, since the server works for us. CLAIMS_ROUNDS (15) after three.
`python -m benchmarks mill-claims`.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import mill_sets
from benchmarks.clocked import Clocked, clocked_waiting, told
from benchmarks.ground import database, run
from benchmarks.mill_filling import analyze, fill
from benchmarks.mill_sets import AS_OF, SETS
from benchmarks.printing import heading, judge, note
from service.core.database import Database

PART = int(os.environ.get("CLAIMS_PART", "1"))
ROUNDS = int(os.environ.get("CLAIMS_ROUNDS", "15"))
SECONDS = float(os.environ.get("CLAIMS_SECONDS", "5"))
ORDERS, SALES = 50_000, 100_000
NAMED: Final = (
    "idx_yarn_status", "idx_yarn_planning", "idx_yarn_shortage", "idx_bom_style", "idx_bom_yarn",
    "idx_bom_style_yarn", "idx_order_status", "idx_order_date", "idx_order_status_date", "idx_order_priority",
    "idx_machine_center", "idx_machine_status", "idx_sales_date", "idx_sales_style", "idx_sales_customer",
)  # fmt: skip
WITH, WITHOUT, NONE, EACH = "named indexes", "without them", "no index at all", "order by order"
_NO_INDEX: Final = ("enable_indexscan", "enable_bitmapscan", "enable_indexonlyscan")
_LIVED: Final = (
    """UPDATE mill.production_orders SET scheduled_date = due_date - 14,
       status = CASE WHEN id % 10 = 0 THEN 'pending' ELSE 'completed' END""",
    "UPDATE mill.sales_activity SET customer_id = id % 200, order_date = date '2025-09-03' - (id % 700)::int",
    "VACUUM",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A query, how many times faster it is said to be, and what is asked of it."""

    claimed: float
    statement: TextClause
    asked: Mapping[str, Any]


def _claims() -> dict[str, Claim]:
    first, last = AS_OF, AS_OF + timedelta(days=6)
    month = {"first": AS_OF - timedelta(days=30), "last": AS_OF}
    return {
        "yarn": Claim(5, text("""
            SELECT yarn_id, theoretical_balance, allocated, on_order, planning_balance, min_stock
            FROM mill.yarn_inventory WHERE planning_balance < :least ORDER BY planning_balance, yarn_id
            LIMIT 10000"""), {"least": 0}),
        "recipe of a style": Claim(8, text("""
            SELECT yarn_id, quantity_per, loss_pct FROM mill.bom WHERE style_id = :style
            ORDER BY yarn_id"""), {"style": 17}),
        "where a yarn is used": Claim(8, text("""
            SELECT style_id, quantity_per FROM mill.bom WHERE yarn_id = :yarn ORDER BY style_id"""),
            {"yarn": max(1, SETS["M"].yarns // PART - 1)}),
        "orders": Claim(3, text("""
            SELECT id, order_no, style_id, balance FROM mill.production_orders
            WHERE status = 'pending' AND scheduled_date BETWEEN :first AND :last
            ORDER BY priority, scheduled_date, order_no"""), {"first": first, "last": last}),
        "aggregation": Claim(10, text("""
            SELECT customer_id, sum(quantity) AS lb, count(*) AS lines FROM mill.sales_activity
            WHERE order_date BETWEEN :first AND :last GROUP BY customer_id ORDER BY customer_id"""), month),
        "join": Claim(8.9, text("""
            SELECT o.order_no, y.yarn_code, o.balance * b.quantity_per AS lb, i.planning_balance
            FROM mill.production_orders o JOIN mill.bom b ON b.style_id = o.style_id
            JOIN mill.yarns y ON y.id = b.yarn_id JOIN mill.yarn_inventory i ON i.yarn_id = y.id
            WHERE o.status = 'pending' AND o.scheduled_date BETWEEN :first AND :last
            ORDER BY o.order_no, y.yarn_code"""), {"first": first, "last": last}),
    }  # fmt: skip


_OF_ONE: Final = text("""
    SELECT o.order_no, y.yarn_code, o.balance * b.quantity_per AS lb, i.planning_balance
    FROM mill.production_orders o JOIN mill.bom b ON b.style_id = o.style_id
    JOIN mill.yarns y ON y.id = b.yarn_id JOIN mill.yarn_inventory i ON i.yarn_id = y.id
    WHERE o.id = :id ORDER BY y.yarn_code""")


def main() -> None:
    """Each claim."""
    run(_main())


async def _main() -> None:
    async with database() as db:
        size = replace(SETS["M"], orders=ORDERS, sales=SALES, rolls=1).part(PART)
        await fill(db, mill_sets.make(size))
        await _lived(db)
        heading("Mill claims: what report 002 says of queries, with and without its indexes")
        note(f"{size.yarns:,} yarns, {size.lines:,} lines, {size.orders:,} orders, {size.sales:,} sales")
        for what, claim in _claims().items():
            await _held(db, what, claim)


async def _lived(db: Database) -> None:
    """Orders mostly ended, sales over two years, statistics and visibility as after a while."""
    async with db.engine.connect() as conn:
        alone = await conn.execution_options(isolation_level="AUTOCOMMIT")
        for statement in _LIVED:
            await alone.exec_driver_sql(statement)
    await analyze(db)


async def _held(db: Database, what: str, claim: Claim) -> None:
    works: dict[str, Callable[[AsyncConnection], Awaitable[list[Any]]]] = {
        WITH: partial(_rows, claim), WITHOUT: partial(_rows, claim), NONE: partial(_rows, claim),
    }  # fmt: skip
    if what == "join":
        works[EACH] = partial(_order_by_order, _claims()["orders"])
    heading(f"Mill claims, {what}")
    found: dict[str, Clocked] = {}
    answers = []
    for who, work in works.items():
        found[who], answer = await _timed(db, who, work)
        answers.append(answer)
        told(who, found[who])
    judge(f"{what}: answers that differ", sum(answer != answers[0] for answer in answers), 0)
    one = found[WITH].middle_clock
    for who in list(found)[1:]:
        other = found[who].middle_clock
        said = f"{what}: {who} / with ({other * 1000:.2f} / {one * 1000:.2f} ms), {len(answers[0]):,} rows"
        if who == WITHOUT:
            judge(f"claimed {claim.claimed} x, {said}", other / one, claim.claimed, at_least=True)
        else:
            note(f"{said}: {other / one:.1f}")


async def _timed(
    db: Database, who: str, work: Callable[[AsyncConnection], Awaitable[list[Any]]]
) -> tuple[Clocked, list[Any]]:
    """In a transaction of its own that leaves nothing behind."""
    async with db.engine.connect() as conn, conn.begin() as transaction:
        if who == WITHOUT:
            await conn.exec_driver_sql("DROP INDEX " + ", ".join(f"mill.{name}" for name in NAMED))
        for setting in _NO_INDEX if who == NONE else ():
            await conn.exec_driver_sql(f"SET LOCAL {setting} = off")
        answer = await work(conn)
        found = await clocked_waiting(lambda: work(conn), ROUNDS, SECONDS)
        await transaction.rollback()
    return found, answer


async def _rows(claim: Claim, conn: AsyncConnection) -> list[Any]:
    return [tuple(row) for row in await conn.execute(claim.statement, claim.asked)]


async def _order_by_order(orders: Claim, conn: AsyncConnection) -> list[Any]:
    rows = []
    for order in await _rows(orders, conn):
        rows += [tuple(row) for row in await conn.execute(_OF_ONE, {"id": order[0]})]
    return sorted(rows, key=lambda row: row[:2])


if __name__ == "__main__":
    main()

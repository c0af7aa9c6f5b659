"""What orders of a file hold and no longer need goes back in the same transaction (spec E.11, F-55)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row

from service.mill.answers.needs import Needs, assumed, needs_of
from service.mill.decisions.orders import live_allocation, release_parts
from service.mill.imports.work import Work
from service.mill.queries import allocations, orders
from service.mill.queries.publishing_orders import select_lessened
from service.mill.queries.recipes import select_recipes
from service.mill.rules.orders import Status
from service.mill.rules.releasing import Allocation, Release, reduced, released


async def give_back(work: Work) -> int:
    """Release what completed orders hold, and what smaller ones hold beyond their need; how many promises.

    Hard ones of a smaller order stay, and so does all that is held by an order whose need nobody knows.
    """
    conn, who = work.conn, f"import:{work.job_id}"
    lessened = await select_lessened(conn)
    if not lessened:
        return 0
    held: defaultdict[str, list[Allocation]] = defaultdict(list)
    for row in await allocations.select_live(conn, [one.id for one in lessened]):
        held[row.order_no].append(live_allocation(row))
    rows = await orders.select_orders(conn, [one.order_no for one in lessened])
    needs = await _needs(work, rows)
    ended, smaller = list[Release](), list[Release]()
    for row in rows:
        ended += released(cast(Status, row.status), held[row.order_no])
        if row.status not in {"completed", "cancelled"} and row.order_no not in needs.unknown:
            smaller += reduced(needs.of[row.order_no], held[row.order_no])
    await release_parts(conn, who, ended, "order completed")
    await release_parts(conn, who, smaller, "order reduced")
    return len(ended) + len(smaller)


async def _needs(work: Work, rows: Sequence[Row[Any]]) -> Needs:
    ground = work.reading.ground
    book = await select_recipes(work.conn, sorted({row.style_code for row in rows}), ground.snapshot)
    return needs_of(rows, assumed(book.recipes, ground.parameters).recipes, book)

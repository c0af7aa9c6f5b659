"""The yarn inventory: a snapshot that takes the place of the one before (E.8, F-83)."""

from decimal import Decimal
from typing import Final

from service.mill.decisions.stock import fit_to_stock
from service.mill.imports import yarns
from service.mill.imports.work import NOT_IN_THE_FILE, Work
from service.mill.queries import publishing_stock as stock
from service.mill.queries import scopes
from service.mill.queries.allocations import lock_all_stock

MOST_VANISHED: Final = Decimal("0.2")
"""Share of the snapshot in force that may be missing in a file, unless that is said to be right (E.8)."""


async def check(work: Work) -> None:
    """What the file no longer has; too much of it refuses the file, for it may be cut."""
    held = await stock.select_held(work.conn)
    gone = [row.yarn_code for row in held if row.gone]
    guard_against_shrinking(work, "yarn_code", len(gone), len(held), "yarns")
    for code in gone:
        said = "Not in the file: nothing lies in store of it any more"
        work.tell(NOT_IN_THE_FILE, "yarn_code", "ROW_VANISHED", said, raw=code, used="0")
    found = await stock.select_balances(work.conn)
    work.total("theoretical_balance", found.theoretical_balance)
    work.total("planning_balance", found.planning_balance)


def guard_against_shrinking(work: Work, name: str, gone: int, held: int, what: str) -> None:
    """Refuse a file that lacks more than a fifth of what is in force, unless it may shrink."""
    if held and gone > held * MOST_VANISHED and not work.asked.allow_shrink:
        said = f"{gone:,} of {held:,} {what} are missing in the file: if that is right, say allow_shrink"
        work.tell(work.header.line, name, "SHRUNK", said, raw=f"{held - gone:,} of {held:,}")


async def publish(work: Work) -> None:
    """Put the snapshot in force."""
    conn = work.conn
    await lock_all_stock(conn)
    gone = [row.yarn_code for row in await stock.select_held(conn) if row.gone]
    if "supplier" in work.present:
        await stock.insert_suppliers(conn, customers="customer" in work.present)
    await stock.put_yarns(conn, work.present)
    await yarns.measure(work)
    await stock.empty_stock(conn, gone)
    work.came["written"] += await stock.put_stock(conn, work.present, work.job_id)
    work.came["vanished"] += len(gone)
    await stock.keep_history(conn, work.reading.ground.snapshot)
    released = await fit_to_stock(conn, f"import:{work.job_id}")
    work.came["released"] += len(released)
    work.scopes |= {scopes.STOCK, scopes.ALLOCATIONS} if released else {scopes.STOCK}

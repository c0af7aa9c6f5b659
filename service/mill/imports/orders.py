"""Knit orders: upserted by number; what they no longer need is released at once (E.11)."""

from service.mill.imports.releasing import give_back
from service.mill.imports.stock import guard_against_shrinking
from service.mill.imports.work import NOT_IN_THE_FILE, Work
from service.mill.queries import naming_styles, scopes
from service.mill.queries import publishing_orders as orders


async def tell_unknown_styles(work: Work, *, as_they_are: bool = False) -> None:
    """Every row whose style is none of ours; from here on `named_styles` says which are meant."""
    await naming_styles.name_styles(work.conn, as_they_are=as_they_are)
    for row in await naming_styles.select_unknown_styles(work.conn):
        said = "No such style and no other name of one: kept, and nothing can be planned of it"
        work.tell(row.row_no, "style_code", "STYLE_UNKNOWN", said, raw=row.style_code, used=row.style_code)


async def check(work: Work) -> None:
    """Styles that nobody knows, and open orders that the file no longer has."""
    await tell_unknown_styles(work)
    if "machine" in work.present:
        await _tell_unknown_machines(work)
    held = await orders.select_open(work.conn)
    gone = [row for row in held if row.gone]
    closes = work.asked.close_missing
    if closes:
        guard_against_shrinking(work, "order_no", len(gone), len(held), "open orders")
    for row in gone:
        said = f"Open with {row.balance} lb and not in the file: " + (
            "completed, as was asked" if closes else "still open; say close_missing if it is done"
        )
        work.tell(
            NOT_IN_THE_FILE, "order_no", "ROW_VANISHED", said, raw=row.order_no, used=row.order_no,
            action="repaired" if closes else "kept",
        )  # fmt: skip
    found = await orders.select_ordered(work.conn, work.present)
    work.total("quantity", found.quantity)
    work.total("balance", found.balance)


async def _tell_unknown_machines(work: Work) -> None:
    """Nothing can be made up of a machine whose work centre nobody knows."""
    for row in await orders.select_unknown_machines(work.conn):
        said = "Not in the list of machines: the order is stored without; import machines before orders"
        work.tell(row.row_no, "machine", "MACHINE_UNKNOWN", said, raw=row.machine)


async def publish(work: Work) -> None:
    """Put the orders in force."""
    gone: list[str] = []
    if work.asked.close_missing:
        gone = [row.order_no for row in await orders.select_open(work.conn) if row.gone]
    work.came["styles_inserted"] += await naming_styles.insert_stub_styles(work.conn)
    reason = f"not in the file of {work.reading.ground.snapshot}"
    work.came["written"] += await orders.put_orders(work.conn, work.present, work.job_id, gone, reason)
    work.came["completed"] += len(gone)
    released = await give_back(work)
    work.came["released"] += released
    work.scopes |= {scopes.ORDERS, scopes.RECIPES}
    if released:
        work.scopes.add(scopes.ALLOCATIONS)

"""Purchases: expected receipts take the place of those before; promises on what is gone are released."""

from datetime import date, timedelta

from service.mill.decisions.stock import fit_to_receipts
from service.mill.files.header import friday_of
from service.mill.imports import yarns
from service.mill.imports.stock import guard_against_shrinking
from service.mill.imports.work import NOT_IN_THE_FILE, Work
from service.mill.queries import publishing_receipts as receipts
from service.mill.queries import scopes
from service.mill.queries.allocations import lock_all_receipts
from service.mill.queries.publishing_stock import insert_suppliers
from service.mill.rules.weeks import monday_of


async def check(work: Work) -> None:
    """Yarns nobody knows, lines that vanished, sums that differ from the inventory (I3)."""
    await yarns.tell_unknown(work)
    held = await receipts.select_lines_held(work.conn)
    gone = [row for row in held if row.gone]
    guard_against_shrinking(work, "po_no", len(gone), len(held), "purchase lines")
    for row in gone:
        said = "Not in the file: nothing comes of it any more"
        work.tell(
            NOT_IN_THE_FILE, "po_no", "ROW_VANISHED", said, raw=f"{row.po_no} {row.yarn_code}", used="0"
        )
    tolerance = work.reading.ground.parameters.balance_tolerance_lb
    for differs in await receipts.select_sums_that_differ(work.conn, tolerance):
        said = f"Open purchases add to {differs.coming} lb, the inventory has {differs.on_order} lb on order"
        row_no = NOT_IN_THE_FILE if differs.row_no is None else differs.row_no
        work.tell(row_no, "open_qty", "PO_SUM", said, raw=differs.yarn_code, used=differs.coming)
    work.total("open_qty", await receipts.select_open_sum(work.conn))


async def publish(work: Work) -> None:
    """Put what is to come in force."""
    await yarns.take_in(work)
    if "supplier" in work.present:
        await insert_suppliers(work.conn, customers=False)
    await receipts.put_lines(work.conn, work.present)
    await receipts.put_yarn_details(work.conn, work.present)
    await yarns.measure(work)
    await lock_all_receipts(work.conn)
    work.came["written"] += await receipts.replace_receipts(work.conn, *_days(work))
    released = await fit_to_receipts(work.conn, f"import:{work.job_id}")
    work.came["released"] += len(released)
    work.scopes |= {scopes.RECEIPTS, scopes.STOCK}
    if released:
        work.scopes.add(scopes.ALLOCATIONS)


async def check_lines(work: Work) -> None:
    """Purchase orders as the purchasing side lists them."""
    await yarns.tell_unknown(work)
    work.total("open_qty", await receipts.select_open_sum(work.conn))


async def publish_lines(work: Work) -> None:
    """Put the purchase orders in force; when they come, another file says."""
    await yarns.take_in(work)
    if "supplier" in work.present:
        await insert_suppliers(work.conn, customers=False)
    work.came["written"] += await receipts.put_lines(work.conn, [*work.present, "received"])
    await receipts.put_yarn_details(work.conn, work.present)
    await yarns.measure(work)
    work.scopes |= {scopes.RECEIPTS, scopes.STOCK}


def _days(work: Work) -> tuple[date, list[date]]:
    """The day of this week's receipts, and those of the dated columns, which are Fridays as a rule (E.1).

    This week is the one before the first dated column; without any the week of the file's day.
    """
    days = [one.day for one in work.header.weeks if one.day is not None]
    first = min(days, default=work.reading.ground.snapshot + timedelta(weeks=1))
    return friday_of(monday_of(first) - timedelta(weeks=1)), days

"""A file that is put in force while yarn is allocated: one waits for the other, neither for both (E.11)."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from tests.mill.imports.ground import imported
from tests.mill.scenario import order, receipt, style, yarn
from tests.support.eventually import eventually
from tests.support.house import House

STOCK = "Desc#,Beginning Balance,Consumed,Allocated,On Order\nY1,7,0,0,0\n"
RECEIPTS = """PO #,Desc,PO Order Amt,Rec'd,PO Bal,Unscheduled or Past Due,This Week,9/12/2025,Later
P1,Y1,60,0,60,0,0,60,0
"""
FILES = {
    # Each would take first what is second in the order of locks: by number, or because it is gone.
    "knit_orders": ("production_orders", "id", "Style #,Order #,Qty Ordered (lbs)\nS,A,200\nS,B,200\n"),
    "yarn_inventory": ("yarn_inventory", "yarn_id", STOCK),
    "expected_receipts": ("expected_receipts", "id", RECEIPTS),
}


async def settle(house: House) -> None:
    await style(house, "S")
    for code in ("Y1", "Y2"):
        await yarn(house, code, beginning_balance=100, on_order=50)
    for number in ("B", "A"):
        await order(house, number, "S", 100)
    await receipt(house, "P1", "Y1", 50, due=date(2025, 9, 12))
    await receipt(house, "P2", "Y2", 50, due=date(2025, 9, 12))


async def waits(house: House) -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(await house.sql(waiting))


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_takes_its_locks_in_the_order_in_which_everybody_does(house: House, kind: str) -> None:
    await settle(house)
    table, key, content = FILES[kind]
    lower, higher = [row[0] for row in await house.sql(f"SELECT {key} FROM mill.{table} ORDER BY 1")]
    lock = text(f"SELECT 1 FROM mill.{table} WHERE {key} = :key FOR UPDATE")
    async with house.runtime.database.write() as conn:
        await conn.execute(lock, {"key": lower})
        file = asyncio.create_task(imported(house, kind, content, allow_shrink=True))
        await eventually(lambda: waits(house))
        # Held by a file that waits for the lower one, this would wait for ever.
        await conn.execute(lock, {"key": higher})
    assert (await file).status == "done"

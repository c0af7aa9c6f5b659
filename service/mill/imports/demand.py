"""Sales, forecasts, rolls of fabric, the mill's weekly report."""

from decimal import Decimal
from typing import Final

from service.mill.files.kinds.rolls import stage_named
from service.mill.imports import yarns
from service.mill.imports.orders import tell_unknown_styles
from service.mill.imports.stock import guard_against_shrinking
from service.mill.imports.work import NOT_IN_THE_FILE, Work
from service.mill.queries import naming_styles, scopes
from service.mill.queries import publishing_demand as demand
from service.mill.rules.quantities import rounded
from service.mill.rules.weeks import monday_of

_RATIO_TOLERANCE: Final = Decimal("0.05")


async def check_sales(work: Work) -> None:
    """Styles that nobody knows: their sales stay, and are named once a style or mapping comes.

    Open sales that are gone are delivered: nothing is said of each, a cut file is refused.
    """
    await tell_unknown_styles(work)
    if work.part == "open":
        await work.leave_out(work.told.rejected)
        held, gone = await demand.count_open_sales(work.conn)
        guard_against_shrinking(work, "document_no", gone, held, "open sales")
        if gone:
            said = f"{gone:,} open sales in force are not in the file: delivered"
            work.tell(NOT_IN_THE_FILE, "document_no", "ROW_VANISHED", said, raw=str(gone), used="0")
    work.total("quantity", await demand.select_sum(work.conn, "quantity"))


async def publish_sales(work: Work) -> None:
    """Put sales in force; open ones that the file no longer has are delivered."""
    are_open = work.part == "open"
    if are_open:
        work.came["closed"] += await demand.close_sales(work.conn)
    work.came["updated"] += await demand.put_sales(work.conn, work.present, are_open=are_open)
    work.scopes |= {scopes.ORDERS}


async def check_forecasts(work: Work) -> None:
    """Styles that nobody knows."""
    await tell_unknown_styles(work)
    work.total("quantity", await demand.select_sum(work.conn, "quantity"))


async def publish_forecasts(work: Work) -> None:
    """Put forecasts in force."""
    work.came["styles_inserted"] += await naming_styles.insert_stub_styles(work.conn)
    work.came["updated"] += await demand.put_forecasts(work.conn)
    work.scopes |= {scopes.ORDERS, scopes.RECIPES}


async def check_rolls(work: Work) -> None:
    """Rolls that are gone are used or sold: nothing is said of each, a cut file is refused."""
    await tell_unknown_styles(work)
    stages = await _stages(work)
    work.part = "+".join(stages)
    held, gone = await demand.count_rolls(work.conn, stages)
    guard_against_shrinking(work, "roll_no", gone, held, "rolls")
    if gone:
        said = f"{gone:,} rolls in force are not in the file: no longer there"
        work.tell(NOT_IN_THE_FILE, "roll_no", "ROW_VANISHED", said, raw=str(gone), used="0")
    work.total("lb", await demand.select_sum(work.conn, "lb"))


async def publish_rolls(work: Work) -> None:
    """Put the rolls of the file's stages in force."""
    put, gone = await demand.replace_rolls(work.conn, work.present, await _stages(work))
    work.came["written"] += put
    work.came["removed"] += gone
    work.scopes |= {scopes.ORDERS}


async def _stages(work: Work) -> list[str]:
    """What the file speaks of: the stages of its rows, or that of its name, which may have none left."""
    named = None if "stage" in work.present else stage_named(work.reading.ground.file_name)
    return await demand.select_stages(work.conn) if named is None else [named]


async def check_weeks(work: Work) -> None:
    """Yarns that nobody knows, and those that the report no longer has."""
    await yarns.tell_unknown(work)
    held, gone = await demand.count_yarns(work.conn, by_order=work.part == "by_order")
    guard_against_shrinking(work, "yarn_code", gone, held, "yarns")
    if gone:
        said = f"{gone:,} yarns of the report in force are not in the file: no demand of them any more"
        work.tell(NOT_IN_THE_FILE, "yarn_code", "ROW_VANISHED", said, raw=str(gone), used="0")
    if work.part == "by_order":
        await _check_against_orders(work)
    if "total_demand" in work.present:
        work.total("total_demand", await demand.select_sum(work.conn, "total_demand"))


async def _check_against_orders(work: Work) -> None:
    """I8: single lines may be of another day than the orders in force, half of them are not."""
    found = await demand.select_ratio(work.conn)
    if found.lines and abs(found.ratio - 1) > _RATIO_TOLERANCE:
        said = (
            f"The demand is {rounded(found.ratio, 2)} times the order's balance x percentage / 100 "
            f"(median of {found.lines:,} lines): is the percentage on the scale 0-100?"
        )
        work.tell(work.header.line, "percentage", "DEMAND_DIFFERS", said, raw=rounded(found.ratio))


async def publish_weeks(work: Work) -> None:
    """Put the mill's report in force, to be held against ours."""
    await yarns.take_in(work)
    monday = monday_of(work.reading.ground.snapshot)
    by_order = work.part == "by_order"
    work.came["written"] += await demand.replace_weeks(work.conn, work.present, monday, by_order=by_order)
    work.scopes |= {scopes.RECEIPTS, scopes.STOCK}

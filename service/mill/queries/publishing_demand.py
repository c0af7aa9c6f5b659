"""Sales, forecasts, rolls and the mill's weekly report of a file put in force."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_SALES: Final = """
    INSERT INTO mill.sales_activity AS t
        (document_no, line_no, order_date, due_date, open, style_id, alias_code, customer, quantity, uom,
         unit_price)
    SELECT i.document_no, {line}, i.order_date, i.due_date, i.open, n.style_id, i.style_code, {customer},
           i.quantity, i.uom, {price}
    FROM incoming i LEFT JOIN named_styles n ON n.code = i.style_code
    WHERE NOT i.bad ORDER BY 1, 2
    ON CONFLICT (document_no, line_no) DO UPDATE
    SET order_date = {kept}, due_date = excluded.due_date, open = excluded.open,
        style_id = excluded.style_id, alias_code = excluded.alias_code, customer = excluded.customer,
        quantity = excluded.quantity, uom = excluded.uom, unit_price = excluded.unit_price
    WHERE (t.order_date, t.due_date, t.open, t.style_id, t.alias_code, t.customer, t.quantity, t.uom,
           t.unit_price)
          IS DISTINCT FROM ({kept}, excluded.due_date, excluded.open, excluded.style_id,
                            excluded.alias_code, excluded.customer, excluded.quantity, excluded.uom,
                            excluded.unit_price)
"""
_NUMBERED: Final = "coalesce(i.line_no, row_number() OVER (PARTITION BY i.document_no ORDER BY i.row_no))"


async def put_sales(conn: WriteConnection, present: Collection[str], *, are_open: bool) -> int:
    """Lines of sales; how many changed. Open ones keep the day on which they were first seen."""
    statement = _SALES.format(
        line=_NUMBERED,
        customer="i.customer" if "customer" in present else "NULL",
        price="i.unit_price" if "unit_price" in present else "NULL",
        kept="least(t.order_date, excluded.order_date)" if are_open else "excluded.order_date",
    )
    return (await conn.execute(text(statement))).rowcount


# Of a document with a rejected row nobody knows which lines are gone.
_DELIVERED_OF: Final = f"""
    SELECT t.document_no, t.line_no FROM mill.sales_activity t
    WHERE t.open AND NOT EXISTS (SELECT FROM incoming i WHERE i.bad AND i.document_no = t.document_no)
          AND (t.document_no, t.line_no) NOT IN (
              SELECT i.document_no, {_NUMBERED} FROM incoming i WHERE NOT i.bad)
"""  # noqa: S608  constants of this file
_DELIVERED: Final = text(f"""
    UPDATE mill.sales_activity t SET open = false FROM ({_DELIVERED_OF}) gone
    WHERE (t.document_no, t.line_no) = (gone.document_no, gone.line_no)
""")  # noqa: S608  constants of this file
_OPEN_HELD: Final = text(f"""
    SELECT (SELECT count(*) FROM mill.sales_activity WHERE open) AS held,
           (SELECT count(*) FROM ({_DELIVERED_OF}) one) AS gone
""")  # noqa: S608  constants of this file


async def count_open_sales(conn: ReadConnection) -> tuple[int, int]:
    """Open sales in force, and how many of them the file no longer has."""
    row = (await conn.execute(_OPEN_HELD)).one()
    return row.held, row.gone


async def close_sales(conn: WriteConnection) -> int:
    """Open sales, line by line, that the file no longer has are delivered; how many."""
    return (await conn.execute(_DELIVERED)).rowcount


_FORECASTS: Final = text("""
    INSERT INTO mill.forecasts AS f (style_id, week_start, quantity)
    SELECT n.style_id, i.week_start, sum(i.quantity) FROM incoming i
    JOIN named_styles n ON n.code = i.style_code WHERE NOT i.bad GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (style_id, week_start) DO UPDATE SET quantity = excluded.quantity
    WHERE f.quantity <> excluded.quantity
""")


async def put_forecasts(conn: WriteConnection) -> int:
    """Pounds by style and week; how many changed."""
    return (await conn.execute(_FORECASTS)).rowcount


_ROLLS_GONE: Final = text("""
    DELETE FROM mill.stage_inventory t WHERE t.stage = ANY (CAST(:stages AS text[]))
        AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.stage = t.stage AND i.roll_no = t.roll_no)
""")
_ROLLS: Final = """
    INSERT INTO mill.stage_inventory AS t (stage, roll_no, style_id, style_code, order_no, lb, yd, location)
    SELECT i.stage, i.roll_no, n.style_id, i.style_code, {order}, i.lb, {yards}, {place}
    FROM incoming i LEFT JOIN named_styles n ON n.code = i.style_code WHERE NOT i.bad ORDER BY 1, 2
    ON CONFLICT (stage, roll_no) DO UPDATE
    SET style_id = excluded.style_id, style_code = excluded.style_code, order_no = excluded.order_no,
        lb = excluded.lb, yd = excluded.yd, location = excluded.location
"""
_ROLLS_HELD: Final = text("""
    SELECT count(*) AS held, count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM incoming i WHERE i.stage = t.stage AND i.roll_no = t.roll_no)) AS gone
    FROM mill.stage_inventory t WHERE t.stage = ANY (CAST(:stages AS text[]))
""")
_STAGES: Final = text("SELECT DISTINCT stage FROM incoming WHERE NOT bad AND stage IS NOT NULL ORDER BY 1")


async def select_stages(conn: ReadConnection) -> list[str]:
    """The stages that the file speaks of."""
    return list((await conn.execute(_STAGES)).scalars())


async def count_rolls(conn: ReadConnection, stages: Sequence[str]) -> tuple[int, int]:
    """Rolls in force of these stages, and how many of them the file no longer has."""
    row = (await conn.execute(_ROLLS_HELD, {"stages": list(stages)})).one()
    return row.held, row.gone


async def replace_rolls(
    conn: WriteConnection, present: Collection[str], stages: Sequence[str]
) -> tuple[int, int]:
    """Rolls of these stages in place of those before; how many there are, and how many went."""
    gone = (await conn.execute(_ROLLS_GONE, {"stages": list(stages)})).rowcount
    statement = _ROLLS.format(
        order="i.order_no" if "order_no" in present else "NULL",
        yards="i.yd" if "yd" in present else "NULL",
        place="i.location" if "location" in present else "NULL",
    )
    return (await conn.execute(text(statement))).rowcount, gone


_FORGET_WEEKS: Final = text("DELETE FROM mill.yarn_demand WHERE (order_no <> '') = :by_order")
_WEEKS: Final = text("""
    INSERT INTO mill.yarn_demand (yarn_id, order_no, kind, week_start, demand, receipts, balance)
    SELECT y.id, i.order_no, CASE WHEN w.monday IS NULL THEN 'later' ELSE 'week' END,
           coalesce(w.monday, :monday), sum(w.quantity) FILTER (WHERE w.measure = 'demand'),
           sum(w.quantity) FILTER (WHERE w.measure = 'receipts'),
           sum(w.quantity) FILTER (WHERE w.measure = 'balance')
    FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code
    CROSS JOIN LATERAL unnest(i.weeks, i.measures, i.quantities) AS w (monday, measure, quantity)
    WHERE NOT i.bad GROUP BY 1, 2, 3, 4
""")
_TOTALS: Final = """
    INSERT INTO mill.yarn_demand (yarn_id, order_no, kind, week_start, demand, receipts, balance)
    SELECT y.id, i.order_no, 'total', :monday, sum(i.total_demand), {receipt}, {balance}
    FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code WHERE NOT i.bad GROUP BY 1, 2
"""
_BEFORE: Final = """
    INSERT INTO mill.yarn_demand (yarn_id, order_no, kind, week_start, receipts, balance)
    SELECT y.id, '', 'past_due', :monday, {past_due}, i.opening
    FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code WHERE NOT i.bad
"""


_YARNS_HELD: Final = text("""
    SELECT count(*) AS held, count(*) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM incoming i WHERE i.yarn_code = y.yarn_code)) AS gone
    FROM mill.yarns y
    WHERE EXISTS (SELECT 1 FROM mill.yarn_demand d WHERE d.yarn_id = y.id AND (d.order_no <> '') = :by_order)
""")


_RATIO: Final = text("""
    SELECT count(*) AS lines,
           100 * percentile_disc(0.5) WITHIN GROUP (ORDER BY d.demand / (o.balance * i.percentage)) AS ratio
    FROM incoming i JOIN mill.production_orders o ON o.order_no = i.order_no
    CROSS JOIN LATERAL (SELECT sum(one) AS demand FROM unnest(i.quantities) AS one) d
    WHERE NOT i.bad AND o.balance > 0 AND i.percentage > 0
""")


async def select_ratio(conn: ReadConnection) -> Row[Any]:
    """Demand of an order's yarn to balance x percentage / 100 (I8): median, and of how many lines."""
    return (await conn.execute(_RATIO)).one()


async def count_yarns(conn: ReadConnection, *, by_order: bool) -> tuple[int, int]:
    """Yarns of the report in force, and how many of them the file no longer has."""
    row = (await conn.execute(_YARNS_HELD, {"by_order": by_order})).one()
    return row.held, row.gone


async def replace_weeks(
    conn: WriteConnection, present: Collection[str], monday: date, *, by_order: bool
) -> int:
    """The mill's own report in place of the one before; how many weeks of yarns.

    The row `past_due` is what lies before the first week: receipts that are due, and the Monday inventory.
    """
    await conn.execute(_FORGET_WEEKS, {"by_order": by_order})
    put = await conn.execute(_WEEKS, {"monday": monday})
    if "total_demand" in present:
        total = _TOTALS.format(
            receipt="sum(i.total_receipt)" if "total_receipt" in present else "NULL",
            balance="sum(i.balance)" if "balance" in present else "NULL",
        )
        await conn.execute(text(total), {"monday": monday})
    if not by_order:
        past_due = "i.past_due" if "past_due" in present else "NULL"
        await conn.execute(text(_BEFORE.format(past_due=past_due)), {"monday": monday})
    return put.rowcount


async def select_sum(conn: ReadConnection, column: str) -> Decimal:
    """A column of the file's good rows added up."""
    statement = text(f"SELECT coalesce(sum({column}), 0) FROM incoming WHERE NOT bad")  # noqa: S608  a column
    return Decimal((await conn.execute(statement)).scalar_one())

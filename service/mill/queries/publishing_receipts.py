"""Purchases of a file put in force: order lines, and what each still brings; receipts keep their numbers."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection
from service.mill.queries.publishing_stock import SUPPLIER_OF

_LINE: Final = {
    "supplier_id": SUPPLIER_OF,
    "received": "coalesce(i.received, 0)",
    "price_per_lb": "i.price_per_lb",
    "po_date": "i.po_date",
    "status": "coalesce(lower(i.status), 'open')",
}
_FROM: Final = {"supplier_id": "supplier"}


async def put_lines(conn: WriteConnection, present: Collection[str]) -> int:
    """Lines of purchase orders: those known keep their number, others get the next of their order."""
    told = {name: sql for name, sql in _LINE.items() if _FROM.get(name, name) in present}
    names, values = ["ordered", *told], ["i.ordered", *told.values()]
    compared = ", ".join(f"p.{name}" for name in names)
    offered = ", ".join(f"excluded.{name}" for name in names)
    statement = f"""
        WITH numbered AS (
            SELECT i.row_no, y.id AS yarn_id, coalesce(
                (SELECT min(p.line_no) FROM mill.purchase_order_lines p
                 WHERE p.po_no = i.po_no AND p.yarn_id = y.id),
                (SELECT coalesce(max(p.line_no), 0) FROM mill.purchase_order_lines p WHERE p.po_no = i.po_no)
                + row_number() OVER (PARTITION BY i.po_no ORDER BY i.row_no)) AS line_no
            FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code WHERE NOT i.bad)
        INSERT INTO mill.purchase_order_lines AS p (po_no, line_no, yarn_id, {", ".join(names)})
        SELECT i.po_no, n.line_no, n.yarn_id, {", ".join(values)}
        FROM incoming i JOIN numbered n USING (row_no) ORDER BY i.po_no, n.line_no
        ON CONFLICT (po_no, line_no) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in names)},
            row_version = p.row_version + (({compared}) IS DISTINCT FROM ({offered}))::int
    """  # noqa: S608  built of the names above only
    return (await conn.execute(text(statement))).rowcount


_COMING: Final = """
    SELECT p.id AS po_line_id, p.yarn_id, b.kind, b.due_date, sum(b.quantity) AS quantity
    FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code
    JOIN mill.purchase_order_lines p ON p.po_no = i.po_no AND p.yarn_id = y.id
    CROSS JOIN LATERAL (
        SELECT 'past_due' AS kind, NULL::date AS due_date, i.past_due AS quantity
        UNION ALL SELECT 'later', NULL, i.later
        UNION ALL SELECT 'dated', CAST(:this_week AS date), i.this_week
        UNION ALL SELECT 'dated', d.due, d.quantity
            FROM unnest(CAST(:days AS date[]), i.dated) AS d (due, quantity)) b
    WHERE NOT i.bad AND b.quantity > 0 GROUP BY 1, 2, 3, 4
"""
_MAKE: Final = text(f"CREATE TEMPORARY TABLE coming ON COMMIT DROP AS {_COMING}")
_VANISH: Final = text("""
    DELETE FROM mill.expected_receipts e
    WHERE NOT EXISTS (SELECT 1 FROM coming c WHERE c.po_line_id = e.po_line_id AND c.kind = e.kind
                      AND c.due_date IS NOT DISTINCT FROM e.due_date)
          AND NOT EXISTS (SELECT 1 FROM incoming i JOIN mill.purchase_order_lines p ON p.po_no = i.po_no
                          JOIN mill.yarns y ON y.id = p.yarn_id AND y.yarn_code = i.yarn_code
                          WHERE i.bad AND p.id = e.po_line_id)
""")
_CHANGE: Final = text("""
    UPDATE mill.expected_receipts e SET quantity = c.quantity FROM coming c
    WHERE c.po_line_id = e.po_line_id AND c.kind = e.kind AND c.due_date IS NOT DISTINCT FROM e.due_date
          AND c.quantity <> e.quantity
""")
_ADD: Final = text("""
    INSERT INTO mill.expected_receipts (po_line_id, yarn_id, kind, due_date, quantity)
    SELECT c.po_line_id, c.yarn_id, c.kind, c.due_date, c.quantity FROM coming c
    WHERE NOT EXISTS (SELECT 1 FROM mill.expected_receipts e WHERE e.po_line_id = c.po_line_id
                      AND e.kind = c.kind AND e.due_date IS NOT DISTINCT FROM c.due_date)
    ORDER BY c.po_line_id, c.kind, c.due_date
""")
_STANDS: Final = text("""
    WITH stands AS (
        SELECT p.id, CASE WHEN EXISTS (
            SELECT 1 FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code
            WHERE i.po_no = p.po_no AND y.id = p.yarn_id) THEN 'open' ELSE 'closed' END AS status
        FROM mill.purchase_order_lines p WHERE p.status IN ('open', 'closed'))
    UPDATE mill.purchase_order_lines p SET status = s.status, row_version = p.row_version + 1
    FROM stands s WHERE s.id = p.id AND s.status <> p.status
""")


async def replace_receipts(conn: WriteConnection, this_week: date, days: Sequence[date]) -> int:
    """What is still to come, as the file says; what it no longer has is gone. How many receipts.

    A receipt of the same line, kind and day keeps its number: promises stand on it. `days`: of the columns of
    weeks, in their order. Lines of rejected rows keep what they had.
    """
    await conn.execute(_MAKE, {"this_week": this_week, "days": list(days)})
    await conn.execute(_VANISH)
    await conn.execute(_CHANGE)
    await conn.execute(_ADD)
    await conn.execute(_STANDS)
    return int((await conn.execute(text("SELECT count(*) FROM coming"))).scalar_one())


_OTHERWISE: Final = text("""
    SELECT min(i.row_no) AS row_no, y.yarn_code, coalesce(sum(i.open_qty), 0) AS coming, s.on_order
    FROM mill.yarn_inventory s JOIN mill.yarns y ON y.id = s.yarn_id
    LEFT JOIN incoming i ON i.yarn_code = y.yarn_code AND NOT i.bad
    GROUP BY y.yarn_code, s.on_order
    HAVING abs(coalesce(sum(i.open_qty), 0) - s.on_order) > :tolerance
    ORDER BY 1 NULLS LAST, 2
""")


async def select_sums_that_differ(conn: ReadConnection, tolerance: Decimal) -> Sequence[Row[Any]]:
    """Yarns whose open purchases are not what the inventory has on order (I3); no line: not in the file."""
    return (await conn.execute(_OTHERWISE, {"tolerance": tolerance})).all()


_HELD: Final = text("""
    SELECT p.po_no, y.yarn_code, NOT EXISTS (
        SELECT 1 FROM incoming i WHERE i.po_no = p.po_no AND i.yarn_code = y.yarn_code) AS gone
    FROM mill.purchase_order_lines p JOIN mill.yarns y ON y.id = p.yarn_id
    WHERE EXISTS (SELECT 1 FROM mill.expected_receipts e WHERE e.po_line_id = p.id)
    ORDER BY p.po_no, y.yarn_code
""")


async def select_lines_held(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Lines that still bring something: order, yarn, whether the file no longer has them."""
    return (await conn.execute(_HELD)).all()


_COLOURED: Final = """
    UPDATE mill.yarns y SET {changed}, row_version = y.row_version + 1
    FROM (SELECT DISTINCT ON (yarn_code) * FROM {table} WHERE NOT bad ORDER BY yarn_code, row_no DESC) i
    WHERE y.yarn_code = i.yarn_code AND ({known}) IS DISTINCT FROM ({told})
"""


_OPEN: Final = text("SELECT coalesce(sum(open_qty), 0) FROM incoming WHERE NOT bad")


async def select_open_sum(conn: ReadConnection) -> Decimal:
    """Pounds that the good rows still bring."""
    return Decimal((await conn.execute(_OPEN)).scalar_one())


async def put_yarn_details(conn: WriteConnection, present: Collection[str]) -> None:
    """Colour, blend, material, size of the file's yarns; a blank cell says nothing."""
    found = {name: name for name in ("color", "blend", "material") if name in present}
    if "size" in present:
        found["size_raw"] = "size_raw"
    if found:
        told = {name: f"coalesce(i.{column}, y.{name})" for name, column in found.items()}
        statement = _COLOURED.format(
            table="incoming",
            changed=", ".join(f"{name} = {sql}" for name, sql in told.items()),
            known=", ".join(f"y.{name}" for name in told),
            told=", ".join(told.values()),
        )
        await conn.execute(text(statement))

"""What purchases still bring, and how their suppliers stand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

# Who delivers a yarn: suppliers of its purchase lines, and the one that its master record names.
_COMING = text("""
    WITH lines AS (
        SELECT r.id, r.kind, r.due_date, r.quantity, p.po_no, p.line_no, p.ordered, p.received,
               p.price_per_lb, r.yarn_id, coalesce(p.supplier_id, y.supplier_id) AS supplier_id,
               y.yarn_code,
               r.kind = 'past_due' OR (r.kind = 'dated' AND r.due_date < CAST(:as_of AS date)) AS overdue
        FROM mill.expected_receipts r JOIN mill.purchase_order_lines p ON p.id = r.po_line_id
        JOIN mill.yarns y ON y.id = r.yarn_id
    ), suppliers AS (
        SELECT supplier_id, sum(quantity) AS open_lb,
               coalesce(sum(quantity) FILTER (WHERE overdue), 0) AS past_due_lb
        FROM lines GROUP BY supplier_id
    ), sources AS (
        SELECT yarn_id, count(DISTINCT supplier_id) AS known FROM (
            SELECT yarn_id, supplier_id FROM mill.purchase_order_lines
            UNION SELECT id, supplier_id FROM mill.yarns
        ) one GROUP BY yarn_id
    )
    SELECT l.id, l.kind, l.due_date, l.quantity, l.po_no, l.line_no, l.ordered, l.received, l.price_per_lb,
           l.yarn_code, l.overdue, s.supplier_code, t.open_lb AS supplier_open_lb,
           t.past_due_lb AS supplier_past_due_lb, c.known AS suppliers, i.planning_balance
    FROM lines l LEFT JOIN mill.suppliers s ON s.id = l.supplier_id
    JOIN suppliers t ON t.supplier_id IS NOT DISTINCT FROM l.supplier_id
    LEFT JOIN sources c ON c.yarn_id = l.yarn_id
    LEFT JOIN mill.yarn_inventory i ON i.yarn_id = l.yarn_id
    WHERE (CAST(:kind AS text) IS NULL OR l.kind = :kind)
      AND (CAST(:supplier AS text) IS NULL OR s.supplier_code = :supplier)
      AND (CAST(:yarn AS text) IS NULL OR l.yarn_code = :yarn)
      AND (CAST(:id AS bigint) IS NULL OR l.id = :id)
      AND (NOT :single OR c.known = 1)
    ORDER BY l.overdue DESC, l.due_date NULLS LAST, l.yarn_code, l.po_no, l.line_no, l.id
""")


async def select_coming(
    conn: ReadConnection,
    as_of: date,
    *,
    kind: str | None = None,
    supplier: str | None = None,
    yarn: str | None = None,
    number: int | None = None,
    single: bool = False,
) -> Sequence[Row[Any]]:
    """Receipts, what is overdue first; figures of suppliers are over all that they owe."""
    asked = {
        "as_of": as_of, "kind": kind, "supplier": supplier, "yarn": yarn, "id": number, "single": single,
    }  # fmt: skip
    return (await conn.execute(_COMING, asked)).all()

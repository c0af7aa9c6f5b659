"""What a figure of a plan was made of: the rows of one yarn, order or advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_YARN = text("SELECT * FROM mill.plan_yarns WHERE run_id = :number AND yarn_code = :yarn")
_WEEKS = text("SELECT * FROM mill.plan_buckets WHERE run_id = :number AND yarn_id = :yarn ORDER BY bucket")
_NEEDS = text("""
    SELECT q.order_seq, o.order_no, q.path, q.bucket, q.need_date, q.gross_lb
    FROM mill.plan_requirements q JOIN mill.plan_orders o ON (o.run_id, o.seq) = (q.run_id, q.order_seq)
    WHERE q.run_id = :number AND q.yarn_id = :yarn ORDER BY q.order_seq, q.path
""")
_RECEIPTS = text("""
    SELECT receipt_id, po_no, line_no, kind, due_date, quantity FROM mill.plan_receipts
    WHERE run_id = :number AND yarn_id = :yarn ORDER BY due_date NULLS LAST, po_no, line_no, receipt_id
""")
_ORDER = text("SELECT * FROM mill.plan_orders WHERE run_id = :number AND order_no = :order")
_RECIPES = text(
    "SELECT style_code, lines FROM mill.plan_recipes WHERE run_id = :number AND style_code = ANY (:codes)"
)
_GIVEN = text("""
    SELECT y.yarn_code, a.kind, a.required_lb, a.quantity_lb, a.available_on, a.receipt_id
    FROM mill.plan_allocations a JOIN mill.plan_yarns y USING (run_id, yarn_id)
    WHERE a.run_id = :number AND a.order_seq = :seq ORDER BY y.yarn_code, a.part
""")
_HASTENED = text("""
    SELECT coalesce(sum(quantity), 0) FROM mill.plan_actions
    WHERE run_id = :number AND expected_receipt_id = :receipt AND action = 'EXPEDITE' AND seq < :seq
""")


@dataclass(frozen=True, slots=True)
class YarnRows:
    """All that a plan keeps of a yarn."""

    yarn: Row[Any]
    weeks: Sequence[Row[Any]]
    needs: Sequence[Row[Any]]
    receipts: Sequence[Row[Any]]


async def select_yarn_rows(conn: ReadConnection, number: int, code: str) -> YarnRows | None:
    """Of a yarn by its code; None: the plan knows no such yarn."""
    yarn = (await conn.execute(_YARN, {"number": number, "yarn": code})).one_or_none()
    if yarn is None:
        return None
    asked = {"number": number, "yarn": yarn.yarn_id}
    weeks, needs, receipts = [
        (await conn.execute(query, asked)).all() for query in (_WEEKS, _NEEDS, _RECEIPTS)
    ]
    return YarnRows(yarn, weeks, needs, receipts)


async def select_plan_order(conn: ReadConnection, number: int, order: str) -> Row[Any] | None:
    """An order of a plan by its number."""
    return (await conn.execute(_ORDER, {"number": number, "order": order})).one_or_none()


async def select_recipes(conn: ReadConnection, number: int, codes: Sequence[str]) -> dict[str, Any]:
    """Lines of recipes as the plan used them."""
    rows = await conn.execute(_RECIPES, {"number": number, "codes": list(codes)})
    return {row.style_code: row.lines for row in rows}


async def select_given(conn: ReadConnection, number: int, seq: int) -> Sequence[Row[Any]]:
    """What an order is promised."""
    return (await conn.execute(_GIVEN, {"number": number, "seq": seq})).all()


async def sum_hastened(conn: ReadConnection, number: int, receipt: int, seq: int) -> Any:
    """Pounds of a receipt that advice before this one has taken already."""
    asked = {"number": number, "receipt": receipt, "seq": seq}
    return (await conn.execute(_HASTENED, asked)).scalar_one()

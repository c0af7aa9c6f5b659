"""Knit orders that are not finished, with what the newest plan found of them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_BOOK: Final = text("""
    SELECT o.order_no, s.style_code, o.customer_ref, o.status, o.priority, o.quantity, o.produced, o.shipped,
           o.seconds, o.start_date, o.due_date, p.kit_status, p.coverage, p.ready_on, p.reason, p.need_date,
           EXISTS (SELECT FROM mill.bom b WHERE b.style_id = o.style_id
                   AND :as_of >= b.valid_from AND :as_of < b.valid_to) AS has_recipe
    FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id
    LEFT JOIN mill.plan_orders p ON p.run_id = CAST(:run AS bigint) AND p.order_id = o.id
    WHERE o.status IN ('pending', 'assigned', 'in_progress', 'on_hold')
      AND (CAST(:status AS text) IS NULL OR o.status = :status)
      AND (CAST(:style AS text) IS NULL OR s.style_code = :style)
      AND (CAST(:number AS text) IS NULL OR o.order_no = :number)
      AND (CAST(:q AS text) IS NULL OR strpos(lower(o.order_no), lower(:q)) > 0
           OR strpos(lower(coalesce(o.customer_ref, '')), lower(:q)) > 0)
      AND (NOT :late OR o.due_date < :as_of)
    ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
""")


async def select_order_book(
    conn: ReadConnection,
    as_of: Any,
    run: int | None,
    *,
    status: str | None = None,
    style: str | None = None,
    number: str | None = None,
    q: str | None = None,
    late: bool = False,
) -> Sequence[Row[Any]]:
    """Orders in the order of service (R10)."""
    asked = {
        "as_of": as_of, "run": run, "status": status, "style": style, "number": number, "q": q, "late": late,
    }  # fmt: skip
    return (await conn.execute(_BOOK, asked)).all()

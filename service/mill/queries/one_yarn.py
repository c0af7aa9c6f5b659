"""A yarn with all that its weeks follow from: its lots and lead time, who needs it, what comes."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_YARN: Final = text("""
    SELECT y.id, y.yarn_code, y.description, y.color, y.blend, y.material, y.fibre_form, y.size_raw, y.tex,
           s.supplier_code, s.origin, y.customer, y.cost_per_lb, y.lead_time_days, y.moq_lb,
           y.order_multiple_lb, y.order_max_lb, y.safety_stock_lb, y.active, y.row_version,
           s.lead_time_days AS supplier_days, s.moq_lb AS supplier_moq, i.row_version AS stock_version,
           i.yarn_id IS NOT NULL AS stocked, coalesce(i.theoretical_balance, 0) AS opening,
           coalesce(i.consumed, 0) AS consumed, coalesce(i.allocated, 0) AS allocated,
           coalesce(i.min_stock, 0) AS min_stock, i.status, i.reconcile_date, i.as_of
    FROM mill.yarns y LEFT JOIN mill.suppliers s ON s.id = y.supplier_id
    LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id
    WHERE y.yarn_code = :code
""")
# Upwards from the yarn: pounds of it for a pound of each style, way by way, as the explosion has them (Q2).
_NEEDS: Final = text("""
    WITH RECURSIVE ways AS (
        SELECT b.style_id, ARRAY[b.style_id] AS path, CASE s.loss_mode
                   WHEN 'yield' THEN round(b.quantity_per::numeric(50, 40) / (1 - b.loss_pct), 20)
                   ELSE b.quantity_per * (1 + b.loss_pct) END::numeric AS per_lb
        FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id
        WHERE b.yarn_id = :yarn AND :as_of >= b.valid_from AND :as_of < b.valid_to
        UNION ALL
        SELECT b.style_id, w.path || b.style_id, w.per_lb * CASE s.loss_mode
                   WHEN 'yield' THEN round(b.quantity_per::numeric(50, 40) / (1 - b.loss_pct), 20)
                   ELSE b.quantity_per * (1 + b.loss_pct) END
        FROM ways w JOIN mill.bom b ON b.component_style_id = w.style_id
        JOIN mill.styles s ON s.id = b.style_id
        WHERE :as_of >= b.valid_from AND :as_of < b.valid_to AND b.style_id <> ALL (w.path)
    )
    SELECT o.order_no, coalesce(o.start_date, o.due_date - CAST(:lead AS int)) AS need_date,
           sum(round(o.balance * w.per_lb, 4)) AS pounds
    FROM ways w JOIN mill.production_orders o ON o.style_id = w.style_id
    WHERE o.status IN ('pending', 'assigned', 'in_progress') AND o.balance > 0
    GROUP BY o.id ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
""")
_PLANNED: Final = text("""
    SELECT o.order_no, r.need_date, sum(r.gross_lb) AS pounds
    FROM mill.plan_requirements r JOIN mill.plan_orders o ON o.run_id = r.run_id AND o.seq = r.order_seq
    WHERE r.run_id = :run AND r.yarn_id = :yarn GROUP BY o.seq, o.order_no, r.need_date ORDER BY o.seq
""")
_COMING: Final = text("""
    SELECT r.id, r.kind, r.due_date, r.quantity, p.po_no, p.line_no
    FROM mill.expected_receipts r JOIN mill.purchase_order_lines p ON p.id = r.po_line_id
    WHERE r.yarn_id = :yarn ORDER BY r.due_date NULLS LAST, p.po_no, p.line_no, r.id
""")


async def select_yarn(conn: ReadConnection, code: str) -> Row[Any] | None:
    """A yarn by its code, with its supplier and its row of the inventory where there is one."""
    return (await conn.execute(_YARN, {"code": code})).one_or_none()


async def select_needs_now(
    conn: ReadConnection, yarn: int, as_of: date, lead_days: int
) -> Sequence[Row[Any]]:
    """What open knit orders need of a yarn, in the order of service."""
    return (await conn.execute(_NEEDS, {"yarn": yarn, "as_of": as_of, "lead": lead_days})).all()


async def select_needs_of_plan(conn: ReadConnection, yarn: int, run: int) -> Sequence[Row[Any]]:
    """The same by a plan, with the knit orders that it plans itself for sales and forecasts."""
    return (await conn.execute(_PLANNED, {"yarn": yarn, "run": run})).all()


async def select_receipts_of(conn: ReadConnection, yarn: int) -> Sequence[Row[Any]]:
    """What purchases still bring of a yarn."""
    return (await conn.execute(_COMING, {"yarn": yarn})).all()

"""What is in force as the rows of a file of its kind: columns by the canonical names of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncResult

from service.core.database import ReadConnection

AT_ONCE: Final = 2_000
ROWS: Final[Mapping[str, str]] = {
    "yarn_inventory": """
        SELECT y.yarn_code, y.customer, p.supplier_code AS supplier, y.description, y.color,
               s.beginning_balance, s.received, s.consumed, s.adjustments, s.theoretical_balance, s.misc,
               s.on_order, s.allocated, s.planning_balance, s.min_stock, s.reconcile_date, y.cost_per_lb,
               y.safety_stock_lb
        FROM mill.yarn_inventory s JOIN mill.yarns y ON y.id = s.yarn_id
        LEFT JOIN mill.suppliers p ON p.id = y.supplier_id
        ORDER BY y.yarn_code
    """,
    "bom": """
        SELECT s.style_code, c.style_code AS component_style, y.yarn_code, b.quantity_per, b.loss_pct AS loss,
               nullif(b.setup_lb, 0) AS setup_lb, nullif(b.valid_from, '1900-01-01') AS valid_from,
               nullif(b.valid_to, '9999-12-31') AS valid_to
        FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id LEFT JOIN mill.yarns y ON y.id = b.yarn_id
        LEFT JOIN mill.styles c ON c.id = b.component_style_id
        ORDER BY s.style_code, c.style_code, y.yarn_code, b.valid_from
    """,
    "knit_orders": """
        SELECT s.style_code, o.order_no, o.start_date, o.due_date, o.quantity, o.produced, o.shipped,
               o.balance, o.seconds, m.machine_code AS machine, o.sales_order_ref, o.customer_ref, o.priority
        FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id
        LEFT JOIN mill.machines m ON m.id = o.machine_id WHERE o.demand_kind = 'firm' ORDER BY o.order_no
    """,
    "expected_receipts": """
        SELECT l.po_date, l.po_no, p.supplier_code AS supplier, y.yarn_code, l.price_per_lb, l.ordered,
               l.received, r.coming AS open_qty, r.past_due, 0 AS this_week, r.weekly, r.later, y.material,
               y.size_raw AS size, y.color, y.blend
        FROM mill.purchase_order_lines l JOIN mill.yarns y ON y.id = l.yarn_id
        LEFT JOIN mill.suppliers p ON p.id = l.supplier_id
        JOIN LATERAL (
            SELECT coalesce(sum(e.quantity), 0) AS coming,
                   coalesce(sum(e.quantity) FILTER (WHERE e.kind = 'past_due'), 0) AS past_due,
                   coalesce(sum(e.quantity) FILTER (WHERE e.kind = 'later'), 0) AS later,
                   jsonb_object_agg(e.due_date, e.quantity::text) FILTER (WHERE e.kind = 'dated') AS weekly
            FROM mill.expected_receipts e WHERE e.po_line_id = l.id) r ON true
        WHERE l.status = 'open' OR r.coming > 0 ORDER BY l.po_no, l.line_no
    """,
    "yarn_po": """
        SELECT l.po_no, l.status, y.yarn_code, l.po_date, l.ordered, l.open_qty, p.supplier_code AS supplier,
               y.size_raw AS size, y.material, y.color, l.price_per_lb
        FROM mill.purchase_order_lines l JOIN mill.yarns y ON y.id = l.yarn_id
        LEFT JOIN mill.suppliers p ON p.id = l.supplier_id
        ORDER BY l.po_no, l.line_no
    """,
    "yarn_demand": """
        SELECT y.yarn_code, b.balance AS opening, t.demand AS total_demand, t.receipts AS total_receipt,
               t.balance, b.receipts AS past_due, w.weekly
        FROM mill.yarns y
        JOIN mill.yarn_demand t ON t.yarn_id = y.id AND t.order_no = '' AND t.kind = 'total'
        LEFT JOIN mill.yarn_demand b ON b.yarn_id = y.id AND b.order_no = '' AND b.kind = 'past_due'
        JOIN LATERAL (
            SELECT jsonb_object_agg(d.kind || d.week_start || m.name, m.value::text)
                   FILTER (WHERE m.value IS NOT NULL) AS weekly
            FROM mill.yarn_demand d
            CROSS JOIN LATERAL (VALUES
                ('Demand', d.demand), ('Receipts', d.receipts), ('Balance', d.balance)) m (name, value)
            WHERE d.yarn_id = y.id AND d.order_no = '' AND d.kind IN ('week', 'later')) w ON true
        ORDER BY y.yarn_code
    """,
    "sales": """
        SELECT a.document_no, a.line_no, a.order_date, a.customer, a.alias_code AS style_code, a.quantity,
               a.uom, a.unit_price
        FROM mill.sales_activity a WHERE NOT a.open ORDER BY a.document_no, a.line_no
    """,
    "style_map": """
        SELECT a.alias_code, s.style_code, a.version FROM mill.style_aliases a
        JOIN mill.styles s ON s.id = a.style_id WHERE a.kind = 'fstyle' ORDER BY 1, 2
    """,
    "styles": """
        SELECT s.style_code, s.base_code, s.stage, w.code AS work_center, s.yds_per_lb, s.oz_per_lin_yd,
               s.width_in, s.gsm, s.lb_per_piece, s.rate_lb_per_day, s.conversion_cost_per_lb, s.loss_mode
        FROM mill.styles s LEFT JOIN mill.work_centers w ON w.id = s.work_center_id
        WHERE s.status <> 'unknown' ORDER BY s.style_code
    """,
    "machines": """
        SELECT w.code AS work_center, m.machine_code FROM mill.machines m
        JOIN mill.work_centers w ON w.id = m.work_center_id ORDER BY m.machine_code
    """,
    "rates": """
        SELECT style_code, rate_lb_per_day FROM mill.styles WHERE rate_lb_per_day IS NOT NULL ORDER BY 1
    """,
    "suppliers": """
        SELECT supplier_code, name, CASE WHEN active THEN lead_time_days::text ELSE 'Remove' END AS lead_time,
               moq_lb,
               CASE origin WHEN 'international' THEN 'Import' WHEN 'domestic' THEN 'Domestic' END AS origin
        FROM mill.suppliers ORDER BY supplier_code
    """,
    "stage_inventory": """
        SELECT stage, style_code, order_no, roll_no, yd, lb, location FROM mill.stage_inventory
        ORDER BY stage, roll_no
    """,
    "forecasts": """
        SELECT s.style_code, f.week_start, f.quantity FROM mill.forecasts f
        JOIN mill.styles s ON s.id = f.style_id ORDER BY 1, 2
    """,
}
"""By kind. Of suppliers lead times are days, as the header of such a file says."""
WEEKLY: Final = "weekly"
"""The column of `ROWS` that is an object: a column of the file for each of its keys."""
_WEEKS: Final[Mapping[str, str]] = {
    "expected_receipts": """
        SELECT DISTINCT '' AS above, due_date::text AS title, due_date::text AS key
        FROM mill.expected_receipts WHERE kind = 'dated' ORDER BY key
    """,
    "yarn_demand": """
        SELECT CASE d.kind WHEN 'later' THEN 'Later' ELSE d.week_start::text END AS above, m.name AS title,
               d.kind || d.week_start || m.name AS key
        FROM mill.yarn_demand d
        CROSS JOIN LATERAL (VALUES
            (1, 'Demand', d.demand), (2, 'Receipts', d.receipts), (3, 'Balance', d.balance)
        ) m (place, name, value)
        WHERE d.order_no = '' AND d.kind IN ('week', 'later') AND m.value IS NOT NULL
        GROUP BY d.kind, d.week_start, m.place, m.name ORDER BY d.kind DESC, d.week_start, m.place
    """,
}


@dataclass(frozen=True, slots=True)
class WeeklyColumn:
    """A column of a week: what stands over its header ('': nothing), the header, its key in the rows."""

    above: str
    title: str
    key: str


async def select_weekly_columns(conn: ReadConnection, kind: str) -> Sequence[WeeklyColumn]:
    """The columns of weeks, in their order; none of a kind that has no weeks."""
    if kind not in _WEEKS:
        return []
    rows = await conn.execute(text(_WEEKS[kind]))
    return [WeeklyColumn(row.above, row.title, row.key) for row in rows]


async def stream_rows(conn: ReadConnection, kind: str) -> AsyncResult[Any]:
    """The rows of a kind, read as fast as they are taken; their keys are canonical names of columns."""
    return await conn.stream(text(ROWS[kind]), execution_options={"yield_per": AT_ONCE})

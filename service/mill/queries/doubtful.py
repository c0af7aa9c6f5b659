"""What needs somebody at the mill: orders without a recipe, receipts past due, files that were refused."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_WITHOUT_RECIPE: Final = text("""
    WITH RECURSIVE open_orders AS (
        SELECT order_no, style_id, balance, priority, due_date FROM mill.production_orders
        WHERE status IN ('pending', 'assigned', 'in_progress') AND balance > 0
    ), reached (top, style_id) AS (
        SELECT DISTINCT style_id, style_id FROM open_orders
        UNION
        SELECT r.top, b.component_style_id FROM reached r JOIN mill.bom b ON b.style_id = r.style_id
        WHERE b.component_style_id IS NOT NULL AND :as_of >= b.valid_from AND :as_of < b.valid_to
    ), lacking AS (
        SELECT r.top, string_agg(s.style_code, ', ' ORDER BY s.style_code) AS styles
        FROM reached r JOIN mill.styles s ON s.id = r.style_id
        WHERE NOT EXISTS (SELECT FROM mill.bom b WHERE b.style_id = r.style_id
                          AND :as_of >= b.valid_from AND :as_of < b.valid_to)
        GROUP BY r.top
    )
    SELECT o.order_no, l.styles, o.balance, o.due_date FROM open_orders o JOIN lacking l ON l.top = o.style_id
    ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
""")
_PAST_DUE: Final = text("""
    SELECT y.yarn_code, p.po_no, p.line_no, r.kind, r.quantity, r.due_date, s.supplier_code
    FROM mill.expected_receipts r JOIN mill.purchase_order_lines p ON p.id = r.po_line_id
    JOIN mill.yarns y ON y.id = r.yarn_id
    LEFT JOIN mill.suppliers s ON s.id = coalesce(p.supplier_id, y.supplier_id)
    WHERE r.kind = 'past_due' OR (r.kind = 'dated' AND r.due_date < CAST(:as_of AS date))
    ORDER BY r.due_date NULLS FIRST, y.yarn_code, p.po_no, p.line_no, r.id
""")
_REFUSED: Final = text("""
    SELECT * FROM (
        SELECT DISTINCT ON (j.file_kind) j.file_kind, j.id, j.file_name, j.status, j.rows_rejected,
               coalesce(j.finished_at, j.created_at) AS at
        FROM mill.import_jobs j
        WHERE j.mode <> 'dry_run' AND j.status IN ('done', 'refused', 'failed')
        ORDER BY j.file_kind, j.id DESC
    ) last WHERE status <> 'done' ORDER BY at, file_kind
""")
_FRESH: Final = text("""
    SELECT j.file_kind, max(j.finished_at) FILTER (WHERE j.status = 'done') AS through,
           max(coalesce(j.finished_at, j.created_at)) AS last
    FROM mill.import_jobs j WHERE j.mode <> 'dry_run' GROUP BY j.file_kind ORDER BY j.file_kind
""")
_LATE: Final = text("""
    SELECT o.order_no, o.style_code, o.due_date, o.quantity, o.kit_status, o.ready_on, o.reason,
           max(p.late_hours) AS late_hours, count(*) OVER () AS total
    FROM mill.plan_orders o LEFT JOIN mill.schedule_ops p ON p.run_id = o.run_id AND p.order_seq = o.seq
    WHERE o.run_id = :run
    GROUP BY o.run_id, o.seq
    HAVING o.due_date < CAST(:as_of AS date) OR max(p.late_hours) > 0
    ORDER BY o.due_date, o.seq LIMIT :most
""")
_WAITING: Final = text("""
    SELECT a.action, count(*) AS n, sum(a.quantity) AS pounds, min(a.release_date) AS soonest,
           count(*) FILTER (WHERE a.days_late > 0) AS late
    FROM mill.plan_actions a WHERE a.run_id = :run AND a.state = 'open' GROUP BY a.action
    ORDER BY min(a.release_date) NULLS LAST, a.action
""")


async def select_without_recipe(conn: ReadConnection, as_of: date) -> Sequence[Row[Any]]:
    """Open orders by the styles in them that have no recipe in force, in the order of service."""
    return (await conn.execute(_WITHOUT_RECIPE, {"as_of": as_of})).all()


async def select_past_due(conn: ReadConnection, as_of: date) -> Sequence[Row[Any]]:
    """Receipts that should have come."""
    return (await conn.execute(_PAST_DUE, {"as_of": as_of})).all()


async def select_refused(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Kinds of files whose last one was not put in force."""
    return (await conn.execute(_REFUSED)).all()


async def select_freshness(conn: ReadConnection) -> dict[str, datetime | None]:
    """When the last file of each kind was put in force; None: one was read, none was."""
    return {row.file_kind: row.through for row in await conn.execute(_FRESH)}


async def select_last_contact(conn: ReadConnection) -> datetime | None:
    """When a file came last, whatever became of it."""
    return max((row.last for row in await conn.execute(_FRESH)), default=None)


async def select_late(conn: ReadConnection, run: int, as_of: date, most: int) -> Sequence[Row[Any]]:
    """Orders of a plan that are overdue or end after they are due, the earliest due first."""
    return (await conn.execute(_LATE, {"run": run, "as_of": as_of, "most": most})).all()


async def select_waiting(conn: ReadConnection, run: int) -> Sequence[Row[Any]]:
    """Advice that nobody has decided about, by kind."""
    return (await conn.execute(_WAITING, {"run": run})).all()

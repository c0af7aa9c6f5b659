"""What a plan stands on, read in one snapshot: a fixed number of statements, whatever the sizes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.mill.queries.parameters import InForce
from service.mill.queries.recipes import recipes_of, style_of
from service.mill.queries.sources import select_source_states
from service.mill.rules.ground import (
    ForecastGround,
    Ground,
    HeldGround,
    OrderGround,
    ReceiptGround,
    SaleGround,
    YarnGround,
)
from service.mill.rules.quantities import ZERO
from service.mill.rules.sources import PLAN_NEEDS, standing
from service.mill.rules.substitution import Substitute

_OPEN: Final = "status IN ('pending', 'assigned', 'in_progress')"
_CLOSURE: Final = f"""
    closure (style_id) AS (
        SELECT style_id FROM mill.production_orders WHERE {_OPEN}
        UNION SELECT style_id FROM mill.sales_activity WHERE open AND style_id IS NOT NULL
        UNION SELECT style_id FROM mill.forecasts
        UNION SELECT id FROM mill.styles WHERE style_code = ANY (CAST(:more AS text[]))
    ), reached (style_id) AS (
        SELECT style_id FROM closure
        UNION
        SELECT b.component_style_id FROM reached r JOIN mill.bom b ON b.style_id = r.style_id
        WHERE b.component_style_id IS NOT NULL AND :as_of >= b.valid_from AND :as_of < b.valid_to
    )"""  # noqa: S608  constants of this file
_YARNS = text(f"""
    WITH RECURSIVE {_CLOSURE}, needed (yarn_id) AS (
        SELECT yarn_id FROM mill.yarn_inventory
        UNION SELECT yarn_id FROM mill.expected_receipts
        UNION SELECT b.yarn_id FROM reached r JOIN mill.bom b ON b.style_id = r.style_id
              WHERE b.yarn_id IS NOT NULL AND :as_of >= b.valid_from AND :as_of < b.valid_to
    )
    SELECT y.id, y.yarn_code, i.yarn_id IS NOT NULL AS known,
           coalesce(i.theoretical_balance, 0) AS opening, coalesce(i.consumed, 0) AS consumed,
           coalesce(i.allocated, 0) AS allocated, coalesce(i.on_order, 0) AS on_order,
           coalesce(i.min_stock, 0) AS min_stock, coalesce(i.status, 'active') AS status,
           y.safety_stock_lb, greatest(y.moq_lb, coalesce(s.moq_lb, 0)) AS moq_lb, y.order_multiple_lb,
           y.order_max_lb, y.cost_per_lb, coalesce(y.lead_time_days, s.lead_time_days) AS lead_days,
           CASE WHEN y.lead_time_days IS NOT NULL THEN 'yarn'
                WHEN s.lead_time_days IS NOT NULL THEN 'supplier'
                ELSE coalesce(s.origin, 'unknown') END AS lead_of, s.supplier_code
    FROM needed n JOIN mill.yarns y ON y.id = n.yarn_id
    LEFT JOIN mill.yarn_inventory i ON i.yarn_id = y.id
    LEFT JOIN mill.suppliers s ON s.id = y.supplier_id
    ORDER BY y.yarn_code
""")  # noqa: S608  constants of this file
# A machine that comes of the published schedule alone is no decision of anybody's (see `publishing`).
_ORDERS = text(f"""
    WITH placed AS (
        SELECT DISTINCT ON (o.order_id) o.order_id, p.machine_id, o.machine_code AS fixed
        FROM mill.published_runs r JOIN mill.schedule_ops p ON p.run_id = r.run_id
        JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
        WHERE r.kind = 'schedule' AND o.order_id IS NOT NULL
        ORDER BY o.order_id, p.setup_start, p.seq
    )
    SELECT o.id, o.order_no, s.style_code, o.balance, o.priority, o.status, o.demand_kind, o.start_date,
           o.due_date,
           CASE WHEN o.status <> 'in_progress' AND o.machine_id = p.machine_id THEN p.fixed
                ELSE m.machine_code END AS machine_code
    FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id
    LEFT JOIN mill.machines m ON m.id = o.machine_id
    LEFT JOIN placed p ON p.order_id = o.id
    WHERE o.{_OPEN} OR o.status = 'on_hold'
    ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
""")  # noqa: S608  constants of this file
_RECEIPTS = text("""
    SELECT r.id, p.po_no, p.line_no, y.yarn_code, r.kind, r.due_date, r.quantity
    FROM mill.expected_receipts r JOIN mill.purchase_order_lines p ON p.id = r.po_line_id
    JOIN mill.yarns y ON y.id = r.yarn_id
    ORDER BY y.yarn_code, r.due_date NULLS LAST, p.po_no, p.line_no, r.id
""")
_STYLES = text(f"""
    WITH RECURSIVE {_CLOSURE}
    SELECT s.id, s.style_code, s.stage, s.bom_status, s.loss_mode, s.yds_per_lb, s.oz_per_lin_yd, s.width_in,
           s.gsm, s.lb_per_piece, s.rate_lb_per_day, w.code AS work_center, s.conversion_cost_per_lb
    FROM reached r JOIN mill.styles s ON s.id = r.style_id
    LEFT JOIN mill.work_centers w ON w.id = s.work_center_id
    ORDER BY s.style_code
""")  # noqa: S608  constants of this file
_LINES = text(f"""
    WITH RECURSIVE {_CLOSURE}
    SELECT s.style_code, y.yarn_code, c.style_code AS part_code, b.quantity_per, b.loss_pct, b.setup_lb,
           b.valid_from, b.valid_to
    FROM reached r JOIN mill.bom b ON b.style_id = r.style_id JOIN mill.styles s ON s.id = b.style_id
    LEFT JOIN mill.yarns y ON y.id = b.yarn_id LEFT JOIN mill.styles c ON c.id = b.component_style_id
    WHERE :as_of >= b.valid_from AND :as_of < b.valid_to
    ORDER BY s.style_code, c.style_code NULLS LAST, y.yarn_code
""")  # noqa: S608  constants of this file
_HELD = text("""
    SELECT a.id, o.order_no, y.yarn_code, a.kind, a.quantity_lb, a.expected_receipt_id
    FROM mill.allocations a JOIN mill.production_orders o ON o.id = a.order_id
    JOIN mill.yarns y ON y.id = a.yarn_id
    WHERE a.released_at IS NULL
    ORDER BY a.id
""")
_SALES = text("""
    SELECT a.document_no, a.line_no, s.style_code, coalesce(a.alias_code, s.style_code, '') AS named,
           a.quantity, a.uom, a.due_date, a.customer
    FROM mill.sales_activity a LEFT JOIN mill.styles s ON s.id = a.style_id
    WHERE a.open ORDER BY a.document_no, a.line_no
""")
_FORECASTS = text("""
    SELECT s.style_code, f.week_start, f.quantity
    FROM mill.forecasts f JOIN mill.styles s ON s.id = f.style_id
    WHERE f.week_start >= CAST(:monday AS date) ORDER BY s.style_code, f.week_start
""")
_STAGES = text("""
    SELECT i.stage, s.style_code, sum(i.lb) AS lb FROM mill.stage_inventory i
    JOIN mill.styles s ON s.id = i.style_id
    WHERE i.style_id IN (SELECT style_id FROM mill.sales_activity WHERE open
                         UNION SELECT style_id FROM mill.forecasts)
    GROUP BY 1, 2 ORDER BY 1, 2
""")
_SUBSTITUTES = text("""
    SELECT y.yarn_code, o.yarn_code AS substitute, s.score, s.factor, s.valid_from, s.valid_to
    FROM mill.yarn_substitutes s JOIN mill.yarns y ON y.id = s.yarn_id
    JOIN mill.yarns o ON o.id = s.substitute_id
    JOIN mill.yarn_inventory i ON i.yarn_id = o.id AND i.status = 'active'
    WHERE s.approved ORDER BY y.yarn_code, o.yarn_code
""")
_AS_OF = text("""
    SELECT max(snapshot_date) FROM mill.import_jobs
    WHERE file_kind = 'yarn_inventory' AND status = 'done' AND mode <> 'dry_run'
""")


async def select_as_of(conn: ReadConnection) -> date | None:
    """The day that the newest stock is of; None: no stock was ever read."""
    return (await conn.execute(_AS_OF)).scalar_one_or_none()


async def select_ground(
    conn: ReadConnection, as_of: date, in_force: InForce, now: datetime, styles: Sequence[str] = ()
) -> Ground:
    """Everything a plan of a day stands on; `styles`: further ones whose recipes are wanted (what if)."""
    asked = {"as_of": as_of, "more": list(styles)}
    style_rows = (await conn.execute(_STYLES, asked)).all()
    line_rows = (await conn.execute(_LINES, asked)).all()
    states = await select_source_states(conn)
    return Ground(
        as_of=as_of,
        parameters=in_force.values,
        parameters_version=in_force.version,
        standing=standing(PLAN_NEEDS, states, now),
        yarns={row.yarn_code: _yarn(row) for row in await conn.execute(_YARNS, asked)},
        orders=[_order(row) for row in await conn.execute(_ORDERS)],
        receipts=[_receipt(row) for row in await conn.execute(_RECEIPTS)],
        styles={row.style_code: style_of(row) for row in style_rows},
        recipes=recipes_of(line_rows, style_rows),
        held=[_held(row) for row in await conn.execute(_HELD)],
        sales=[_sale(row) for row in await conn.execute(_SALES)],
        forecasts=await _forecasts(conn, as_of),
        stages=await _stages(conn),
        substitutes=await _substitutes(conn),
    )


def _yarn(row: Row[Any]) -> YarnGround:
    return YarnGround(
        id=row.id, code=row.yarn_code, known=row.known, opening=row.opening, consumed=row.consumed,
        allocated=row.allocated, on_order=row.on_order, min_stock=row.min_stock,
        safety_stock=row.safety_stock_lb, moq=row.moq_lb, multiple=row.order_multiple_lb,
        maximum=row.order_max_lb, cost=row.cost_per_lb, lead_days=row.lead_days, lead_of=row.lead_of,
        supplier=row.supplier_code, status=row.status,
    )  # fmt: skip


def _order(row: Row[Any]) -> OrderGround:
    return OrderGround(
        id=row.id, number=row.order_no, style=row.style_code, pounds=row.balance, priority=row.priority,
        status=row.status, kind=row.demand_kind, start=row.start_date, due=row.due_date,
        machine=row.machine_code,
    )  # fmt: skip


def _receipt(row: Row[Any]) -> ReceiptGround:
    return ReceiptGround(
        id=row.id, po=row.po_no, line=row.line_no, yarn=row.yarn_code, kind=row.kind, due=row.due_date,
        pounds=row.quantity,
    )  # fmt: skip


def _held(row: Row[Any]) -> HeldGround:
    return HeldGround(
        id=row.id, order=row.order_no, yarn=row.yarn_code, kind=row.kind, pounds=row.quantity_lb,
        receipt=row.expected_receipt_id,
    )  # fmt: skip


def _sale(row: Row[Any]) -> SaleGround:
    return SaleGround(
        document=row.document_no, line=row.line_no, style=row.style_code, named=row.named,
        quantity=row.quantity, unit=row.uom, due=row.due_date, customer=row.customer,
    )  # fmt: skip


async def _forecasts(conn: ReadConnection, as_of: date) -> list[ForecastGround]:
    monday = date.fromordinal(as_of.toordinal() - as_of.weekday())
    rows = await conn.execute(_FORECASTS, {"monday": monday})
    return [ForecastGround(style=row.style_code, week=row.week_start, pounds=row.quantity) for row in rows]


async def _substitutes(conn: ReadConnection) -> Mapping[str, list[Substitute]]:
    found: dict[str, list[Substitute]] = defaultdict(list)
    for row in await conn.execute(_SUBSTITUTES):
        found[row.yarn_code].append(
            Substitute(
                row.substitute,
                row.score,
                ZERO,
                factor=row.factor,
                approved=True,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
        )
    return found


async def _stages(conn: ReadConnection) -> Mapping[tuple[str, str], Decimal]:
    return {(row.stage, row.style_code): row.lb for row in await conn.execute(_STAGES)}

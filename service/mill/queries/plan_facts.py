"""A plan out of its tables, as it is compared with others: a fixed number of statements."""

from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.mill.rules.comparing import ActionFacts, Facts, OrderFacts, ReceiptFacts, YarnFacts
from service.mill.rules.naming import receipt_names

_YARNS = text("""
    SELECT yarn_code, known, opening, safety_stock, lead_days, gross, past_due, planned, first_short_on,
           first_short_lb, largest_short_lb,
           CASE WHEN lot ? 'least_lb'
                THEN concat_ws('/', lot ->> 'least_lb', lot ->> 'multiple_lb', lot ->> 'most_lb') END
    FROM mill.plan_yarns WHERE run_id = :number
""")
_ORDERS = text("""
    SELECT o.order_no, o.style_code, o.quantity, o.priority, o.status, o.start_date, o.due_date, o.need_date,
           o.plannable, o.kit_status, o.coverage, o.ready_on, o.serves, n.yarns, n.paths
    FROM mill.plan_orders o LEFT JOIN (
        SELECT q.order_seq, array_agg(DISTINCT y.yarn_code) AS yarns, array_agg(DISTINCT q.path) AS paths
        FROM mill.plan_requirements q JOIN mill.plan_yarns y USING (run_id, yarn_id)
        WHERE q.run_id = :number GROUP BY q.order_seq
    ) n ON n.order_seq = o.seq
    WHERE o.run_id = :number
""")
_RECEIPTS = text("""
    SELECT r.receipt_id, r.po_no, r.line_no, r.due_date, r.kind, r.quantity, y.yarn_code
    FROM mill.plan_receipts r JOIN mill.plan_yarns y USING (run_id, yarn_id) WHERE r.run_id = :number
""")
_RECIPES = text("SELECT style_code, lines FROM mill.plan_recipes WHERE run_id = :number")
_ACTIONS = text("""
    SELECT a.key, a.action, coalesce(y.yarn_code, a.trigger ->> 'item', '') AS item, a.quantity, a.to_date,
           a.release_date
    FROM mill.plan_actions a LEFT JOIN mill.plan_yarns y USING (run_id, yarn_id) WHERE a.run_id = :number
""")


async def select_facts(conn: ReadConnection, plan: Row[Any]) -> Facts:
    """The facts of a plan that was made."""
    asked = {"number": plan.id}
    receipts = (await conn.execute(_RECEIPTS, asked)).all()
    names = receipt_names((row.receipt_id, row.po_no, row.line_no, row.due_date) for row in receipts)
    return Facts(
        as_of=plan.as_of,
        parameters=plan.params["parameters"],
        yarns={row.yarn_code: YarnFacts(*row[1:]) for row in await conn.execute(_YARNS, asked)},
        orders={row.order_no: _order(row) for row in await conn.execute(_ORDERS, asked)},
        receipts={
            names[row.receipt_id]: ReceiptFacts(row.yarn_code, row.kind, row.due_date, row.quantity)
            for row in receipts
        },
        recipes={row.style_code: row.lines for row in await conn.execute(_RECIPES, asked)},
        actions={row.key: ActionFacts(*row[1:]) for row in await conn.execute(_ACTIONS, asked)},
    )


def _order(row: Row[Any]) -> OrderFacts:
    styles = frozenset(style for path in row.paths or () for style in path.split(">"))
    return OrderFacts(
        row.style_code, row.quantity, row.priority, row.status, row.start_date, row.due_date, row.need_date,
        row.plannable, row.kit_status, row.coverage, row.ready_on, frozenset(row.yarns or ()), styles,
        tuple(one["number"] for one in row.serves),
    )  # fmt: skip

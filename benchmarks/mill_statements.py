"""The set-based statements of mill spec E.5, as they are written there, over the desk's tables."""

from typing import Final

from sqlalchemy import text

SHORTAGES: Final = text("""
    SELECT y.yarn_code, i.theoretical_balance, i.allocated, i.on_order, i.planning_balance, i.min_stock,
           i.min_stock - i.planning_balance AS shortage_lb,
           CASE WHEN i.planning_balance < -1000 THEN 'CRITICAL' WHEN i.planning_balance < -100 THEN 'HIGH'
                WHEN i.planning_balance < 0 THEN 'MEDIUM' ELSE 'LOW' END AS risk,
           LEAST(100, GREATEST(0, -i.planning_balance) / 100) AS balance_score
    FROM mill.yarn_inventory i JOIN mill.yarns y ON y.id = i.yarn_id
    WHERE i.status = 'active' AND i.planning_balance < i.min_stock
    ORDER BY i.planning_balance, y.yarn_code LIMIT :most
""")
"""Q1."""
_EXPLODED = """
    WITH RECURSIVE x AS (
      SELECT o.id AS order_id, o.style_id, NULL::bigint AS yarn_id, o.balance::numeric AS qty, 0 AS lvl,
             ARRAY[o.style_id] AS path, false AS cyc
      FROM mill.production_orders o
      WHERE o.id = ANY (CAST(:orders AS bigint[])) AND o.status IN ('pending', 'assigned', 'in_progress')
        AND o.balance > 0
      UNION ALL
      SELECT x.order_id, b.component_style_id, b.yarn_id, x.qty * b.quantity_per * (1 + b.loss_pct),
             x.lvl + 1,
             CASE WHEN b.component_style_id IS NULL THEN x.path ELSE x.path || b.component_style_id END,
             COALESCE(b.component_style_id = ANY (x.path), false)
      FROM x JOIN mill.bom b ON b.style_id = x.style_id AND CAST(:as_of AS date) >= b.valid_from
        AND CAST(:as_of AS date) < b.valid_to
      WHERE x.yarn_id IS NULL AND NOT x.cyc AND x.lvl < 30)
"""
EXPLOSION: Final = text(f"""
    {_EXPLODED}
    SELECT order_id, yarn_id, array_to_string(path, '>') AS path, round(sum(qty), 4) AS gross_lb
    FROM x WHERE yarn_id IS NOT NULL GROUP BY order_id, yarn_id, path
""")
"""Q2: a row for an order, a path and a yarn."""
NEEDED: Final = text(f"""
    {_EXPLODED}
    SELECT order_id, yarn_id, round(sum(qty), 4) AS gross_lb
    FROM x WHERE yarn_id IS NOT NULL GROUP BY order_id, yarn_id ORDER BY order_id, yarn_id
""")
"""Q2 with all paths together: what B7 compares."""
ONE_LEVEL: Final = text("""
    SELECT b.yarn_id, sum(o.balance * b.quantity_per * (1 + b.loss_pct)) AS gross_lb
    FROM mill.production_orders o JOIN mill.bom b ON b.style_id = o.style_id
    WHERE o.id = ANY (CAST(:orders AS bigint[])) AND b.yarn_id IS NOT NULL GROUP BY b.yarn_id
""")
"""One level, in all: the single-level explosion of G.3."""
ALLOCATION: Final = text("""
    WITH req AS (
      SELECT r.order_seq, r.yarn_id, sum(r.gross_lb) AS need FROM mill.plan_requirements r
      WHERE r.run_id = :run GROUP BY 1, 2),
    hard AS (
      SELECT yarn_id, sum(quantity_lb) AS q FROM mill.allocations
      WHERE released_at IS NULL AND kind = 'hard' GROUP BY 1),
    w AS (
      SELECT r.order_seq, r.yarn_id, r.need,
             GREATEST(0, COALESCE(i.theoretical_balance, 0) - COALESCE(h.q, 0)) AS avail,
             SUM(r.need) OVER (PARTITION BY r.yarn_id ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
                               ROWS UNBOUNDED PRECEDING) AS cum
      FROM req r JOIN mill.plan_orders o ON o.run_id = :run AND o.seq = r.order_seq
      LEFT JOIN mill.yarn_inventory i ON i.yarn_id = r.yarn_id LEFT JOIN hard h ON h.yarn_id = r.yarn_id)
    SELECT order_seq, yarn_id, need, LEAST(need, GREATEST(0, avail - (cum - need))) AS allocated,
           need - LEAST(need, GREATEST(0, avail - (cum - need))) AS short
    FROM w
""")
"""Q3, over the orders as the plan kept them."""
BALANCES: Final = text("""
    WITH ids AS (SELECT yarn_id FROM mill.yarn_inventory
                 UNION SELECT yarn_id FROM mill.plan_requirements WHERE run_id = :run
                 UNION SELECT yarn_id FROM mill.expected_receipts),
    g AS (SELECT ids.yarn_id, COALESCE(i.theoretical_balance, 0) AS ob, k AS bucket
          FROM ids LEFT JOIN mill.yarn_inventory i USING (yarn_id)
          CROSS JOIN generate_series(0, CAST(:weeks AS int) - 1) k),
    r AS (SELECT yarn_id, (due_date - CAST(:monday AS date)) / 7 AS bucket, sum(quantity) AS q
          FROM mill.expected_receipts WHERE kind = 'dated' AND due_date >= CAST(:monday AS date)
          GROUP BY 1, 2),
    d AS (SELECT yarn_id, bucket, sum(gross_lb) AS q FROM mill.plan_requirements WHERE run_id = :run
          GROUP BY 1, 2),
    c AS (SELECT g.*, COALESCE(r.q, 0) AS receipts, COALESCE(d.q, 0) AS demand,
                 g.ob + SUM(COALESCE(r.q, 0) - COALESCE(d.q, 0))
                     OVER (PARTITION BY g.yarn_id ORDER BY g.bucket) AS balance
          FROM g LEFT JOIN r USING (yarn_id, bucket) LEFT JOIN d USING (yarn_id, bucket))
    SELECT yarn_id, bucket, CAST(:monday AS date) + 7 * bucket AS week_start, receipts, demand, balance,
           GREATEST(0, -balance) AS shortage,
           GREATEST(0, GREATEST(0, -balance) - GREATEST(0, -LAG(balance, 1, ob)
              OVER (PARTITION BY yarn_id ORDER BY bucket))) AS new_shortage
    FROM c
""")
"""Q4 with past-due receipts excluded, as they are by default."""
UPDATE: Final = text("UPDATE mill.yarn_inventory SET beginning_balance = beginning_balance + 1")
"""Every row of the inventory, with its generated columns and three indexes."""

"""What the newest plan advises to buy, move or give back, with what is known of the yarn."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

# A plan of thousands of rows is one of which no statistics tell yet: each part is found once, or by its key.
_ADVICE: Final = text("""
    WITH instead AS MATERIALIZED (
        SELECT b.yarn_id,
               string_agg(format('%s %s lb', z.yarn_code, b.quantity), '; ' ORDER BY b.seq) AS alternatives
        FROM mill.plan_actions b JOIN mill.yarns z ON z.id = b.substitute_id
        WHERE b.run_id = :run AND b.action = 'SUBSTITUTE' GROUP BY b.yarn_id
    )
    SELECT a.seq, a.yarn_id, y.yarn_code, y.description, s.supplier_code, a.action, a.quantity, a.from_date,
           a.to_date, a.release_date, a.days_late, a.trigger, a.state, a.assignee, a.decided_by, a.note,
           p.lead_days, p.lead_source, y.cost_per_lb, coalesce(i.alternatives, '') AS alternatives,
           (SELECT r.po_no FROM mill.plan_receipts r
            WHERE r.run_id = a.run_id AND r.receipt_id = a.expected_receipt_id) AS po_no
    FROM mill.plan_actions a JOIN mill.yarns y ON y.id = a.yarn_id
    JOIN mill.plan_yarns p ON p.run_id = a.run_id AND p.yarn_id = a.yarn_id
    LEFT JOIN mill.suppliers s ON s.id = y.supplier_id
    LEFT JOIN instead i ON i.yarn_id = a.yarn_id
    WHERE a.run_id = :run AND a.state <> 'superseded'
      AND (CAST(:action AS text) IS NULL OR a.action = :action)
      AND (CAST(:state AS text) IS NULL OR a.state = :state)
      AND (CAST(:supplier AS text) IS NULL OR s.supplier_code = :supplier)
      AND (CAST(:yarn AS text) IS NULL OR y.yarn_code = :yarn)
      AND (CAST(:number AS int) IS NULL OR a.seq = :number)
    ORDER BY a.release_date NULLS LAST, a.to_date NULLS LAST, y.yarn_code, a.seq
""")


async def select_advice(
    conn: ReadConnection,
    run: int,
    *,
    action: str | None = None,
    state: str | None = None,
    supplier: str | None = None,
    yarn: str | None = None,
    number: int | None = None,
) -> Sequence[Row[Any]]:
    """What has to leave first comes first."""
    asked = {
        "run": run, "action": action, "state": state, "supplier": supplier, "yarn": yarn, "number": number,
    }  # fmt: skip
    return (await conn.execute(_ADVICE, asked)).all()

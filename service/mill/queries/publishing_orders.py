"""Knit orders of a file put in force; what an order no longer needs is released in the same transaction."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_COLUMNS: Final = {
    "produced": "coalesce(i.produced, 0)",
    "shipped": "coalesce(i.shipped, 0)",
    "seconds": "coalesce(i.seconds, 0)",
    "start_date": "i.start_date",
    "due_date": "i.due_date",
    "machine_id": "m.id",
    "customer_ref": "i.customer_ref",
    "sales_order_ref": "i.sales_order_ref",
    "priority": "coalesce(i.priority, 3)",
}
# Locked in ascending id, as every route locks orders, however the file lists them: who comes second waits,
# and neither waits for the other (E.11).
_BEFORE: Final = text("""
    CREATE TEMPORARY TABLE orders_before ON COMMIT DROP AS
    SELECT o.id, o.balance FROM mill.production_orders o
    WHERE o.order_no IN (SELECT order_no FROM incoming WHERE NOT bad)
          OR o.order_no = ANY (CAST(:gone AS text[]))
    ORDER BY o.id FOR UPDATE
""")
_CLOSE: Final = text("""
    UPDATE mill.production_orders SET status = 'completed', closed_reason = :reason,
           row_version = row_version + 1
    WHERE order_no = ANY (CAST(:gone AS text[]))
""")
_MISSING: Final = text("""
    SELECT o.order_no, o.balance, NOT EXISTS (SELECT 1 FROM incoming i WHERE i.order_no = o.order_no) AS gone
    FROM mill.production_orders o
    WHERE o.status IN ('pending', 'assigned', 'in_progress') AND o.demand_kind = 'firm' ORDER BY o.order_no
""")


async def select_open(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Open orders: number, what is left, whether the file no longer has them."""
    return (await conn.execute(_MISSING)).all()


async def put_orders(
    conn: WriteConnection, present: Collection[str], job_id: int, gone: Sequence[str], reason: str
) -> int:
    """Orders of the file, with what its columns say; `gone` ones are completed for that reason. How many.

    What a planner decided stays: an order on hold, cancelled, closed by somebody, placed by a schedule.
    """
    await conn.execute(_BEFORE, {"gone": list(gone)})
    put = await conn.execute(text(_put(present)), {"job": job_id})
    if gone:
        await conn.execute(_CLOSE, {"gone": list(gone), "reason": reason})
    return put.rowcount


def _put(present: Collection[str]) -> str:
    told = {
        name: sql for name, sql in _COLUMNS.items() if name.replace("_id", "") in present or name in present
    }
    names = ["style_id", "quantity", *told]
    values = ["n.style_id", "i.quantity", *told.values()]
    # A file that has no machines says nothing of them.
    done = [f"coalesce(i.{name}, 0)" for name in ("produced", "shipped") if name in present] or ["0"]
    rejects = "coalesce(i.seconds, 0)" if "seconds" in present else "0"
    machine = "m.id IS NOT NULL" if "machine" in present else "false"
    status = f"""CASE WHEN i.quantity - ({" + ".join(done)}) + {rejects} <= 0 THEN 'completed'
                      WHEN {" + ".join(done)} > 0 THEN 'in_progress'
                      WHEN {machine} THEN 'assigned' ELSE 'pending' END"""
    joined = "LEFT JOIN mill.machines m ON m.machine_code = i.machine" if "machine" in present else ""
    # What a published schedule has placed stays on its machine while the ERP knows of none.
    placed = "CASE WHEN o.scheduled_date IS NOT NULL THEN coalesce(excluded.machine_id, o.machine_id)"
    on_machine = f"{placed} ELSE excluded.machine_id END" if "machine" in present else "o.machine_id"
    new = {name: on_machine if name == "machine_id" else f"excluded.{name}" for name in names}
    changed = [f"{name} = {value}" for name, value in new.items() if name != "priority"]
    if "priority" in told:
        changed.append(
            "priority = CASE WHEN excluded.priority = 3 THEN o.priority ELSE excluded.priority END"
        )
    kept = "o.status IN ('on_hold', 'cancelled') OR (o.status = 'completed' AND o.closed_reason IS NOT NULL)"
    compared = ", ".join(f"o.{name}" for name in names if name != "priority")
    offered = ", ".join(value for name, value in new.items() if name != "priority")
    return f"""
        INSERT INTO mill.production_orders AS o (order_no, {", ".join(names)}, status, import_job_id)
        SELECT i.order_no, {", ".join(values)}, {status}, :job
        FROM incoming i JOIN named_styles n ON n.code = i.style_code {joined}
        WHERE NOT i.bad ORDER BY i.order_no
        ON CONFLICT (order_no) DO UPDATE
        SET {", ".join(changed)}, import_job_id = excluded.import_job_id,
            status = CASE WHEN {kept} THEN o.status
                          WHEN excluded.status = 'pending' AND {on_machine} IS NOT NULL THEN 'assigned'
                          ELSE excluded.status END,
            row_version = o.row_version + (({compared}) IS DISTINCT FROM ({offered}))::int
    """  # noqa: S608  built of the names above only


_LESS: Final = text("""
    SELECT o.id, o.order_no FROM mill.production_orders o JOIN orders_before b ON b.id = o.id
    WHERE (o.status IN ('completed', 'cancelled') OR o.balance < b.balance)
          AND EXISTS (SELECT 1 FROM mill.allocations a WHERE a.order_id = o.id AND a.released_at IS NULL)
    ORDER BY o.order_no
""")


async def select_lessened(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Orders that hold yarn and of which less is left to be knitted than before: id and number."""
    return (await conn.execute(_LESS)).all()


_BALANCE: Final = """
    SELECT coalesce(sum(greatest(0, quantity - {done})), 0) AS balance, coalesce(sum(quantity), 0) AS quantity
    FROM {table} WHERE NOT bad
"""


async def select_ordered(conn: ReadConnection, present: Collection[str]) -> Row[Any]:
    """Pounds ordered and still to be knitted of the file's good rows."""
    done = [f"coalesce({name}, 0)" for name in ("produced", "shipped") if name in present]
    done += ["-coalesce(seconds, 0)"] if "seconds" in present else []
    statement = _BALANCE.format(done=" - ".join(done).replace("- -", "+ ") or "0", table="incoming")
    return (await conn.execute(text(statement))).one()

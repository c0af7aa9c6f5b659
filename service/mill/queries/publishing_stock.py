"""The yarn inventory of a file put in force: yarns, suppliers, balances, what vanished, the history."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection

_MOVED: Final = (
    "beginning_balance", "received", "consumed", "adjustments", "misc", "allocated", "on_order",
)  # fmt: skip
_NOTHING: Final = " AND ".join(f"s.{name} = 0" for name in _MOVED)
_SUPPLIERS: Final = """
    INSERT INTO mill.suppliers (supplier_code, name)
    SELECT DISTINCT i.supplier, i.supplier FROM incoming i
    WHERE NOT i.bad AND i.supplier IS NOT NULL AND %s
          AND NOT EXISTS (SELECT 1 FROM mill.suppliers s
                          WHERE s.supplier_code = i.supplier OR upper(btrim(s.name)) = i.supplier)
    ORDER BY 1 ON CONFLICT (supplier_code) DO NOTHING
"""
SUPPLIER_OF: Final = """
    (SELECT s.id FROM mill.suppliers s
     WHERE s.supplier_code = i.supplier OR upper(btrim(s.name)) = i.supplier
     ORDER BY s.supplier_code <> i.supplier, s.id LIMIT 1)
"""
_YARN_COLUMNS: Final = {
    "description": "coalesce(i.description, '')",
    "color": "i.color",
    "customer": "i.customer",
    "supplier_id": SUPPLIER_OF,
    "cost_per_lb": "i.cost_per_lb",
    "safety_stock_lb": "coalesce(i.safety_stock_lb, 0)",
}
_FROM: Final = {"supplier_id": "supplier"}


async def insert_suppliers(conn: WriteConnection, *, customers: bool) -> int:
    """Suppliers that only this file names; a customer who sends yarn of their own is none."""
    bought = "i.supplier IS DISTINCT FROM i.customer" if customers else "true"
    return (await conn.execute(text(_SUPPLIERS % bought))).rowcount


async def put_yarns(conn: WriteConnection, present: Collection[str]) -> None:
    """Yarns of the file, with what its columns say of them; what it has no column for stays."""
    told = {name: sql for name, sql in _YARN_COLUMNS.items() if _FROM.get(name, name) in present}
    names = ["active", *told]
    values = ["true", *told.values()]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names)
    statement = f"""
        INSERT INTO mill.yarns AS y (yarn_code, {", ".join(names)})
        SELECT i.yarn_code, {", ".join(values)} FROM incoming i WHERE NOT i.bad ORDER BY i.yarn_code
        ON CONFLICT (yarn_code) DO UPDATE SET {changed}, row_version = y.row_version + 1
        WHERE ({", ".join(f"y.{name}" for name in names)})
              IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in names)})
    """  # noqa: S608  built of the names above only
    await conn.execute(text(statement))


async def put_stock(conn: WriteConnection, present: Collection[str], job_id: int) -> int:
    """Balances of the file's yarns; the least stock stays where the file has none. How many rows."""
    kept = [name for name in ("min_stock", "reconcile_date") if name in present]
    names = [*_MOVED, *kept]
    values = [f"coalesce(i.{name}, 0)" for name in _MOVED]
    values += ["coalesce(i.min_stock, 0)" if name == "min_stock" else f"i.{name}" for name in kept]
    statement = f"""
        INSERT INTO mill.yarn_inventory AS s (yarn_id, {", ".join(names)}, as_of, import_job_id)
        SELECT y.id, {", ".join(values)}, now(), :job
        FROM incoming i JOIN mill.yarns y ON y.yarn_code = i.yarn_code WHERE NOT i.bad ORDER BY y.id
        ON CONFLICT (yarn_id) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in names)}, as_of = excluded.as_of,
            import_job_id = excluded.import_job_id,
            row_version = s.row_version + (({", ".join(f"s.{name}" for name in names)})
                IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in names)}))::int
    """  # noqa: S608  built of the names above only
    return (await conn.execute(text(statement), {"job": job_id})).rowcount


_GONE: Final = text(f"""
    WITH last AS (
        SELECT max(id) AS id FROM mill.import_jobs
        WHERE file_kind = 'yarn_inventory' AND status = 'done' AND mode <> 'dry_run' AND latest)
    SELECT y.yarn_code, NOT EXISTS (SELECT 1 FROM incoming i WHERE i.yarn_code = y.yarn_code) AS gone
    FROM mill.yarn_inventory s JOIN mill.yarns y ON y.id = s.yarn_id
    WHERE NOT ({_NOTHING}) OR s.import_job_id = (SELECT id FROM last)
    ORDER BY y.yarn_code
""")  # noqa: S608  built of the names above only


async def select_held(conn: ReadConnection) -> Sequence[Row[Any]]:
    """Yarns of the snapshot in force: code, and whether the file no longer has them."""
    return (await conn.execute(_GONE)).all()


_EMPTY: Final = text(f"""
    UPDATE mill.yarn_inventory s
    SET {", ".join(f"{name} = 0" for name in _MOVED)}, as_of = now(), row_version = s.row_version + 1
    FROM mill.yarns y
    WHERE y.id = s.yarn_id AND y.yarn_code = ANY (CAST(:codes AS text[]))
""")  # noqa: S608  built of the names above only


async def empty_stock(conn: WriteConnection, codes: Sequence[str]) -> None:
    """Nothing lies in store of these yarns any more."""
    await conn.execute(_EMPTY, {"codes": list(codes)})


_KEEP: Final = text("""
    INSERT INTO mill.yarn_inventory_history AS h
        (snapshot_date, yarn_id, status, beginning_balance, received, consumed, adjustments, misc, allocated,
         on_order, min_stock, theoretical_balance, planning_balance, import_job_id)
    SELECT :on, yarn_id, status, beginning_balance, received, consumed, adjustments, misc, allocated,
           on_order, min_stock, theoretical_balance, planning_balance, import_job_id
    FROM mill.yarn_inventory
    ON CONFLICT (snapshot_date, yarn_id) DO UPDATE
    SET status = excluded.status, beginning_balance = excluded.beginning_balance,
        received = excluded.received, consumed = excluded.consumed, adjustments = excluded.adjustments,
        misc = excluded.misc, allocated = excluded.allocated, on_order = excluded.on_order,
        min_stock = excluded.min_stock, theoretical_balance = excluded.theoretical_balance,
        planning_balance = excluded.planning_balance, import_job_id = excluded.import_job_id
""")


async def keep_history(conn: WriteConnection, on: date) -> None:
    """The stock of that day, as it stands now; a later file of the same day takes its place."""
    await conn.execute(_KEEP, {"on": on})


_BALANCES: Final = text("""
    SELECT coalesce(sum(b.theoretical), 0) AS theoretical_balance,
           coalesce(sum(b.theoretical + coalesce(i.allocated, 0) + coalesce(i.on_order, 0)), 0)
           AS planning_balance
    FROM incoming i CROSS JOIN LATERAL (
        SELECT coalesce(i.beginning_balance, 0) + coalesce(i.received, 0) + coalesce(i.consumed, 0)
               + coalesce(i.adjustments, 0) + coalesce(i.misc, 0) AS theoretical) b
    WHERE NOT i.bad
""")


async def select_balances(conn: ReadConnection) -> Row[Any]:
    """Theoretical and planning balance of the file's good rows together."""
    return (await conn.execute(_BALANCES)).one()

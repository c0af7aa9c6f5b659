"""Orders and the published schedule: whose machine comes of it, and what changes with another one."""

from typing import Final

from sqlalchemy import text

from service.core.database import WriteConnection

# A machine that comes of the published schedule alone is no decision of anybody's: the next schedule may
# choose another one. `fixed` is what the run itself found decided.
_PLACED: Final = """
    SELECT DISTINCT ON (o.order_id) o.order_id, p.machine_id, p.setup_start, f.id AS fixed
    FROM mill.schedule_ops p JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
    LEFT JOIN mill.machines f ON f.machine_code = o.machine_code
    WHERE p.run_id = {run} AND o.order_id IS NOT NULL
    ORDER BY o.order_id, p.setup_start, p.seq
"""
_BOTH: Final = f"""
    WITH placed AS ({_PLACED.format(run=":run")}),
    was AS ({_PLACED.format(run="CAST(:before AS bigint)")}),
    decided AS (
        SELECT n.id, n.machine_id, n.status,
               CASE WHEN n.status <> 'in_progress' AND n.machine_id = w.machine_id THEN w.fixed
                    ELSE n.machine_id END AS machine
        FROM mill.production_orders n LEFT JOIN was w ON w.order_id = n.id
    )"""  # noqa: S608  constants of this file
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('mill.schedule.publish'))")
_HOLD = text(f"""
    SELECT id FROM mill.production_orders
    WHERE id IN (SELECT order_id FROM ({_PLACED.format(run=":run")}) AS one
                 UNION SELECT order_id FROM ({_PLACED.format(run="CAST(:before AS bigint)")}) AS other)
    ORDER BY id FOR UPDATE
""")  # noqa: S608  constants of this file
_SKIPPED = text(f"""
    {_BOTH}
    SELECT n.order_no FROM placed p JOIN decided d ON d.id = p.order_id
    JOIN mill.production_orders n ON n.id = d.id
    WHERE d.status NOT IN ('pending', 'assigned', 'in_progress') OR d.machine IS DISTINCT FROM p.fixed
    ORDER BY n.order_no
""")  # noqa: S608  constants of this file
_RELEASE = text(f"""
    WITH placed AS ({_PLACED.format(run=":run")}), was AS ({_PLACED.format(run="CAST(:before AS bigint)")})
    UPDATE mill.production_orders n
    SET machine_id = w.fixed, scheduled_date = NULL, row_version = n.row_version + 1,
        status = CASE WHEN n.status = 'assigned' AND w.fixed IS NULL THEN 'pending' ELSE n.status END
    FROM was w
    WHERE w.order_id = n.id AND n.machine_id = w.machine_id AND n.status IN ('pending', 'assigned')
      AND NOT EXISTS (SELECT FROM placed p WHERE p.order_id = n.id)
""")  # noqa: S608  constants of this file
_PLACE = text(f"""
    {_BOTH}
    UPDATE mill.production_orders n
    SET machine_id = p.machine_id, scheduled_date = (p.setup_start AT TIME ZONE :zone)::date,
        status = CASE n.status WHEN 'pending' THEN 'assigned' ELSE n.status END,
        row_version = n.row_version + ((n.machine_id, n.scheduled_date) IS DISTINCT FROM
                                       (p.machine_id, (p.setup_start AT TIME ZONE :zone)::date))::int
    FROM placed p JOIN decided d ON d.id = p.order_id
    WHERE n.id = p.order_id AND n.status IN ('pending', 'assigned', 'in_progress')
      AND d.machine IS NOT DISTINCT FROM p.fixed
""")  # noqa: S608  constants of this file


async def lock_publishing(conn: WriteConnection) -> None:
    """Let nobody else publish a schedule until the transaction ends."""
    await conn.execute(_LOCK)


async def select_skipped(conn: WriteConnection, run: int, before: int | None) -> list[str]:
    """Orders of a run that are closed since, or for which somebody chose another machine; all are held."""
    asked = {"run": run, "before": before}
    await conn.execute(_HOLD, asked)
    return list((await conn.execute(_SKIPPED, asked)).scalars())


async def release_orders(conn: WriteConnection, run: int, before: int | None) -> int:
    """What only the schedule before had placed goes back to how that one found it; how many."""
    return (await conn.execute(_RELEASE, {"run": run, "before": before})).rowcount


async def place_orders(conn: WriteConnection, run: int, before: int | None, zone: str) -> int:
    """Machine and day of a run for its orders; how many."""
    return (await conn.execute(_PLACE, {"run": run, "before": before, "zone": zone})).rowcount

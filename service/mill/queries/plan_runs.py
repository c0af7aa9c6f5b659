"""Planning runs: begun, ended, found again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from service.core.database import ReadConnection, WriteConnection
from service.mill.models.plans import WHOLE

COLUMNS: Final = (
    "id, kind, as_of, params, assumptions, gates, input_hash, data_versions, status, progress, error, stats,"
    " requested_by, work_run_id, queued_at, started_at, finished_at"
)
_SEEN: Final = """
    SELECT r.id, r.kind, r.as_of, r.params, r.assumptions, r.gates, r.input_hash, r.data_versions, r.error,
           r.stats, r.requested_by, r.work_run_id, r.queued_at, r.started_at, w.progress,
           coalesce(r.finished_at, w.finished_at) AS finished_at,
           -- A run that ended before it began its plan leaves the plan behind.
           CASE WHEN r.status IN ('queued', 'running') AND w.state IN ('cancelled', 'failed') THEN w.state
                ELSE r.status END AS status,
           EXISTS (SELECT FROM mill.published_runs p WHERE p.run_id = r.id) AS published
    FROM mill.plan_runs r LEFT JOIN muster.run w ON w.id = r.work_run_id
"""
_QUEUE = text("""
    INSERT INTO mill.plan_runs (kind, as_of, params, requested_by, work_run_id)
    VALUES (:kind, :as_of, CAST(:params AS jsonb), :who, :work) RETURNING id
""")
_BEGIN = text("""
    UPDATE mill.plan_runs SET status = 'running', started_at = coalesce(started_at, now())
    WHERE work_run_id = :work AND status IN ('queued', 'running') RETURNING id
""")
_DONE = text("""
    UPDATE mill.plan_runs
    SET status = 'done', progress = 100, finished_at = clock_timestamp(), as_of = :as_of,
        params = CAST(:params AS jsonb), assumptions = CAST(:assumptions AS jsonb),
        gates = CAST(:gates AS jsonb), stats = CAST(:stats AS jsonb), input_hash = :input_hash,
        data_versions = CAST(:versions AS jsonb)
    WHERE id = :id
""")
_ENDED = text("""
    UPDATE mill.plan_runs
    SET status = :status, finished_at = clock_timestamp(), error = CAST(:error AS jsonb)
    WHERE id = :id AND status IN ('queued', 'running')
""")
_ONE = text(f"SELECT {COLUMNS} FROM mill.plan_runs WHERE id = :id")  # noqa: S608  constants of this file
_NEWEST = text(f"""
    SELECT {COLUMNS} FROM mill.plan_runs
    WHERE kind = ANY (CAST(:kinds AS text[])) AND status = 'done'
      AND (CAST(:before AS bigint) IS NULL OR id < :before)
    ORDER BY id DESC LIMIT 1
""")  # noqa: S608  constants of this file
_SEEN_ONE = text(f"{_SEEN} WHERE r.id = :id")
_LATEST = text("""
    SELECT max(id) FROM mill.plan_runs WHERE status = 'done' AND kind = ANY (CAST(:kinds AS text[]))
""")
_LISTED = text(f"""
    SELECT * FROM ({_SEEN}) AS seen
    WHERE (CAST(:kind AS text) IS NULL OR kind = :kind)
      AND (CAST(:status AS text) IS NULL OR status = :status)
      AND (CAST(:before AS bigint) IS NULL OR id < :before)
    ORDER BY id DESC LIMIT :most
""")  # noqa: S608  constants of this file
_COUNT = text(f"""
    SELECT count(*) FROM ({_SEEN}) AS seen
    WHERE (CAST(:kind AS text) IS NULL OR kind = :kind)
      AND (CAST(:status AS text) IS NULL OR status = :status)
""")  # noqa: S608  constants of this file
_PUBLISH = text("""
    INSERT INTO mill.published_runs (kind, run_id, published_by) VALUES (:kind, :id, :who)
    ON CONFLICT (kind) DO UPDATE SET run_id = :id, published_by = :who, published_at = now()
""")
_FORGET_HISTORY = text("""
    DELETE FROM mill.yarn_inventory_history WHERE snapshot_date < current_date - CAST(:days AS integer)
""")
_FORGET = text("""
    DELETE FROM mill.plan_runs r
    WHERE r.queued_at < now() - make_interval(days => :days)
      AND NOT EXISTS (SELECT 1 FROM mill.published_runs p WHERE p.run_id = r.id)
      AND (r.status <> 'done' OR r.id < (
          SELECT max(n.id) FROM mill.plan_runs n WHERE n.kind = r.kind AND n.status = 'done'))
""")


async def queue_plan(
    conn: WriteConnection, kind: str, as_of: date, params: Mapping[str, Any], who: str, work: UUID
) -> int:
    """A plan that a run is going to make; its number."""
    values = {"kind": kind, "as_of": as_of, "params": _json(params), "who": who, "work": work}
    number: int = (await conn.execute(_QUEUE, values)).scalar_one()
    return number


async def begin_plan(conn: WriteConnection, work: UUID) -> int | None:
    """The plan that this run makes, now under way; None: it has none yet."""
    return (await conn.execute(_BEGIN, {"work": work})).scalar_one_or_none()


async def end_plan(conn: WriteConnection, number: int, **found: Any) -> None:
    """The plan stands: from now on nothing of it changes."""
    words = ("params", "assumptions", "gates", "stats", "versions")
    packed = {name: _json(value) if name in words else value for name, value in found.items()}
    await conn.execute(_DONE, {"id": number, **packed})


async def give_up_plan(conn: WriteConnection, number: int, status: str, error: Mapping[str, Any]) -> None:
    """No plan came of it: `failed` or `cancelled`."""
    await conn.execute(_ENDED, {"id": number, "status": status, "error": _json(error)})


async def select_plan(conn: ReadConnection, number: int) -> Row[Any] | None:
    """A planning run by number."""
    return (await conn.execute(_ONE, {"id": number})).one_or_none()


async def select_newest_plan(
    conn: ReadConnection, kind: str = "plan", before: int | None = None
) -> Row[Any] | None:
    """The last plan of a kind that was made, or the last before another; `six_phase` is a `plan`."""
    kinds = list(WHOLE) if kind in WHOLE else [kind]
    return (await conn.execute(_NEWEST, {"kinds": kinds, "before": before})).one_or_none()


async def select_seen_plan(conn: ReadConnection, number: int) -> Row[Any] | None:
    """A plan as people see it: with the progress and the end of the run that makes it."""
    return (await conn.execute(_SEEN_ONE, {"id": number})).one_or_none()


async def select_seen_plans(
    conn: ReadConnection, kind: str | None, status: str | None, before: int | None, most: int
) -> Sequence[Row[Any]]:
    """Plans as people see them, newest first, with numbers below `before`."""
    asked = {"kind": kind, "status": status, "before": before, "most": most}
    return (await conn.execute(_LISTED, asked)).all()


async def count_seen_plans(conn: ReadConnection, kind: str | None, status: str | None) -> int:
    """How many there are of them."""
    count: int = (await conn.execute(_COUNT, {"kind": kind, "status": status})).scalar_one()
    return count


async def select_latest(conn: ReadConnection) -> int | None:
    """The number of the newest whole plan that was made."""
    return (await conn.execute(_LATEST, {"kinds": list(WHOLE)})).scalar_one_or_none()


async def analyze_parts(conn: WriteConnection, tables: Iterable[str]) -> None:
    """Let PostgreSQL count tables that a plan has just filled.

    Until then it takes a new plan for one row, and joins its weeks with its yarns row by row: 66 s for a
    report of set M (5,000 yarns) instead of 63 ms.
    """
    for table in tables:
        await conn.exec_driver_sql(f"ANALYZE mill.{table}")


async def publish_plan(conn: WriteConnection, kind: str, number: int, who: str) -> None:
    """From now on this is the mill's plan of the kind."""
    await conn.execute(_PUBLISH, {"kind": kind, "id": number, "who": who})


async def forget_plans(conn: WriteConnection, days: int) -> int:
    """Remove plans older than so many days, but the published ones and the last of each kind; how many."""
    return (await conn.execute(_FORGET, {"days": days})).rowcount


async def forget_history(conn: WriteConnection, days: int) -> int:
    """Remove what lay in store longer than so many days ago; how many rows."""
    return (await conn.execute(_FORGET_HISTORY, {"days": days})).rowcount


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()

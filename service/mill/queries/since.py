"""What happened at the mill since an instant: files, plans, parameters, decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_SINCE = text("""
    SELECT 'import' AS kind, j.finished_at AS at, NULL AS subject, '/v1/mill/imports/' || j.id AS link,
           format('%s %s of %s was read (import %s)', j.file_kind, j.file_name, j.snapshot_date, j.id)
               AS detail
    FROM mill.import_jobs j
    WHERE j.status = 'done' AND j.mode <> 'dry_run' AND j.finished_at >= :since
    UNION ALL
    SELECT 'plan', r.finished_at, NULL, '/v1/mill/plan-runs/' || r.id,
           format('plan %s as of %s was made', r.id, r.as_of)
    FROM mill.plan_runs r WHERE r.status = 'done' AND r.finished_at >= :since
    UNION ALL
    SELECT 'parameter', p.valid_from, NULL, '/v1/mill/parameters',
           format('%s was set to %s by %s', p.name, p.value, p.set_by)
    FROM mill.planning_params p WHERE p.valid_from >= :since
    UNION ALL
    SELECT CASE WHEN a.subject LIKE 'yarn:%' THEN 'yarn' WHEN a.subject LIKE 'order:%' THEN 'order'
                WHEN a.subject LIKE 'allocation:%' THEN 'allocation' ELSE 'action' END,
           a.at, CASE WHEN a.subject ~ '^(yarn|order):' THEN split_part(a.subject, ':', 2) END, NULL,
           format('%s by %s', a.what, a.who)
    FROM muster.audit a WHERE a.what LIKE 'mill.%' AND a.at >= :since
    ORDER BY 2, 5
""")


async def select_since(conn: ReadConnection, since: datetime) -> Sequence[Row[Any]]:
    """In the order in which it happened; `subject` is the yarn or order that alone it concerns."""
    return (await conn.execute(_SINCE, {"since": since})).all()

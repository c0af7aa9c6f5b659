"""The last file of each kind that was put in force or refused, with its findings."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection

_LAST: Final = text("""
    SELECT DISTINCT ON (j.file_kind) j.file_kind, j.id, j.file_name, j.status, j.counts, j.rows_read,
           j.rows_rejected, j.snapshot_date, j.finished_at
    FROM mill.import_jobs j
    WHERE j.mode <> 'dry_run' AND j.status IN ('done', 'refused', 'failed')
    ORDER BY j.file_kind, j.id DESC
""")
_FINDINGS: Final = text("""
    SELECT e.job_id, e.code, e.severity, count(*) AS n, min(e.message) AS message,
           (array_agg(e.row_no ORDER BY e.row_no))[1:12] AS rows
    FROM mill.import_errors e WHERE e.job_id = ANY (CAST(:jobs AS bigint[]))
    GROUP BY e.job_id, e.code, e.severity ORDER BY e.job_id, e.code, e.severity
""")


async def select_last_files(conn: ReadConnection) -> Sequence[Row[Any]]:
    """By kind."""
    return (await conn.execute(_LAST)).all()


async def select_findings(conn: ReadConnection, jobs: Sequence[int]) -> Sequence[Row[Any]]:
    """What was said of their rows, by code and severity, with the first rows of each."""
    return (await conn.execute(_FINDINGS, {"jobs": list(jobs)})).all()

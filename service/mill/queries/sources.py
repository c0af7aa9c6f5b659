"""The last file of each kind."""

from sqlalchemy import text

from service.core.database import ReadConnection
from service.mill.rules.sources import SourceState

_STATES = text("""
    SELECT DISTINCT ON (j.file_kind)
           j.file_kind, j.id, coalesce(j.snapshot_date, j.created_at::date) AS snapshot_date, j.finished_at,
           coalesce(j.rows_rejected, 0) AS rows_rejected,
           EXISTS (SELECT 1 FROM mill.import_jobs l
                   WHERE l.file_kind = j.file_kind AND l.id > j.id AND l.status IN ('refused', 'failed')
                         AND l.mode <> 'dry_run') AS refused_since
    FROM mill.import_jobs j
    WHERE j.status = 'done' AND j.mode <> 'dry_run'
    ORDER BY j.file_kind, j.id DESC
""")


async def select_source_states(conn: ReadConnection) -> dict[str, SourceState]:
    """By kind of file, of those that were ever put in force."""
    rows = (await conn.execute(_STATES)).all()
    return {row.file_kind: SourceState(row.file_kind, *row[1:]) for row in rows}

"""Imports as they are answered: the report of a file, its messages."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries import import_jobs

SHOWN: Final = 1_000
"""Errors and warnings that a report carries; all that were kept have a route of their own."""


def report_of(job: Row[Any], errors: Sequence[Row[Any]] = ()) -> dict[str, Any]:
    """The report of a file (E.8)."""
    told = job.options.get("told", {})
    return {
        "job_id": job.id,
        "run_id": None if job.run_id is None else str(job.run_id),
        "kind": job.file_kind,
        "mode": job.mode,
        "status": job.status,
        "file": job.file_name,
        "sha256": job.sha256,
        "snapshot_date": job.snapshot_date,
        "rows_read": job.rows_read or 0,
        "rows_ok": job.rows_ok or 0,
        "rows_repaired": job.rows_repaired or 0,
        "rows_rejected": job.rows_rejected or 0,
        "errors": [message_of(one) for one in errors],
        "totals": job.totals,
        "counts": job.counts,
        "messages": sum(job.counts.values()),
        "messages_kept": told.get("kept", 0),
        "messages_link": f"/v1/mill/imports/{job.id}/errors",
        "stored": told.get("stored", {}),
        "strict_errors": told.get("strict_errors", 0),
        "repeated": False,
        "in_force": job.status == "done" and job.mode != "dry_run" and job.latest,
        "requested_by": job.requested_by,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "options": {name: value for name, value in job.options.items() if name != "told"},
    }


def message_of(row: Row[Any]) -> dict[str, Any]:
    """A message as it travels."""
    return {
        "row": row.row_no,
        "column": row.column_name,
        "code": row.code,
        "severity": row.severity,
        "raw": row.raw_value,
        "used": row.used_value,
        "action": row.action,
        "message": row.message,
    }


async def read_report(conn: ReadConnection, job_id: int) -> dict[str, Any] | None:
    """The report of an import with its first messages; None where there is none of that number."""
    job = await import_jobs.select_job(conn, job_id)
    if job is None:
        return None
    return report_of(job, await import_jobs.select_first_messages(conn, job_id, SHOWN))

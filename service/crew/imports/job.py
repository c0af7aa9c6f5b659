"""One import as a run: the file stored in one transaction or not at all, reported row by row."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from service.access.audit import record
from service.core.errors import Invalid, ServiceError
from service.core.tasks import Cancelled, JobContext
from service.crew.files.inspection import check_instant, inspected
from service.crew.files.stations import settled_station
from service.crew.imports import details, report
from service.crew.imports.work import Work
from service.crew.queries.applying import lock_station
from service.reporting.files import uploads
from service.reporting.files.findings import Findings
from service.schemas.crew.imports import CrewFileKind, CrewImportParams, CrewImportResult

STATEMENT_SECONDS: Final = 600.0


class _Undone(Exception):
    """Roll everything back: a dry run, or a file that is refused."""


async def run(context: JobContext) -> dict[str, Any]:
    """The job `crew.import`: store one uploaded file.

    The run is partial when rows were rejected. Raises `Invalid` where the file cannot be used as a whole;
    then and at its end the upload is forgotten, after a crash it waits for the run to be taken up again.
    """
    params: CrewImportParams = context.params
    settings, in_thread = context.runtime.settings, context.runtime.compute.in_thread
    path = _uploaded(context, params.upload)
    await in_thread(uploads.forget_old, settings)
    try:
        kind = await in_thread(inspected, path, params.kind)
        check_instant(kind, params.as_of, datetime.now(UTC))
        findings = await in_thread(Findings, uploads.findings_path(settings, context.run_id))
        try:
            result = await _stored(context, path, kind, findings)
        finally:
            findings.close()
    except (ServiceError, Cancelled):
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    context.partial = result.rejected_rows > 0
    return result.model_dump(mode="json")


def _uploaded(context: JobContext, name: str) -> Path:
    path = uploads.upload_path(context.runtime.settings, name)
    if not path.exists():
        detail = "the uploaded file is not here: upload it again (replicas need one home on a shared volume)"
        raise Invalid(detail, code="upload_gone")
    return path


async def _stored(
    context: JobContext, path: Path, kind: CrewFileKind, findings: Findings
) -> CrewImportResult:
    work, params = None, context.params
    with suppress(_Undone):
        async with context.runtime.database.write(timeout=STATEMENT_SECONDS) as conn:
            station = await settled_station(conn, context.runtime.settings, params.station, params.zone)
            await lock_station(conn, station.id)
            work = Work(context, conn, path, station, findings)
            await (report if kind == "report" else details).store(work)
            if work.refused or params.dry_run:
                raise _Undone
            after = {"kind": kind, **work.came}
            await record(
                conn, f"run:{context.run_id}", "crew.imported", f"station:{station.code}", after=after
            )
            await context.runtime.versions.raise_in(conn, work.scopes)
    assert work is not None
    if not (work.refused or params.dry_run):
        context.counts.update(work.came)
    return _result(work, kind)


def _result(work: Work, kind: CrewFileKind) -> CrewImportResult:
    params: CrewImportParams = work.context.params
    return CrewImportResult(
        outcome="refused" if work.refused else "applied",
        dry_run=params.dry_run,
        kind=kind,
        file=params.name or params.upload,
        station=work.station.code,
        as_of=params.as_of if kind == "report" else None,
        rows=work.rows,
        rejected_rows=work.findings.rejected_rows,
        days=dict(work.came) if kind == "report" else {},
        people=dict(work.came) if kind == "details" else {},
        codes=dict(work.findings.counts),
        findings=work.findings.first,
        findings_link=f"/v1/crew/imports/{work.context.run_id}/findings",
    )

"""One import as a run: the file stored in one transaction or not at all, reported row by row."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.access.audit import record
from service.core.tasks import JobContext
from service.crew.files.inspection import check_instant, inspected
from service.crew.files.stations import settled_station
from service.crew.imports import details, report
from service.crew.imports.work import Work
from service.crew.queries.applying import lock_station
from service.reporting.files.findings import Findings
from service.reporting.files.storing import (
    findings_of,
    reported,
    require_stored,
    told_of,
    upload_of,
    whole_or_nothing,
)
from service.schemas.crew.imports import CrewFileKind, CrewImportParams, CrewImportResult


async def run(context: JobContext) -> dict[str, Any]:
    """The job `crew.import`: store one uploaded file.

    The run is partial when rows were rejected. Raises `Invalid` where the file cannot be used as a whole;
    then and at its end the upload is forgotten, after a crash it waits for the run to be taken up again.
    """
    params: CrewImportParams = context.params
    async with upload_of(context) as path:
        kind = await context.runtime.compute.in_thread(inspected, path, params.kind)
        check_instant(kind, params.as_of, datetime.now(UTC))
        async with findings_of(context) as findings:
            result = await _stored(context, path, kind, findings)
    return reported(context, result)


async def _stored(
    context: JobContext, path: Path, kind: CrewFileKind, findings: Findings
) -> CrewImportResult:
    work, params = None, context.params
    async with whole_or_nothing(context) as conn:
        station = await settled_station(conn, context.runtime.settings, params.station, params.zone)
        await lock_station(conn, station.id)
        work = Work(context, conn, path, station, findings)
        await (report if kind == "report" else details).store(work)
        require_stored(findings, params)
        after = {"kind": kind, **work.came}
        await record(conn, f"run:{context.run_id}", "crew.imported", f"station:{station.code}", after=after)
        await context.runtime.versions.raise_in(conn, work.scopes)
    assert work is not None
    if not (work.refused or params.dry_run):
        context.counts.update(work.came)
    return _result(work, kind)


def _result(work: Work, kind: CrewFileKind) -> CrewImportResult:
    params: CrewImportParams = work.context.params
    return CrewImportResult(
        **told_of(work.context, work.findings, "crew"),
        kind=kind,
        station=work.station.code,
        as_of=params.as_of if kind == "report" else None,
        rows=work.rows,
        days=dict(work.came) if kind == "report" else {},
        people=dict(work.came) if kind == "details" else {},
    )

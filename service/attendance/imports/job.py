"""One import as a run: the file inspected, stored in one transaction or not at all, reported row by row."""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.attendance.files.inspection import Inspected, inspected
from service.attendance.files.zones import settled_zone
from service.attendance.imports import holidays, masters, punches, weekly
from service.attendance.imports.work import Work
from service.attendance.queries import mirror, watermarks
from service.attendance.queries.completeness import FILE
from service.attendance.queries.scopes import COMPLETENESS
from service.attendance.queries.sources import address_of, select_everybody, select_sources
from service.core.database import WriteConnection
from service.core.errors import Invalid, ServiceError
from service.core.tasks import JobContext
from service.reporting.files.findings import Findings, finding
from service.reporting.files.storing import (
    Undone,
    findings_of,
    reported,
    require_stored,
    told_of,
    upload_of,
    uploaded,
    whole_or_nothing,
)
from service.schemas.attendance import ImportKind, ImportParams, ImportResult

DOCTYPES: Final[dict[ImportKind, str]] = {
    "punches": "Employee Checkin",
    "people": "Employee",
    "shifts": "Shift Type",
    "schedules": "Shift Assignment",
    "leaves": "Leave Application",
    "holidays": "Holiday List",
}
"""Whose watermark a file of each kind moves; weekly schedules are decided here and have none."""


async def run(context: JobContext) -> dict[str, Any]:
    """The job `attendance.import`: store one uploaded file.

    The run is partial when rows were rejected. Raises `Invalid` where the file cannot be used as a whole;
    then and at its end the upload is forgotten, after a crash it waits for the run to be taken up again.
    """
    params: ImportParams = context.params
    async with upload_of(context) as path:
        file = await context.runtime.compute.in_thread(inspected, path, params.kind, params.date_order)
        async with findings_of(context) as findings:
            result = await _stored(context, path, file, findings)
    return reported(context, result)


async def _stored(context: JobContext, path: Path, file: Inspected, findings: Findings) -> ImportResult:
    params: ImportParams = context.params
    work = None
    async with whole_or_nothing(context) as conn:
        for name in params.before if params.dry_run else ():
            await _rehearsed(context, conn, name)
        work = await _work(context, conn, path, file, findings)
        await _by_kind(work)
        _say_unvouched(work)
        require_stored(findings, params)
        await _vouch(work)
        await context.runtime.versions.raise_in(conn, work.scopes)
    assert work is not None
    if not (work.refused or params.dry_run):
        context.counts.update(work.counts)
    return _result(work)


async def _rehearsed(context: JobContext, conn: WriteConnection, name: str) -> None:
    """Do what another file would do before this one, whose own dry run has told what there is to tell."""
    path = uploaded(context.runtime.settings, name)
    in_thread = context.runtime.compute.in_thread
    findings = Findings(Path(os.devnull))
    try:
        with suppress(Undone, ServiceError):
            file = await in_thread(inspected, path, "auto", context.params.date_order)
            async with conn.begin_nested():
                work = await _work(context, conn, path, file, findings)
                await _by_kind(work)
                if work.refused:
                    raise Undone
    finally:
        findings.close()


async def _work(
    context: JobContext, conn: WriteConnection, path: Path, file: Inspected, findings: Findings
) -> Work:
    params: ImportParams = context.params
    started = datetime.now(UTC)
    zone = settled_zone(await select_sources(conn), params.source, params.zone)
    address = address_of(params.source)
    source_id, _ = await mirror.find_source(
        conn, kind=FILE, base_url=address, time_zone=zone, api_flavour=None
    )
    everybody = await select_everybody(conn)
    # This source's people last, so that they win over namesakes by number of another.
    everybody.sort(key=lambda person: person.source_id == source_id)
    people = {person.number.casefold(): person for person in everybody}
    work = Work(context, conn, path, file, findings, source_id, address, ZoneInfo(zone), started, people)
    _check_statement(work)
    return work


def _check_statement(work: Work) -> None:
    through = work.context.params.complete_through
    if through is not None and through > work.today:
        raise Invalid(
            f"nothing can be complete through {through}: it is {work.today} there", code="date_in_future"
        )


async def _by_kind(work: Work) -> None:
    kind = work.file.columns.kind
    if kind == "punches":
        await punches.store(work)
    elif kind == "holidays":
        await holidays.store(work)
    elif kind == "weekly":
        await weekly.store(work)
    else:
        await masters.store(work)


async def _vouch(work: Work) -> None:
    """Move the watermark of this kind to what was said; what nobody said stays open."""
    doctype = DOCTYPES.get(work.file.columns.kind)
    if doctype is None:
        return
    cursor = (await watermarks.select_cursors(work.conn, work.source_id)).get(doctype)
    said = complete_instant(work)
    values: dict[str, Any] = {} if said is None else {"complete_through": said}
    await watermarks.put_cursor(
        work.conn, work.source_id, doctype, phase="live", checked_at=work.started, **values
    )
    if cursor is None or (said is not None and cursor.complete_through != said):
        work.scopes.add(COMPLETENESS)


def complete_instant(work: Work) -> datetime | None:
    """The end of the last complete date on the source's clock; None: not said, or rows were left out."""
    through = work.context.params.complete_through
    if through is None or work.findings.rejected_rows or work.file.columns.kind not in DOCTYPES:
        return None
    return datetime.combine(through + timedelta(days=1), datetime.min.time(), work.zone).astimezone(UTC)


def _say_unvouched(work: Work) -> None:
    """Say where rows are stored and what was said of their completeness is not."""
    through, left_out = work.context.params.complete_through, work.findings.rejected_rows
    if through is None or work.refused or not left_out or work.file.columns.kind not in DOCTYPES:
        return
    why = f"rows were left out ({left_out:,}): correct them and import the file again"
    said = f"not taken as complete through {through}: {why}"
    work.findings.add_first(finding(1, None, "not_complete", said, "warning"))


def _result(work: Work) -> ImportResult:
    return ImportResult(
        **told_of(work.context, work.findings, "attendance"),
        kind=work.file.columns.kind,
        source=work.address,
        zone=work.zone.key,
        rows=work.file.rows,
        records=work.counts["records"],
        inserted=work.counts["inserted"],
        updated=work.counts["updated"],
        unchanged=work.counts["unchanged"],
        removed=work.counts["removed"],
        complete_through=None if work.refused else complete_instant(work),
    )

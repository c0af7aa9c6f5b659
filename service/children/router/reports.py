"""Reports about a child: written, reviewed, published, held against today."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.children.clinical import report_files, reports
from service.children.door import note_reading
from service.children.play.reading import rows_of
from service.children.queries import reports as queries
from service.children.queries.scopes import of_writings
from service.children.router import reports_examples as examples
from service.children.router.answers import IfMatch, read, read_page, versioned
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.children.router.played import CallDep, write
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.paging import Paging
from service.reporting.query import strict_query
from service.schemas.children.reports import (
    ChildReport,
    ReportAsk,
    ReportChangeAsk,
    ReportChanges,
    ReportCorrectionAsk,
    ReportFileAsk,
    ReportListed,
    ReportRemoved,
    ReportsAsk,
    TransitionAsk,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN = Depends(strict_query(Ask))
_READS = Depends(needs("reports:read"))
_WRITES = [Depends(needs("reports:write")), _PLAIN]


@router.get(
    "/{child_id:int}/reports",
    operation_id="children_written_reports",
    summary="Reports about a child",
    response_model=Listing[ReportListed],
    responses=list_responses(examples.LISTED, 404),
    dependencies=[_READS, Depends(strict_query(ReportsAsk))],
)
async def list_reports(child_id: int, ask: Annotated[ReportsAsk, Query()], call: CallDep) -> Response:
    """Those that were published; to who writes and reviews, the others too. The newest first."""
    paging = Paging(call.cursors, ask, f"children/{child_id}/reports", queries.KEYS)
    database, statement = call.runtime.database, queries.reports_like(call.caller, child_id, ask)
    rows, page = await rows_of(
        database, call.caller, child_id, statement, paging, queries.KEYS, reports.LISTED
    )
    await note_reading(database, call.caller, reports.LISTED, child_id)
    items = [reports.listed_of(row) for row in rows]
    return read_page(call.request, Listing[ReportListed](items=items, page=page))


@router.post(
    "/{child_id:int}/reports",
    operation_id="children_draft_report",
    summary="Draft a report about a child",
    description="Its figures are worked out now and kept with it; they are what is reviewed and published.",
    status_code=201,
    response_model=ChildReport,
    responses=written_responses(201, examples.DRAFT, 409),
    dependencies=_WRITES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def draft_report(child_id: int, asked: ReportAsk, call: CallDep) -> Response:
    """By professionals who may edit."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made = await reports.draft(conn, call.caller, child_id, asked, call.policy)
        place = {"Location": f"{PREFIX}/reports/{made.id}"}
        return Answered(made, 201, {**versioned(made.version), **place}), [of_writings(child_id)]

    return await write(call, deed)


@router.get(
    "/reports/{report_id:int}",
    operation_id="children_written_report",
    summary="One report about a child",
    response_model=ChildReport,
    responses=one_responses(examples.REPORT),
    dependencies=[_READS, _PLAIN],
)
async def one_report(report_id: int, call: CallDep) -> Response:
    """With the figures it was written from, and whether it still is what was published."""
    found = await reports.read(call.runtime.database, call.caller, report_id)
    return read(found, **versioned(found.version))


@router.patch(
    "/reports/{report_id:int}",
    operation_id="children_change_report",
    summary="Change a draft",
    response_model=ChildReport,
    responses=written_responses(200, examples.DRAFT | {"version": 2}, 409, 412, 428),
    dependencies=_WRITES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CHANGE}}}},
)
async def change_report(
    report_id: int, asked: ReportChangeAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """By its author alone; its figures stay."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        return _told(await reports.change(conn, call.caller, report_id, asked, if_match))

    return await write(call, deed)


@router.delete(
    "/reports/{report_id:int}",
    operation_id="children_remove_report",
    summary="Remove a draft",
    response_model=ReportRemoved,
    responses=written_responses(200, examples.REMOVED, 409),
    dependencies=_WRITES,
)
async def remove_report(report_id: int, call: CallDep) -> Response:
    """By its author alone; what was submitted is archived instead."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        removed = await reports.remove(conn, call.caller, report_id)
        return Answered(removed), [of_writings(removed.child_id)]

    return await write(call, deed)


@router.post(
    "/reports/{report_id:int}/transitions",
    operation_id="children_move_report",
    summary="Submit, return, approve, publish or archive a report",
    description="A report is approved by somebody who did not write it.",
    response_model=ChildReport,
    responses=written_responses(200, examples.REPORT, 409),
    dependencies=_WRITES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.TRANSITION}}}},
)
async def move_report(report_id: int, asked: TransitionAsk, call: CallDep) -> Response:
    """What its state, or who asks, does not allow is an `invalid_transition`."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        return _told(await reports.move(conn, call.caller, report_id, asked))

    return await write(call, deed)


@router.put(
    "/reports/{report_id:int}/correction",
    operation_id="children_correct_report",
    summary="Attach a correction to a published report",
    description="The report itself stays as it was published.",
    response_model=ChildReport,
    responses=written_responses(200, examples.REPORT, 409, 412, 428),
    dependencies=_WRITES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CORRECTION}}}},
)
async def correct_report(
    report_id: int, asked: ReportCorrectionAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """By professionals who may edit."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        return _told(await reports.correct(conn, call.caller, report_id, asked.note, if_match))

    return await write(call, deed)


@router.get(
    "/reports/{report_id:int}/changes",
    operation_id="children_report_changes",
    summary="What would differ in a report today, and why",
    response_model=ReportChanges,
    responses=one_responses(examples.CHANGES),
    dependencies=[_READS, _PLAIN],
)
async def report_changes(report_id: int, call: CallDep) -> Response:
    """Every figure that differs, with the sessions and activities that made it so."""
    return read(await reports.changes(call.runtime.database, call.caller, report_id))


@router.get(
    "/reports/{report_id:int}/export",
    operation_id="children_export_report",
    summary="A report as a file",
    response_model=ChildReport,
    responses=one_responses(examples.REPORT),
    dependencies=[_READS, Depends(strict_query(ReportFileAsk))],
)
async def export_report(report_id: int, ask: Annotated[ReportFileAsk, Query()], call: CallDep) -> Response:
    """JSON, CSV, or a page to print."""
    found = await reports.read(call.runtime.database, call.caller, report_id, "report.export")
    return report_files.file_of(found, ask, f"report-{report_id}")


def _told(report: ChildReport) -> tuple[Answered, list[str]]:
    return Answered(report, headers=versioned(report.version)), [of_writings(report.child_id)]

"""Files in: an upload becomes a run, whose result is the report; imports are listed with what was told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.core.inbound import RuntimeDep
from service.core.paging import Paging, SortKey, count_up_to, next_link
from service.core.runtime import Runtime
from service.mill.answers.imports import read_report, report_of
from service.mill.files.inspection import AlreadyRead, checked
from service.mill.models.files import ImportJob
from service.mill.queries import import_jobs, scopes
from service.mill.router import import_examples as examples
from service.mill.router.answers import CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS, ImportNumber
from service.reporting.entities import Answer, answer
from service.reporting.files.receiving import XLSX, check_kind, start_import
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses, list_responses, read_responses
from service.schemas.envelope import Ask, Run
from service.schemas.mill.imports import (
    MillImportAsk,
    MillImportParams,
    MillImportReport,
    MillImports,
    MillImportsAsk,
)

JOB: Final = "mill.import"
LARGEST: Final = 50 * 1024 * 1024
"""Bytes of an upload at most (E.8)."""
UPLOADS: Final[Mapping[str, int]] = {f"{PREFIX}/imports": LARGEST}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.post(
    "/imports",
    operation_id="mill_import_file",
    summary="Import a file of the ERP",
    status_code=202,
    response_model=Run,
    responses={
        200: {
            "model": MillImportReport,
            "description": "The same file is in force already: its import, and nothing is written.",
            "content": {"application/json": {"example": {**examples.REPORT, "repeated": True}}},
        },
        **accepted_responses(examples.RUN, 400, 401, 403, 409, 413, 415, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillImportAsk))],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {**_BINARY, "example": examples.FILE},
                "text/csv": {"schema": {"type": "string"}, "example": examples.FILE},
                XLSX: _BINARY,
            },
        }
    },
)
async def import_file(
    request: Request, runtime: RuntimeDep, caller: Planner, asked: Annotated[MillImportAsk, Query()]
) -> Response:
    """CSV or XLSX, at most 50 MiB, 500,000 rows and 200 columns.

    The run's result is the report: what was read, repaired and rejected, and why; so is
    `/v1/mill/imports/{job_id}`. A whole file or nothing of it is written; a file that cannot be read at all
    is refused at once (422).
    """
    check_kind(request)

    async def params_of(path: Path) -> MillImportParams:
        await checked(runtime, path, asked)
        return MillImportParams(**asked.model_dump(), upload=path.name)

    try:
        return await start_import(request, runtime, caller, JOB, params_of, most=LARGEST)
    except AlreadyRead as known:
        return await _known(runtime, known.job_id)


async def _known(runtime: Runtime, job_id: int) -> Response:
    async with runtime.database.snapshot() as conn:
        report = await read_report(conn, job_id)
    body = MillImportReport.model_validate({**(report or {}), "repeated": True})
    return JSONResponse(body.model_dump(mode="json"), headers={"Cache-Control": "no-store"})


@router.get(
    "/imports",
    operation_id="mill_imports",
    summary="Files that were read, the newest first",
    response_model=MillImports,
    responses=list_responses({**examples.REPORT, "errors": []}),
    dependencies=[Depends(strict_query(MillImportsAsk))],
)
async def imports(call: CallDep, ask: Annotated[MillImportsAsk, Query()]) -> Response:
    """Each without its messages: those are with the import itself."""

    async def build(conn: ReadConnection) -> Answer:
        statement = import_jobs.jobs_listed()
        for column, wanted in ((ImportJob.file_kind, ask.kind), (ImportJob.mode, ask.mode)):
            statement = statement if wanted is None else statement.where(column == wanted)
        keys = [SortKey("id", ImportJob.__table__.c.id, descending=True)]
        paging = Paging(call.cursors, ask, "mill.imports", keys)
        total = await count_up_to(conn, statement) if paging.wants_total else None
        rows = (await conn.execute(paging.narrow(statement))).all()
        shown, page = paging.page(rows, total)
        body = {"items": [report_of(row) for row in shown], "page": page.model_dump()}
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, [scopes.IMPORTS])


@router.get(
    "/imports/{job_id:number}",
    operation_id="mill_import",
    summary="What came of a file, row by row",
    response_model=MillImportReport,
    responses=read_responses(examples.REPORT, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def one_import(call: CallDep, job_id: ImportNumber) -> Response:
    """The report of spec E.8: rows read, ok, repaired, rejected; sums; what is wrong, by row and column."""

    async def build(conn: ReadConnection) -> Answer:
        report = await read_report(conn, job_id)
        if report is None:
            raise NotFound(f"there is no import {job_id}")
        return Answer(report)

    return await answer(call, build, [scopes.IMPORTS])

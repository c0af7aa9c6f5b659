"""What was told of a file's rows: as a list, as CSV and as a workbook, each with the row it is about."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Row, Select
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.core.paging import Paging, SortKey, count_up_to, next_link
from service.mill.answers.imports import message_of
from service.mill.models.files import ImportMessage
from service.mill.queries import import_jobs, scopes
from service.mill.router import import_examples as examples
from service.mill.router.answers import Call, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS, ImportNumber
from service.reporting.entities import Answer, answer, seen_by
from service.reporting.files.receiving import XLSX
from service.reporting.files.sheets import sheet_file
from service.reporting.query import strict_query
from service.reporting.route_responses import also_as, list_responses
from service.schemas.mill.imports import MillImportMessages, MillMessagesAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_COLUMNS: Final = ("row", "column", "code", "severity", "action", "raw", "used", "message")
_FILES: Final[dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}},
    XLSX: {"schema": {"type": "string", "format": "binary"}},
}


@router.get(
    "/imports/{job_id:number}/errors",
    operation_id="mill_import_errors",
    summary="What was told of a file's rows",
    response_model=MillImportMessages,
    responses=also_as(list_responses(examples.LINE, statuses=(404,)), _FILES),
    dependencies=[Depends(strict_query(MillMessagesAsk))],
)
async def import_errors(
    call: CallDep, job_id: ImportNumber, ask: Annotated[MillMessagesAsk, Query()]
) -> Response:
    """By row and column, information too, at most 10,000 of a file: errors were kept before warnings.

    As `format=csv` or `xlsx` all at once, with the cells of the row beside each message.
    """
    if ask.format != "json":
        return await _file(call, job_id, ask)

    async def build(conn: ReadConnection) -> Answer:
        job = await _job(conn, job_id)
        statement = _asked(job_id, ask)
        paging = Paging(call.cursors, ask, f"mill.imports/{job_id}", [SortKey("seq", _SEQ)])
        total = await count_up_to(conn, statement) if paging.wants_total else None
        rows, page = paging.page((await conn.execute(paging.narrow(statement))).all(), total)
        told = sum(job.counts.values())
        body = {
            "job_id": job_id,
            "items": [{**message_of(row), "original": row.original} for row in rows],
            "page": page.model_dump(),
            "messages": told,
            "messages_kept": job.options.get("told", {}).get("kept", told),
            "header": job.options.get("told", {}).get("header"),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, [scopes.IMPORTS])


_SEQ: Final = ImportMessage.__table__.c.seq


def _asked(job_id: int, ask: MillMessagesAsk) -> Select[Any]:
    statement = import_jobs.messages_listed(job_id)
    for column, wanted in ((ImportMessage.severity, ask.severity), (ImportMessage.code, ask.code)):
        statement = statement if wanted is None else statement.where(column == wanted)
    return statement


async def _job(conn: ReadConnection, job_id: int) -> Row[Any]:
    job = await import_jobs.select_job(conn, job_id)
    if job is None:
        raise NotFound(f"there is no import {job_id}")
    return job


async def _file(call: Call, job_id: int, ask: MillMessagesAsk) -> Response:
    assert ask.format != "json"
    async with seen_by(call, [scopes.IMPORTS]) as seen:
        job = await _job(seen.conn, job_id)
        rows = (await seen.conn.execute(_asked(job_id, ask).order_by(_SEQ))).all()
    header = job.options.get("told", {}).get("header") or []
    width = max([len(header), *(len(row.original or ()) for row in rows)])
    titles = [title or f"cell {at}" for at, title in enumerate([*header, *[""] * (width - len(header))], 1)]
    blocks = _blocks(rows)
    name = f"import-{job_id}-messages"
    return await sheet_file(call.runtime.compute, name, ask.format, [*_COLUMNS, *titles], blocks)


async def _blocks(rows: Sequence[Row[Any]]) -> AsyncIterator[Sequence[Sequence[Any]]]:
    told = [message_of(row) for row in rows]
    yield [
        [*(one[name] for name in _COLUMNS), *(row.original or ())]
        for one, row in zip(told, rows, strict=True)
    ]

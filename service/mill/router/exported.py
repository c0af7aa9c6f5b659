"""`/v1/mill/export/{table}`: what is in force as a file of its kind, which comes in again as it is."""

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy.ext.asyncio import AsyncResult
from starlette.responses import Response, StreamingResponse

from service.core.errors import NotFound, near_matches
from service.core.versions import token
from service.mill.answers.standing import standing_of
from service.mill.files.kind import Kind
from service.mill.files.kinds import SHAPES
from service.mill.queries import exporting, scopes
from service.mill.queries.exporting import WeeklyColumn
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.completeness import completeness_headers
from service.reporting.files.receiving import XLSX
from service.reporting.files.sheets import sheet_file
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.snapshots import reach, snapshot_of
from service.schemas.mill.imports import MillExportAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
LONGEST: Final = 300.0
"""Seconds that writing a file may take."""
Table = Annotated[str, Path(description="A kind of file, such as `yarn_inventory`.")]
_EXAMPLE: Final = "WC,MACH\r\n6.30.28.F,161\r\n"


@router.get(
    "/export/{table}",
    operation_id="mill_export_table",
    summary="What is in force, as a file that can be imported",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            }
        },
        **problem_responses(400, 401, 403, 404, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillExportAsk))],
)
async def export_table(call: CallDep, table: Table, ask: Annotated[MillExportAsk, Query()]) -> Response:
    """`table` is a kind of file; columns are those of its import, and a text is never a formula.

    Of `yarn_demand` the weekly report is written, of `sales` what was invoiced.
    """
    if table not in exporting.ROWS:
        near = near_matches(table, exporting.ROWS)
        hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(exporting.ROWS)}"
        raise NotFound(f"there is no table {table!r}{hint}")
    await reach(call.runtime, call.least)
    async with snapshot_of(call.runtime, scopes.PLANNED, call.least, call.caller, timeout=LONGEST) as seen:
        known = await standing_of(seen.conn, call.now, [table])
        headers = {
            **completeness_headers(known.complete, known.reasons),
            "Data-Version": token(seen.versions),
        }
        weeks = await exporting.select_weekly_columns(seen.conn, table)
        rows = await exporting.stream_rows(seen.conn, table)
        first, *more = _headers(SHAPES[table][0], list(rows.keys()), weeks)
        blocks = _blocks(more, rows, weeks)
        return await sheet_file(call.runtime.compute, table, ask.format, first, blocks, **headers)


def _headers(kind: Kind, names: Sequence[str], weeks: Sequence[WeeklyColumn]) -> list[list[str]]:
    """The row of headers; and over it, where something stands there, each label over its first column."""
    titles: list[str] = []
    above: list[str] = []
    for name in names:
        if name == exporting.WEEKLY:
            titles += [one.title for one in weeks]
            labels = ["", *(one.above for one in weeks)]
            above += ["" if label == before else label for before, label in pairwise(labels)]
        else:
            titles.append(kind.column(name).title)
            above.append("")
    return [above, titles] if any(above) else [titles]


async def _blocks(
    more: list[list[str]], rows: AsyncResult[Any], weeks: Sequence[WeeklyColumn]
) -> AsyncIterator[list[list[Any]]]:
    yield more
    names = list(rows.keys())
    async for block in rows.partitions(exporting.AT_ONCE):
        yield [_cells(dict(zip(names, row, strict=True)), weeks) for row in block]


def _cells(row: Mapping[str, Any], weeks: Sequence[WeeklyColumn]) -> list[Any]:
    cells: list[Any] = []
    for name, value in row.items():
        if name == exporting.WEEKLY:
            cells += [Decimal((value or {}).get(one.key, "0")) for one in weeks]
        else:
            cells.append(value)
    return cells

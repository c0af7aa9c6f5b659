"""How far the mirror has come, and recomputing by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.attendance.queries.browse import require_people, visible_to
from service.attendance.queries.status import sync_status
from service.attendance.router import examples
from service.attendance.router.answers import READS, WRITES, CallDep
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.attendance.router.windows import check_dates
from service.core.auth import Caller, needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import FieldError, Invalid
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses, read_responses
from service.reporting.runs import run_of
from service.schemas.attendance import RecomputeParams, SyncStatus
from service.schemas.envelope import Ask, Run

MOST_PEOPLE = 1000
Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/sync",
    operation_id="attendance_sync_status",
    summary="How far the mirror of the upstream is",
    response_model=SyncStatus,
    responses=read_responses(examples.SYNC_STATUS),
    dependencies=[Depends(needs(READS)), Depends(strict_query(Ask))],
)
async def get_sync_status(call: CallDep) -> Response:
    """For each document type: phase, complete through when, lag, open gaps; and the last run."""
    async with call.runtime.database.snapshot() as conn:
        status = await sync_status(conn, call.now)
    headers = {"Cache-Control": "no-store"}
    return Response(status.model_dump_json(by_alias=True), headers=headers, media_type="application/json")


@router.post(
    "/recompute",
    operation_id="attendance_recompute",
    summary="Recompute days",
    status_code=202,
    response_model=Run,
    responses=accepted_responses(examples.RUN, 400, 401, 403, 409, 422, 429, 503),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": dict(examples.RECOMPUTE_ASK)}}}
    },
)
async def recompute(
    asked: RecomputeParams, request: Request, runtime: RuntimeDep, caller: Writer
) -> Response:
    """A range anew, or without one what is out of date; twice changes nothing."""
    _check(asked)
    async with runtime.database.snapshot() as conn:
        await _check_names(conn, caller, asked)

    async def start(conn: WriteConnection) -> Answered:
        run = await runtime.tasks.start("attendance.recompute", asked, caller.id, conn)
        return Answered(run_of(run), 202, {"Location": f"/v1/runs/{run.id}"})

    return await write_once(runtime.database, request, caller.id, start)


def _check(asked: RecomputeParams) -> None:
    check_dates(asked, "/body")
    if (asked.from_ is None) != (asked.to is None):
        missing = "from" if asked.from_ is None else "to"
        raise _refused(f"/body/{missing}", "missing", "from and to come together")
    if asked.people is not None and len(asked.people) > MOST_PEOPLE:
        raise _refused("/body/people", "too_long", f"at most {MOST_PEOPLE} people at once")


async def _check_names(conn: ReadConnection, caller: Caller, asked: RecomputeParams) -> None:
    if asked.people is not None:
        await require_people(conn, await visible_to(conn, caller), asked.people)
    elif caller.sites is not None:
        detail = "your key is limited to sites: name the people to recompute"
        raise _refused("/body/people", "missing", detail)


def _refused(pointer: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(pointer, code, detail)])

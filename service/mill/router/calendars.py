"""Calendars of machines and work centres, kept by admins of the desk."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from pydantic import AfterValidator
from starlette.responses import Response

from service.access.answering import IfMatch, etag
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.versions import token
from service.mill.decisions.plant import calendar_shown, no_calendar, put_calendar, remove_calendar
from service.mill.queries import scopes
from service.mill.queries.calendars import select_all_calendars, select_calendar
from service.mill.router import plant_examples as examples
from service.mill.router.answers import Admin, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.asked import usable
from service.schemas.envelope import Ask
from service.schemas.mill import plant as wire

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Name = Annotated[
    str, Path(min_length=1, max_length=140, description="Name of a calendar."), AfterValidator(usable)
]
_PLAIN: Final = [Depends(strict_query(Ask))]


@router.get(
    "/calendars",
    operation_id="mill_calendars",
    summary="When machines work",
    response_model=wire.MillCalendarListing,
    responses=read_responses({"items": [examples.CALENDAR]}),
    dependencies=_PLAIN,
)
async def every(call: CallDep) -> Response:
    """Every calendar with who follows it; a machine without one works round the clock."""

    async def build(conn: ReadConnection) -> Answer:
        return Answer({"items": [calendar_shown(row) for row in await select_all_calendars(conn)]})

    return await answer(call, build, [scopes.PLANT])


@router.get(
    "/calendars/{name}",
    operation_id="mill_calendar",
    summary="One calendar",
    response_model=wire.MillCalendar,
    responses=read_responses(examples.CALENDAR, 404),
    dependencies=_PLAIN,
)
async def one(call: CallDep, name: Name) -> Response:
    """Its shifts by weekday, the days that are otherwise, and who follows it."""

    async def build(conn: ReadConnection) -> Answer:
        row = await select_calendar(conn, name)
        if row is None:
            raise no_calendar(name)
        return Answer(calendar_shown(row), headers=etag(row.row_version))

    return await answer(call, build, [scopes.PLANT], kept=False)


@router.put(
    "/calendars/{name}",
    operation_id="mill_put_calendar",
    summary="Make a calendar, or replace it",
    response_model=wire.MillCalendar,
    responses=written_responses(200, examples.CALENDAR, 409, 412, 428),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CALENDAR_ASK}}}},
)
async def put(
    call: CallDep, caller: Admin, name: Name, asked: wire.MillCalendarAsk, if_match: IfMatch = None
) -> Response:
    """One that is there is replaced at the version that `If-Match` names."""

    async def effect(conn: WriteConnection) -> Answered:
        row, raised = await put_calendar(conn, caller, name, asked, if_match)
        body = wire.MillCalendar.model_validate(calendar_shown(row))
        return Answered(body, headers={**etag(row.row_version), "Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.delete(
    "/calendars/{name}",
    operation_id="mill_delete_calendar",
    summary="Remove a calendar",
    response_model=wire.MillCalendarGone,
    responses=written_responses(200, examples.CALENDAR_GONE, 404, 409, 412, 428),
    dependencies=_PLAIN,
)
async def delete(call: CallDep, caller: Admin, name: Name, if_match: IfMatch = None) -> Response:
    """Who followed it works round the clock from now on."""

    async def effect(conn: WriteConnection) -> Answered:
        gone, raised = await remove_calendar(conn, caller, name, if_match)
        body = wire.MillCalendarGone.model_validate(gone)
        return Answered(body, headers={"Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, caller.id, effect)

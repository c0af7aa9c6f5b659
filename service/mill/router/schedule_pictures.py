"""Schedules as blocks and pictures, and why an order stands where it stands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.mill.answers import gantts
from service.mill.answers.pictures import HEADERS, OFFERED
from service.mill.answers.schedule_reasons import explain_order
from service.mill.answers.schedules import find_schedule
from service.mill.queries import scopes
from service.mill.queries.schedules import select_plan_order
from service.mill.router import schedule_examples as examples
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting import explaining
from service.reporting.entities import Answer, answer, seen_by
from service.reporting.formats.html_page import HTML
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Explanation
from service.schemas.mill.schedules import MillGantt, MillGanttAsk, MillScheduleExplainAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/schedule/gantt",
    operation_id="mill_schedule_gantt",
    summary="The blocks of each machine, as JSON or as a printable page",
    response_model=MillGantt,
    responses={
        200: {"content": {"application/json": {"example": examples.GANTT}, "text/html": {}}},
        **problem_responses(400, 401, 403, 404, 406, 409, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillGanttAsk))],
)
async def gantt(call: CallDep, ask: Annotated[MillGanttAsk, Query()]) -> Response:
    """By work centre and machine; operations that are cut by the stretch of time are told whole."""
    kind = chosen_format(ask.format, call.request.headers.get("accept"), OFFERED)
    if kind == "html":
        async with seen_by(call, [scopes.PLANS]) as seen:
            page = await gantts.gantt_html(seen.conn, ask)
        return Response(page, headers=HEADERS, media_type=HTML.media_type)

    async def build(conn: ReadConnection) -> Answer:
        return Answer(await gantts.gantt_body(conn, ask))

    return await answer(call, build, [scopes.PLANS])


@router.get(
    "/schedule/explain",
    operation_id="mill_explain_schedule",
    summary="Why an order is knitted when and where it is, and what would make it punctual",
    response_model=Explanation,
    responses={
        200: {"content": {"application/json": {"example": examples.EXPLANATION}, "text/html": {}}},
        **problem_responses(400, 401, 403, 404, 406, 409, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillScheduleExplainAsk))],
)
async def explain(call: CallDep, ask: Annotated[MillScheduleExplainAsk, Query()]) -> Response:
    """What it waited for (yarn, machine, shift), which machines could have knitted it and when, and, where it
    ends late, each remedy with the end that it would bring.
    """
    name = chosen_format(ask.format, call.request.headers.get("accept"), explaining.OFFERED)
    async with seen_by(call, [scopes.PLANS]) as seen:
        found = await find_schedule(seen.conn, ask.plan)
        order = await select_plan_order(seen.conn, found.number, ask.order)
        if order is None:
            raise NotFound(
                f"schedule {found.number} has no order {ask.order!r}", code="order_not_in_schedule"
            )
        explanation = await explain_order(seen.conn, found, order)
    return explaining.explanation_response(
        explanation, name, locale=ask.locale, desk="mill", title=gantts.TITLES[ask.locale]
    )

"""Schedules: asked for, looked at, drawn, explained, published."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.paging import Paging, count_up_to, next_link
from service.core.versions import token
from service.mill.answers import schedules as shown
from service.mill.answers.plans import plan_shown
from service.mill.decisions.plans import ask_for_plan
from service.mill.decisions.schedules import publish_schedule
from service.mill.queries import schedules as stored
from service.mill.queries import scopes
from service.mill.queries.known import require_known
from service.mill.router import plan_examples
from service.mill.router import schedule_examples as examples
from service.mill.router.answers import Call, CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plans import PlanPath
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses, read_responses, written_responses
from service.schemas.envelope import Ask, Page
from service.schemas.mill import schedules as wire
from service.schemas.mill.plans import MillPlanRun

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN: Final = [Depends(strict_query(Ask))]


@router.post(
    "/schedule-runs",
    operation_id="mill_start_schedule",
    summary="Make a schedule",
    status_code=202,
    response_model=MillPlanRun,
    responses=accepted_responses(
        {**plan_examples.QUEUED, "kind": "schedule"}, 400, 401, 403, 409, 422, 429, 503
    ),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def start_schedule(call: CallDep, caller: Planner, asked: wire.MillScheduleParams) -> Response:
    """A planning run of the kind `schedule`: its number at once, its progress at `/v1/runs/{id}`.

    One at a time: another is refused (409 `run_active`) until it ends.
    """

    async def effect(conn: WriteConnection) -> Answered:
        row, raised = await ask_for_plan(conn, call.runtime, caller, asked.as_plan(), call.today)
        headers = {"Location": f"/v1/runs/{row.work_run_id}", "Data-Version": token(raised)}
        return Answered(MillPlanRun.model_validate(plan_shown(row)), 202, headers)

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.post(
    "/schedule-runs/{plan}/publish",
    operation_id="mill_publish_schedule",
    summary="Make a schedule the mill's",
    response_model=wire.MillPublished,
    responses=written_responses(200, examples.PUBLISHED, 404, 409),
    dependencies=_PLAIN,
)
async def publish(call: CallDep, caller: Planner, plan: PlanPath) -> Response:
    """Its orders get machine and day of it. Publish the one before again to take it back."""

    async def effect(conn: WriteConnection) -> Answered:
        told, raised = await publish_schedule(conn, caller, plan)
        return Answered(told, headers={"Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.get(
    "/schedule",
    operation_id="mill_schedule",
    summary="What the machines knit and when, what has no place and why",
    response_model=wire.MillWholeSchedule,
    responses=read_responses(examples.SCHEDULE, 404, 409),
    dependencies=[Depends(strict_query(wire.MillScheduleAsk))],
)
async def schedule(call: CallDep, ask: Annotated[wire.MillScheduleAsk, Query()]) -> Response:
    """The published schedule, or that of a plan. Figures and what has no place are of the whole schedule,
    whichever operations are asked for.
    """

    async def build(conn: ReadConnection) -> Answer:
        found = await shown.find_schedule(conn, ask.plan)
        await require_known(conn, ask, found.number)
        rows = await stored.select_operations(conn, found.number, ask, ask.most)
        total, _ = await count_up_to(conn, stored.operations(found.number, ask), cap=10**9)
        items = [shown.operation_shown(row) for row in rows]
        return Answer(await shown.schedule_shown(conn, found, items, total))

    return await answer(call, build, [scopes.PLANS])


@router.get(
    "/schedule/operations",
    operation_id="mill_schedule_operations",
    summary="The operations of a schedule by pages",
    response_model=wire.MillOperations,
    responses=read_responses(plan_examples.page_with_data(examples.OPERATION), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillOperationsAsk))],
)
async def operations(call: CallDep, ask: Annotated[wire.MillOperationsAsk, Query()]) -> Response:
    """In the order of time."""

    async def build(conn: ReadConnection) -> Answer:
        found = await shown.find_schedule(conn, ask.plan)
        await require_known(conn, ask, found.number)
        paging = Paging(call.cursors, ask, f"mill/operations/{found.number}", stored.IN_TIME)
        statement = stored.operations(found.number, ask)
        rows = (await conn.execute(paging.narrow(statement))).all()
        items, page = paging.page(rows, await count_up_to(conn, statement) if paging.wants_total else None)
        return _listed(call, [shown.operation_shown(row) for row in items], page, found)

    return await answer(call, build, [scopes.PLANS])


@router.get(
    "/schedule/load",
    operation_id="mill_schedule_load",
    summary="How full work centres are, week by week",
    response_model=wire.MillLoads,
    responses=read_responses(plan_examples.page_with_data(examples.LOAD), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillLoadsAsk))],
)
async def load(call: CallDep, ask: Annotated[wire.MillLoadsAsk, Query()]) -> Response:
    """What the schedule puts into each week, and what due dates ask for: above 85 % WARNING, above 95 %
    CRITICAL, above 100 % OVERLOAD (parameters `utilisation_warning`, `utilisation_critical`).
    """

    async def build(conn: ReadConnection) -> Answer:
        found = await shown.find_schedule(conn, ask.plan)
        await require_known(conn, ask, found.number)
        paging = Paging(call.cursors, ask, f"mill/loads/{found.number}", stored.BY_CENTER)
        parameters = found.parameters
        limits = (parameters.utilisation_warning, parameters.utilisation_critical)
        statement = stored.loads(found.number, ask, *limits)
        rows = (await conn.execute(paging.narrow(statement))).all()
        items, page = paging.page(rows, await count_up_to(conn, statement) if paging.wants_total else None)
        return _listed(call, [shown.load_shown(row, parameters) for row in items], page, found)

    return await answer(call, build, [scopes.PLANS])


def _listed(call: Call, items: list[dict[str, Any]], page: Page, found: shown.MadeSchedule) -> Answer:
    body = {"items": items, "page": page.model_dump(mode="json"), "data": found.made.data}
    return Answer(body, headers=next_link(str(call.request.url), page.next))

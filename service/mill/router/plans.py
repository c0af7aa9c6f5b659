"""Plans: asked for, listed, looked at, published."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.paging import filter_hash, next_link
from service.core.versions import token
from service.mill.answers.plans import find_plan, plan_shown
from service.mill.decisions.plans import ask_for_plan, publish
from service.mill.queries import scopes
from service.mill.queries.plan_runs import count_seen_plans, select_seen_plans
from service.mill.router import plan_examples as examples
from service.mill.router.answers import CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses, read_responses, written_responses
from service.schemas.envelope import Ask, Page
from service.schemas.mill.plans import MillPlanParams, MillPlanRun, MillPlans, MillPlansAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
PlanPath = Annotated[str, Path(description="Number of a plan, or `latest`.")]
_PLAIN = [Depends(strict_query(Ask))]


@router.post(
    "/plan-runs",
    operation_id="mill_start_plan",
    summary="Make a plan",
    status_code=202,
    response_model=MillPlanRun,
    responses=accepted_responses(examples.QUEUED, 400, 401, 403, 409, 422, 429, 503),
    dependencies=_PLAIN,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"kind": "plan", "mode": "kit"}}}}
    },
)
async def start_plan(call: CallDep, caller: Planner, asked: MillPlanParams) -> Response:
    """The plan's number at once; the run that makes it has progress, events and cancel (`/v1/runs/{id}`).

    One plan of a kind at a time: another is refused (409 `run_active`) until it ends.
    """

    async def effect(conn: WriteConnection) -> Answered:
        row, raised = await ask_for_plan(conn, call.runtime, caller, asked, call.today)
        headers = {"Location": f"/v1/runs/{row.work_run_id}", "Data-Version": token(raised)}
        return Answered(MillPlanRun.model_validate(plan_shown(row)), 202, headers)

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.get(
    "/plan-runs",
    operation_id="mill_plans",
    summary="Plans, newest first",
    response_model=MillPlans,
    responses=read_responses(examples.page_without_meta(examples.RUN), 410),
    dependencies=[Depends(strict_query(MillPlansAsk))],
)
async def list_plans(call: CallDep, ask: Annotated[MillPlansAsk, Query()]) -> Response:
    """Those under way too."""
    filters = filter_hash("mill/plans", ask, [])
    [before] = [None] if ask.cursor is None else call.cursors.verify(ask.cursor, filters)

    async def build(conn: ReadConnection) -> Answer:
        rows = await select_seen_plans(conn, ask.kind, ask.status, before, ask.limit + 1)
        total = await count_seen_plans(conn, ask.kind, ask.status) if ask.include == "total" else None
        shown, more = rows[: ask.limit], len(rows) > ask.limit
        following = call.cursors.sign([shown[-1].id], filters) if more else None
        page = Page(next=following, has_more=more, limit=ask.limit, total=total)
        body = {"items": [plan_shown(row) for row in shown], "page": page.model_dump(mode="json")}
        return Answer(body, headers=next_link(str(call.request.url), following))

    # What is under way is told by its run, which has no version here.
    return await answer(call, build, [scopes.PLANS], kept=False)


@router.get(
    "/plan-runs/{plan}",
    operation_id="mill_plan",
    summary="One plan: how far it is, what it found, what is doubtful about it",
    response_model=MillPlanRun,
    responses=read_responses(examples.RUN, 404),
    dependencies=_PLAIN,
)
async def get_plan(call: CallDep, plan: PlanPath) -> Response:
    """`gates` are the doubts about the data it stood on, `assumptions` what was not known and taken as so."""

    async def build(conn: ReadConnection) -> Answer:
        return Answer(plan_shown(await find_plan(conn, plan)))

    return await answer(call, build, [scopes.PLANS], kept=False)


@router.post(
    "/plan-runs/{plan}/publish",
    operation_id="mill_publish_plan",
    summary="Make a plan the mill's plan of its kind",
    response_model=MillPlanRun,
    responses=written_responses(200, {**examples.RUN, "published": True}, 404, 409),
    dependencies=_PLAIN,
)
async def publish_plan(call: CallDep, caller: Planner, plan: PlanPath) -> Response:
    """One pointer is moved; the plan before stays as it is. A published plan is never forgotten."""

    async def effect(conn: WriteConnection) -> Answered:
        row, raised = await publish(conn, caller, plan)
        return Answered(_wire(row), headers={"Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


def _wire(row: Any) -> MillPlanRun:
    return MillPlanRun.model_validate(plan_shown(row))

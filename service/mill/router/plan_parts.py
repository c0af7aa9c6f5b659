"""What a plan found: weeks, advice, requirements, pegs, promises, orders, yarns."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import Row
from starlette.responses import Response

from service.access.answering import IfMatch, etag
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.paging import next_link
from service.core.versions import token
from service.mill.answers import plans as shown
from service.mill.decisions.plans import decide_action
from service.mill.queries import plan_parts as parts
from service.mill.queries import scopes
from service.mill.queries.known import require_known
from service.mill.router import plan_examples as examples
from service.mill.router.answers import Call, CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plans import PlanPath
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.envelope import Ask, PageAsk
from service.schemas.mill import plan_parts as wire

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Seq = Annotated[int, Path(description="Number of the advice within its plan.")]
Shown = Callable[[ReadConnection, int, Sequence[Row[Any]]], Awaitable[list[dict[str, Any]]]]


@router.get(
    "/plan-runs/{plan}/weeks",
    operation_id="mill_plan_weeks",
    summary="Balances of yarns week by week",
    response_model=wire.MillPlanWeeks,
    responses=read_responses(examples.page_with_data(examples.WEEK), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPlanWeeksAsk))],
)
async def weeks(call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPlanWeeksAsk, Query()]) -> Response:
    """By yarn and week: what comes, what is wanted, what is left, without and with what the plan advises."""
    return await _page(call, plan, ask, lambda number: parts.weeks(number, ask), _each(shown.week_shown))


@router.get(
    "/plan-runs/{plan}/actions",
    operation_id="mill_plan_actions",
    summary="What a plan advises",
    response_model=wire.MillPlanActions,
    responses=read_responses(examples.page_with_data(examples.ACTION), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillActionsAsk))],
)
async def actions(call: CallDep, plan: PlanPath, ask: Annotated[wire.MillActionsAsk, Query()]) -> Response:
    """Each with the values that led to it and what was decided; nothing of it is done by itself."""
    return await _page(call, plan, ask, lambda number: parts.actions(number, ask), _each(shown.action_shown))


@router.patch(
    "/plan-runs/{plan}/actions/{seq:number}",
    operation_id="mill_decide_action",
    summary="Accept, dismiss or assign an advice",
    response_model=wire.MillPlanAction,
    responses=written_responses(200, {**examples.ACTION, "state": "accepted"}, 404, 409, 412, 428),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"state": "accepted", "assignee": "Jo Alder"}}}
        }
    },
)
async def decide(
    call: CallDep,
    caller: Planner,
    plan: PlanPath,
    seq: Seq,
    asked: wire.MillActionAsk,
    if_match: IfMatch = None,
) -> Response:
    """Accepted advice is on the order list. The next plan carries what is decided on to the same advice."""

    async def effect(conn: WriteConnection) -> Answered:
        row, raised = await decide_action(conn, caller, plan, seq, asked, if_match)
        body = wire.MillPlanAction.model_validate(shown.action_shown(row))
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(body, headers={**etag(row.row_version), **seen})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.get(
    "/plan-runs/{plan}/requirements",
    operation_id="mill_plan_requirements",
    summary="What orders need of yarns",
    response_model=wire.MillPlanRequirements,
    responses=read_responses(examples.page_with_data(examples.REQUIREMENT), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPlanOfOrderAsk))],
)
async def requirements(
    call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPlanOfOrderAsk, Query()]
) -> Response:
    """By yarn, order and path through the recipe."""
    return await _page(
        call, plan, ask, lambda number: parts.requirements(number, ask), _each(shown.requirement_shown)
    )


@router.get(
    "/plan-runs/{plan}/pegs",
    operation_id="mill_plan_pegs",
    summary="Which supply serves which order",
    response_model=wire.MillPlanPegs,
    responses=read_responses(examples.page_with_data(examples.PEG), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPegsAsk))],
)
async def pegs(call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPegsAsk, Query()]) -> Response:
    """Every pound that an order needs is on a peg or unmet; with `receipt_id` up from a purchase."""
    return await _page(call, plan, ask, lambda number: parts.pegs(number, ask), _each(shown.peg_shown))


@router.get(
    "/plan-runs/{plan}/allocations",
    operation_id="mill_plan_allocations",
    summary="What a plan promises to orders",
    response_model=wire.MillPlanAllocations,
    responses=read_responses(examples.page_with_data(examples.ALLOCATION), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPlanOfOrderAsk))],
)
async def allocations(
    call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPlanOfOrderAsk, Query()]
) -> Response:
    """By yarn in the order of service; nothing is held by it until it is committed."""
    return await _page(
        call, plan, ask, lambda number: parts.allocations(number, ask), _each(shown.allocation_shown)
    )


@router.get(
    "/plan-runs/{plan}/orders",
    operation_id="mill_plan_orders",
    summary="Orders as a plan saw them",
    response_model=wire.MillPlanOrders,
    responses=read_responses(examples.page_with_data(examples.ORDER), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPlanOrdersAsk))],
)
async def orders(call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPlanOrdersAsk, Query()]) -> Response:
    """In the order of service, those too that the plan adds for sales and forecasts."""
    return await _page(call, plan, ask, lambda number: parts.orders(number, ask), _each(shown.order_shown))


@router.get(
    "/plan-runs/{plan}/yarns",
    operation_id="mill_plan_yarns",
    summary="Yarns as a plan saw them",
    response_model=wire.MillPlanYarns,
    responses=read_responses(examples.page_with_data(examples.YARN), 404, 409, 410),
    dependencies=[Depends(strict_query(wire.MillPlanYarnsAsk))],
)
async def yarns(call: CallDep, plan: PlanPath, ask: Annotated[wire.MillPlanYarnsAsk, Query()]) -> Response:
    """When each runs short first, because of which orders, and every order that suffers."""
    return await _page(call, plan, ask, lambda number: parts.yarns(number, ask), shown.yarns_shown)


def _each(one: Callable[[Row[Any]], dict[str, Any]]) -> Shown:
    async def every(_: ReadConnection, __: int, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
        return [one(row) for row in rows]

    return every


async def _page(
    call: Call, plan: str, ask: PageAsk, part: Callable[[int], parts.Part], shown_all: Shown
) -> Response:
    async def build(conn: ReadConnection) -> Answer:
        made = await shown.find_made_plan(conn, plan)
        await require_known(conn, ask, made.number)
        rows, page = await parts.read_part(conn, call.cursors, ask, part(made.number), made.number)
        items = await shown_all(conn, made.number, rows)
        body = {"items": items, "page": page.model_dump(mode="json"), "data": made.data}
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, [scopes.PLANS])

"""Why a figure of a plan is what it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Row
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, NotFound
from service.mill.answers.explaining_actions import explain_action
from service.mill.answers.explaining_orders import explain_order, explain_requirement
from service.mill.answers.explaining_yarns import explain_week, explain_yarn
from service.mill.answers.plans import MadePlan, find_made_plan
from service.mill.queries import scopes
from service.mill.queries.plan_explained import YarnRows, select_plan_order, select_yarn_rows
from service.mill.queries.plan_parts import select_action
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plans import PlanPath
from service.reporting.entities import seen_by
from service.reporting.explaining import OFFERED, explanation_response
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Explanation
from service.schemas.mill.explaining import MillExplainAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_EXAMPLE = {
    "subject": "plan 41: balance of Y1 in 2025-W37",
    "value": "232.2900",
    "unit": "lb",
    "rule": "balance = before + receipts - demand",
    "rule_version": "mill-parameters/defaults",
    "inputs": [
        {"name": "before", "value": "100.0000", "unit": "lb"},
        {"name": "receipts", "value": "500.0000", "unit": "lb"},
        {"name": "demand", "value": "367.7100", "unit": "lb"},
    ],
    "steps": [],
}


@router.get(
    "/plan-runs/{plan}/explain",
    operation_id="mill_explain_plan",
    summary="Why a figure of a plan is what it is",
    response_model=Explanation,
    responses={
        200: {"content": {"application/json": {"example": _EXAMPLE}, "text/html": {}}},
        **problem_responses(400, 401, 403, 404, 406, 409, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillExplainAsk))],
)
async def explain(call: CallDep, plan: PlanPath, ask: Annotated[MillExplainAsk, Query()]) -> Response:
    """Of a yarn (with `week` of that week, with `order` what the order needs), of an order, or of an advice.

    The figure can be recomputed from the answer alone: its rule says how, its inputs are all there.
    """
    name = chosen_format(ask.format, call.request.headers.get("accept"), OFFERED)
    async with seen_by(call, [scopes.PLANS]) as seen:
        made = await find_made_plan(seen.conn, plan)
        explanation = await _explained(seen.conn, made, ask)
    return explanation_response(explanation, name, locale=ask.locale, desk="mill", title="Plan")


async def _explained(conn: ReadConnection, made: MadePlan, ask: MillExplainAsk) -> Explanation:
    if ask.action is not None:
        row = await select_action(conn, made.number, ask.action)
        if row is None:
            raise NotFound(f"plan {made.number} has no advice {ask.action}", code="action_not_found")
        return await explain_action(conn, made, row)
    if ask.yarn is None:
        if ask.order is None:
            detail = "name a yarn, an order or an action"
            raise Invalid(detail, errors=[FieldError("/query/yarn", "missing", detail)])
        return await explain_order(conn, made, await _order(conn, made, ask.order), ask.figure or "coverage")
    rows = await select_yarn_rows(conn, made.number, ask.yarn)
    if rows is None:
        raise NotFound(f"plan {made.number} has no yarn {ask.yarn!r}", code="yarn_not_found")
    if ask.order is not None:
        return await _requirement(conn, made, rows, ask.order)
    if ask.week is not None:
        return explain_week(made, rows, ask.week, ask.figure or "balance")
    return explain_yarn(made, rows, ask.figure or "first_short_on")


async def _requirement(conn: ReadConnection, made: MadePlan, rows: YarnRows, order: str) -> Explanation:
    found = await _order(conn, made, order)
    paths = [row for row in rows.needs if row.order_seq == found.seq]
    if not paths:
        yarn = rows.yarn.yarn_code
        raise NotFound(f"{order} needs nothing of {yarn} that is known", code="requirement_not_found")
    return await explain_requirement(conn, made, found, rows.yarn.yarn_code, paths)


async def _order(conn: ReadConnection, made: MadePlan, order: str) -> Row[tuple[object, ...]]:
    row = await select_plan_order(conn, made.number, order)
    if row is None:
        raise NotFound(f"plan {made.number} has no order {order!r}", code="order_not_found")
    return row

"""What styles and orders cost, level by level, and what differed from the standard (spec E.12)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection, WriteConnection
from service.core.errors import unknown_value
from service.core.idempotency import Answered, write_once
from service.mill.answers.costs import costing, order_cost_object, style_cost_object, variance_object
from service.mill.answers.naming import style_of_path
from service.mill.answers.needs import doubts_of_recipes
from service.mill.answers.shown import data_with, day_of
from service.mill.queries import scopes
from service.mill.queries.costs import select_yarn_costs
from service.mill.queries.known import near_codes
from service.mill.queries.parameters import select_parameters
from service.mill.router import cost_examples as examples
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.orders import No, found
from service.mill.router.styles import Code
from service.reporting.entities import Answer, answer
from service.reporting.exports import job_name
from service.reporting.query import strict_query
from service.reporting.route_responses import accepted_responses, asked_responses, read_responses
from service.reporting.runs import run_of
from service.schemas.envelope import Ask, Run
from service.schemas.exports import ExportParams
from service.schemas.mill.costs import (
    MillCostAsk,
    MillCostRunAsk,
    MillOrderCost,
    MillOrderCostAsk,
    MillStyleCost,
    MillVariances,
    MillVariancesAsk,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
STANDS_ON: Final = (scopes.RECIPES, scopes.STOCK, scopes.ORDERS, scopes.PARAMETERS)
_FILES: Final = ("bom", "yarn_inventory")
_PLAIN: Final = [Depends(strict_query(Ask))]


@router.get(
    "/costs/styles/{code:path}",
    operation_id="mill_style_cost",
    summary="What a pound of a style costs, level by level, and what is missing of it",
    response_model=MillStyleCost,
    responses=read_responses(examples.STYLE, 404),
    dependencies=[Depends(strict_query(MillCostAsk))],
)
async def style_cost(call: CallDep, code: Code, ask: Annotated[MillCostAsk, Query()]) -> Response:
    """A cost that nobody states is missing, never 0; 0 is the customer's own yarn."""

    async def build(conn: ReadConnection) -> Answer:
        style = await style_of_path(conn, code)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        costs = await costing(conn, as_of, in_force.values, style.style_code)
        doubts = [*doubts_of_recipes([style.style_code], costs.book), *_doubts(costs, style.style_code)]
        data = await data_with(conn, call.now, _FILES, doubts)
        return Answer({**style_cost_object(costs, style.style_code, as_of), "data": data})

    return await answer(call, build, STANDS_ON)


@router.get(
    "/costs/orders/{no:path}",
    operation_id="mill_order_cost",
    summary="What remains of an order costs",
    response_model=MillOrderCost,
    responses=read_responses(examples.ORDER, 404),
    dependencies=[Depends(strict_query(MillOrderCostAsk))],
)
async def order_cost(call: CallDep, no: No, ask: Annotated[MillOrderCostAsk, Query()]) -> Response:
    """Unit cost x balance + set-up hours x the rate of a machine hour; null where one of them is unknown."""

    async def build(conn: ReadConnection) -> Answer:
        order = await found(conn, no)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        costs = await costing(conn, as_of, in_force.values, order.style_code)
        doubts = [*doubts_of_recipes([order.style_code], costs.book), *_doubts(costs, order.style_code)]
        data = await data_with(conn, call.now, (*_FILES, "knit_orders"), doubts)
        return Answer({**order_cost_object(costs, order, as_of, ask.setups), "data": data})

    return await answer(call, build, STANDS_ON)


def _doubts(costs: Any, style: str) -> list[str]:
    reason = costs.styles[style].reason
    return [f"the cost of {style} is not known: {reason}"] if reason else []


@router.post(
    "/costs/variances",
    operation_id="mill_variances",
    summary="Price and usage variances",
    response_model=MillVariances,
    responses=asked_responses(examples.VARIANCES),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.VARIANCES_ASK}}}},
)
async def variances(call: CallDep, asked: MillVariancesAsk) -> Response:
    """Against the standard stated, else the cost of the yarn; nothing is written."""

    async def build(conn: ReadConnection) -> Answer:
        named = sorted({one.yarn for one in asked.items if one.yarn is not None})
        costs = await select_yarn_costs(conn, named)
        for at, one in enumerate(asked.items):
            if one.yarn is not None and one.yarn not in costs:
                near = await near_codes(conn, "yarn", one.yarn)
                raise unknown_value(f"/body/items/{at}/yarn", "yarn", one.yarn, near)
        data = await data_with(conn, call.now, ("yarn_inventory",) if named else ())
        return Answer({"items": [variance_object(one, costs) for one in asked.items], "data": data})

    return await answer(call, build, STANDS_ON, kept=False)


@router.post(
    "/cost-runs",
    operation_id="mill_cost_run",
    summary="The cost of every style as a file, in the background",
    status_code=202,
    response_model=Run,
    responses=accepted_responses(examples.RUN, 400, 401, 403, 409, 422, 429, 503),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.RUN_ASK}}}},
)
async def cost_run(call: CallDep, asked: MillCostRunAsk) -> Response:
    """The report `style-costs`, written by a run; its file is at `/v1/runs/{id}/file`."""

    async def effect(conn: WriteConnection) -> Answered:
        asked_of = asked.model_dump(mode="json", include={"as_of", "style", "complete"}, exclude_none=True)
        params = ExportParams(
            report="style-costs", format=asked.format, params=asked_of, locale=asked.locale,
            caller=call.caller.id, stem="style-costs",
        )  # fmt: skip
        row = await call.runtime.tasks.start(job_name("mill"), params, call.caller.id, conn)
        return Answered(run_of(row), 202, {"Location": f"/v1/runs/{row.id}"})

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)

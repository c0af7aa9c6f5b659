"""Knit orders: listed, changed, whether their yarn is there, why a figure is what it is."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import Row
from starlette.responses import Response

from service.access.answering import IfMatch
from service.core.auth import needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import NotFound, near_matches
from service.core.idempotency import Answered, write_once
from service.core.paging import Paging, count_up_to, next_link
from service.core.versions import token
from service.mill.answers.allocations import allocation_object
from service.mill.answers.feasibility import feasibility_object, served_with
from service.mill.answers.order_explained import explain_order
from service.mill.answers.orders import order_object
from service.mill.answers.serving import Served, Terms
from service.mill.answers.shown import data_with, day_of, lb
from service.mill.decisions.orders import change
from service.mill.queries import allocations, orders, scopes
from service.mill.queries.known import near_codes, require_known
from service.mill.queries.parameters import InForce, select_parameters
from service.mill.router import order_examples as examples
from service.mill.router.allocations import STANDS_ON
from service.mill.router.answers import WRITES, Call, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.orders import may_become
from service.mill.rules.sources import PLAN_NEEDS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.envelope import Ask, Explanation
from service.schemas.mill.fields import as_stored
from service.schemas.mill.orders import (
    MillFeasibility,
    MillOrderAsk,
    MillOrderChangeAsk,
    MillOrderChanged,
    MillOrderDetail,
    MillOrderExplainAsk,
    MillOrders,
    MillOrdersAsk,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
No = Annotated[str, Path(description="Number of the knit order; it may hold a `/`.")]
_ORDERS: Final = ("knit_orders",)
_STANDS_ON: Final = (*STANDS_ON, scopes.PLANS)
"""Its machine, its day and whether it is assigned come of the published schedule."""


@router.get(
    "/orders",
    operation_id="mill_orders",
    summary="Knit orders, in the order of service",
    response_model=MillOrders,
    responses=read_responses(examples.LISTED, 410),
    dependencies=[Depends(strict_query(MillOrdersAsk))],
)
async def list_orders(call: CallDep, ask: Annotated[MillOrdersAsk, Query()]) -> Response:
    """By priority, due date (a missing one last) and number; totals are over the whole filter."""

    async def build(conn: ReadConnection) -> Answer:
        await require_known(conn, ask)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        statement = orders.narrowed(ask, as_of)
        paging = Paging(call.cursors, ask, "mill.orders", orders.KEYS)
        found = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
        rows, page = paging.page(found, total)
        totals = await orders.select_totals(conn, statement, as_of)
        body = {
            "items": [order_object(row, as_of, in_force.values) for row in rows],
            "page": page.model_dump(),
            "as_of": as_of,
            "totals": {
                "count": totals.count,
                "quantity_lb": lb(totals.quantity),
                "balance_lb": lb(totals.balance),
                "late": totals.late,
            },
            "data": await data_with(conn, call.now, _ORDERS),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, _STANDS_ON, kept=ask.cursor is None)


@router.get(
    "/orders/{no:path}/feasibility",
    operation_id="mill_order_feasibility",
    summary="Whether the yarn of an order is there, and if not, when and what lacks",
    response_model=MillFeasibility,
    responses=read_responses(examples.FEASIBILITY, 404),
    dependencies=[Depends(strict_query(MillOrderAsk))],
)
async def feasibility(call: CallDep, no: No, ask: Annotated[MillOrderAsk, Query()]) -> Response:
    """With what it holds alone, and with what it gets when all open orders are served in their turn."""

    async def build(conn: ReadConnection, row: Row[Any], served: Served, _: InForce) -> Answer:
        data = await data_with(conn, call.now, PLAN_NEEDS, served.doubts)
        return Answer({**feasibility_object(row, served), "data": data})

    return await _served(call, no, ask, build)


@router.get(
    "/orders/{no:path}/explain",
    operation_id="mill_explain_order",
    summary="Why a figure of an order is what it is",
    response_model=Explanation,
    responses=read_responses(examples.EXPLAINED, 404),
    dependencies=[Depends(strict_query(MillOrderExplainAsk))],
)
async def explain(call: CallDep, no: No, ask: Annotated[MillOrderExplainAsk, Query()]) -> Response:
    """The figure can be recomputed from the explanation alone."""

    async def build(conn: ReadConnection, row: Row[Any], served: Served, in_force: InForce) -> Answer:
        del conn
        return Answer({**explain_order(row, ask.figure, served, ask.yarn), "rule_version": in_force.version})

    return await _served(call, no, ask, build)


@router.get(
    "/orders/{no:path}",
    operation_id="mill_order",
    summary="One knit order with what it holds",
    response_model=MillOrderDetail,
    responses=read_responses(examples.DETAIL, 404),
    dependencies=[Depends(strict_query(MillOrderAsk))],
)
async def one(call: CallDep, no: No, ask: Annotated[MillOrderAsk, Query()]) -> Response:
    """Its `ETag` names its version, for `If-Match`."""

    async def build(conn: ReadConnection) -> Answer:
        row = await found(conn, no)
        as_of = await day_of(conn, ask.as_of, call.today)
        in_force = await select_parameters(conn)
        live = await allocations.select_live(conn, [row.id])
        held = await allocations.select_allocations(conn, [one.id for one in live])
        body = {
            **order_object(row, as_of, in_force.values),
            "as_of": as_of,
            "allocations": [allocation_object(one) for one in held],
            "may_become": sorted(may_become(row.status)),
            "data": await data_with(conn, call.now, _ORDERS),
        }
        return Answer(body, headers={"ETag": f'"{row.row_version}"'})

    return await answer(call, build, _STANDS_ON, kept=False)


@router.patch(
    "/orders/{no:path}",
    operation_id="mill_change_order",
    summary="Change a knit order; what it no longer needs goes back at once",
    response_model=MillOrderChanged,
    responses=written_responses(200, examples.CHANGED, 404, 409, 412, 428),
    dependencies=[Depends(strict_query(Ask)), Depends(needs(WRITES))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CHANGE_ASK}}}},
)
async def change_order(
    call: CallDep, no: No, asked: MillOrderChangeAsk, if_match: IfMatch = None
) -> Response:
    """Status (by its course), priority, dates, machine, quantity.

    On hold keeps what is held hard; completed and cancelled orders give all back, a smaller one what it does
    not need: promises first, then soft, hard ones only with `release_hard`. Plans made before are stale.
    """

    async def effect(conn: WriteConnection) -> Answered:
        row = await found(conn, no)
        in_force = await select_parameters(conn)
        as_of = await day_of(conn, None, call.today)
        made = await change(conn, call.caller, row, asked, if_match, in_force.values, as_of)
        now = await found(conn, made.order_no)
        body = {
            **order_object(now, as_of, in_force.values),
            "released": [
                {
                    "allocation_id": one.allocation.number,
                    "yarn_code": one.allocation.claim.yarn,
                    "kind": one.allocation.kind,
                    "quantity_lb": lb(one.pounds),
                }
                for one in made.released
            ],
            "stale_plan": await orders.select_newest_plan_number(conn),
        }
        headers = {"ETag": f'"{now.row_version}"'}
        if now.row_version != row.row_version:
            touched = [scopes.ORDERS, *([scopes.ALLOCATIONS] if made.released else [])]
            headers["Data-Version"] = token(await call.runtime.versions.raise_in(conn, touched))
        return Answered(MillOrderChanged.model_validate(body), headers=headers)

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


async def found(conn: ReadConnection, number: str) -> Row[Any]:
    """The order of a path. Raises `NotFound` with near numbers."""
    number = as_stored(number)
    row = None if "\0" in number else await orders.select_order(conn, number)
    if row is None:
        near = [] if "\0" in number else near_matches(number, await near_codes(conn, "order", number))
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise NotFound(f"there is no knit order {number!r}{hint}", code="order_not_found")
    return row


async def _served(
    call: Call,
    number: str,
    ask: MillOrderAsk | MillOrderExplainAsk,
    build: Callable[[ReadConnection, Row[Any], Served, InForce], Awaitable[Answer]],
) -> Response:
    async def built(conn: ReadConnection) -> Answer:
        row = await found(conn, number)
        in_force = await select_parameters(conn)
        as_of = await day_of(conn, ask.as_of, call.today)
        served = await served_with(conn, row, Terms(as_of, in_force.values))
        return await build(conn, row, served, in_force)

    return await answer(call, built, _STANDS_ON)

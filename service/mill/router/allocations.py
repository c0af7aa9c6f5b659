"""Yarn for orders: tried out, committed under a lock, listed, released (spec E.11)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from service.core.auth import needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import unknown_value
from service.core.idempotency import Answered, write_once
from service.core.paging import Paging, SortKey, count_up_to, next_link
from service.core.versions import token
from service.mill.answers.allocations import allocation_object
from service.mill.answers.serving import Terms, preview_object, serve, stock_object
from service.mill.answers.shown import data_with, day_of, lb
from service.mill.decisions.allocations import Committed, commit_allocations, release
from service.mill.models.orders import Allocation
from service.mill.queries import allocations, scopes
from service.mill.queries.known import near_codes, require_known
from service.mill.queries.orders import select_orders
from service.mill.queries.parameters import select_parameters
from service.mill.router import allocation_examples as examples
from service.mill.router.answers import WRITES, Call, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.quantities import ZERO
from service.mill.rules.sources import PLAN_NEEDS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import asked_responses, read_responses, written_responses
from service.reporting.row_numbers import AS_ASKED
from service.schemas.envelope import Ask
from service.schemas.mill.allocations import (
    MillAllocation,
    MillAllocationCommit,
    MillAllocationCommitAsk,
    MillAllocationPreview,
    MillAllocationPreviewAsk,
    MillAllocations,
    MillAllocationsAsk,
    MillReleaseAsk,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Number = Annotated[int, AS_ASKED, Path(description="Of the allocation.")]
_PLAIN: Final = [Depends(strict_query(Ask))]
_WRITES: Final = [Depends(needs(WRITES))]
STANDS_ON: Final = (
    scopes.STOCK, scopes.RECIPES, scopes.ORDERS, scopes.RECEIPTS, scopes.ALLOCATIONS, scopes.PARAMETERS,
)  # fmt: skip
_KEYS: Final = (SortKey("id", Allocation.id.expression, descending=True),)


@router.post(
    "/allocations/preview",
    operation_id="mill_preview_allocations",
    summary="What orders would get if they were served now; writes nothing",
    response_model=MillAllocationPreview,
    responses=asked_responses(examples.PREVIEW),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.PREVIEW_ASK}}}},
)
async def preview(call: CallDep, asked: MillAllocationPreviewAsk) -> Response:
    """In the order of service, out of what nobody holds yet; what the orders hold themselves counts.

    `kit` gives all yarns of an order in the same proportion, so that none of it is stranded.
    """

    async def build(conn: ReadConnection) -> Answer:
        in_force = await select_parameters(conn)
        as_of = await day_of(conn, asked.as_of, call.today)
        rows = await select_orders(conn, asked.orders)
        for at, number in enumerate(asked.orders or ()):
            if number not in {row.order_no for row in rows}:
                raise unknown_value(
                    f"/body/orders/{at}", "order", number, await near_codes(conn, "order", number)
                )
        terms = Terms(as_of, in_force.values, asked.mode, asked.min_fraction, asked.expected)
        served = await serve(conn, rows, terms)
        data = await data_with(conn, call.now, PLAN_NEEDS, served.doubts)
        return Answer({**preview_object(served), "data": data})

    return await answer(call, build, STANDS_ON, kept=False)


@router.post(
    "/allocations/commit",
    operation_id="mill_commit_allocations",
    summary="Give yarn to orders, never more than there is",
    status_code=201,
    response_model=MillAllocationCommit,
    responses=written_responses(201, examples.COMMITTED, 409),
    dependencies=[*_PLAIN, *_WRITES],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.COMMIT_ASK}}}},
)
async def commit_lines(call: CallDep, asked: MillAllocationCommitAsk) -> Response:
    """The yarns are locked and looked at again.

    Where less is left than asked: 409 `stock_changed` with what is left, or with `when_short: remaining` what
    is left, in the order of service. 409 as well where nothing at all is left.
    """

    async def effect(conn: WriteConnection) -> Answered:
        in_force = await select_parameters(conn)
        as_of = await day_of(conn, None, call.today)
        made = await commit_allocations(conn, call.caller, asked, in_force.values, as_of)
        rows = await allocations.select_allocations(conn, made.ids)
        raised = await call.runtime.versions.raise_in(conn, [scopes.ALLOCATIONS])
        shown = MillAllocationCommit.model_validate(_committed(made, rows))
        return Answered(shown, 201, {"Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


def _committed(made: Committed, rows: Any) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for one in made.lines:
        if one.line.kind != "expected":
            given[one.line.yarn] = given.get(one.line.yarn, ZERO) + one.pounds
    return {
        "lines": [
            {
                "order_no": one.line.order,
                "yarn_code": one.line.yarn,
                "kind": one.line.kind,
                "asked_lb": lb(one.line.quantity_lb),
                "given_lb": lb(one.pounds),
                "short_lb": lb(one.line.quantity_lb - one.pounds),
            }
            for one in made.lines
        ],
        "items": [allocation_object(row) for row in rows],
        "yarns": [
            {**stock_object(row, ZERO), "allocated_lb": lb(given.get(code, ZERO))}
            for code, row in sorted(made.stock.items())
        ],
    }


@router.get(
    "/allocations",
    operation_id="mill_allocations",
    summary="What is allocated to whom",
    response_model=MillAllocations,
    responses=read_responses(examples.LISTED, 410),
    dependencies=[Depends(strict_query(MillAllocationsAsk))],
)
async def list_allocations(call: CallDep, ask: Annotated[MillAllocationsAsk, Query()]) -> Response:
    """The newest first; totals are over the whole filter."""

    async def build(conn: ReadConnection) -> Answer:
        await require_known(conn, ask)
        statement = allocations.narrowed(ask)
        paging = Paging(call.cursors, ask, "mill.allocations", _KEYS)
        found = (await conn.execute(paging.narrow(statement))).all()
        total = await count_up_to(conn, statement) if paging.wants_total else None
        rows, page = paging.page(found, total)
        totals = await allocations.select_totals(conn, statement)
        body = {
            "items": [allocation_object(row) for row in rows],
            "page": page.model_dump(),
            "totals": {"count": totals.count, "quantity_lb": lb(totals.pounds)},
            "data": await data_with(conn, call.now, PLAN_NEEDS),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, STANDS_ON, kept=ask.cursor is None)


@router.delete(
    "/allocations/{number:int}",
    operation_id="mill_release_allocation",
    summary="Give an allocation back",
    response_model=MillAllocation,
    responses=written_responses(200, examples.RELEASED, 404, 409),
    dependencies=[Depends(strict_query(MillReleaseAsk)), *_WRITES],
)
async def release_one(call: CallDep, number: Number, ask: Annotated[MillReleaseAsk, Query()]) -> Response:
    """It stays on record with who released it and why."""

    async def effect(conn: WriteConnection) -> Answered:
        await release(conn, call.caller, number, ask.reason)
        row = (await allocations.select_allocations(conn, [number]))[0]
        raised = await call.runtime.versions.raise_in(conn, [scopes.ALLOCATIONS])
        shown = MillAllocation.model_validate(allocation_object(row))
        return Answered(shown, headers={"Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


__all__ = ["STANDS_ON", "Call", "router"]

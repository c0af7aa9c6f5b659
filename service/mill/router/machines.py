"""Machines: listed, found, changed, and what each could knit next."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import Row
from starlette.responses import Response

from service.access.answering import IfMatch, etag
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import NotFound, near_matches
from service.core.idempotency import Answered, write_once
from service.core.paging import Paging, count_up_to, next_link
from service.core.versions import token
from service.mill.answers import plant as shown
from service.mill.answers.standing import data_of, standing_of
from service.mill.decisions.plant import change_machine
from service.mill.queries import machines as stored
from service.mill.queries import scopes
from service.mill.queries.known import require_known
from service.mill.router import plant_examples as examples
from service.mill.router.answers import Call, CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plan_examples import page_without_meta
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.envelope import Ask
from service.schemas.mill import plant as wire
from service.schemas.mill.fields import MillCode

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Code = Annotated[MillCode, Path(description="Code of a machine.")]
_READ = {**examples.MACHINE, "data": examples.DATA}


@router.get(
    "/machines",
    operation_id="mill_machines",
    summary="Machines",
    response_model=wire.MillMachineListing,
    responses=read_responses({**page_without_meta(examples.MACHINE), "data": examples.DATA}, 410),
    dependencies=[Depends(strict_query(wire.MillMachinesAsk))],
)
async def machines(call: CallDep, ask: Annotated[wire.MillMachinesAsk, Query()]) -> Response:
    """By code."""

    async def build(conn: ReadConnection) -> Answer:
        await require_known(conn, ask)
        paging = Paging(call.cursors, ask, "mill/machines", stored.BY_CODE)
        statement = stored.machines(ask)
        rows = (await conn.execute(paging.narrow(statement))).all()
        items, page = paging.page(rows, await count_up_to(conn, statement) if paging.wants_total else None)
        body = {
            "items": [shown.machine_shown(row) for row in items],
            "page": page.model_dump(mode="json"),
            "data": await _data(conn, call),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, [scopes.PLANT, scopes.IMPORTS], kept=False)


@router.get(
    "/machines/{code}",
    operation_id="mill_machine",
    summary="One machine",
    response_model=wire.MillMachineRead,
    responses=read_responses(_READ, 404),
    dependencies=[Depends(strict_query(Ask))],
)
async def machine(call: CallDep, code: Code) -> Response:
    """What it is, when it works, what it is set up for."""

    async def build(conn: ReadConnection) -> Answer:
        row = await found(conn, code)
        body = {**shown.machine_shown(row), "data": await _data(conn, call)}
        return Answer(body, headers=etag(row.row_version))

    return await answer(call, build, [scopes.PLANT, scopes.IMPORTS], kept=False)


@router.patch(
    "/machines/{code}",
    operation_id="mill_change_machine",
    summary="Say that a machine is down, free again, or slower",
    response_model=wire.MillMachineRead,
    responses=written_responses(200, {**_READ, "status": "maintenance", "usable": False}, 404, 409, 412, 428),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CHANGE}}}},
)
async def change(
    call: CallDep, caller: Planner, code: Code, asked: wire.MillMachineChangeAsk, if_match: IfMatch = None
) -> Response:
    """It holds for schedules that are made from now on; the published one stays as it is."""

    async def effect(conn: WriteConnection) -> Answered:
        raised = await change_machine(conn, caller, code, asked, if_match)
        row = await found(conn, code)
        body = {**shown.machine_shown(row), "data": await _data(conn, call)}
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(wire.MillMachineRead.model_validate(body), headers={**etag(row.row_version), **seen})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.get(
    "/machines/{code}/suggestions",
    operation_id="mill_machine_suggestions",
    summary="What a machine could knit next, the best first",
    response_model=wire.MillSuggestions,
    responses=read_responses(examples.SUGGESTIONS, 404),
    dependencies=[Depends(strict_query(wire.MillSuggestionsAsk))],
)
async def suggestions(
    call: CallDep, code: Code, ask: Annotated[wire.MillSuggestionsAsk, Query()]
) -> Response:
    """Open orders that it may knit: whose yarn is there first, then by the dispatch rule in force.

    `why`: YARN_THERE, YARN_COMES, YARN_NOT_KNOWN; SAME_STYLE (no set-up), PAST_DUE, MACHINE_FIXED, CRITICAL.
    """

    async def build(conn: ReadConnection) -> Answer:
        row = await found(conn, code)
        floor = await shown.read_floor(conn, call.settings.time_zone, call.now)
        body = await shown.suggestions_shown(conn, floor, row, ask.limit)
        return Answer({**body, "data": await _data(conn, call)})

    # From when on the machine is free moves with the clock.
    return await answer(call, build, scopes.ALL, kept=False)


async def found(conn: ReadConnection, code: str) -> Row[Any]:
    """The machine of a path. Raises `NotFound` with near codes."""
    row = await stored.select_machine(conn, code)
    if row is None:
        near = near_matches(code, await stored.select_machine_codes(conn))
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise NotFound(f"there is no machine {code!r}{hint}", code="machine_not_found")
    return row


async def _data(conn: ReadConnection, call: Call) -> dict[str, Any]:
    return data_of(await standing_of(conn, call.now, shown.NEEDS))

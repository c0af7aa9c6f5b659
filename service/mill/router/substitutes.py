"""Yarns that may stand for one another: found, named, approved (spec E.13)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from service.access.answering import IfMatch
from service.core.auth import needs
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.versions import token
from service.mill.answers.naming import yarn_of_path
from service.mill.answers.shown import data_with, day_of, lb, lb_or_none
from service.mill.answers.substitutes import (
    alike_object,
    compared,
    doubts_of,
    group_object,
    in_order,
    make_of,
    named_object,
    proposal_object,
    size_object,
    substitute_of,
)
from service.mill.decisions.substitutes import put, remove
from service.mill.queries import scopes, substitutes
from service.mill.router import cost_examples as examples
from service.mill.router.answers import ADMIN, Call, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.quantities import ZERO
from service.mill.rules.substitution import proposals
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.envelope import Ask
from service.schemas.mill.substitutes import (
    MillNamedSubstitute,
    MillSubstituteAsk,
    MillSubstituteGoneAsk,
    MillSubstituteList,
    MillSubstitutesAsk,
)

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Yarn = Annotated[str, Path(description="Code of the yarn; it may hold a `/` and blanks.")]
_ADMIN: Final = [Depends(needs(ADMIN))]


@router.get(
    "/substitutes/{yarn:path}",
    operation_id="mill_substitutes",
    summary="What may stand for a yarn, how alike it is, and what is free of it",
    response_model=MillSubstituteList,
    responses=read_responses(examples.SUBSTITUTES, 404),
    dependencies=[Depends(strict_query(MillSubstitutesAsk))],
)
async def list_substitutes(
    call: CallDep, yarn: Yarn, ask: Annotated[MillSubstitutesAsk, Query()]
) -> Response:
    """Those that somebody named, and active yarns of about the same weight. Only approved ones are proposed.

    `group` sees all that approved substitutes tie together as one.
    """

    async def build(conn: ReadConnection) -> Answer:
        row = await yarn_of_path(conn, yarn)
        as_of = await day_of(conn, ask.as_of, call.today)
        make = make_of(row)
        named = await substitutes.select_substitutes(conn, row.id)
        tex = row.tex if make.size is None else make.size.tex
        form = "unknown" if make.size is None else make.size.form
        near = await substitutes.select_alike(conn, row.id, tex, form)
        found = compared(make, near, {one.yarn_code for one in named}, ask.min_score or ZERO)
        short = max(ZERO, -(row.planning_balance or ZERO)) if ask.short_lb is None else ask.short_lb
        usable = [substitute_of(one, one.score) for one in named if one.planning_balance is not None]
        body: dict[str, Any] = {
            "yarn_code": row.yarn_code,
            "as_of": as_of,
            "planning_balance_lb": lb_or_none(row.planning_balance),
            "short_lb": lb(short),
            "size": size_object(row),
            "items": in_order(
                [
                    *(named_object(one, make, as_of) for one in named),
                    *(alike_object(one, make) for one in found.alike),
                ]
            ),
            "proposals": [proposal_object(one) for one in proposals(short, usable, as_of)] if short else [],
            "group": group_object(await substitutes.select_group(conn, row.id, as_of)),
        }
        doubts = doubts_of(row.yarn_code, make, found)
        data = await data_with(conn, call.now, ("yarn_inventory",), doubts)
        return Answer({**body, "data": data})

    return await answer(call, build, [scopes.STOCK])


@router.put(
    "/substitutes/{yarn:path}",
    operation_id="mill_put_substitute",
    summary="Name a substitute, and say whether planning may propose it",
    response_model=MillNamedSubstitute,
    responses=written_responses(200, examples.SUBSTITUTE, 404, 412, 428),
    dependencies=[Depends(strict_query(Ask)), *_ADMIN],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.SUBSTITUTE_ASK}}}},
)
async def put_one(call: CallDep, yarn: Yarn, asked: MillSubstituteAsk, if_match: IfMatch = None) -> Response:
    """One that is there is changed at the version that `If-Match` names. Spun never stands for filament."""

    async def effect(conn: WriteConnection) -> Answered:
        shown = await put(conn, call.caller, await yarn_of_path(conn, yarn), asked, if_match)
        return await _answered(call, conn, shown)

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


@router.delete(
    "/substitutes/{yarn:path}",
    operation_id="mill_delete_substitute",
    summary="No longer a substitute",
    response_model=MillNamedSubstitute,
    responses=written_responses(200, examples.SUBSTITUTE, 404, 412, 428),
    dependencies=[Depends(strict_query(MillSubstituteGoneAsk)), *_ADMIN],
)
async def delete_one(
    call: CallDep, yarn: Yarn, ask: Annotated[MillSubstituteGoneAsk, Query()], if_match: IfMatch = None
) -> Response:
    """What it was."""

    async def effect(conn: WriteConnection) -> Answered:
        row = await yarn_of_path(conn, yarn)
        gone = await remove(conn, call.caller, row, ask.substitute, ask.reason, if_match)
        return await _answered(call, conn, gone)

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


async def _answered(call: Call, conn: WriteConnection, shown: dict[str, Any]) -> Answered:
    raised = await call.runtime.versions.raise_in(conn, [scopes.STOCK])
    model = MillNamedSubstitute.model_validate(shown)
    return Answered(model, headers={"ETag": f'"{model.row_version}"', "Data-Version": token(raised)})

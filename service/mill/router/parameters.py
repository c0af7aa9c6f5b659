"""Planning parameters: what holds, what each means, put by who may."""

from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.access.answering import IfMatch, etag
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.versions import token
from service.mill.answers.parameters import parameters_shown
from service.mill.decisions.parameters import put_parameters
from service.mill.queries import scopes
from service.mill.router.answers import Admin, CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.parameters import DEFAULTS, described
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.envelope import Ask
from service.schemas.mill.parameters import MillParametersAsk, MillParametersDescribed, MillParametersInForce

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN: Final = [Depends(strict_query(Ask))]
_SET: Final[dict[str, Any]] = {
    "name": "past_due_policy",
    "value": "now",
    "valid_from": "2025-09-03T05:00:00Z",
    "set_by": "key:ab12cd34",
    "reason": "The supplier's late lorries come this week.",
}
_PARAMETERS: Final[dict[str, Any]] = {
    "version": 1,
    "rules_version": "mill-parameters/2025-09-03T05:00:00+00:00",
    "since": "2025-09-03T05:00:00Z",
    "values": {**DEFAULTS.as_values(), "past_due_policy": "now"},
    "changed": {"past_due_policy": "now"},
    "defaults": DEFAULTS.as_values(),
    "history": [_SET],
    "history_count": 1,
}
_ASK: Final = {"values": {"past_due_policy": "now"}, "reason": _SET["reason"]}


@router.get(
    "/parameters",
    operation_id="mill_parameters",
    summary="The planning parameters in force",
    response_model=MillParametersInForce,
    responses=read_responses(_PARAMETERS),
    dependencies=_PLAIN,
)
async def get_parameters(call: CallDep) -> Response:
    """One set, which all screens and plans read; each plan tells which of it was not the default."""

    async def build(conn: ReadConnection) -> Answer:
        body = await parameters_shown(conn)
        return Answer(body, headers=etag(body["version"]))

    return await answer(call, build, [scopes.PARAMETERS], kept=False)


@router.put(
    "/parameters",
    operation_id="mill_put_parameters",
    summary="Put planning parameters in force",
    response_model=MillParametersInForce,
    responses=written_responses(200, _PARAMETERS, 412, 428),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _ASK}}}},
)
async def put(call: CallDep, caller: Admin, asked: MillParametersAsk, if_match: IfMatch = None) -> Response:
    """What is not named stays. Plans that were made keep the values they were made with."""

    async def effect(conn: WriteConnection) -> Answered:
        raised = await put_parameters(conn, caller, asked, if_match)
        body = MillParametersInForce.model_validate(await parameters_shown(conn))
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(body, headers={**etag(body.version), **seen})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


@router.get(
    "/parameters/described",
    operation_id="mill_parameters_described",
    summary="What each planning parameter means",
    response_model=MillParametersDescribed,
    responses=read_responses({"described": described()}),
    dependencies=_PLAIN,
)
async def get_described(call: CallDep) -> Response:
    """A JSON schema with meaning, origin, range and default of each."""

    async def build(_: ReadConnection) -> Answer:
        return Answer({"described": described()})

    return await answer(call, build, [scopes.PARAMETERS])

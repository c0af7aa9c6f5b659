"""Rule sets: versions as data, made active when they have been looked at."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.attendance.decisions.rule_sets import activate, add_version
from service.attendance.queries import browse
from service.attendance.router import decided_examples as examples
from service.attendance.router.answers import MASTERS, READS, CallDep, answer_list
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.reporting.query import strict_query
from service.reporting.route_responses import list_responses, written_responses
from service.schemas.attendance.rule_sets import RuleSet, RuleSetAsk, RuleSetsAsk, RuleSetStateAsk
from service.schemas.envelope import Ask, Listing

Admin = Annotated[Caller, Depends(needs("attendance:admin"))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/rule-sets",
    operation_id="attendance_rule_sets",
    summary="Rule sets, every version",
    response_model=Listing[RuleSet],
    responses=list_responses(examples.RULE_SET),
    dependencies=[Depends(needs(READS)), Depends(strict_query(RuleSetsAsk))],
)
async def rule_sets(call: CallDep, ask: Annotated[RuleSetsAsk, Query()]) -> Response:
    """By name, the newest version of each first."""
    return await answer_list(call, ask, browse.list_rule_sets, [MASTERS], kept=False)


@router.post(
    "/rule-sets",
    operation_id="attendance_add_rule_set",
    summary="Add a version of a rule set",
    status_code=201,
    response_model=RuleSet,
    responses=written_responses(201, examples.RULE_SET),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": dict(examples.RULE_SET_ASK)}}}
    },
)
async def add(asked: RuleSetAsk, request: Request, runtime: RuntimeDep, caller: Admin) -> Response:
    """It judges nothing yet: see what it would change in the report `what-if`, then make it active."""

    async def effect(conn: WriteConnection) -> Answered:
        return Answered(RuleSet.model_validate(await add_version(conn, caller, asked)), 201)

    return await write_once(runtime.database, request, caller.id, effect)


@router.post(
    "/rule-sets/{name}/{version}/state",
    operation_id="attendance_activate_rule_set",
    summary="Judge days by a version of a rule set, or no longer",
    response_model=RuleSet,
    responses=written_responses(200, examples.RULE_SET | {"active": True}, 404, 409),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"active": True}}}}},
)
async def set_state(
    name: str, version: int, asked: RuleSetStateAsk, request: Request, runtime: RuntimeDep, caller: Admin
) -> Response:
    """At most one version of a name judges days; all days kept are judged by it then."""

    async def effect(conn: WriteConnection) -> Answered:
        return Answered(
            RuleSet.model_validate(await activate(conn, caller, name, version, active=asked.active))
        )

    response = await write_once(runtime.database, request, caller.id, effect)
    runtime.tasks.start_soon("attendance.recompute", {}, caller.id)
    return response

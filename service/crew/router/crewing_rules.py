"""What is asked of the crew of an appliance: read, tried out, replaced."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.access.answering import IfMatch
from service.core.auth import needs
from service.core.database import ReadConnection, WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.versions import token
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.appliances import lists_of
from service.crew.answers.crewing_rules import rule_of, rules_shown, trial
from service.crew.decisions.crewing_rules import check_rules, replace_rules
from service.crew.queries import crewing_rules, scopes
from service.crew.queries.appliances import ApplianceRow
from service.crew.router import rule_examples as examples
from service.crew.router.answers import ADMIN, Call, CallDep
from service.crew.router.appliance_calls import Name, found, range_of
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.rules.crewing import Rule, requirements_of
from service.crew.rules.presets import Ruling, ruling
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.crew.rules import CrewingRules, CrewingRulesAsk, RulesAsk, RulesWriteAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/appliances/{name}/rules",
    operation_id="crew_appliance_rules",
    summary="What is asked of the crew of an appliance",
    response_model=CrewingRules,
    responses=read_responses(examples.RULES, 404),
    dependencies=[Depends(strict_query(RulesAsk))],
)
async def rules(call: CallDep, name: Name, ask: Annotated[RulesAsk, Query()]) -> Response:
    """Those enforced by tier, then those that are only reported, such as the grid's own."""
    appliance = await found(call, name, ask.station)

    async def build(conn: ReadConnection) -> Answer:
        rows = await crewing_rules.select_rules_of(conn, appliance.id, ask.known_at)
        version = await crewing_rules.select_version(conn, appliance.id)
        body = _body(call, appliance, version, rows)
        return Answer(body, headers=_tag(version) if ask.known_at is None else None)

    return await answer(call, build, [scopes.of_station(appliance.station.code)], kept=False)


@router.put(
    "/appliances/{name}/rules",
    operation_id="crew_replace_appliance_rules",
    summary="Replace what is asked of the crew of an appliance, or try it out",
    response_model=CrewingRules,
    responses=written_responses(200, examples.RULES, 404, 409, 412, 428),
    dependencies=[Depends(strict_query(RulesWriteAsk)), Depends(needs(ADMIN))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def replace(
    call: CallDep,
    name: Name,
    ask: Annotated[RulesWriteAsk, Query()],
    asked: CrewingRulesAsk,
    if_match: IfMatch = None,
) -> Response:
    """They hold from now on; what held until then stays on record, and answers to `known_at` use it.

    With `dry_run` nothing is written and nothing has to match: `trial` says what would become of the
    appliance.
    """
    appliance = await found(call, name, ask.station)
    if ask.dry_run:
        return await _tried(call, appliance, ask, asked)

    async def effect(conn: WriteConnection) -> Answered:
        raised = await replace_rules(conn, call.caller, appliance, asked.rules, asked.reason, if_match)
        rows = await crewing_rules.select_rules_of(conn, appliance.id)
        version = await crewing_rules.select_version(conn, appliance.id)
        shown = CrewingRules.model_validate(_body(call, appliance, version, rows))
        seen = {"Data-Version": token(raised)} if raised else {}
        return Answered(shown, headers={**_tag(version), **seen})

    return await write_once(call.runtime.database, call.request, call.caller.id, effect)


async def _tried(call: Call, appliance: ApplianceRow, ask: RulesWriteAsk, asked: CrewingRulesAsk) -> Response:
    check_rules(asked.rules)
    window = range_of(call, ask)
    proposed = [rule_of(one.model_dump()) for one in asked.rules]

    async def build(conn: ReadConnection) -> Answer:
        asking = Asking(conn, call.runtime.settings, call.now)
        rows = await crewing_rules.select_rules_of(conn, appliance.id)
        version = await crewing_rules.select_version(conn, appliance.id)
        tried = await trial(asking, appliance, proposed, window)
        return Answer({**_body(call, appliance, version, rows), "trial": tried})

    return await answer(call, build, [scopes.of_station(appliance.station.code)], kept=False)


def _body(call: Call, appliance: ApplianceRow, version: int, rows: Any) -> dict[str, Any]:
    titles = [Rule(row.name, requirements_of(row.requirements)) for row in rows if row.origin == "grid"]
    general: Ruling = ruling((), titles, call.settings.enforced_rule, lists_of(call.settings))
    return {
        "appliance": appliance.name,
        "station": appliance.station.code,
        "version": version,
        "rules": rules_shown(rows, general),
        "trial": None,
    }


def _tag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}

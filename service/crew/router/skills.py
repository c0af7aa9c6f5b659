"""Skills, and which other writings are read as one of them (spec D.1.8): originals are kept in profiles."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from service.access.audit import record
from service.core.auth import Caller, needs
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import NotAllowed, NotFound, unknown_value
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.versions import token
from service.crew.queries import scopes, skills
from service.crew.queries.stations import select_codes
from service.crew.router.answers import ADMIN, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses, written_responses
from service.schemas.crew.skills import SkillAlias, SkillAliasAsk, SkillCode, Skills
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Admin = Annotated[Caller, Depends(needs(ADMIN))]
Alias = Annotated[SkillCode, Path(description="The other writing; case does not matter.")]
_PLAIN: Final = [Depends(strict_query(Ask))]
_SKILLS: Final[dict[str, Any]] = {"items": [{"code": "LGV", "label": "LGV", "aliases": ["HGV"]}]}
_ALIAS: Final = {"alias": "HGV", "code": "LGV"}


@router.get(
    "/skills",
    operation_id="crew_skills",
    summary="Skills and their other writings",
    response_model=Skills,
    responses=read_responses(_SKILLS),
    dependencies=_PLAIN,
)
async def list_skills(call: CallDep) -> Response:
    """Every skill that a grid has named, by code; limited to stations: those that their people have."""

    async def build(conn: ReadConnection) -> Answer:
        rows = await skills.select_skills(conn, call.caller.sites)
        return Answer({"items": [row._asdict() for row in rows]})

    return await answer(call, build, [scopes.of_people(scopes.ANY)])


@router.put(
    "/skills/aliases/{alias}",
    operation_id="crew_put_skill_alias",
    summary="Read another writing as a skill",
    response_model=SkillAlias,
    responses=written_responses(200, _ALIAS),
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"code": "LGV"}}}}},
)
async def put_alias(
    request: Request, runtime: RuntimeDep, caller: Admin, alias: Alias, asked: SkillAliasAsk
) -> Response:
    """From now on who has either has both, where people are filtered and counted."""
    _everywhere(caller)
    other, code = alias.upper(), asked.code.upper()

    async def effect(conn: WriteConnection) -> Answered:
        if not await skills.put_alias(conn, other, code):
            known = [row.code for row in await skills.select_skills(conn, None)]
            raise unknown_value("/body/code", "skill", code, known)
        await record(conn, caller, "crew.skill_alias_put", f"skill:{other}", after={"code": code})
        return Answered(SkillAlias(alias=other, code=code), headers=await _raised(runtime, conn))

    return await write_once(runtime.database, request, caller.id, effect)


@router.delete(
    "/skills/aliases/{alias}",
    operation_id="crew_delete_skill_alias",
    summary="No longer read another writing as a skill",
    response_model=SkillAlias,
    responses=written_responses(200, _ALIAS, 404),
    dependencies=_PLAIN,
)
async def delete_alias(request: Request, runtime: RuntimeDep, caller: Admin, alias: Alias) -> Response:
    """What it stood for."""
    _everywhere(caller)
    other = alias.upper()

    async def effect(conn: WriteConnection) -> Answered:
        code = await skills.delete_alias(conn, other)
        if code is None:
            raise NotFound(f"{other!r} stands for no skill", code="alias_not_found")
        await record(conn, caller, "crew.skill_alias_deleted", f"skill:{other}", before={"code": code})
        return Answered(SkillAlias(alias=other, code=code), headers=await _raised(runtime, conn))

    return await write_once(runtime.database, request, caller.id, effect)


def _everywhere(caller: Caller) -> None:
    if caller.sites is not None:
        raise NotAllowed("skills are of all stations; you are limited to some", code="site_not_allowed")


async def _raised(runtime: Runtime, conn: WriteConnection) -> dict[str, str]:
    """Who counts as what changes at every station."""
    codes = await select_codes(conn)
    touched = {scope for code in codes for scope in scopes.touched(code, [], people=True)}
    raised = await runtime.versions.raise_in(conn, sorted({*touched, scopes.of_people(scopes.ANY)}))
    return {"Data-Version": token(raised)}

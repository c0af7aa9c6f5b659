"""`/v1/flags`: which optimisations act, for which share of callers, and what they did."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import ReadConnection, WriteConnection
from service.core.flags import NAMES, SCOPE, FlagRow, Flags, refresh, select_flags
from service.core.idempotency import Answered, Effect, write_once
from service.core.inbound import CallerDep, Reading, RuntimeDep
from service.core.runtime import Runtime
from service.monitoring.flags.changing import check_name, reset_share, set_share
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.flags import Flag, FlagAsk, FlagListing

router = APIRouter(
    prefix="/v1/flags",
    tags=["monitoring"],
    dependencies=[Depends(needs("admin")), Depends(strict_query(Ask))],
)

_HEADERS: Final = {"Cache-Control": "no-store"}
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "response_cache",
    "description": NAMES["response_cache"],
    "share": 50,
    "chosen": 50,
    "setting": 100,
    "reason": "compare the times of both sides",
    "changed_by": "key:ab12cd34",
    "changed_at": "2026-11-01T06:30:00Z",
    "acts": True,
    "acted": 48211,
    "saved": 917.4,
    "saved_unit": "seconds",
    "basis": "answers at hand, at the mean time that misses of the same kind took",
}
_UNCHANGED: Final = {**_EXAMPLE, "share": 100, "chosen": 100, "reason": None} | dict.fromkeys(
    ("changed_by", "changed_at")
)


def _example(example: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"example": dict(example)}}}


@router.get(
    "",
    operation_id="monitoring_flags",
    summary="Optimisations and who has them",
    description="The master first. What each did is counted by the process that answers, since its start.",
    response_model=FlagListing,
    responses={**problem_responses(401, 403, 422, 503), 200: _example({"items": [_EXAMPLE]})},
)
async def list_flags(runtime: RuntimeDep, caller: CallerDep, conn: Reading) -> Response:
    listing = await flag_listing(conn, runtime, caller)
    return Response(listing.model_dump_json(), headers=_HEADERS, media_type="application/json")


async def flag_listing(conn: ReadConnection, runtime: Runtime, caller: Caller) -> FlagListing:
    """Every flag as this caller has it."""
    rows, version = await select_flags(conn, SCOPE)
    runtime.versions.apply({SCOPE: version})
    return FlagListing(items=[_flag(runtime.flags, name, rows, caller) for name in NAMES])


@router.put(
    "/{name}",
    operation_id="monitoring_set_flag",
    summary="Change the share of callers that have an optimisation",
    description="In force on every replica within a second, and kept over restarts. Twice changes nothing.",
    response_model=Flag,
    responses={**problem_responses(400, 401, 403, 404, 409, 422, 503), 200: _example(_EXAMPLE)},
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"share": 50, "reason": _EXAMPLE["reason"]}}}
        }
    },
)
async def set_flag(
    name: str, asked: FlagAsk, request: Request, runtime: RuntimeDep, caller: CallerDep
) -> Response:
    async def effect(conn: WriteConnection) -> Answered:
        await set_share(conn, runtime.versions, name, asked.share, reason=asked.reason, who=caller)
        return await _answered(conn, runtime.flags, name, caller)

    return await _changed(request, runtime, caller, effect)


@router.delete(
    "/{name}",
    operation_id="monitoring_reset_flag",
    summary="Let the setting hold again",
    description="Where it was not changed, this changes nothing.",
    response_model=Flag,
    responses={**problem_responses(400, 401, 403, 404, 409, 422, 503), 200: _example(_UNCHANGED)},
)
async def reset_flag(name: str, request: Request, runtime: RuntimeDep, caller: CallerDep) -> Response:
    async def effect(conn: WriteConnection) -> Answered:
        await reset_share(conn, runtime.versions, name, who=caller)
        return await _answered(conn, runtime.flags, name, caller)

    return await _changed(request, runtime, caller, effect)


async def _changed(request: Request, runtime: Runtime, caller: Caller, effect: Effect) -> Response:
    check_name(request.path_params["name"])
    response = await write_once(runtime.database, request, caller.id, effect)
    with suppress(SQLAlchemyError, OSError):  # it is committed: the notice brings it here as everywhere else
        await refresh(runtime.flags, runtime.database, runtime.versions)
    return response


async def _answered(conn: WriteConnection, flags: Flags, name: str, caller: Caller) -> Answered:
    rows, _ = await select_flags(conn, SCOPE)
    return Answered(_flag(flags, name, rows, caller), headers=_HEADERS)


def _flag(flags: Flags, name: str, rows: Mapping[str, FlagRow], caller: Caller) -> Flag:
    """A flag as the rows say, which this process may be about to take."""
    seen = flags.with_rows(rows)
    row, source = rows.get(name), flags.sources.get(name)
    acted = None if source is None else source()
    return Flag(
        name=name,
        description=NAMES[name],
        share=seen.share(name),
        chosen=seen.chosen(name),
        setting=seen.setting(name),
        reason=None if row is None else row.reason,
        changed_by=None if row is None else row.changed_by,
        changed_at=None if row is None else row.changed_at,
        acts=seen.acts(name, caller.id),
        acted=None if acted is None else acted.times,
        saved=None if acted is None else acted.saved,
        saved_unit=None if acted is None else acted.unit,
        basis=None if acted is None else acted.basis,
    )

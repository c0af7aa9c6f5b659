"""`/v1/flags`: which optimisations act, for which share of callers, and what they did."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.core.auth import Caller, needs
from service.core.database import AWAY, ReadConnection, WriteConnection
from service.core.flags import NAMES, SCOPE, FlagRow, Flags, refresh, select_flags
from service.core.idempotency import Answered, Effect, write_once
from service.core.inbound import CallerDep, Reading, RuntimeDep
from service.core.runtime import Runtime
from service.monitoring.flags.changing import check_name, reset_share, set_share
from service.monitoring.monitor import Monitor
from service.monitoring.optimizations import Plain
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
    description="The master first. What each did is counted by all workers together, since they started.",
    response_model=FlagListing,
    responses={**problem_responses(401, 403, 422, 503), 200: _example({"items": [_EXAMPLE]})},
)
async def list_flags(request: Request, caller: CallerDep, conn: Reading) -> Response:
    listing = await flag_listing(conn, request.app.state.monitor, caller)
    return Response(listing.model_dump_json(), headers=_HEADERS, media_type="application/json")


async def flag_listing(conn: ReadConnection, monitor: Monitor, caller: Caller) -> FlagListing:
    """Every flag as this caller has it, and what it did in all workers."""
    rows, version = await select_flags(conn, SCOPE)
    monitor.runtime.versions.apply({SCOPE: version})
    acted = await _acted(monitor)
    return FlagListing(items=[_flag(monitor.runtime.flags, name, rows, caller, acted) for name in NAMES])


async def _acted(monitor: Monitor) -> Plain:
    acted: Plain = (await monitor.counted("optimizations"))["optimizations"]
    return acted


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
    acted = await _acted(request.app.state.monitor)

    async def effect(conn: WriteConnection) -> Answered:
        await set_share(conn, runtime.versions, name, asked.share, reason=asked.reason, who=caller)
        return await _answered(conn, runtime.flags, name, caller, acted)

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
    acted = await _acted(request.app.state.monitor)

    async def effect(conn: WriteConnection) -> Answered:
        await reset_share(conn, runtime.versions, name, who=caller)
        return await _answered(conn, runtime.flags, name, caller, acted)

    return await _changed(request, runtime, caller, effect)


async def _changed(request: Request, runtime: Runtime, caller: Caller, effect: Effect) -> Response:
    check_name(request.path_params["name"])
    response = await write_once(runtime.database, request, caller.id, effect)
    with suppress(*AWAY):  # it is committed: the notice brings it here as everywhere else
        await refresh(runtime.flags, runtime.database, runtime.versions)
    return response


async def _answered(conn: WriteConnection, flags: Flags, name: str, caller: Caller, acted: Plain) -> Answered:
    rows, _ = await select_flags(conn, SCOPE)
    return Answered(_flag(flags, name, rows, caller, acted), headers=_HEADERS)


def _flag(flags: Flags, name: str, rows: Mapping[str, FlagRow], caller: Caller, acted: Plain) -> Flag:
    """A flag as the rows say, which this process may be about to take."""
    seen, row, did = flags.with_rows(rows), rows.get(name), acted.get(name, {})
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
        acted=did.get("times"),
        saved=did.get("saved"),
        saved_unit=did.get("unit"),
        basis=did.get("basis"),
    )

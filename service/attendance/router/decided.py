"""What people here decide: corrections, weekly schedules, where devices hang."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.attendance.decisions.corrections import correct_each, revoke
from service.attendance.decisions.devices import map_device
from service.attendance.decisions.schedules import add_schedule, end_schedule
from service.attendance.queries import browse
from service.attendance.router import decided_examples as examples
from service.attendance.router.answers import MASTERS, READS, WRITES, CallDep, answer_list
from service.attendance.router.documented import CLOSED, PREFIX, TAGS
from service.attendance.router.windows import check_dates, first_of_month, with_window
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered, Effect, write_once
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.versions import token
from service.reporting.query import strict_query
from service.reporting.route_responses import list_responses, written_responses
from service.schemas.attendance.decisions import (
    Correction,
    CorrectionOutcomes,
    CorrectionsAsk,
    CorrectionsListAsk,
    DeviceSiteAsk,
    RevokeAsk,
    Schedule,
    ScheduleAsk,
    ScheduleEndAsk,
    Schedules,
    SchedulesListAsk,
)
from service.schemas.envelope import Ask, Listing

Writer = Annotated[Caller, Depends(needs(WRITES))]
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.get(
    "/corrections",
    operation_id="attendance_corrections",
    summary="Corrections, newest first",
    response_model=Listing[Correction],
    responses=list_responses(examples.CORRECTION),
    dependencies=[Depends(needs(READS)), Depends(strict_query(CorrectionsListAsk))],
)
async def corrections(call: CallDep, ask: Annotated[CorrectionsListAsk, Query()]) -> Response:
    """What people here decided about the days of the window; revoked ones too."""
    chosen = with_window(ask, call.today, first_of_month)
    return await answer_list(call, chosen, browse.list_corrections, [MASTERS], kept=False)


@router.post(
    "/corrections",
    operation_id="attendance_correct",
    summary="Correct days",
    status_code=207,
    response_model=CorrectionOutcomes,
    responses=written_responses(207, examples.OUTCOMES, 409),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"items": [examples.CORRECTION_ASK]}}}}
    },
)
async def correct(asked: CorrectionsAsk, request: Request, runtime: RuntimeDep, caller: Writer) -> Response:
    """Each by itself, with its outcome; the days are recomputed at once. Nothing is changed upstream."""

    async def effect(conn: WriteConnection) -> Answered:
        items, raised = await correct_each(conn, caller, asked.items, request.url.path)
        return Answered(CorrectionOutcomes.model_validate({"items": items}), 207, _seen(raised))

    return await _written(runtime, request, caller, effect)


@router.post(
    "/corrections/{correction_id}/revoke",
    operation_id="attendance_revoke_correction",
    summary="Revoke a correction",
    response_model=Correction,
    responses=written_responses(200, examples.REVOKED, 404, 409),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"reason": "The punch was uploaded."}}}}
    },
)
async def revoke_correction(
    correction_id: int, asked: RevokeAsk, request: Request, runtime: RuntimeDep, caller: Writer
) -> Response:
    """What it did is undone; that it was, by whom and why, stays on record."""

    async def effect(conn: WriteConnection) -> Answered:
        revoked, raised = await revoke(conn, caller, correction_id, asked.reason)
        return Answered(Correction.model_validate(revoked), headers=_seen(raised))

    return await _written(runtime, request, caller, effect)


@router.get(
    "/schedules",
    operation_id="attendance_schedules",
    summary="Weekly schedules",
    response_model=Listing[Schedule],
    responses=list_responses(examples.SCHEDULE),
    dependencies=[Depends(needs(READS)), Depends(strict_query(SchedulesListAsk))],
)
async def schedules(call: CallDep, ask: Annotated[SchedulesListAsk, Query()]) -> Response:
    """Rows that hold on a date of the window, or all."""
    check_dates(ask, "/query")
    return await answer_list(call, ask, browse.list_schedules, [MASTERS], kept=False)


@router.post(
    "/schedules",
    operation_id="attendance_add_schedule",
    summary="Add a weekly schedule",
    status_code=201,
    response_model=Schedules,
    responses=written_responses(201, {"items": [examples.SCHEDULE]}, 409),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": dict(examples.SCHEDULE_ASK)}}}
    },
)
async def add(asked: ScheduleAsk, request: Request, runtime: RuntimeDep, caller: Writer) -> Response:
    """A row for each weekday, from a date on; the days since then are recomputed."""

    async def effect(conn: WriteConnection) -> Answered:
        items, raised = await add_schedule(conn, caller, asked)
        return Answered(Schedules.model_validate({"items": items}), 201, _seen(raised))

    return await _written(runtime, request, caller, effect)


@router.post(
    "/schedules/{schedule_id}/end",
    operation_id="attendance_end_schedule",
    summary="Let a weekly schedule end",
    response_model=Schedule,
    responses=written_responses(200, examples.SCHEDULE | {"valid_to": "2026-10-31"}, 404),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"valid_to": "2026-10-31"}}}}},
)
async def end(
    schedule_id: int, asked: ScheduleEndAsk, request: Request, runtime: RuntimeDep, caller: Writer
) -> Response:
    """Its last date; what held until then stays."""

    async def effect(conn: WriteConnection) -> Answered:
        ended, raised = await end_schedule(conn, caller, schedule_id, asked.valid_to)
        return Answered(Schedule.model_validate(ended), headers=_seen(raised))

    return await _written(runtime, request, caller, effect)


@router.post(
    "/device-sites",
    operation_id="attendance_map_device",
    summary="Say where a device hangs",
    response_model=DeviceSiteAsk,
    responses=written_responses(200, examples.DEVICE_SITE_ASK),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": dict(examples.DEVICE_SITE_ASK)}}}
    },
)
async def map_to_site(
    asked: DeviceSiteAsk, request: Request, runtime: RuntimeDep, caller: Writer
) -> Response:
    """The upstream does not know; until somebody says it, the device is among the exceptions."""

    async def effect(conn: WriteConnection) -> Answered:
        return Answered(asked, headers=_seen(await map_device(conn, caller, asked)))

    return await _written(runtime, request, caller, effect)


def _seen(raised: Mapping[str, int]) -> dict[str, str]:
    """What a reader sends back so as not to be answered from before this write."""
    return {"Data-Version": token(raised)} if raised else {}


async def _written(runtime: Runtime, request: Request, caller: Caller, effect: Effect) -> Response:
    """The write's answer; the days it put in doubt are recomputed soon after."""
    response = await write_once(runtime.database, request, caller.id, effect)
    runtime.tasks.start_soon("attendance.recompute", {}, caller.id)
    return response

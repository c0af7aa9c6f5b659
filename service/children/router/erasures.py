"""The erasure of a child: asked for, approved, cancelled, looked at."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.children.door import note_reading
from service.children.rights import erasing
from service.children.router import rights_examples as examples
from service.children.router.again import write_seen
from service.children.router.documented import CLOSED, PREFIX, TAGS, one_responses, written_responses
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.versions import token
from service.reporting.query import strict_query
from service.schemas.children.rights import Erasure, ErasureAsk
from service.schemas.envelope import Ask

Eraser = Annotated[Caller, Depends(needs("erase:request"))]
Decision = Callable[[Runtime, WriteConnection, Caller, UUID], Awaitable[tuple[Erasure, Mapping[str, int]]]]
NO_STORE = {"Cache-Control": "no-store"}
router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)


@router.post(
    "/{child_id:int}/erasure",
    operation_id="children_ask_for_erasure",
    summary="Have a child erased",
    status_code=202,
    response_model=Erasure,
    responses=written_responses(202, examples.ERASURE, 409),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": dict(examples.ERASURE_ASK)}}}},
)
async def ask_for_erasure(
    child_id: int, asked: ErasureAsk, request: Request, runtime: RuntimeDep, caller: Eraser
) -> Response:
    """Of the primary guardian who signed in within five minutes. The child is restricted at once; until
    `executes_at` it can be cancelled, then everything is deleted for good. Another full guardian has to
    approve it within 14 days.
    """

    async def effect(conn: WriteConnection) -> Answered:
        erasure, raised = await erasing.ask_for_erasure(runtime, conn, caller, child_id, asked)
        where = {"Location": f"{PREFIX}/erasures/{erasure.id}"}
        return Answered(erasure, 202, NO_STORE | where | {"Data-Version": token(raised)})

    return await write_seen(runtime, request, caller, effect)


@router.get(
    "/erasures/{erasure_id:uuid}",
    operation_id="children_erasure_state",
    summary="How an erasure stands",
    response_model=Erasure,
    responses=one_responses(examples.ERASURE),
    dependencies=[Depends(strict_query(Ask))],
)
async def erasure_state(erasure_id: UUID, runtime: RuntimeDep, caller: Eraser) -> Response:
    """For the guardians who may cancel it, and when it is done for whoever asked for it, with the proof."""
    async with runtime.database.snapshot() as conn:
        row = await erasing.find_erasure(conn, caller, erasure_id, "erase.read")
    await note_reading(runtime.database, caller, "erase.read", row.child_id)
    return Answered(erasing.shown(row), headers=NO_STORE).response()


@router.post(
    "/erasures/{erasure_id:uuid}/approve",
    operation_id="children_approve_erasure",
    summary="Approve an erasure",
    response_model=Erasure,
    responses=written_responses(200, examples.ERASURE, 409),
    dependencies=[Depends(strict_query(Ask))],
)
async def approve_erasure(
    erasure_id: UUID, request: Request, runtime: RuntimeDep, caller: Eraser
) -> Response:
    """As the other full guardian; from then on the grace runs."""
    return await _decided(runtime, request, caller, erasure_id, erasing.approve)


@router.post(
    "/erasures/{erasure_id:uuid}/cancel",
    operation_id="children_cancel_erasure",
    summary="Cancel an erasure",
    response_model=Erasure,
    responses=written_responses(200, {**examples.ERASURE, "state": "cancelled", "executes_at": None}, 409),
    dependencies=[Depends(strict_query(Ask))],
)
async def cancel_erasure(erasure_id: UUID, request: Request, runtime: RuntimeDep, caller: Eraser) -> Response:
    """As a guardian with full rights; the restriction that came with it is lifted."""
    return await _decided(runtime, request, caller, erasure_id, erasing.cancel)


async def _decided(
    runtime: Runtime, request: Request, caller: Caller, erasure_id: UUID, decide: Decision
) -> Response:
    async def effect(conn: WriteConnection) -> Answered:
        erasure, raised = await decide(runtime, conn, caller, erasure_id)
        return Answered(erasure, headers=NO_STORE | {"Data-Version": token(raised)})

    return await write_seen(runtime, request, caller, effect)

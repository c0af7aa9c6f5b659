"""An admin's reading in an emergency."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.children.clinical import emergency
from service.children.router.documented import CLOSED, PREFIX, TAGS, written_responses
from service.children.router.played import CallDep, write
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.reporting.query import strict_query
from service.schemas.children.emergency import BreakGlassAsk, BreakGlassOpened
from service.schemas.envelope import Ask

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_ASK = {"reason": "Found unconscious; the hospital asks for medications and allergies."}
_OPENED = {
    "id": "5a0f6c1e-8f0a-4f6d-9d6e-1f2b3c4d5e6f",
    "child_id": 7,
    "expires_at": "2026-06-10T11:25:00Z",
    "guardian_notified": True,
    "access_token": "eyJhbGciOiJIUzI1NiIsImtpZCI6IjRmMmEifQ.eyJzdWIiOiIyMSJ9.c2lnbmF0dXJl",
    "token_type": "bearer",
    "expires_in": 3600,
}


@router.post(
    "/{child_id:int}/break-glass",
    operation_id="children_break_glass",
    summary="Open a child's record in an emergency",
    description="To read it for an hour. The primary guardian is told, and sees every use in the access log.",
    status_code=201,
    response_model=BreakGlassOpened,
    responses=written_responses(201, _OPENED),
    dependencies=[Depends(needs("users:admin")), Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _ASK}}}},
)
async def break_glass(child_id: int, asked: BreakGlassAsk, call: CallDep) -> Response:
    """With an access token that reads this child and writes nothing."""
    database, settings = call.runtime.database, call.runtime.settings

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        return Answered(await emergency.open_record(conn, call.caller, child_id, asked.reason), 201), []

    response = await write(call, deed, _always)
    if response.status_code != 201 or "Idempotency-Replayed" in response.headers:
        return response
    # Added here, so that what is kept for a repeated request does not hold it.
    opened = BreakGlassOpened.model_validate_json(bytes(response.body))
    shown = opened.model_copy(
        update={
            "access_token": emergency.token_of(settings, call.caller, opened),
            "guardian_notified": await emergency.tell_guardian(database, settings, opened),
        }
    )
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(shown.model_dump_json(), 201, headers=kept, media_type="application/json")


async def _always(_: WriteConnection, __: Response) -> bool:
    """Admins see no child, before and after; what is kept has its number and no token."""
    return True

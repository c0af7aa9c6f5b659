"""`GET /v1/access/audit`: who did, read or was refused what."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import audited
from service.access.answering import answers, page, page_example
from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.schemas.audit import AuditAsk, AuditEntry
from service.schemas.envelope import Listing

Auditor = Annotated[Caller, Depends(needs("audit:read"))]
_EXAMPLE: Final = {
    "id": 7,
    "at": "2026-11-02T09:15:00Z",
    "who": "person:11",
    "what": "child.read",
    "subject": "child:7",
    "before": None,
    "after": None,
    "request_id": "5f0c3a1b9d2e4f60",
    "actor_user_id": 11,
    "child_id": 7,
    "child_ids": None,
    "outcome": "deny",
    "deny_code": "not_visible",
    "purpose": None,
    "network": "192.0.2.0/24",
    "user_agent_hash": "9f86d081884c7d659a2feaa0c55ad015",
    "changed_fields": None,
}

router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/audit",
    operation_id="access_audit",
    summary="The audit",
    response_model=Listing[AuditEntry],
    responses=answers(page_example(_EXAMPLE), 400, 410),
)
async def list_audit(
    ask: Annotated[AuditAsk, Query()], request: Request, runtime: RuntimeDep, _: Auditor
) -> Response:
    """Who did, read or was refused what; newest first. With `child_id`: who read that child."""
    return await page(request, runtime, (ask, "access.audit", audited.ORDER), audited.entries(ask), _entry)


def _entry(row: Any) -> AuditEntry:
    return AuditEntry.model_validate(row, from_attributes=True)

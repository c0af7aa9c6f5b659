"""`/v1/attendance`: what one can browse, how far the mirror is, recomputing, and the upstream's webhook.

Closed to callers without `attendance:read`, except for the webhook, whose credential is its signature.
"""

from fastapi import APIRouter, Depends

from service.attendance.router import (
    decided,
    entities,
    events,
    explained,
    hook,
    imports,
    rules,
    sync,
)
from service.attendance.router.answers import READS
from service.attendance.router.imports import UPLOADS
from service.core.auth import needs

HOOK_PATH = "/v1/attendance/hooks/upstream"
"""Open to the authentication: the webhook's only credential is its signature."""

# The parts bear the prefix themselves, so that metrics know their routes by their whole paths.
router = APIRouter()
for _part in (events, explained, entities, decided, rules, sync, imports):
    router.include_router(_part.router, dependencies=[Depends(needs(READS))])
router.include_router(hook.router)

__all__ = ["HOOK_PATH", "UPLOADS", "router"]

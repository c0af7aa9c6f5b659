"""`/v1/attendance`: what one can browse, how far the mirror is, recomputing, and the upstream's webhook.

Closed to callers without `attendance:read`, except for the webhook, whose credential is its signature.
"""

from fastapi import APIRouter

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
from service.attendance.router.imports import UPLOADS

HOOK_PATH = "/v1/attendance/hooks/upstream"
"""Open to the authentication: the webhook's only credential is its signature."""

# Parts are whole in themselves and joined flat: a tree of routers is built and searched again at each level.
router = APIRouter()
for _part in (events, explained, entities, decided, rules, sync, imports, hook):
    router.routes.extend(_part.router.routes)

__all__ = ["HOOK_PATH", "UPLOADS", "router"]

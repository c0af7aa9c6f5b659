"""`/v1/mill`: what is not a report. What is literal comes before `/{code}`."""

from typing import Final

from fastapi import APIRouter

from service.mill.router import (
    allocations,
    exported,
    import_messages,
    imports,
    orders,
    plan_parts,
    plans,
)
from service.mill.router.imports import UPLOADS

router = APIRouter()
_PARTS: Final[tuple[APIRouter, ...]] = (
    allocations.router,
    imports.router,
    import_messages.router,
    exported.router,
    plans.router,
    plan_parts.router,
    orders.router,
)
for _part in _PARTS:
    router.routes.extend(_part.routes)

__all__ = ["UPLOADS", "router"]

"""`/v1/mill`: what is not a report. What is literal comes before `/{code}`."""

from typing import Final

from fastapi import APIRouter

from service.mill.router import (
    allocations,
    costs,
    exported,
    import_messages,
    imports,
    legacy,
    orders,
    plan_parts,
    plans,
    recipes,
    styles,
    substitutes,
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
    recipes.router,
    styles.router,
    costs.router,
    substitutes.router,
    legacy.router,
)
for _part in _PARTS:
    router.routes.extend(_part.routes)

__all__ = ["UPLOADS", "router"]

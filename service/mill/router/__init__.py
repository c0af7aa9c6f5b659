"""`/v1/mill`: what is not a report. What is literal comes before `/{code}`."""

from typing import Final

from fastapi import APIRouter

from service.mill.router import comparing, explained, imports, parameters, plan_parts, plans
from service.mill.router.imports import UPLOADS

router = APIRouter()
_PARTS: Final[tuple[APIRouter, ...]] = (
    imports.router,
    plans.router,
    plan_parts.router,
    parameters.router,
    comparing.router,
    explained.router,
)
for _part in _PARTS:
    router.routes.extend(_part.routes)

__all__ = ["UPLOADS", "router"]

"""`/v1/mill`: what is not a report. What is literal comes before `/{code}`."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter

from service.mill.router import allocations, orders, recipes, styles

UPLOADS: Final[Mapping[str, int]] = {}
router = APIRouter()
_PARTS: Final[tuple[APIRouter, ...]] = (
    allocations.router,
    orders.router,
    recipes.router,
    styles.router,
)
for _part in _PARTS:
    router.routes.extend(_part.routes)

__all__ = ["UPLOADS", "router"]

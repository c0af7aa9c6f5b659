"""`/v1/mill`: what is not a report. What is literal comes before `/{code}`."""

from typing import Final

from fastapi import APIRouter

from service.mill.router import (
    allocations,
    board,
    calendars,
    capacity,
    comparing,
    costs,
    explained,
    exported,
    import_messages,
    imports,
    legacy,
    machines,
    order_list,
    orders,
    parameters,
    plan_parts,
    plans,
    recipes,
    schedule_pictures,
    schedules,
    spec_names,
    styles,
    substitutes,
    yarns,
)
from service.mill.router.imports import UPLOADS

router = APIRouter()
_PARTS: Final[tuple[APIRouter, ...]] = (
    spec_names.router,
    allocations.router,
    imports.router,
    import_messages.router,
    exported.router,
    plans.router,
    plan_parts.router,
    schedules.router,
    schedule_pictures.router,
    orders.router,
    parameters.router,
    comparing.router,
    yarns.router,
    board.router,
    recipes.router,
    styles.router,
    costs.router,
    substitutes.router,
    explained.router,
    legacy.router,
    machines.router,
    capacity.router,
    calendars.router,
    order_list.router,
)
for _part in _PARTS:
    router.routes.extend(_part.routes)

__all__ = ["UPLOADS", "router"]

"""`/v1/children`: children and everything of theirs, for those who may see each.

What is literal comes before `/{child_id}`, so that no word is taken for a number.
"""

from fastapi import APIRouter, Depends

from service.children.router import (
    activities,
    around,
    emergency,
    erasures,
    figures,
    figures_across,
    home,
    overview,
    profile,
    reports,
    rights,
    sessions,
    shares,
    writings,
)
from service.core.auth import needs

router = APIRouter()
router.include_router(shares.outside)
_PARTS = (
    sessions,
    activities,
    writings,
    figures,
    figures_across,
    home,
    reports,
    shares,
    rights,
    erasures,
    emergency,
    around,
    overview,
    profile,
)
for _part in _PARTS:
    router.include_router(_part.router, dependencies=[Depends(needs())])

__all__ = ["router"]

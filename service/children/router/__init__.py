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
    profile,
    reports,
    rights,
    sessions,
    shares,
    writings,
)
from service.children.router.documented import PREFIX, TAGS
from service.core.auth import needs

router = APIRouter()
router.include_router(shares.outside, prefix=PREFIX, tags=TAGS)
for _part in (sessions, activities, writings, figures, reports, rights, erasures, emergency, around, profile):
    router.include_router(_part.router, dependencies=[Depends(needs())])

__all__ = ["router"]

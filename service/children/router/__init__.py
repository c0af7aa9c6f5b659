"""`/v1/children`: children and everything of theirs, for those who may see each.

What is literal comes before `/{child_id}`, so that no word is taken for a number.
"""

from fastapi import APIRouter

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

# Parts are whole in themselves and joined flat: a tree of routers is built and searched again at each level.
router = APIRouter()
router.routes.extend(shares.outside.routes)
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
    router.routes.extend(_part.router.routes)

__all__ = ["router"]

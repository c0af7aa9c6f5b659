"""`/v1/crew`: people, appliances, coverage, changes, stations; and the paths of the earlier system.

What is literal comes before `/{crew_id}`, so that no word is taken for a number.
"""

from typing import Final

from fastapi import APIRouter

from service.crew.router import (
    appliances,
    batches,
    board,
    contacts,
    exported,
    feed,
    hours,
    imports,
    legacy,
    people,
    skills,
    stations,
    unmatched,
)
from service.crew.router.imports import UPLOADS

OPEN_PATHS: Final = ()
"""Paths that need no credential of ours."""

# Parts are whole in themselves and joined flat: a tree of routers is built and searched again at each level.
router = APIRouter()
_PARTS = (
    imports, stations, appliances, feed, board, legacy, people, batches, hours, contacts, exported,
    skills, unmatched,
)  # fmt: skip
for _part in _PARTS:
    router.routes.extend(_part.router.routes)

__all__ = ["OPEN_PATHS", "UPLOADS", "router"]

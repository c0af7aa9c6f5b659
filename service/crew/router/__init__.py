"""`/v1/crew`: people, appliances, coverage, changes, stations; and the paths of the earlier system.

What is literal comes before `/{crew_id}`, so that no word is taken for a number.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends

from service.core.auth import needs
from service.crew.router import appliances, contacts, feed, hours, legacy, people, stations, unmatched
from service.crew.router.answers import READS

OPEN_PATHS: Final = ()
"""Paths that need no credential of ours."""
UPLOADS: Final[Mapping[str, int]] = {}
"""Paths that take files, with the bytes of one at most."""

# The parts bear the prefix themselves, so that metrics know their routes by their whole paths.
router = APIRouter()
for _part in (stations, appliances, feed, legacy, people, hours, contacts, unmatched):
    router.include_router(_part.router, dependencies=[Depends(needs(READS))])

__all__ = ["OPEN_PATHS", "UPLOADS", "router"]

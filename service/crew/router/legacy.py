"""The paths of the earlier system, with its bodies (spec A.12, D.7); `Deprecation` says what to use."""

from fastapi import APIRouter

from service.crew.router.documented import TAGS

router = APIRouter(tags=TAGS)

"""What changed, and pushes of it."""

from fastapi import APIRouter

from service.crew.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

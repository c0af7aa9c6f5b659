"""Crew members: who can turn out and until when, hours, batches."""

from fastapi import APIRouter

from service.crew.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

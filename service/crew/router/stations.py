"""Stations: how far the grids are, the live display, the login."""

from fastapi import APIRouter

from service.crew.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

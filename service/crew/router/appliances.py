"""Appliances: on the run or not, until when, gaps, what if, and their rules; coverage."""

from fastapi import APIRouter

from service.crew.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

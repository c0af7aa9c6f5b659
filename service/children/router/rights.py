"""What guardians ask for by right: export, erasure, access log."""

from fastapi import APIRouter

from service.children.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

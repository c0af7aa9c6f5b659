"""Reports about a child: written, reviewed, published, shared."""

from fastapi import APIRouter

from service.children.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)

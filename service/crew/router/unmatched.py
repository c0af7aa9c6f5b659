"""What is no number where the number of a crew member belongs: refused as a value, not as a path (spec F.47).

Its routes are the desk's last, so that no word which is a path is taken for a number.
"""

from typing import Final, Literal

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from service.core.errors import FieldError, Invalid
from service.crew.router.documented import CLOSED, PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
POSTED: Final = frozenset({"imports", "lookup", "statements", "sync"})
"""Words that are paths of this desk for other methods than GET alone."""


@router.get("/{crew_id}", include_in_schema=False)
async def no_number(crew_id: str) -> None:
    """Raise `Invalid`, or that there is no such method."""
    if crew_id in POSTED:
        raise HTTPException(405)
    raise _no_number()


@router.get("/{crew_id}/{part}", include_in_schema=False)
async def no_number_either(part: Literal["availability", "segments", "blocks", "hours", "contact"]) -> None:
    """Raise `Invalid`."""
    del part
    raise _no_number()


def _no_number() -> Invalid:
    detail = "this is no crew member's number, nor a path of this desk"
    return Invalid(detail, errors=[FieldError("/path/crew_id", "int_parsing", detail)])

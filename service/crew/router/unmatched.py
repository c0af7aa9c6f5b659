"""What is no number where the number of a crew member belongs: refused as a value, not as a path (spec F.47).

Its routes are the desk's last, so that no word which is a path is taken for a number.
"""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

from service.core.errors import FieldError, Invalid
from service.crew.router.documented import PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS)


@router.get("/{crew_id}", include_in_schema=False)
@router.get("/{crew_id}/{part}", include_in_schema=False)
async def no_number(request: Request) -> None:
    """Raise `Invalid`; where another method would match, that it does not (405)."""
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.router.routes):
        raise HTTPException(405)
    detail = "this is no crew member's number, nor a path of this desk"
    raise Invalid(detail, errors=[FieldError("/path/crew_id", "int_parsing", detail)])

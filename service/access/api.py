"""`/v1/access/me`: who am I."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.access.answering import answers, json, only
from service.core.auth import Caller, needs
from service.schemas.access import Me

Known = Annotated[Caller, Depends(needs())]

router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/me",
    dependencies=[only()],
    operation_id="access_me",
    summary="Who am I",
    response_model=Me,
    responses=answers(
        {
            "id": "key:ab12cd34",
            "name": "payroll export",
            "kind": "key",
            "scopes": ["attendance:read"],
            "sites": ["Villas"],
        }
    ),
)
async def me(caller: Known) -> Response:
    """The caller as this service sees it: rights and sites."""
    sites = None if caller.sites is None else sorted(caller.sites)
    known = Me(
        id=caller.id,
        name=caller.name,
        kind=caller.kind,
        role=caller.role,
        scopes=sorted(caller.scopes),
        sites=sites,
    )
    return json(known)

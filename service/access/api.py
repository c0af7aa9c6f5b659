"""`/v1/access/me`: who am I."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from service.access import profiles
from service.access.account_examples import ME
from service.access.answering import answers, etag, json, only
from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.schemas.access import Me

Known = Annotated[Caller, Depends(needs())]

router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/me",
    dependencies=[only()],
    operation_id="access_me",
    summary="Who am I",
    response_model=Me,
    responses=answers(ME),
)
async def me(caller: Known, runtime: RuntimeDep) -> Response:
    """The caller as this service sees it: rights and sites; of a person also what they said of themselves."""
    profile = None
    if caller.person is not None and caller.kind != "key":
        profile = await profiles.profile_of(runtime.database, caller.person)
    sites = None if caller.sites is None else sorted(caller.sites)
    known = Me(
        id=caller.id,
        name=caller.name,
        kind=caller.kind,
        role=caller.role,
        scopes=sorted(caller.scopes),
        sites=sites,
        profile=profile,
    )
    return json(known, None if profile is None else etag(profile.version))

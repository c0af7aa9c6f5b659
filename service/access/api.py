"""`/v1/access`: who am I, and for admins the keys and the audit."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import creation, keys, profiles, queries
from service.access.account_examples import ME
from service.access.answering import answers, body_example, etag, json, only, page, page_example
from service.core.auth import Caller, needs
from service.core.inbound import RuntimeDep
from service.schemas.access import Key, KeyAsk, KeysAsk, Me, NewKey
from service.schemas.envelope import Listing

Known = Annotated[Caller, Depends(needs())]
Admin = Annotated[Caller, Depends(needs("admin"))]

_EXAMPLE_KEY = {
    "id": "ab12cd34",
    "name": "payroll export",
    "scopes": ["attendance:read"],
    "sites": ["Villas"],
    "state": "active",
    "created_by": "system",
    "created_at": "2026-11-02T09:15:00Z",
    "expires_at": "2027-11-02T00:00:00Z",
    "revoked_at": None,
    "last_used_at": "2026-11-20T07:01:00Z",
}
_EXAMPLE_TOKEN = "mst_ab12cd34_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXA"  # noqa: S105  no key of anybody
_EXAMPLE_ASK = {"name": "payroll export", "scopes": ["attendance:read"], "sites": ["Villas"]}

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


@router.get(
    "/keys",
    operation_id="access_keys",
    summary="API keys",
    response_model=Listing[Key],
    responses=answers(page_example(_EXAMPLE_KEY), 400, 410),
)
async def list_keys(
    ask: Annotated[KeysAsk, Query()], request: Request, runtime: RuntimeDep, _: Admin
) -> Response:
    """All keys, oldest first, revoked and expired ones too; never a secret."""
    return await page(request, runtime, (ask, "access.keys", queries.KEY_ORDER), queries.keys(), keys.shown)


@router.post(
    "/keys",
    dependencies=[only()],
    operation_id="access_create_key",
    summary="Make an API key",
    status_code=201,
    response_model=NewKey,
    responses=answers({**_EXAMPLE_KEY, "token": _EXAMPLE_TOKEN}, 400, 409, status=201),
    openapi_extra=body_example(_EXAMPLE_ASK),
)
async def create_key(ask: KeyAsk, request: Request, runtime: RuntimeDep, caller: Admin) -> Response:
    """The answer holds the secret, this once. Send an `Idempotency-Key` to be able to ask again."""
    secrets = [key.get_secret_value() for key in runtime.settings.secret_keys]
    known: keys.KnownSites | None = request.app.state.known_sites
    return await creation.create_once(runtime.database, request, caller, ask, secrets, known)


@router.get(
    "/keys/{key_id}",
    dependencies=[only()],
    operation_id="access_key",
    summary="One API key",
    response_model=Key,
    responses=answers(_EXAMPLE_KEY, 404),
)
async def get_key(key_id: str, runtime: RuntimeDep, _: Admin) -> Response:
    """One key; never its secret."""
    return json(await keys.get_key(runtime.database, key_id))


@router.delete(
    "/keys/{key_id}",
    dependencies=[only()],
    operation_id="access_revoke_key",
    summary="Revoke an API key",
    response_model=Key,
    responses=answers({**_EXAMPLE_KEY, "state": "revoked", "revoked_at": "2026-11-21T10:00:00Z"}, 404),
)
async def revoke_key(key_id: str, runtime: RuntimeDep, caller: Admin) -> Response:
    """It, its browser sessions and its links end on every replica within a second. Twice changes nothing."""
    revoked = await keys.revoke_key(runtime.database, key_id, by=caller)
    runtime.authenticator.forget()
    return json(revoked)

"""`/v1/access/keys` and `/v1/access/ingest-tokens`: what programs and devices show instead of a password."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import creation, devices, keys, queries
from service.access.answering import answers, body_example, json, only, page, page_example
from service.core.auth import ADMIN, Caller, needs
from service.core.errors import FieldError, Invalid
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.schemas.access import IngestAsk, IngestToken, Key, KeyAsk, KeysAsk, NewKey
from service.schemas.envelope import Listing

_NOBODY = -1
Manager = Annotated[Caller, Depends(needs("apikeys:manage"))]

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

_EXAMPLE_INGEST = {
    "access_token": "eyJ…",
    "token_type": "bearer",
    "expires_in": 43200,
    "scope": "sessions:write",
    "child_id": 7,
}

router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/keys",
    operation_id="access_keys",
    summary="API keys",
    response_model=Listing[Key],
    responses=answers(page_example(_EXAMPLE_KEY), 400, 410),
)
async def list_keys(
    ask: Annotated[KeysAsk, Query()], request: Request, runtime: RuntimeDep, caller: Manager
) -> Response:
    """All keys, oldest first, revoked and expired ones too; never a secret. A guardian: one's own."""
    listed, owner = (ask, "access.keys", queries.KEY_ORDER), _owner(caller)
    return await page(request, runtime, listed, queries.keys(owner), partial(keys.shown, to=owner))


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
async def create_key(ask: KeyAsk, request: Request, runtime: RuntimeDep, caller: Manager) -> Response:
    """The answer holds the secret, this once. Send an `Idempotency-Key` to be able to ask again.

    An admin makes keys for programs; a guardian makes keys for the devices of their children.
    """
    known: keys.KnownSites | None = request.app.state.known_sites
    owner = None
    if not caller.may(ADMIN):
        ask, owner = devices.owned(ask, devices.person_of(caller))
    elif ask.child_ids is not None:
        detail = "a key for a child's device is made by a guardian"
        raise Invalid(detail, errors=[FieldError("/body/child_ids", "people_only", detail)])
    return await creation.create_once(
        runtime.database,
        request,
        caller,
        ask,
        _secrets(runtime),
        known,
        owner=owner,
        admit=request.app.state.admit_device,
    )


@router.get(
    "/keys/{key_id}",
    dependencies=[only()],
    operation_id="access_key",
    summary="One API key",
    response_model=Key,
    responses=answers(_EXAMPLE_KEY, 404),
)
async def get_key(key_id: str, runtime: RuntimeDep, caller: Manager) -> Response:
    """One key; never its secret."""
    return json(await keys.get_key(runtime.database, key_id, _owner(caller)))


@router.delete(
    "/keys/{key_id}",
    dependencies=[only()],
    operation_id="access_revoke_key",
    summary="Revoke an API key",
    response_model=Key,
    responses=answers({**_EXAMPLE_KEY, "state": "revoked", "revoked_at": "2026-11-21T10:00:00Z"}, 404),
)
async def revoke_key(key_id: str, runtime: RuntimeDep, caller: Manager) -> Response:
    """It, its browser sessions and its links end on every replica within a second. Twice changes nothing."""
    revoked = await keys.revoke_key(runtime.database, key_id, by=caller, owner=_owner(caller))
    runtime.authenticator.forget()
    return json(revoked)


@router.post(
    "/ingest-tokens",
    dependencies=[only()],
    operation_id="access_create_ingest_token",
    summary="Let a child's tablet send sessions",
    status_code=201,
    response_model=IngestToken,
    responses=answers(_EXAMPLE_INGEST, 404, status=201),
    openapi_extra=body_example({"child_id": 7}),
)
async def create_ingest_token(
    ask: IngestAsk, request: Request, runtime: RuntimeDep, caller: Manager
) -> Response:
    """A token of twelve hours that can write sessions of one child, so that no secret stays on the device."""
    made = await devices.ingest_token(
        runtime.database, _secrets(runtime), caller, ask.child_id, request.app.state.admit_device
    )
    return json(made, status=201)


def _owner(caller: Caller) -> int | None:
    """Whose keys a caller deals with; None: everybody's."""
    return None if caller.may(ADMIN) else caller.person or _NOBODY


def _secrets(runtime: Runtime) -> list[str]:
    return [key.get_secret_value() for key in runtime.settings.secret_keys]

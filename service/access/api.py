"""`/v1/access`: who am I, and for admins the keys and the audit."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import creation, keys, queries
from service.core.auth import Caller, needs
from service.core.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Gone,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServiceError,
    Unavailable,
)
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors, Paging, count_up_to, next_link
from service.core.runtime import Runtime
from service.schemas.access import AuditAsk, AuditEntry, Key, KeyAsk, KeysAsk, Me, NewKey
from service.schemas.envelope import Listing, PageAsk, Problem

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
_EXAMPLE_PAGE = {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False}
_EXAMPLE_TOKEN = "mst_ab12cd34_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXA"  # noqa: S105  no key of anybody
_EXAMPLE_ASK = {"name": "payroll export", "scopes": ["attendance:read"], "sites": ["Villas"]}
_EXAMPLE_ENTRY = {
    "id": 7,
    "at": "2026-11-02T09:15:00Z",
    "who": "key:9x8y7z6w",
    "what": "key.revoked",
    "subject": "key:ab12cd34",
    "before": None,
    "after": None,
    "request_id": "5f0c3a1b9d2e4f60",
}


_PROBLEMS: dict[int, type[ServiceError]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        NotAuthenticated,
        NotAllowed,
        NotFound,
        Conflict,
        Gone,
        Invalid,
        RateLimited,
        Unavailable,
    )
}


def _answers(example: Any, *problems: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    answers: dict[int | str, dict[str, Any]] = {
        code: {"model": Problem, "description": _PROBLEMS[code].title}
        for code in (401, 403, *problems, 422, 429, 503)
    }
    answers[status] = {"content": {"application/json": {"example": example}}}
    return answers


def _only(*names: str) -> Any:
    """A dependency that refuses every query parameter but these: a typo would be a wrong answer."""

    async def check(request: Request) -> None:
        errors = [
            FieldError(f"/query/{name}", "unknown_parameter", f"there is no parameter {name!r}")
            for name in request.query_params
            if name not in names
        ]
        if errors:
            raise Invalid(errors[0].detail, errors=errors)

    return Depends(check)


router = APIRouter(prefix="/v1/access", tags=["access"], dependencies=[Depends(needs())])


@router.get(
    "/me",
    dependencies=[_only()],
    operation_id="access_me",
    summary="Who am I",
    response_model=Me,
    responses=_answers(
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
    return _json(known)


@router.get(
    "/keys",
    operation_id="access_keys",
    summary="API keys",
    response_model=Listing[Key],
    responses=_answers({"items": [_EXAMPLE_KEY], "page": _EXAMPLE_PAGE, "meta": None}, 400, 410),
)
async def list_keys(
    ask: Annotated[KeysAsk, Query()], request: Request, runtime: RuntimeDep, _: Admin
) -> Response:
    """All keys, oldest first, revoked and expired ones too; never a secret."""
    paging = _paging(runtime, ask, "access.keys", queries.KEY_ORDER)
    return await _page(request, runtime, paging, queries.keys(), keys.shown)


@router.post(
    "/keys",
    dependencies=[_only()],
    operation_id="access_create_key",
    summary="Make an API key",
    status_code=201,
    response_model=NewKey,
    responses=_answers({**_EXAMPLE_KEY, "token": _EXAMPLE_TOKEN}, 400, 409, status=201),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": _EXAMPLE_ASK}}}},
)
async def create_key(ask: KeyAsk, request: Request, runtime: RuntimeDep, caller: Admin) -> Response:
    """The answer holds the secret, this once. Send an `Idempotency-Key` to be able to ask again."""
    secrets = [key.get_secret_value() for key in runtime.settings.secret_keys]
    known: keys.KnownSites | None = request.app.state.known_sites
    return await creation.create_once(runtime.database, request, caller, ask, secrets, known)


@router.get(
    "/keys/{key_id}",
    dependencies=[_only()],
    operation_id="access_key",
    summary="One API key",
    response_model=Key,
    responses=_answers(_EXAMPLE_KEY, 404),
)
async def get_key(key_id: str, runtime: RuntimeDep, _: Admin) -> Response:
    """One key; never its secret."""
    return _json(await keys.get_key(runtime.database, key_id))


@router.delete(
    "/keys/{key_id}",
    dependencies=[_only()],
    operation_id="access_revoke_key",
    summary="Revoke an API key",
    response_model=Key,
    responses=_answers({**_EXAMPLE_KEY, "state": "revoked", "revoked_at": "2026-11-21T10:00:00Z"}, 404),
)
async def revoke_key(key_id: str, runtime: RuntimeDep, caller: Admin) -> Response:
    """It, its browser sessions and its links end on every replica within a second. Twice changes nothing."""
    revoked = await keys.revoke_key(runtime.database, key_id, by=caller)
    runtime.authenticator.forget()
    return _json(revoked)


@router.get(
    "/audit",
    operation_id="access_audit",
    summary="The audit",
    response_model=Listing[AuditEntry],
    responses=_answers({"items": [_EXAMPLE_ENTRY], "page": _EXAMPLE_PAGE, "meta": None}, 400, 410),
)
async def list_audit(
    ask: Annotated[AuditAsk, Query()], request: Request, runtime: RuntimeDep, _: Admin
) -> Response:
    """Who did what, or was refused; newest first."""
    paging = _paging(runtime, ask, "access.audit", queries.AUDIT_ORDER)
    statement = queries.audit_rows(ask.subject, ask.who)
    return await _page(request, runtime, paging, statement, _entry)


def _entry(row: Any) -> AuditEntry:
    return AuditEntry.model_validate(row, from_attributes=True)


def _paging(runtime: Runtime, ask: PageAsk, name: str, order: Any) -> Paging:
    return Paging(Cursors.of(runtime.settings), ask, name, order)


async def _page(
    request: Request, runtime: Runtime, paging: Paging, statement: Any, shown: Callable[[Any], Any]
) -> Response:
    async with runtime.database.snapshot() as conn:
        found = await queries.rows(conn, paging.narrow(statement))
        total = await count_up_to(conn, statement) if paging.wants_total else None
    rows, page = paging.page(found, total)
    answer = Listing[Any](items=[shown(row) for row in rows], page=page)
    return _json(answer, next_link(str(request.url), page.next))


def _json(model: Any, headers: dict[str, str] | None = None) -> Response:
    always = {"Cache-Control": "no-store"}
    return Response(
        model.model_dump_json(by_alias=True),
        headers={**always, **(headers or {})},
        media_type="application/json",
    )

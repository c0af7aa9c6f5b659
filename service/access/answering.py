"""What the routes of access share: their documentation, strict queries, pages, versions, JSON."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from sqlalchemy import Select
from starlette.responses import Response

from service.access import queries
from service.core.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Gone,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    RateLimited,
    ServiceError,
    Unavailable,
)
from service.core.paging import Cursors, Paging, SortKey, count_up_to, next_link
from service.core.runtime import Runtime
from service.schemas.envelope import Listing, PageAsk, Problem

EXAMPLE_PAGE: Final = {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False}
NO_STORE: Final = {"Cache-Control": "no-store"}
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The version that is changed (ETag).")]

_PROBLEMS: Final[dict[int, type[ServiceError]]] = {
    kind.status: kind
    for kind in (
        BadRequest, NotAuthenticated, NotAllowed, NotFound, Conflict, Gone, PreconditionFailed, Invalid,
        PreconditionRequired, RateLimited, Unavailable,
    )
}  # fmt: skip


def answers(example: Any, *problems: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: its example, and its problems beside those that every route has."""
    described: dict[int | str, dict[str, Any]] = {
        code: {"model": Problem, "description": _PROBLEMS[code].title}
        for code in (401, 403, *problems, 422, 429, 503)
    }
    described[status] = {} if example is None else {"content": {"application/json": {"example": example}}}
    return described


def page_example(item: dict[str, Any]) -> dict[str, Any]:
    """A list of one such item, as an example."""
    return {"items": [item], "page": EXAMPLE_PAGE, "meta": None}


def body_example(ask: Any) -> dict[str, Any]:
    """The `openapi_extra=` of a route that takes such a body."""
    return {"requestBody": {"content": {"application/json": {"example": ask}}}}


def only(*names: str) -> Any:
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


async def page(
    request: Request,
    runtime: Runtime,
    listed: tuple[PageAsk, str, tuple[SortKey, ...]],
    statement: Select[Any],
    shown: Callable[[Any], Any],
) -> Response:
    """One page of a list: `listed` is what was asked, the list's name and its order."""
    ask, name, order = listed
    paging = Paging(Cursors.of(runtime.settings), ask, name, order)
    async with runtime.database.snapshot() as conn:
        found = await queries.rows(conn, paging.narrow(statement))
        total = await count_up_to(conn, statement) if paging.wants_total else None
    rows, place = paging.page(found, total)
    answer = Listing[Any](items=[shown(row) for row in rows], page=place)
    return json(answer, next_link(str(request.url), place.next))


def json(model: Any, headers: dict[str, str] | None = None, *, status: int = 200) -> Response:
    """A finished answer that nobody may keep."""
    return Response(
        model.model_dump_json(by_alias=True),
        status,
        headers={**NO_STORE, **(headers or {})},
        media_type="application/json",
    )


def etag(version: int) -> dict[str, str]:
    """The header that names a version, for `If-Match`."""
    return {"ETag": f'"{version}"'}


def require_version(version: int, if_match: str | None) -> None:
    """Raise unless `If-Match` names this version: 428 when it is missing, 412 when it is stale."""
    if if_match is None:
        raise PreconditionRequired("send If-Match with the ETag of what you change")
    offered = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    if str(version) not in offered and "*" not in offered:
        raise PreconditionFailed(
            f'somebody changed this meanwhile: it is at version "{version}"', code="version_conflict"
        )

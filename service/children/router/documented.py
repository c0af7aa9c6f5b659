"""What OpenAPI says about this desk's routes: prefix, tag, and the responses of each kind of route."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from fastapi import Depends

import service.reporting.row_numbers  # noqa: F401  it makes `{…:int}` of a path safe
from service.core.auth import needs
from service.reporting.openapi import Responses, problem_responses
from service.reporting.route_responses import LINK, RAISED

PREFIX: Final = "/v1/children"
TAGS: Final[list[str | Enum]] = ["children"]
CLOSED: Final = [Depends(needs())]
"""What each part of the desk's routes begins with: somebody who signed in; each child is then looked at."""
_ETAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "Names the version, for `If-Match`."}}


def list_responses(item: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a list of such items."""
    page = {"next": None, "has_more": False, "limit": 20, "total": None, "total_capped": False}
    example = {"items": [dict(item)], "page": page, "meta": None}
    return {
        200: {"content": {"application/json": {"example": example}}, "headers": LINK},
        **problem_responses(400, 401, 403, *statuses, 410, 422, 429, 503),
    }


def one_responses(example: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a route that answers one thing; `statuses` are its own problems beside 404."""
    return {
        200: {"content": {"application/json": {"example": dict(example)}}, "headers": _ETAG},
        **problem_responses(401, 403, 404, *statuses, 422, 429, 503),
    }


def written_responses(status: int, example: Mapping[str, Any] | None, *statuses: int) -> Responses:
    """The responses of a route that writes; `statuses` are its own problems beside 404."""
    content = {} if example is None else {"content": {"application/json": {"example": dict(example)}}}
    return {
        status: {**content, "headers": {**_ETAG, **RAISED}},
        **problem_responses(400, 401, 403, 404, *statuses, 422, 429, 503),
    }

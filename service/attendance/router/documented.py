"""What OpenAPI says about this desk's routes: examples, headers, and the problems that are raised."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from fastapi import Depends

from service.attendance.router.answers import READS
from service.attendance.router.examples import page_of
from service.core.auth import needs
from service.reporting.openapi import Responses, problem_responses

PREFIX: Final = "/v1/attendance"
TAGS: Final[list[str | Enum]] = ["attendance"]
CLOSED: Final = [Depends(needs(READS))]
"""What each part of the desk's routes begins with: callers who may read here alone."""
_LINK: Final = {"Link": {"schema": {"type": "string"}, "description": '`rel="next"`: the next page.'}}
_VERSION: Final = {
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."},
    "ETag": {"schema": {"type": "string"}, "description": "Strong validator of these bytes."},
}
_NOT_MODIFIED: Final = {"description": "The answer you have (`If-None-Match`) is still the newest."}


def list_responses(item: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> Responses:
    """The responses of a list."""
    content = {"application/json": {"example": page_of(item, meta)}}
    return {
        200: {"content": content, "headers": {**_VERSION, **_LINK}},
        304: _NOT_MODIFIED,
        **problem_responses(400, 401, 403, 410, 422, 429, 503),
    }


def one_responses(example: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a route that answers one thing; `statuses` are its own problems."""
    return {
        200: {"content": {"application/json": {"example": dict(example)}}, "headers": _VERSION},
        304: _NOT_MODIFIED,
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def written_responses(status: int, example: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a route that writes; `statuses` are its own problems."""
    return {
        status: {"content": {"application/json": {"example": dict(example)}}},
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def accepted_responses(example: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a route that starts a run."""
    location = {"Location": {"schema": {"type": "string"}, "description": "The run: `/v1/runs/{id}`."}}
    return {
        202: {"content": {"application/json": {"example": dict(example)}}, "headers": location},
        **problem_responses(*statuses),
    }

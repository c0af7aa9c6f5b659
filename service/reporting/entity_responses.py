"""What OpenAPI says of the answers of routes that are no reports."""

from collections.abc import Mapping
from typing import Any, Final

from service.reporting.openapi import Responses, problem_responses

_VERSION: Final = {
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."},
    "ETag": {"schema": {"type": "string"}, "description": "Strong validator of these bytes."},
}
_NOT_MODIFIED: Final = {"description": "The answer you have (`If-None-Match`) is still the newest."}


def read_responses(example: Any, *statuses: int) -> Responses:
    """The responses of a route that reads; `statuses` are its own problems (404)."""
    return {
        200: {"content": {"application/json": {"example": example}}, "headers": _VERSION},
        304: _NOT_MODIFIED,
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def written_responses(status: int, example: Mapping[str, Any] | None, *statuses: int) -> Responses:
    """The responses of a route that writes; `statuses` are its own problems."""
    content = {} if example is None else {"content": {"application/json": {"example": dict(example)}}}
    version = {"Data-Version": _VERSION["Data-Version"]}
    return {
        status: {**content, "headers": version},
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }

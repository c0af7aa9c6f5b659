"""What OpenAPI says about this desk's routes: prefix, tag, and the responses of each kind of route."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from fastapi import Depends

import service.reporting.row_numbers  # noqa: F401  it makes `{…:number}` of a path safe
from service.core.auth import needs
from service.crew.router.answers import READS
from service.reporting.openapi import Responses, problem_responses

PREFIX: Final = "/v1/crew"
TAGS: Final[list[str | Enum]] = ["crew"]
CLOSED: Final = [Depends(needs(READS))]
"""What each part of the desk's routes begins with: callers who may read here alone."""
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

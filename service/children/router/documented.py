"""What OpenAPI says about this desk's routes: prefix, tag, and the responses of each kind of route."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from starlette.convertors import IntegerConvertor, register_url_convertor

from service.reporting.openapi import Responses, problem_responses
from service.schemas.children.fields import LARGEST_NUMBER

PREFIX: Final = "/v1/children"
TAGS: Final[list[str | Enum]] = ["children"]
_LINK: Final = {"Link": {"schema": {"type": "string"}, "description": '`rel="next"`: the next page.'}}
_ETAG: Final = {"ETag": {"schema": {"type": "string"}, "description": "Names the version, for `If-Match`."}}
_VERSION: Final = {
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."}
}


class RowNumber(IntegerConvertor):
    """`{…:int}` of a path: a number beyond bigint is the last there can be, which no row has: a 404."""

    def convert(self, value: str) -> int:
        """The number; Python itself refuses to read one of more than 4,300 digits."""
        digits = value.lstrip("0")
        return (
            LARGEST_NUMBER
            if len(digits) > len(str(LARGEST_NUMBER))
            else min(int(value[-19:]), LARGEST_NUMBER)
        )


register_url_convertor("int", RowNumber())


def list_responses(item: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a list of such items."""
    page = {"next": None, "has_more": False, "limit": 20, "total": None, "total_capped": False}
    example = {"items": [dict(item)], "page": page, "meta": None}
    return {
        200: {"content": {"application/json": {"example": example}}, "headers": _LINK},
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
        status: {**content, "headers": {**_ETAG, **_VERSION}},
        **problem_responses(400, 401, 403, 404, *statuses, 422, 429, 503),
    }

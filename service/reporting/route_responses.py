"""What OpenAPI says about the answers of a desk's routes: versions, validators, and the problems they raise.

A desk whose answers are never kept (children) has its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.reporting.openapi import Responses, problem_responses

RAISED: Final[Mapping[str, Any]] = {
    "Data-Version": {
        "schema": {"type": "string"},
        "description": "What the write raised, opaque: send it back as `Min-Data-Version` to read no older "
        "data. Absent where it changed nothing that answers stand on.",
    }
}
LINK: Final[Mapping[str, Any]] = {
    "Link": {"schema": {"type": "string"}, "description": '`rel="next"`: the next page.'}
}
_VERSION: Final[Mapping[str, Any]] = {
    "Data-Version": {"schema": {"type": "string"}, "description": "What the answer stands on, opaque."},
    "ETag": {"schema": {"type": "string"}, "description": "Strong validator of these bytes."},
}
_NOT_MODIFIED: Final = {"description": "The answer you have (`If-None-Match`) is still the newest."}


def page_of(item: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A list's answer with one item, as an example."""
    page = {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False}
    return {"items": [item], "page": page, "meta": meta}


def list_responses(
    item: Mapping[str, Any], meta: Mapping[str, Any] | None = None, statuses: Sequence[int] = ()
) -> Responses:
    """The responses of a list of such items; `statuses` are its own problems (404)."""
    return {
        200: {**_json(page_of(item, meta)), "headers": {**_VERSION, **LINK}},
        304: _NOT_MODIFIED,
        **problem_responses(400, 401, 403, *statuses, 410, 422, 429, 503),
    }


def read_responses(example: Any, *statuses: int) -> Responses:
    """The responses of a route that reads; `statuses` are its own problems (404)."""
    return {
        200: {**_json(example), "headers": _VERSION},
        304: _NOT_MODIFIED,
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def asked_responses(example: Any, *statuses: int) -> Responses:
    """The responses of a POST that reckons with its body and writes nothing: nobody keeps its answer."""
    return {status: told for status, told in read_responses(example, *statuses).items() if status != 304}


def also_as(responses: Responses, content: Mapping[str, Any]) -> Responses:
    """The same responses where a 200 is answered as other media types too: `{"text/html": {}}`."""
    good = responses[200]
    return {**responses, 200: {**good, "content": {**good["content"], **content}}}


def written_responses(status: int, example: Mapping[str, Any] | None, *statuses: int) -> Responses:
    """The responses of a route that writes; `statuses` are its own problems."""
    content = {} if example is None else _json(dict(example))
    return {
        status: {**content, "headers": RAISED},
        **problem_responses(400, 401, 403, *statuses, 422, 429, 503),
    }


def accepted_responses(example: Mapping[str, Any], *statuses: int) -> Responses:
    """The responses of a route that starts a run; `statuses` are all of its problems."""
    location = {"Location": {"schema": {"type": "string"}, "description": "The run: `/v1/runs/{id}`."}}
    return {202: {**_json(dict(example)), "headers": location}, **problem_responses(*statuses)}


def _json(example: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"example": example}}}

"""How the earlier system's paths are answered: at its own place and under `/v1/legacy`, with its bodies."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import orjson
from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from service.crew.router.documented import PREFIX
from service.reporting.entities import Answer
from service.reporting.query import strict_query

AGAIN: Final = "/v1/legacy"
SINCE: Final = "@1795305600"
"""RFC 9745: the instant from which these paths are deprecated, 2026-11-22T00:00:00Z."""
NOT_FOUND: Final = {"error": "Not found"}
Route = TypeVar("Route", bound=Callable[..., Any])


def at_both_places(
    router: APIRouter, path: str, asked: type[BaseModel], *, method: str = "GET"
) -> Callable[[Route], Route]:
    """Serve a path where it always was, and under `/v1/legacy`.

    The document has neither: an answer is an object there, and here some are a bare `true` or `"1.50h"`.
    """

    def added(endpoint: Route) -> Route:
        for place in ("", AGAIN):
            router.add_api_route(
                f"{place}{path}",
                endpoint,
                methods=[method],
                include_in_schema=False,
                dependencies=[Depends(strict_query(asked))],
            )
        return endpoint

    return added


def headers(successor: str, as_of: datetime | None = None) -> Mapping[str, str]:
    """What the answer of an old path bears: what is to be used, and as of when it is."""
    said = {"Deprecation": SINCE, "Link": f'<{PREFIX}{successor}>; rel="successor-version"'}
    if as_of is not None:
        said["X-Data-As-Of"] = as_of.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return said


def answered(body: Any, as_of: datetime | None, until: datetime | None, successor: str) -> Answer:
    """A body with its headers; `until`: from when on the same data answer otherwise."""
    return Answer(body, until, headers(successor, as_of))


def former(body: Any, status: int, successor: str) -> Response:
    """An answer that stands on no data."""
    return Response(
        orjson.dumps(body), status, headers=dict(headers(successor)), media_type="application/json"
    )


def not_found(successor: str) -> Response:
    """The 404 of the earlier system."""
    return former(NOT_FOUND, 404, successor)

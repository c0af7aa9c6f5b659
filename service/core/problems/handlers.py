"""The framework's exception handlers: each failure one problem document, each 5xx one line in the log."""

from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ExceptionHandler

from service.core.errors import ServiceError, problem_response
from service.core.problems.failures import failure_of
from service.core.problems.kinds import UnsupportedMedia, kind_of
from service.core.problems.validation import validation_error, writable
from service.core.telemetry import get_logger

log = get_logger(__name__)


def install(app: FastAPI) -> None:
    """Register the handlers on an application."""
    handlers: dict[type[Exception], Any] = {
        ServiceError: _ours,
        HTTPException: _framework,
        RequestValidationError: _validation,
        StatementError: _failed,  # with its child DBAPIError
        PoolTimeout: _failed,
        asyncpg.PostgresError: _failed,  # COPY speaks to the driver without SQLAlchemy in between
        asyncpg.InterfaceError: _failed,
        OSError: _failed,
        OverflowError: _failed,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        typed: ExceptionHandler = handler
        app.add_exception_handler(kind, typed)


def answer_to(error: BaseException, path: str, identifier: str | None = None) -> Response:
    """The problem document of any error; what is our fault is written to the log with its traceback."""
    ours = failure_of(error)
    if ours is not error and (ours.status >= 500 or isinstance(error, OverflowError)):
        write = log.error if ours.status == 500 else log.warning
        more = {} if identifier is None else {"request_id": identifier}
        write("a request failed", exc_info=error, status=ours.status, **more)
    ours.detail = writable(ours.detail)
    return problem_response(ours, path, identifier)


async def _ours(request: Request, error: ServiceError) -> Response:
    return answer_to(error, request.url.path)


async def _failed(request: Request, error: Exception) -> Response:
    return answer_to(error, request.url.path)


async def _framework(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        detail = f"there is nothing at {request.url.path[:200]}; /docs lists what there is"
    elif error.status_code == 405:
        offered = (error.headers or {}).get("Allow", "other methods")
        detail = f"{request.method} is not offered here; {offered} is"
    else:
        detail = str(error.detail)
    return answer_to(_with_headers(kind_of(error.status_code)(detail), error), request.url.path)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    entries = error.errors()
    if _is_another_kind_of_body(request, entries):
        kind = request.headers.get("content-type", "no type at all")[:100]
        return answer_to(
            UnsupportedMedia(f"send JSON with Content-Type: application/json, not {kind}"), request.url.path
        )
    return answer_to(validation_error(entries), request.url.path)


async def _unexpected(request: Request, error: Exception) -> Response:
    # The framework calls this outside of all our layers: the id has to be looked up and sent here.
    identifier = request.scope.get("state", {}).get("request_id")
    response = answer_to(error, request.url.path, identifier)
    if identifier is not None:
        response.headers["X-Request-Id"] = identifier
    return response


def _with_headers(ours: ServiceError, error: HTTPException) -> ServiceError:
    ours.headers.update(error.headers or {})
    return ours


def _is_another_kind_of_body(request: Request, entries: Any) -> bool:
    """The framework leaves a body that is not JSON unread and then finds bytes instead of an object."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return False
    return any(tuple(entry["loc"]) == ("body",) and entry["type"] != "missing" for entry in entries)

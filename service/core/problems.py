"""Turns every failure of a request into a problem document: ours, the framework's, the database's."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ExceptionHandler

from service.core.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServiceError,
    Unavailable,
    problem_response,
)
from service.core.telemetry import get_logger

log = get_logger(__name__)


class MethodNotAllowed(ServiceError):
    """The path exists, this method does not."""

    status, code, title = 405, "method_not_allowed", "This method is not offered here"


class PayloadTooLarge(ServiceError):
    """The body is larger than this route takes."""

    status, code, title = 413, "payload_too_large", "The body is too large"


class UnsupportedMedia(ServiceError):
    """The body is of a kind this route does not read."""

    status, code, title = 415, "unsupported_media_type", "This kind of body is not read here"


_BY_STATUS: Mapping[int, type[ServiceError]] = {
    400: BadRequest,
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    405: MethodNotAllowed,
    413: PayloadTooLarge,
    415: UnsupportedMedia,
    422: Invalid,
    429: RateLimited,
    503: Unavailable,
}

# SQLSTATE classes (PostgreSQL documentation, appendix A) that mean: the value was refused.
_VALUE_REFUSED = ("22", "23502", "23514")
_NOT_NOW = ("08", "53", "57", "55P03", "40")


def install(app: FastAPI) -> None:
    """Register the handlers on an application."""
    handlers: dict[type[Exception], Any] = {
        ServiceError: _ours,
        HTTPException: _framework,
        RequestValidationError: _validation,
        DBAPIError: _database,
        PoolTimeout: _pool,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        typed: ExceptionHandler = handler
        app.add_exception_handler(kind, typed)


def database_error(error: DBAPIError) -> ServiceError:
    """What a database error means to a caller; the statement stays in the log."""
    state = str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or "")
    if isinstance(error, IntegrityError) and state == "23505":
        return Conflict("there is one with the same key already")
    if isinstance(error, IntegrityError) and state == "23503":
        return Invalid("a value refers to something that is not there")
    if state.startswith(_VALUE_REFUSED) or "asyncpg.exceptions.DataError" in str(error.orig):
        return Invalid("a value is of a kind or size the database does not take")
    if not state or state.startswith(_NOT_NOW) or error.connection_invalidated:
        return Unavailable("the database does not answer in time", retry_after=2)
    return ServiceError("the service failed on this request")


def validation_error(entries: list[Any]) -> Invalid:
    """FastAPI's findings as one problem with a pointer for each."""
    fields = [FieldError(_pointer(entry["loc"]), _code(entry), entry["msg"]) for entry in entries]
    return Invalid("; ".join(f"{field.pointer}: {field.detail}" for field in fields[:3]), errors=fields)


def _pointer(location: tuple[Any, ...]) -> str:
    return "/" + "/".join(str(part) for part in location)


def _code(entry: Any) -> str:
    kind = str(entry["type"])
    return {"timezone_aware": "offset_required", "extra_forbidden": "unknown_parameter"}.get(kind, kind)


async def _ours(request: Request, error: ServiceError) -> Response:
    return problem_response(error, request.url.path)


async def _framework(request: Request, error: HTTPException) -> Response:
    kind = _BY_STATUS.get(error.status_code, ServiceError)
    if error.status_code == 404:
        detail = f"there is nothing at {request.url.path}; /docs lists what there is"
    else:
        detail = str(error.detail)
    ours = kind(detail)
    ours.headers.update(error.headers or {})
    return problem_response(ours, request.url.path)


async def _validation(request: Request, error: RequestValidationError) -> Response:
    return problem_response(validation_error(list(error.errors())), request.url.path)


async def _database(request: Request, error: DBAPIError) -> Response:
    ours = database_error(error)
    if ours.status >= 500:
        log.error("a statement failed", error=str(error.orig), statement=(error.statement or "")[:500])
    return problem_response(ours, request.url.path)


async def _pool(request: Request, error: PoolTimeout) -> Response:
    log.warning("no connection became free in time", error=str(error))
    return problem_response(
        Unavailable("all database connections are busy; try again", retry_after=2), request.url.path
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    # The framework calls this outside of all our layers: the id has to be looked up and sent here.
    identifier = request.scope.get("state", {}).get("request_id")
    log.error("a request failed", exc_info=error, request_id=identifier)
    ours: ServiceError = ServiceError("the service failed on this request")
    if isinstance(error, OSError):
        ours = Unavailable("the database does not answer", retry_after=2)
    if identifier is not None:
        ours.headers["X-Request-Id"] = identifier
    return problem_response(ours, request.url.path, identifier)

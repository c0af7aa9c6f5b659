"""The failures that HTTP itself knows, and the class for each status."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus

from service.core.errors import (
    BadRequest,
    Conflict,
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


class MethodNotAllowed(ServiceError):
    """The path exists, this method does not."""

    status, code, title = 405, "method_not_allowed", "This method is not offered here"


class PayloadTooLarge(ServiceError):
    """The body is larger than this route takes."""

    status, code, title = 413, "payload_too_large", "The body is too large"


class UnsupportedMedia(ServiceError):
    """The body is of a kind this route does not read."""

    status, code, title = 415, "unsupported_media_type", "This kind of body is not read here"


class WrongHost(BadRequest):
    """The request names a host that `MUSTER_ALLOWED_HOSTS` does not list."""

    code, title = "wrong_host", "This is not the host you asked for"


_BY_STATUS: Mapping[int, type[ServiceError]] = {
    kind.status: kind
    for kind in (
        BadRequest, NotAuthenticated, NotAllowed, NotFound, MethodNotAllowed, Conflict, Gone,
        PreconditionFailed, PayloadTooLarge, UnsupportedMedia, Invalid, PreconditionRequired, RateLimited,
        Unavailable,
    )
}  # fmt: skip


@cache
def kind_of(status: int) -> type[ServiceError]:
    """The class for a status that the framework answers with."""
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ServiceError.title
    return type("HttpError", (ServiceError,), {"status": status, "code": f"http_{status}", "title": phrase})

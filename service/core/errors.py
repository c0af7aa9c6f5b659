"""What can go wrong, as classes; each becomes one problem document (RFC 9457).

The class that is raised is the class that documents the response in OpenAPI.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar, Final

from starlette.responses import Response

from service.core.telemetry import request_id
from service.schemas.envelope import Problem


@dataclass(frozen=True, slots=True)
class FieldError:
    """One part of a request that was refused: JSON pointer, stable code, sentence."""

    pointer: str
    code: str
    detail: str


class ServiceError(Exception):
    """A failure with a meaning for the caller.

    `detail` says what, where and what to do; it never holds a stack, SQL or a secret.
    """

    status: ClassVar[int] = 500
    code: str = "internal"
    title: ClassVar[str] = "The service failed"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        if code is not None:
            self.code = code


class BadRequest(ServiceError):
    """The request itself is damaged, for example a tampered cursor."""

    status, code, title = 400, "bad_request", "The request cannot be read"


class NotAuthenticated(ServiceError):
    """No credential, or one that authenticates nobody."""

    status, code, title = 401, "not_authenticated", "Who is asking is not known"


class NotAllowed(ServiceError):
    """The caller is known and may not do this."""

    status, code, title = 403, "not_allowed", "This is not allowed for you"


class NotFound(ServiceError):
    """There is no such thing, or the caller may not know of it."""

    status, code, title = 404, "not_found", "There is no such thing"


class Conflict(ServiceError):
    """The present state forbids this, for example a run of the same scope is under way."""

    status, code, title = 409, "conflict", "This conflicts with what is there"


class Gone(ServiceError):
    """It was there and is no more, for example an expired cursor."""

    status, code, title = 410, "gone", "This has expired"


class PreconditionFailed(ServiceError):
    """`If-Match` names a version that is no longer current."""

    status, code, title = 412, "precondition_failed", "Somebody changed this meanwhile"


class Invalid(ServiceError):
    """The request is readable and its values cannot be used."""

    status, code, title = 422, "invalid", "Some values cannot be used"


class Locked(ServiceError):
    """It is locked until somebody acts, for example a login whose credentials were refused."""

    status, code, title = 423, "locked", "This is locked"


class PreconditionRequired(ServiceError):
    """An update needs `If-Match`."""

    status, code, title = 428, "precondition_required", "Say which version you change"


class _RetryLater(ServiceError):
    def __init__(self, detail: str, *, retry_after: int = 1, code: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, code=code)
        self.retry_after = retry_after


class RateLimited(_RetryLater):
    """Too many requests from this caller; `retry_after` in seconds."""

    status, code, title = 429, "rate_limited", "Too many requests"


class Unavailable(_RetryLater):
    """The service cannot answer now; `retry_after` in seconds."""

    status, code, title = 503, "unavailable", "The service cannot answer now"


class UpstreamError(ServiceError):
    """Somebody else's system failed us."""

    status, code, title = 502, "upstream_failed", "The upstream system failed"


class UpstreamSilent(UpstreamError):
    """It did not answer in time, or not at all."""

    code = "upstream_silent"


class UpstreamGarbled(UpstreamError):
    """It answered something that is no answer: HTML, cut JSON, wrong types, too many bytes."""

    code = "upstream_garbled"


class UpstreamRefused(UpstreamError):
    """It answered no: `upstream_status` and, where it has one, `upstream_code` say why."""

    code = "upstream_refused"

    def __init__(
        self, detail: str, *, upstream_status: int, upstream_code: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code


FEW: Final = 5
"""So many known words are named where none is like the one given."""


def near_matches(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Known words like `word`, best first, compared without case."""
    by_folded = {name.casefold(): name for name in known}
    return [by_folded[match] for match in get_close_matches(word.casefold(), by_folded, n=most, cutoff=0.5)]


def unknown_value(pointer: str, what: str, word: str, known: Iterable[str], remedy: str = "") -> Invalid:
    """The 422 for a query or body value that names nothing, with near matches and what else would help.

    Where nothing is near and few are known, it names those.
    """
    names = sorted(set(known))
    near = near_matches(word, names)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    if not near and 0 < len(names) <= FEW:
        hint = f"; there {'is' if len(names) == 1 else 'are'}: {', '.join(names)}"
    detail = f"there is no {what} {word!r}{hint}" + (f"{' ' if near else '; '}{remedy}" if remedy else "")
    return Invalid(detail, errors=[FieldError(pointer, f"unknown_{what.replace(' ', '_')}", detail)])


def problem(error: ServiceError, *, request_id: str | None, instance: str | None) -> Problem:
    """The problem document of an error."""
    fields: list[dict[str, Any]] = [
        {"pointer": entry.pointer, "code": entry.code, "detail": entry.detail} for entry in error.errors
    ]
    return Problem.model_validate(
        {
            "type": f"urn:muster:problem:{error.code}",
            "title": error.title,
            "status": error.status,
            "detail": error.detail,
            "instance": instance,
            "code": error.code,
            "request_id": request_id,
            "errors": fields,
        }
    )


def problem_response(error: ServiceError, instance: str | None, identifier: str | None = None) -> Response:
    """The finished HTTP answer of an error, for routes and ASGI middleware alike.

    `identifier` is the request's id where the handler runs outside of the layer that knows it.
    """
    document = problem(error, request_id=identifier or request_id(), instance=instance)
    return Response(
        document.model_dump_json(by_alias=True),
        status_code=error.status,
        headers=error.headers,
        media_type="application/problem+json",
    )

"""What a call may raise.

MusterError
├── Unreachable            no answer: refused, reset, unknown host
│   └── TimedOut           no answer in time (attempts and deadline included)
├── Refused                an answer of 400 or more
│   ├── NotAuthenticated   401
│   ├── NotAllowed         403
│   ├── NotFound           404
│   ├── Conflict           409
│   ├── Gone               410, e.g. an expired cursor
│   ├── Invalid            400 and 422
│   ├── RateLimited        429
│   └── Unavailable        502, 503, 504
├── Unreadable             an answer that does not fit the contract
└── IncompleteData         a report that is not complete, where completeness was required
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.schemas.envelope import Gap, Meta, Problem


class MusterError(Exception):
    """Anything that went wrong with a call. ``str(error)`` is one sentence without secrets."""


class Unreachable(MusterError):
    """The service did not answer. Whether a write took effect is not known."""


class TimedOut(Unreachable):
    """The service did not answer within the attempt's timeout or the call's deadline."""


class Refused(MusterError):
    """The service answered with an error.

    ``problem`` is its problem document, None where something else answered (a proxy, say);
    ``retry_after`` is in seconds, None where the answer named none.
    """

    def __init__(
        self,
        status: int,
        problem: Problem | None = None,
        *,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, problem, request_id, retry_after)
        self.status = status
        self.problem = problem
        self.request_id = request_id or (problem.request_id if problem else None)
        self.retry_after = retry_after

    @property
    def code(self) -> str | None:
        """The problem's stable word, such as ``unknown_parameter``."""
        return self.problem.code if self.problem else None

    def __str__(self) -> str:
        said = f"{self.status} {_sentence(self.problem)}"
        return f"{said} [request {self.request_id}]" if self.request_id else said


class NotAuthenticated(Refused):
    """401: no credential, or one that is unknown, expired or revoked."""


class NotAllowed(Refused):
    """403: the credential is good and its scopes are not enough."""


class NotFound(Refused):
    """404: absent, or not visible to this caller."""


class Conflict(Refused):
    """409: something else is there already, or under way."""


class Gone(Refused):
    """410: it was there and is no more; for a cursor: begin the list again."""


class Invalid(Refused):
    """400 or 422: the request itself is wrong; ``problem.errors`` points at the fields."""


class RateLimited(Refused):
    """429: too many requests, also after the retries."""


class Unavailable(Refused):
    """502, 503 or 504: the service cannot answer now, also after the retries."""


class Unreadable(MusterError):
    """The answer does not fit the contract: not JSON, other fields, a page without its next cursor."""


class IncompleteData(MusterError):
    """The answer is not complete and completeness was required; ``answer`` is the whole answer."""

    def __init__(self, answer: Any, meta: Meta) -> None:
        super().__init__(answer, meta)
        self.answer = answer
        self.reasons: Sequence[str] = meta.incomplete_reasons
        self.gaps: Sequence[Gap] = meta.gaps

    def __str__(self) -> str:
        why = "; ".join(self.reasons) or f"{len(self.gaps)} open gaps"
        return f"the answer is not complete: {why}"


_BY_STATUS: dict[int, type[Refused]] = {
    400: Invalid,
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Gone,
    422: Invalid,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def refusal(
    status: int,
    problem: Problem | None = None,
    *,
    request_id: str | None = None,
    retry_after: float | None = None,
) -> Refused:
    """The error class that stands for ``status``; plain `Refused` where there is no narrower one."""
    kind = _BY_STATUS.get(status, Refused)
    return kind(status, problem, request_id=request_id, retry_after=retry_after)


def _sentence(problem: Problem | None) -> str:
    if problem is None:
        return "without a problem document"
    parts = [f"{problem.title}: {problem.detail}" if problem.detail else problem.title]
    told = problem.detail or ""
    parts += [f"{field.pointer}: {field.detail}" for field in problem.errors if field.detail not in told]
    return "; ".join(parts)

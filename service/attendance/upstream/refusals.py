"""What a Frappe site means by an error: decided by `exc_type` and shape, not by the status alone.

Bad input answers 500 there as well (frappe_live section 1), so a 5xx is no sign of a passing fault; and an
old release answers 417 where a newer one answers 429.
"""

import re
from dataclasses import dataclass

import msgspec

from service.core.errors import UpstreamError, UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.core.outbound import Answer, Unusable

RATE_LIMITED = frozenset({"TooManyRequestsError", "RateLimitExceededError"})
PASSING = frozenset(
    {"QueryDeadlockError", "QueryTimeoutError", "SessionStopped", "InReadOnlyMode", "RetryBackgroundJobError"}
)
# What a site raises on input it cannot use; asking again would raise it again.
BAD_INPUT = frozenset(
    {
        "ParserError",
        "ProgrammingError",
        "JSONDecodeError",
        "IndexError",
        "KeyError",
        "TypeError",
        "AttributeError",
        "ValueError",
        "NotSupportedError",
        "DataError",
        "ValidationError",
    }
)
# MariaDB: unknown column, syntax, no such table. Other numbers (1205, 1213, 2006, 2013) pass.
_BAD_STATEMENT = re.compile(r"\((1054|1064|1146|1052|1055)\b")
_FIELD = re.compile(r"Field not permitted in query: `?(?:tab[^`]+`\.`)?([A-Za-z0-9_]+)")
_TAG = re.compile(r"<[^>]*>")


class FieldRefused(UpstreamRefused):
    """The site does not know, or does not give out, a field that was asked for."""

    code = "upstream_field_refused"

    def __init__(self, field: str, *, upstream_status: int) -> None:
        super().__init__(
            f"the site refuses the field {field!r}; give its API user read permission on that field's level",
            upstream_status=upstream_status,
            upstream_code="DataError",
        )
        self.field = field


class _ErrorBody(msgspec.Struct):
    exc_type: str | None = None
    exception: str | None = None
    error_message: str | None = msgspec.field(name="_error_message", default=None)
    server_messages: str | None = msgspec.field(name="_server_messages", default=None)
    errors: list[dict[str, object]] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A site's error in plain words: its type, its sentence; `structured` false: it was no Frappe answer."""

    exc_type: str
    message: str
    structured: bool


def refusal_of(answer: Answer) -> Refusal:
    """Read an error body (v1, v2, traceback on or off, or a proxy's HTML)."""
    try:
        body = msgspec.json.decode(answer.body, type=_ErrorBody)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal("", _plain(answer.body[:2000].decode("utf-8", "replace")), structured=False)
    first = body.errors[0] if body.errors else {}
    exc_type = body.exc_type or str(first.get("type") or "")
    message = body.exception or body.error_message or str(first.get("message") or "")
    return Refusal(exc_type, _plain(message or _server_message(body.server_messages)), structured=True)


def failure_of(answer: Answer, asked: str) -> Unusable:
    """The failure behind an answer that is not 200; `asked` names what was asked for, in the sentence."""
    refusal = refusal_of(answer)
    status, exc_type = answer.status, refusal.exc_type
    if status == 429 or exc_type in RATE_LIMITED:
        detail = "the site asks us to slow down: its rate limit is reached"
        return Unusable(UpstreamSilent(detail, code="upstream_429"), retry=True, kind="rate_limited")
    if status == 401:
        return Unusable(_credential(), retry=False, kind="credential")
    if status in (408, 502, 503, 504, 508) or exc_type in PASSING:
        silent = UpstreamSilent(f"the site answered {status} to {asked}", code=f"upstream_{status}")
        return Unusable(silent, retry=True, down=True, kind=f"status_{status}")
    if status >= 500:
        return _server_error(status, refusal, asked)
    return Unusable(_client_error(answer, refusal, asked), retry=False, kind=f"status_{status}")


def garbled(sentence: str, kind: str) -> Unusable:
    """An answer with status 200 that is no answer: never an empty page (spec E.4 rule 5)."""
    error = UpstreamGarbled(f"the site {sentence}", code=f"upstream_{kind}")
    return Unusable(error, retry=True, kind=kind)


def _credential() -> UpstreamError:
    return UpstreamRefused(
        "the site refuses the API key or secret; make a new pair under User > Settings > API Access, check "
        "that the user is enabled, and set MUSTER_UPSTREAM__FRAPPE__KEY and …__SECRET",
        upstream_status=401,
        upstream_code="AuthenticationError",
        code="upstream_credential",
    )


def _server_error(status: int, refusal: Refusal, asked: str) -> Unusable:
    bad_statement = refusal.exc_type == "OperationalError" and bool(_BAD_STATEMENT.search(refusal.message))
    if refusal.exc_type in BAD_INPUT or bad_statement:
        refused = UpstreamRefused(
            f"the site cannot use our question for {asked} ({refusal.exc_type}: {refusal.message[:200]})",
            upstream_status=status,
            upstream_code=refusal.exc_type,
            code="upstream_bad_question",
        )
        return Unusable(refused, retry=False, kind=f"status_{status}")
    what = refusal.exc_type or "no reason given"
    silent = UpstreamSilent(f"the site failed on {asked} ({status}, {what})", code=f"upstream_{status}")
    return Unusable(silent, retry=True, down=not refusal.structured, kind=f"status_{status}")


def _client_error(answer: Answer, refusal: Refusal, asked: str) -> UpstreamRefused:
    status = answer.status
    if field := _FIELD.search(refusal.message):
        return FieldRefused(field.group(1), upstream_status=status)
    if status == 403:
        sentence = f"the API user may not read {asked}; give it a role that reads that document type"
        return _refused(sentence, answer, refusal, "upstream_forbidden")
    if status == 404 and refusal.structured:
        return _refused(f"the site does not know {asked}", answer, refusal, "upstream_not_found")
    if 300 <= status < 400:
        there = answer.headers.get("location", "elsewhere")[:200]
        sentence = f"the site redirects to {there}; set MUSTER_UPSTREAM__FRAPPE__URL to its final address"
        return _refused(sentence, answer, refusal, "upstream_redirect")
    if status == 404:
        sentence = "there is no Frappe site at this address; check MUSTER_UPSTREAM__FRAPPE__URL"
        return _refused(sentence, answer, refusal, "upstream_no_site")
    sentence = f"the site refused {asked} ({status} {refusal.exc_type}: {refusal.message[:200]})"
    return _refused(sentence, answer, refusal, "upstream_refused")


def _refused(sentence: str, answer: Answer, refusal: Refusal, code: str) -> UpstreamRefused:
    return UpstreamRefused(
        sentence, upstream_status=answer.status, upstream_code=refusal.exc_type or None, code=code
    )


def _server_message(encoded: str | None) -> str:
    # A JSON string of a list of JSON strings: decoded twice.
    if not encoded:
        return ""
    try:
        first = msgspec.json.decode(encoded, type=list[str])[0]
        return str(msgspec.json.decode(first, type=dict[str, object]).get("message", ""))
    except (msgspec.DecodeError, IndexError):
        return encoded[:200]


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())[:500]

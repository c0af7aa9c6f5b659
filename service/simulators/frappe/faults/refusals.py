"""Faults that answer instead of the site: rate limits, server errors, proxies' pages, refused credentials."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from service.simulators.frappe.calls import Call
from service.simulators.frappe.failures import Failure, no_access, unauthenticated
from service.simulators.frappe.faults.plan import Fault, Inner
from service.simulators.serving.answers import HTML, JSON, Answer
from service.simulators.serving.faults import answering
from service.simulators.serving.plan import AnyFault


def too_many_requests(retry_after: float | str | datetime | None = None, status: int = 429) -> AnyFault:
    """429 with `Retry-After` in seconds, as a date (aware, UTC), as any text, or without it.

    `status=417` gives the refusal of old releases.
    """
    kind = "TooManyRequestsError" if status == 429 else "RateLimitExceededError"
    body = Failure(status, kind, f"frappe.exceptions.{kind}").body(tracebacks=True)
    if isinstance(retry_after, datetime):
        value: str | None = format_datetime(retry_after, usegmt=True)
    else:
        value = None if retry_after is None else f"{retry_after}"
    headers = (("retry-after", value),) if value is not None else ()
    return answering(Answer(status, body, JSON, headers), f"too_many_requests({value})")


def server_failure(exc_type: str = "OperationalError", status: int = 500) -> AnyFault:
    """A JSON error such as a deadlock: 500 `{"exc_type": …}`."""
    failure = Failure(
        status, exc_type, f"pymysql.err.{exc_type}: (1213, 'Deadlock found when trying to get lock')"
    )
    return answering(Answer(status, failure.body(tracebacks=True)), f"server_failure({exc_type})")


def maintenance() -> AnyFault:
    """503 SessionStopped, as during a migration."""
    failure = Failure(503, "SessionStopped", "frappe.exceptions.SessionStopped: This site is being updated")
    return answering(Answer(503, failure.body(tracebacks=True)), "maintenance")


def login_page() -> AnyFault:
    """200 with the HTML of a login form, as after a redirect by a proxy or a lost session."""
    page = "<!DOCTYPE html>\n<html><head><title>Login</title></head><body><form "
    "class='form-login'></form></body></html>"
    return answering(Answer(200, page.encode(), HTML), "login_page")


def credential_refused() -> AnyFault:
    """401: the key was revoked meanwhile."""
    return answering(Answer(401, unauthenticated().body(tracebacks=True)), "credential_refused")


def forbidden() -> Fault:
    """403 for the doctype of the request."""

    async def fault(call: Call, _inner: Inner) -> Answer:
        return Answer(403, no_access(call.user, call.doctype).body(tracebacks=True))

    return fault

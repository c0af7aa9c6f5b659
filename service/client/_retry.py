"""When a call is tried again, and after which wait."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from service.client._options import MAX_RETRY_AFTER, Backoff
from service.client.errors import MusterError, Refused, Unreachable

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
REPEATABLE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
IDEMPOTENCY_KEY = "idempotency-key"


def repeatable(method: str, headers: Mapping[str, str]) -> bool:
    """True when sending it twice has the effect of once: by its method, or by its idempotency key."""
    return method in REPEATABLE_METHODS or any(name.lower() == IDEMPOTENCY_KEY for name in headers)


def worth_retrying(error: MusterError) -> bool:
    """No answer, or a status that may pass by itself.

    One 409 is among them: our own first attempt, still in flight under the same idempotency key.
    """
    if isinstance(error, Refused):
        in_flight = error.code == "idempotency_key_in_flight"
        return error.status in RETRIED_STATUSES or in_flight
    return isinstance(error, Unreachable)


def wait_before(
    attempt: int,
    error: MusterError,
    backoff: Backoff,
    draw: Callable[[float, float], float] = random.uniform,
) -> float | None:
    """Seconds to wait before retry ``attempt`` (from 0); None when the server asks for more than we wait.

    A server's ``Retry-After`` is the least wait; the jitter on top keeps callers from coming back together.
    """
    asked = error.retry_after if isinstance(error, Refused) else None
    if asked is None:
        return draw(0.0, backoff.ceiling(attempt))
    if asked > MAX_RETRY_AFTER:
        return None
    return asked + draw(0.0, backoff.first)


def parse_retry_after(text: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a ``Retry-After`` header (seconds or an HTTP date); None when absent or not readable."""
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())

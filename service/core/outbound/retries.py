"""The one retry policy: how often, how long between, and when to give up."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from service.core.outbound.answers import Unusable


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off with full jitter; `Retry-After` is obeyed up to a ceiling (seconds throughout)."""

    attempts: int = 4
    base: float = 1.0
    cap: float = 60.0
    retry_after_ceiling: float = 120.0

    def wait(self, attempt: int, asked: float | None, draw: Callable[[float, float], float]) -> float | None:
        """Seconds before the attempt after number `attempt` (1 is the first); None: give up.

        A wait the upstream asked for is kept and stretched by up to `base`, so that callers part.
        """
        if asked is None:
            return draw(0.0, min(self.cap, self.base * 2.0 ** (attempt - 1)))
        if asked > self.retry_after_ceiling:
            return None
        return asked + draw(0.0, self.base)


class Backoff:
    """The policy applied to one call; its `decide` is the hook the retry engine asks after a failure."""

    def __init__(
        self, policy: RetryPolicy, deadline: float, draw: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._policy, self._deadline, self._draw = policy, deadline, draw
        self._failures = 0
        self.waited = 0.0

    def decide(self, failure: Exception) -> bool | float:
        """Seconds to wait before asking again, or False: raise what failed.

        Gives up at once when the wait would outlast the deadline: sleeping towards a certain failure helps
        nobody.
        """
        self._failures += 1
        if not isinstance(failure, Unusable) or not failure.retry:
            return False
        wait = self._policy.wait(self._failures, failure.wait, self._draw)
        if wait is None or asyncio.get_running_loop().time() + wait >= self._deadline:
            return False
        self.waited += wait
        return wait


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a `Retry-After` header, given in seconds or as an HTTP date; None: absent or unreadable."""
    if not value:
        return None
    text = value.strip()
    if text.isdigit():
        return float(text)
    seconds = seconds_from_now(text, now)
    return None if seconds is None else max(0.0, seconds)


def seconds_from_now(http_date: str | None, now: datetime | None = None) -> float | None:
    """How far an HTTP date lies ahead of `now`; None when absent or unreadable."""
    try:
        moment = parsedate_to_datetime(http_date or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - (now or datetime.now(UTC))).total_seconds()

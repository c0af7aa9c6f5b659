"""The one retry policy: what is worth another attempt, how often, how long between, and when to give up.

Full jitter over exponential back-off: of the usual variants the one with the fewest calls and the least
crowding (AWS Architecture Blog, "Exponential Backoff And Jitter"). Nothing else in the service computes
waits: outbound calls ask `retried`, what outlives a process (runs, deliveries) asks `RetryPolicy.after`.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import stamina

from service.core.errors import ServiceError, UpstreamRefused

T = TypeVar("T")
Draw = Callable[[float, float], float]

# The engine's own log line and counter know neither the upstream nor the kind of failure; ours do.
stamina.instrumentation.set_on_retry_hooks(())
PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that say "not now"."""


def may_pass(error: BaseException) -> bool:
    """Whether the same work can succeed later: not where it was refused, cancelled or asked wrongly.

    An error that knows (`retry`) is believed; one that nobody expected may have been an accident.
    """
    known = getattr(error, "retry", None)
    if known is not None:
        return bool(known)
    if isinstance(error, UpstreamRefused):
        return False
    if isinstance(error, ServiceError):
        return error.status >= 500 or error.status in PASSING
    return isinstance(error, Exception)


def asked_wait(error: BaseException) -> float | None:
    """Seconds that whoever failed asked to be left alone (`Retry-After`); None: it did not say."""
    wait = getattr(error, "wait", None)
    return wait if wait is not None else getattr(error, "retry_after", None)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failed piece of work is tried, and when; all times in seconds.

    `attempts` counts the first one. The wait after attempt n is at most `base` * `factor`^(n-1) and at most
    `cap`; the share `jitter` of it is drawn (1: all of it). A wait that was asked for is kept, up to
    `retry_after_ceiling`. `deadline` bounds all attempts together, from the beginning of the first (None:
    whoever uses the policy has one). `retryable` judges an error: what cannot succeed is not tried again.
    """

    attempts: int = 4
    base: float = 1.0
    factor: float = 2.0
    cap: float = 60.0
    jitter: float = 1.0
    retry_after_ceiling: float = 120.0
    deadline: float | None = None
    retryable: Callable[[BaseException], bool] = may_pass

    def pause(self, attempt: int, draw: Draw = random.uniform) -> float:
        """Seconds after attempt number `attempt` (1 is the first), where nobody asked for a wait."""
        longest = min(self.cap, self.base * self.factor ** min(attempt - 1, 64))
        return draw(longest * (1.0 - self.jitter), longest)

    def wait(self, attempt: int, asked: float | None, draw: Draw = random.uniform) -> float | None:
        """Seconds before the attempt after number `attempt` (1 is the first); None: give up.

        A wait that was asked for is stretched by up to `base`, so that callers part.
        """
        if asked is None:
            return self.pause(attempt, draw)
        if asked > self.retry_after_ceiling:
            return None
        return asked + draw(0.0, self.base)

    def after(
        self,
        attempt: int,
        error: BaseException,
        *,
        left: float | None = None,
        draw: Draw = random.uniform,
    ) -> float | None:
        """Seconds to wait after attempt `attempt` failed with `error`; None: it is not tried again.

        `left`: seconds until another attempt would come too late. Gives up at once when the wait would
        outlast them: waiting towards a certain failure helps nobody.
        """
        if attempt >= self.attempts or not self.retryable(error):
            return None
        wait = self.wait(attempt, asked_wait(error), draw)
        return None if wait is None or (left is not None and wait >= left) else wait


RECONNECT: Final = RetryPolicy(base=0.1, cap=2.0, jitter=0.5)
"""For loops that get a lost connection of ours back: quick while it is a restart, seldom in an outage."""


class Backoff:
    """The policy applied to one call; its `decide` is the hook the retry engine asks after a failure.

    `end`: the loop's time at which the call is over, whatever it does.
    """

    def __init__(self, policy: RetryPolicy, end: float | None, draw: Draw = random.uniform) -> None:
        self._policy, self._end, self._draw = policy, end, draw
        self._failures = 0
        self.waited = 0.0

    def decide(self, error: Exception) -> bool | float:
        """Seconds to wait before the next attempt, or False: raise what failed."""
        self._failures += 1
        left = None if self._end is None else self._end - asyncio.get_running_loop().time()
        wait = self._policy.after(self._failures, error, left=left, draw=self._draw)
        if wait is None:
            return False
        self.waited += wait
        return wait


async def retried(
    work: Callable[[int], Awaitable[T]], policy: RetryPolicy, *, seconds: float | None = None
) -> T:
    """What `work(attempt)` gives (1 is the first) within the policy; raises the error of the last attempt.

    `seconds` replaces the policy's deadline. An attempt under way when they are over is not broken off: who
    wants that puts `asyncio.timeout` around it.
    """
    limit = seconds if seconds is not None else policy.deadline
    end = None if limit is None else asyncio.get_running_loop().time() + limit
    backoff = Backoff(policy, end)
    async for attempt in stamina.retry_context(on=backoff.decide, attempts=policy.attempts, timeout=None):
        with attempt:
            return await work(attempt.num)
    raise AssertionError("the retry engine ends by answer or error")

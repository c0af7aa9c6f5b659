"""A circuit breaker: after repeated failures nobody asks for a while, then exactly one does."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from service.core.errors import UpstreamError, UpstreamSilent
from service.core.outbound.answers import Unusable

State = Literal["closed", "open", "half-open"]
OPEN = "breaker_open"
CREDENTIAL = "credential"
_draw = random.SystemRandom().uniform


class Breaker:
    """Closed until `threshold` attempts in a row found the upstream down; then open for `cool_down` seconds.

    After that one probe is let through (half-open): success closes, failure opens for twice as long, up to
    `ceiling`. A refused credential opens at once: asking again with the same one only locks the account.
    """

    def __init__(
        self,
        *,
        threshold: int = 8,
        cool_down: float = 2.0,
        ceiling: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold, self._first, self._ceiling, self._clock = threshold, cool_down, ceiling, clock
        self._failures = 0
        self._cool_down = cool_down
        self._open_until: float | None = None
        self._probing = False
        self._reason: UpstreamError | None = None

    @property
    def state(self) -> State:
        """What an attempt would meet now."""
        if self._open_until is None:
            return "closed"
        return "open" if self._probing or self._clock() < self._open_until else "half-open"

    @property
    def reason(self) -> str | None:
        """Why it opened last, one sentence; None while closed."""
        return self._reason.detail if self._reason and self._open_until is not None else None

    def reset(self) -> None:
        """Close it: the caller knows that something changed (new credential, operator's wish)."""
        self._failures, self._open_until, self._probing, self._reason = 0, None, False, None
        self._cool_down = self._first

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Guard one attempt; raises `Unusable` without running it while the breaker is open."""
        probing = self._admit()
        try:
            yield
        except Unusable as failure:
            self._failed(failure, probing=probing)
            raise
        else:
            self.reset()
        finally:
            # Also on cancellation: a probe that was called off must not keep the others out for ever.
            if probing:
                self._probing = False

    def _admit(self) -> bool:
        state = self.state
        if state == "open":
            raise self._refusal()
        self._probing = state == "half-open"
        return self._probing

    def _refusal(self) -> Unusable:
        left = max(0.0, (self._open_until or 0.0) - self._clock())
        if self._reason is not None and not isinstance(self._reason, UpstreamSilent):
            return Unusable(self._reason, retry=False, kind=OPEN)
        why = self._reason.detail if self._reason else "it failed repeatedly"
        silent = UpstreamSilent(
            f"the upstream is left alone for {left:.0f} s more, because {why}", code="upstream_breaker_open"
        )
        # Waiters come back at different times, so that the end of the pause is no stampede.
        return Unusable(silent, retry=True, wait=left + _draw(0.0, self._first), kind=OPEN)

    def _failed(self, failure: Unusable, *, probing: bool) -> None:
        if failure.kind != CREDENTIAL and not failure.down:
            self.reset()  # it answered, though not what was hoped for: it is up
            return
        self._failures += 1
        enough = failure.kind == CREDENTIAL or self._failures >= self._threshold
        # Attempts that began before it opened change nothing: the cool-down counts from the opening.
        if probing or (enough and self._open_until is None):
            self._open(failure.error)

    def _open(self, reason: UpstreamError) -> None:
        self._open_until = self._clock() + self._cool_down
        self._cool_down = min(self._cool_down * 2, self._ceiling)
        self._reason = reason

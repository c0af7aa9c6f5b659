"""The site's rate limiter: it counts processing time, not requests, in windows aligned to the clock
(observed)."""

from __future__ import annotations

import time
from collections.abc import Callable

from service.simulators.frappe.config import RateLimit
from service.simulators.frappe.failures import Failure
from service.simulators.frappe.profiles import Profile


class RateLimiter:
    """One budget for the whole site, all users. The request that crosses it is still served."""

    def __init__(
        self, limit: RateLimit | None, profile: Profile, clock: Callable[[], float] = time.time
    ) -> None:
        self.limit, self.profile, self.clock = limit, profile, clock
        self._window = -1
        self._used = 0.0

    def headers(self) -> list[tuple[str, str]]:
        """Seconds left in the window, budget in microseconds, remainder cut to whole seconds."""
        if self.limit is None:
            return []
        self._turn(self.limit)
        remaining = max(0, int(self.limit.limit - self._used)) * 1_000_000
        return [
            ("x-ratelimit-reset", str(self._seconds_left(self.limit))),
            ("x-ratelimit-limit", str(int(self.limit.limit * 1_000_000))),
            ("x-ratelimit-remaining", str(remaining)),
        ]

    def refuse(self) -> tuple[Failure, list[tuple[str, str]]] | None:
        """The refusal with its `Retry-After` where the budget of this window is spent."""
        if self.limit is None:
            return None
        self._turn(self.limit)
        if self._used < self.limit.limit:
            return None
        kind = self.profile.rate_limit_type
        failure = Failure(
            self.profile.rate_limit_status, kind, f"frappe.exceptions.{kind}", ["Too Many Requests"]
        )
        return failure, [("retry-after", str(self._seconds_left(self.limit)))]

    def charge(self, seconds: float) -> None:
        """Count what one request cost."""
        if self.limit is not None:
            self._turn(self.limit)
            self._used += seconds if self.limit.fixed_cost is None else self.limit.fixed_cost

    def _turn(self, limit: RateLimit) -> None:
        window = int(self.clock() // limit.window)
        if window != self._window:
            self._window, self._used = window, 0.0

    def _seconds_left(self, limit: RateLimit) -> int:
        return max(1, int((self._window + 1) * limit.window - self.clock()))

"""The latest requests that took long: where their time went. Templates and fingerprints, never values."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from service.core.telemetry.context import Timings

KEPT: Final = 100
_STATEMENTS: Final = 20


@dataclass(frozen=True, slots=True)
class SlowRequest:
    """One of them; `spent` in seconds and `counts` by kind of work, `statements` by fingerprint."""

    at: datetime
    request_id: str
    route: str
    method: str
    status: int
    seconds: float
    spent: dict[str, float]
    counts: dict[str, int]
    statements: dict[str, int]
    cache: str | None


class SlowRequests:
    """A ring of the latest; only a request that is slow already pays for it."""

    def __init__(self) -> None:
        self.latest: deque[SlowRequest] = deque(maxlen=KEPT)

    def keep(
        self, state: dict[str, Any], route: str, method: str, status: int, seconds: float, measured: Timings
    ) -> None:
        """Keep a request that has just ended; `state` is its scope's."""
        statements = sorted((measured.statements or {}).items(), key=lambda pair: -pair[1])
        self.latest.append(
            SlowRequest(
                at=datetime.now(UTC),
                request_id=state["request_id"],
                route=route,
                method=method,
                status=status,
                seconds=seconds,
                spent=dict(measured.seconds),
                counts=dict(measured.counts),
                statements=dict(statements[:_STATEMENTS]),
                cache=state.get("cache"),
            )
        )


SLOW_REQUESTS: Final = SlowRequests()
"""Those of this process."""

"""What has been asked of one upstream and what came of it: for health pages and metrics."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from service.core.outbound.breaker import OPEN


@dataclass(slots=True)
class OutboundStatistics:
    """Counts since the start of the process; `outcomes` by kind (`ok`, `timeout`, `status_502`, …)."""

    outcomes: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    waited_seconds: float = 0.0
    in_flight: int = 0
    bytes: int = 0
    last_answer: datetime | None = None
    last_failure: datetime | None = None
    last_failure_detail: str | None = None
    clock_ahead: float | None = None
    """Seconds by which the upstream's clock (`Date` header, whole seconds) was ahead of ours, last seen."""
    rate_limit: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Attempts made, whatever came of them."""
        return sum(self.outcomes.values()) - self.outcomes[OPEN]

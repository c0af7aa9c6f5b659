"""Health in short: how the service performs, and how its upstreams stand."""

from typing import Literal

from pydantic import Field

from service.schemas.envelope import Instant, Wire
from service.schemas.monitoring.performance import ConnectionPool, OptimizationStatistics

UpstreamState = Literal["up", "failing", "left_alone", "unknown"]
BreakerState = Literal["closed", "open", "half-open"]


class StatementTotals(Wire):
    """The SQL statements of all workers since the start."""

    kinds: int
    calls: int
    errors: int
    slow: int
    total_ms: float
    mean_ms: float
    p95_ms: float


class CacheTotals(Wire):
    """Both cache levels of all workers."""

    hits: int
    misses: int
    hit_percent: float | None
    entries: int
    bytes: int
    shared_url: bool = Field(description="Whether a cache that several machines share is set.")


class PerformanceHealth(Wire):
    """Database statistics, cache metrics, pool utilisation and feature status in short."""

    as_of: Instant
    workers: int
    requests: int
    p95_ms: float = Field(description="95 % of all answers since the start.")
    database: StatementTotals
    cache: CacheTotals
    pools: list[ConnectionPool]
    features: list[OptimizationStatistics]


class UpstreamHealth(Wire):
    """One upstream: when it answered last, whether it is left alone, how far behind it our data are.

    `up`: its last attempt was answered; `failing`: its last one failed; `left_alone`: the breaker is open;
    `unknown`: no process of ours has spoken to it since the start. Counts are since the start, the last
    contact outlives it.
    """

    name: str
    status: UpstreamState
    address: str | None = None
    last_contact_at: Instant | None = None
    last_failure_at: Instant | None = None
    last_failure: str | None = None
    breaker: BreakerState | None = Field(None, description="Null: nobody has spoken to it since the start.")
    breaker_reason: str | None = None
    complete_through: Instant | None = Field(None, description="Our data are complete up to here.")
    lag_seconds: int | None = Field(None, description="How long ago that is.")
    in_flight: int = 0
    attempts: int = 0
    retries: int = 0
    outcomes: dict[str, int] = Field({}, description="Attempts by what became of them: `ok`, `timeout`, …")
    rate_limit: dict[str, str] = Field({}, description="The `X-RateLimit-*` headers it sent last.")
    paused_seconds: float = Field(0.0, description="So long it asked to be left alone from now.")
    clock_ahead_seconds: float | None = None


class UpstreamListing(Wire):
    """Every upstream that is set or was spoken to."""

    items: list[UpstreamHealth]

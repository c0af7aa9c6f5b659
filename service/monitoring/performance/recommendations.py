"""What to change, from the figures of the report and the advice of others: a pure function."""

from collections.abc import Iterator, Sequence
from typing import Final

from service.schemas.monitoring.cache import TtlAdvice
from service.schemas.monitoring.memory import MemoryReport
from service.schemas.monitoring.performance import (
    Area,
    CacheStatistics,
    ConnectionPool,
    QueryStatistics,
    Recommendation,
    Trend,
)

WAITED_PERCENT: Final = 1.0
"""Share of checkouts that had to wait from which the pool is too small."""
WAIT_MS: Final = 5.0
"""Waits that are shorter in 95 % of cases cost less than a connection more."""
EVICTED_PERCENT: Final = 10.0
LOOKUPS: Final = 100
DOMINATES_PERCENT: Final = 50.0
LONG_PAUSE: Final = 0.1
"""Seconds of a collection from which requests notice."""
SOON: Final = 7 * 86_400.0
"""Seconds: a limit that is further away is nobody's work today."""


def recommendations(
    pools: Sequence[ConnectionPool],
    caches: Sequence[CacheStatistics],
    queries: QueryStatistics,
    memory: MemoryReport,
    lifetimes: Sequence[TtlAdvice],
    trends: Sequence[Trend],
) -> list[Recommendation]:
    """What the report's own figures suggest; each with its evidence."""
    return [
        *_of_pools(pools),
        *_of_caches(caches),
        *_of_queries(queries),
        *_of_memory(memory),
        *_of_lifetimes(lifetimes),
        *_of_trends(trends),
    ]


def _of_pools(pools: Sequence[ConnectionPool]) -> Iterator[Recommendation]:
    for pool in pools:
        share = pool.waited / pool.checkouts * 100 if pool.checkouts else 0.0
        if not pool.timeouts and (share < WAITED_PERCENT or pool.wait_p95_ms < WAIT_MS):
            continue
        yield Recommendation(
            area="pool",
            advice="raise DATABASE__POOL_SIZE or MAX_OVERFLOW, as far as the server's max_connections goes; "
            "or shorten what holds the connections",
            evidence=f"{pool.name}: {pool.waited:,} of {pool.checkouts:,} checkouts waited ({share:.1f} %), "
            f"95 % of all within {pool.wait_p95_ms:.1f} ms; {pool.timeouts} got none in time",
        )


def _of_caches(caches: Sequence[CacheStatistics]) -> Iterator[Recommendation]:
    for cache in caches:
        lookups = cache.hits + cache.misses + cache.joins
        if lookups < LOOKUPS or cache.evictions / lookups * 100 < EVICTED_PERCENT:
            continue
        yield Recommendation(
            area="cache",
            advice="raise CACHE__MAX_BYTES or CACHE__MAX_ENTRIES",
            evidence=f"{cache.level} {cache.namespace}: {cache.evictions:,} entries were dropped for want of "
            f"room in {lookups:,} lookups; {cache.entries:,} are kept ({cache.bytes:,} bytes)",
        )


def _of_queries(queries: QueryStatistics) -> Iterator[Recommendation]:
    if not queries.statements or queries.calls < LOOKUPS or not queries.total_ms:
        return
    first = queries.statements[0]
    share = first.total_ms / queries.total_ms * 100
    if share >= DOMINATES_PERCENT:
        yield Recommendation(
            area="database",
            advice=f"explain it at POST /v1/performance/statements/{first.fingerprint}/explain",
            evidence=f"{first.fingerprint} takes {share:.0f} % of all SQL time: {first.calls:,} calls of "
            f"{first.mean_ms:.1f} ms ({first.statement[:120]})",
        )


def _of_memory(memory: MemoryReport) -> Iterator[Recommendation]:
    if memory.leak.suspected:
        yield Recommendation(
            area="memory",
            advice=memory.leak.advice or "trace what grows at POST /v1/performance/tracemalloc",
            evidence=memory.leak.because,
        )
    for one in memory.gc:
        if one.longest_pause_seconds >= LONG_PAUSE:
            yield Recommendation(
                area="processor",
                advice="look at what makes so many objects: profile it at POST /v1/performance/profile",
                evidence=f"the longest of {one.pauses:,} collections of generation {one.generation} stopped "
                f"everything for {one.longest_pause_seconds * 1000:.0f} ms, all together for "
                f"{one.pause_seconds:.1f} s",
            )


def _of_lifetimes(lifetimes: Sequence[TtlAdvice]) -> Iterator[Recommendation]:
    for one in lifetimes:
        if one.verdict in ("longer", "shorter") and one.advised_seconds is not None:
            yield Recommendation(
                area="cache",
                advice=f"let answers of {one.namespace} live {one.advised_seconds} s instead of "
                f"{one.ttl_seconds} s",
                evidence=f"{one.reason}; {one.requests:,} requests, in the process that answers",
            )


_AREAS: Final[dict[str, Area]] = {
    "pool_in_use": "pool",
    "memory": "memory",
    "disk": "database",
    "database": "database",
}


def _of_trends(trends: Sequence[Trend]) -> Iterator[Recommendation]:
    for trend in trends:
        area, left = _AREAS.get(trend.name), trend.seconds_to_limit
        if area is None or left is None or left > SOON or trend.slope_per_hour is None:
            continue
        yield Recommendation(
            area=area,
            advice=f"{trend.name} reaches its limit in {left / 3600:.1f} h if it goes on so",
            evidence=f"it stands at {trend.current:.1f} {trend.unit} of {trend.limit:.1f} and rises by "
            f"{trend.slope_per_hour:.2f} an hour over {trend.samples} samples",
        )

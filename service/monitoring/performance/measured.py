"""What all workers counted, as the report tells it."""

from collections.abc import Mapping
from typing import Any, Final

from service.core.flags import Optimization
from service.core.telemetry import Distribution
from service.monitoring import cache_parts
from service.monitoring.performance.endpoints import milliseconds
from service.schemas.monitoring.performance import (
    CacheStatistics,
    ConnectionPool,
    OperationTimes,
    OptimizationStatistics,
    QueryStatistics,
    StatementTimes,
)

SHOWN: Final = 20
"""Statements a report lists; /v1/performance/statements has all."""
Told = Mapping[str, Any]


def statements_of(told: Told) -> list[StatementTimes]:
    """Every kind of statement, the dearest in all first."""
    found = [
        StatementTimes(
            fingerprint=name,
            statement=one["text"],
            rows=one["rows"],
            errors=one["errors"],
            slow=one["slow"],
            calls=times.count,
            **_times(times),
        )
        for name, one in told.items()
        for times in (Distribution.from_list(one["times"]),)
    ]
    return sorted(found, key=lambda one: -one.total_ms)


def query_stats(told: Told, statements: list[StatementTimes]) -> QueryStatistics:
    """All statements together, and those that took most."""
    whole = Distribution()
    for one in told.values():
        whole.merge(Distribution.from_list(one["times"]))
    return QueryStatistics(
        kinds=len(told),
        calls=whole.count,
        errors=sum(one["errors"] for one in told.values()),
        slow=sum(one["slow"] for one in told.values()),
        total_ms=milliseconds(whole.total),
        mean_ms=milliseconds(whole.mean),
        p95_ms=milliseconds(whole.percentile(95)),
        statements=statements[:SHOWN],
    )


def pools_of(told: Told) -> list[ConnectionPool]:
    """The pools of all workers together."""
    return [_pool(name, one, Distribution.from_list(one["times"])) for name, one in told.items()]


def _pool(name: str, one: Told, waits: Distribution) -> ConnectionPool:
    return ConnectionPool(
        name=name,
        **{key: one[key] for key in ("capacity", "size", "in_use", "idle", "waiting", "timeouts")},
        utilization_percent=round(one["in_use"] / one["capacity"] * 100, 1) if one["capacity"] else 0.0,
        checkouts=waits.count,
        # Who has to wait waits longer than the first bucket, who does not waits 0.
        waited=waits.count - waits.buckets[0],
        wait_mean_ms=milliseconds(waits.mean),
        wait_p95_ms=milliseconds(waits.percentile(95)),
        wait_max_ms=milliseconds(waits.greatest),
    )


def caches_of(told: cache_parts.Plain) -> list[CacheStatistics]:
    """Every namespace, the one with the most lookups first."""
    found = []
    for level, namespace, *numbers in told:
        named = dict(zip((*cache_parts.COUNTED, *cache_parts.HELD), numbers, strict=True))
        lookups = named["hits"] + named["misses"] + named["joins"]
        rate = round(named["hits"] / lookups * 100, 2) if lookups else None
        found.append(CacheStatistics(level=level, namespace=namespace, hit_percent=rate, **named))
    return sorted(found, key=lambda one: -(one.hits + one.misses + one.joins))


def operations_of(told: Told) -> list[OperationTimes]:
    """Everything that is timed by name, the dearest in all first."""
    found = []
    for name, (errors, numbers) in told.items():
        times = Distribution.from_list(numbers)
        found.append(OperationTimes(name=name, errors=errors, count=times.count, **_times(times)))
    return sorted(found, key=lambda one: -one.total_ms)


def optimizations_of(known: list[Optimization], told: Told) -> list[OptimizationStatistics]:
    """Every optimisation: its share here, what it did everywhere."""
    return [
        OptimizationStatistics(
            name=one.name,
            description=one.description,
            enabled=one.share > 0,
            share_percent=one.share,
            acted=acted.get("times"),
            saved=acted.get("saved"),
            unit=acted.get("unit"),
            basis=acted.get("basis"),
        )
        for one in known
        for acted in (told.get(one.name, {}),)
    ]


def _times(times: Distribution) -> dict[str, float]:
    percentiles = {f"p{percent}_ms": milliseconds(times.percentile(percent)) for percent in (50, 95, 99)}
    return {
        **percentiles,
        "mean_ms": milliseconds(times.mean),
        "max_ms": milliseconds(times.greatest),
        "total_ms": milliseconds(times.total),
    }

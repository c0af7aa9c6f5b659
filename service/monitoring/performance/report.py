"""Puts the performance report together: what all workers counted, judged by the pure functions beside."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import psutil

from service import __version__
from service.core.database import AWAY, Database
from service.core.telemetry import get_logger
from service.core.telemetry.metrics import REQUESTS
from service.monitoring import queries
from service.monitoring.advice import index_advice
from service.monitoring.cache_figures import advice_of
from service.monitoring.cost import counting_seconds, size_of
from service.monitoring.course import Course, Point
from service.monitoring.monitor import Monitor
from service.monitoring.performance import measured
from service.monitoring.performance.bottlenecks import SLOW_MS, bottlenecks
from service.monitoring.performance.endpoints import Key, called, coverage, endpoints
from service.monitoring.performance.recommendations import recommendations
from service.monitoring.performance.trends import line
from service.monitoring.samples import Sample
from service.monitoring.samples import read as read_sample
from service.monitoring.tasks import tasks_health
from service.schemas.monitoring.performance import (
    MonitoringCost,
    PerformanceReport,
    Recommendation,
    Trend,
)

log = get_logger(__name__)

PARTS: Final = ("requests", "statements", "pools", "caches", "operations", "optimizations", "sample")
_MIB: Final = 1024 * 1024
_ANSWERS_WITHIN: Final = 5.0
_MOST_ROWS: Final = 1_000


async def performance_report(monitor: Monitor, operations: Mapping[Key, str]) -> PerformanceReport:
    """The report of now, of all workers together; without advice on indexes while the database is away."""
    told = await monitor.counted(*PARTS)
    sample = read_sample(told["sample"])
    statements = measured.statements_of(told["statements"])
    means = {one.fingerprint: one.mean_ms / 1000 for one in statements}
    listed = endpoints(operations, called(told["requests"]), means)
    caches = measured.caches_of(told["caches"])
    pools = measured.pools_of(told["pools"])
    queries_told = measured.query_stats(told["statements"], statements)
    trends = trends_of(monitor.course, sample)
    memory = monitor.memory.report()
    lifetimes = advice_of(monitor.responses)
    advice = recommendations(pools, caches, queries_told, memory, lifetimes, trends)
    return PerformanceReport(
        as_of=datetime.now(UTC),
        since=monitor.began,
        version=__version__,
        workers=int(sample.gauges["workers"]),
        requests=int(sample.counters["requests"]),
        coverage=coverage(operations, listed),
        optimization_stats=measured.optimizations_of(
            monitor.runtime.flags.optimizations(), told["optimizations"]
        ),
        memory_report=memory,
        query_stats=queries_told,
        connection_pool=pools,
        cache_stats=caches,
        background_tasks=await tasks_health(monitor.runtime),
        endpoints=listed,
        operations=measured.operations_of(told["operations"]),
        bottlenecks=bottlenecks(
            listed,
            {one.fingerprint: one for one in statements},
            {one.namespace: one for one in caches if one.level == "response"},
        ),
        recommendations=[*advice, *await _index_advice(monitor.runtime.database)],
        comparison=None,
        trends=trends,
        monitoring=cost_of(monitor),
    )


def trends_of(course: Course, sample: Sample) -> list[Trend]:
    """The course of every figure that is followed: pool, memory, disk, database, then the endpoints' p95."""
    settings = course.monitor.runtime.settings
    workers, disk = sample.gauges["workers"], course.disk()
    capacity = settings.database.pool_size + settings.database.max_overflow
    embedded = settings.database.url is None
    limits: dict[str, tuple[str, float, float | None]] = {
        "pool_in_use": ("connections", 1.0, capacity * workers),
        "memory": ("MiB", _MIB, settings.memory.gc_threshold or None),  # of the worker that holds most
        "disk": ("MiB", _MIB, float(disk.total)),
        # A database elsewhere has a disk of its own, which nobody here can see.
        "database": ("MiB", _MIB, _newest(course, "database") + disk.free if embedded else None),
    }
    followed = {name: limits.get(name, ("ms", 1.0, SLOW_MS)) for name in [*limits, *sorted(course.points)]}
    return [
        _trend(name, course.points.get(name, ()), unit, divisor, limit)
        for name, (unit, divisor, limit) in followed.items()
    ]


def _newest(course: Course, name: str) -> float:
    points = course.points.get(name)
    return points[-1][1] if points else 0.0


def _trend(name: str, points: Sequence[Point], unit: str, divisor: float, limit: float | None) -> Trend:
    found = line(list(points), limit)
    return Trend(
        name=name,
        unit=unit,
        samples=len(points),
        current=round(points[-1][1] / divisor, 3) if points else None,
        slope_per_hour=None if found is None else round(found.slope * 3600 / divisor, 6),
        limit=None if limit is None else round(limit / divisor, 3),
        seconds_to_limit=None if found is None or found.to_limit is None else round(found.to_limit, 1),
    )


def cost_of(monitor: Monitor) -> MonitoringCost:
    """What monitoring took of this process, by processor time and bytes."""
    process = psutil.Process()
    counted = sum(series.count for _, series in REQUESTS.all_series()) * counting_seconds()
    spent = monitor.cost.seconds + counted
    newest = monitor.samples[-1] if monitor.samples else None
    held = (
        size_of(newest) * len(monitor.samples)
        + size_of([series for _, series in REQUESTS.all_series()])
        + size_of(monitor.course.points)
    )
    return MonitoringCost(
        sampling_seconds=round(monitor.cost.seconds, 6),
        counting_seconds=round(counted, 6),
        processor_percent=round(spent / max(time.process_time(), 1e-9) * 100, 3),
        bytes=held,
        memory_percent=round(held / process.memory_info().rss * 100, 3),
    )


async def _index_advice(database: Database) -> list[Recommendation]:
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN), database.snapshot() as conn:
            about = await queries.select_database(conn)
            tables = await queries.select_tables(conn, _MOST_ROWS)
            indexes = await queries.select_indexes(conn, _MOST_ROWS)
    except AWAY as error:
        log.warning("no advice on indexes", error=type(error).__name__)
        return []
    return [
        Recommendation(area="database", advice=f"{one.table}: {one.advice}", evidence=one.evidence)
        for one in index_advice(tables, indexes, about.stats_since)
    ]

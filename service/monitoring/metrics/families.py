"""The families of this process: what is counted everywhere, its caches, its pool, and itself.

Labels are route templates, names of the code and words of the library: no request can add one.
"""

from collections.abc import Iterable, Iterator
from platform import python_version
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from service import __version__
from service.core.telemetry import REGISTRY
from service.monitoring import cache_parts

if TYPE_CHECKING:
    from service.monitoring.monitor import Monitor

_PROCESS: Final = CollectorRegistry()
ProcessCollector(registry=_PROCESS)
GCCollector(registry=_PROCESS)


def families(monitor: "Monitor") -> Iterator[Metric]:
    """Every family of this process, as of now."""
    yield from _counted(REGISTRY.collect())
    yield from _caches(monitor)
    yield from _pool(monitor)
    yield from _PROCESS.collect()
    yield _gauge("muster_loop_lag_seconds", "How late the event loop was since the last sample", monitor.lag)
    yield _gauge("muster_workers", "Processes that answer requests", 1)
    build = GaugeMetricFamily("muster_build_info", "What runs", labels=("version", "python"))
    build.add_metric((__version__, python_version()), 1)
    yield build


def _counted(counted: Iterable[Metric]) -> Iterator[Metric]:
    """What was counted everywhere; runs and calls to upstreams as families of their own."""
    calls = CounterMetricFamily(
        "muster_upstream_calls", "Attempts by upstream and outcome", labels=("upstream", "outcome")
    )
    runs = CounterMetricFamily(
        "muster_runs", "Runs that ended, by job and outcome", labels=("job", "outcome")
    )
    for family in counted:
        if family.name == "muster_events":
            for sample in family.samples:
                kind, _, name = sample.labels["name"].partition(".")
                into = {"upstream": calls, "run": runs}.get(kind)
                if into is not None and sample.name == "muster_events_total":
                    into.add_metric((name, sample.labels["outcome"]), sample.value)
        yield family
    yield calls
    yield runs


def _caches(monitor: "Monitor") -> Iterator[Metric]:
    lines = cache_parts.written(monitor)
    labels = ("level", "namespace")
    for place, name in enumerate((*cache_parts.COUNTED, *cache_parts.HELD), start=len(labels)):
        kind = CounterMetricFamily if name in cache_parts.COUNTED else GaugeMetricFamily
        family = kind(f"muster_cache_{name}", f"{name.capitalize()} of the caches", labels=labels)
        for line in lines:
            family.add_metric(line[: len(labels)], line[place])
        yield family


def _pool(monitor: "Monitor") -> Iterator[Metric]:
    now = monitor.now()
    for name, documentation in {
        "pool_in_use": "Connections to the database in use",
        "pool_idle": "Connections to the database that lie idle",
        "pool_waiting": "Requests that wait for a connection",
    }.items():
        yield _gauge(f"muster_{name}", documentation, now.gauges.get(name, 0.0))
    for name, documentation in {
        "pool_timeouts": "Requests that got no connection in time",
        "pool_wait_seconds": "Seconds spent waiting for a connection",
        "statements": "SQL statements",
        "statement_seconds": "Seconds spent in SQL statements",
    }.items():
        yield CounterMetricFamily(f"muster_{name}", documentation, value=now.counters.get(name, 0.0))


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)

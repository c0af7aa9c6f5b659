"""The counters and their registry; every label has a bounded set of values.

Requests are counted in plain numbers by the one thread that serves them, and become Prometheus series when
somebody looks: 0.8 µs a request, where the library's locked counters and histogram take 4.7.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from service.core.telemetry.distribution import Distribution

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SeriesKey = tuple[str, str, int]
"""Route template, method and status class (2 for 2xx)."""


class Series(Distribution):
    """Requests of one route, method and status class: how long they took, and what of it went where.

    `spent` is seconds by name (`db`, `pool`, `build`), `statements` how often each kind was sent, by
    fingerprint.
    """

    __slots__ = ("spent", "statements")

    def __init__(self) -> None:
        super().__init__()
        self.spent: dict[str, float] = {}
        self.statements: dict[str, int] = {}

    def spend(self, seconds: Mapping[str, float], statements: Mapping[str, int] | None = None) -> None:
        """Add what requests spent where; names and fingerprints come from the code, so they are bounded."""
        for name, amount in seconds.items():
            self.spent[name] = self.spent.get(name, 0.0) + amount
        for fingerprint, times in (statements or {}).items():
            self.statements[fingerprint] = self.statements.get(fingerprint, 0) + times


class Requests(Collector):
    """Requests by route template, method and status class, and how long they took."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._series: dict[SeriesKey, Series] = {}

    def series(self, route: str, method: str, status: int) -> Series:
        """Where to count; `route` is a template or another word of a bounded set, never a path."""
        # Parsers let dozens of methods pass: what we do not offer is one series.
        key = (route, method if method in _METHODS else "other", status // 100)
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = Series()
        return found

    def all_series(self) -> list[tuple[SeriesKey, Series]]:
        """Every series by route, method and status class."""
        return list(self._series.items())

    def together(self) -> Distribution:
        """All requests as one distribution."""
        whole = Distribution()
        for series in self._series.values():
            whole.merge(series)
        return whole

    def collect(self) -> Iterator[Metric]:
        """The series as they are now."""
        counts = CounterMetricFamily(
            "muster_requests", "Requests by route template", labels=("route", "method", "status")
        )
        by_route: dict[str, Distribution] = {}
        for (route, method, kind), series in self._series.items():
            counts.add_metric((route, method, f"{kind}xx"), series.count)
            by_route.setdefault(route, Distribution()).merge(series)
        yield counts
        seconds = HistogramMetricFamily(
            "muster_request_seconds",
            "Seconds a request took; of an event stream, until its first byte",
            labels=("route",),
        )
        for route, whole in by_route.items():
            seconds.add_metric((route,), _buckets(whole), whole.total)
        yield seconds
        yield GaugeMetricFamily("muster_requests_in_flight", "Requests being answered", value=self.in_flight)


def _buckets(times: Distribution) -> list[tuple[str, float]]:
    return [
        ("+Inf" if math.isinf(mark) else str(mark), float(within)) for mark, within in times.within_marks()
    ]


REGISTRY = CollectorRegistry()
REQUESTS = Requests()
REGISTRY.register(REQUESTS)
EVENTS = Counter(
    "muster_events", "Things that happened, by name and outcome", ("name", "outcome"), registry=REGISTRY
)
# Looking a series up by its labels costs more than counting in it: each is looked up once.
_events: dict[tuple[str, str], Counter] = {}


def count_event(name: str, outcome: str, amount: float) -> None:
    """Count something that happened; from any thread."""
    counter = _events.get((name, outcome))
    if counter is None:
        counter = _events[name, outcome] = EVENTS.labels(name, outcome)
    counter.inc(amount)

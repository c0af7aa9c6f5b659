"""The counters and their registry; every label has a bounded set of values."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "muster_requests", "Requests by route template", ("route", "method", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "muster_request_seconds",
    "Seconds a request took; of an event stream, until its first byte",
    ("route",),
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 30),
    registry=REGISTRY,
)
IN_FLIGHT = Gauge("muster_requests_in_flight", "Requests being answered", registry=REGISTRY)
EVENTS = Counter(
    "muster_events", "Things that happened, by name and outcome", ("name", "outcome"), registry=REGISTRY
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Looking a series up by its labels costs more than counting in it: each is looked up once.
_requests: dict[tuple[str, str, int], Counter] = {}
_seconds: dict[str, Histogram] = {}
_events: dict[tuple[str, str], Counter] = {}


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count a finished request; `route` is a template or another word of a bounded set, never a path."""
    # Parsers let dozens of methods pass: what we do not offer is one series.
    key = (route, method if method in _METHODS else "other", status // 100)
    counter = _requests.get(key)
    if counter is None:
        counter = _requests[key] = REQUESTS.labels(route, key[1], f"{status // 100}xx")
    counter.inc()
    histogram = _seconds.get(route)
    if histogram is None:
        histogram = _seconds[route] = SECONDS.labels(route)
    histogram.observe(seconds)


def count_event(name: str, outcome: str, amount: float) -> None:
    """Count something that happened."""
    counter = _events.get((name, outcome))
    if counter is None:
        counter = _events[name, outcome] = EVENTS.labels(name, outcome)
    counter.inc(amount)

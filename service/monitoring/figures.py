"""The figures that history, alerts and the dashboard speak of: each with its title, unit and rule.

A figure is worked from two samples: a rate or share of what happened between them, or the newer one's gauge.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from service.core.telemetry.distribution import BOUNDS
from service.monitoring.samples import Sample

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `work(before, after)` gives its value, None where nothing happened that it could tell of.

    `rollup` is how spans become longer spans: `mean` of rates and shares (weighted by the counters
    `weighed_by`, else by time), `max` of gauges that hurt at peaks, `quantile` of all their requests.
    """

    name: str
    title: str
    unit: str
    work: Callable[[Sample, Sample], float | None]
    rollup: str = "mean"
    weighed_by: tuple[str, ...] = ()
    quantile: float | None = None


def figures_between(before: Sample, after: Sample) -> dict[str, float | None]:
    """Every figure of the span between two samples of one process, or of all workers together."""
    return {name: figure.work(before, after) for name, figure in FIGURES.items()}


def _rate(counter: str, per: float = 1.0) -> Callable[[Sample, Sample], float | None]:
    def work(before: Sample, after: Sample) -> float | None:
        seconds = after.clock - before.clock
        return None if seconds <= 0 else _grown(counter, before, after) / seconds * per

    return work


def _share(part: str, whole: Sequence[str]) -> Callable[[Sample, Sample], float | None]:
    """Percent; None when nothing happened."""

    def work(before: Sample, after: Sample) -> float | None:
        total = sum(_grown(name, before, after) for name in whole)
        return None if total <= 0 else _grown(part, before, after) / total * 100

    return work


def _gauge(name: str, divisor: float = 1.0) -> Callable[[Sample, Sample], float | None]:
    def work(_: Sample, after: Sample) -> float | None:
        value = after.gauges.get(name)
        return None if value is None else value / divisor

    return work


def _percentile(share: float) -> Callable[[Sample, Sample], float | None]:
    """Milliseconds below which that share of the requests between the samples was answered."""

    def work(before: Sample, after: Sample) -> float | None:
        times = [now - then for now, then in zip(after.times, before.times, strict=True)]
        return quantile(times, share)

    return work


def quantile(times: Sequence[float], share: float) -> float | None:
    """Milliseconds within which that share of requests, given by bucket, was answered; None: of none."""
    total = sum(times)
    if total <= 0:
        return None
    below = list(accumulate(times))
    place = bisect_left(below, share * total)
    lower = BOUNDS[place - 1] if place else 0.0
    upper = BOUNDS[place] if place < len(BOUNDS) else BOUNDS[-1]
    inside = times[place]
    before = below[place] - inside
    return (lower + (upper - lower) * (share * total - before) / inside) * 1000


def slower_than(times: Sequence[float], seconds: float) -> float:
    """How many requests, given by bucket, took longer; within a bucket they are taken to lie evenly."""
    place = bisect_left(BOUNDS, seconds)
    if place == len(BOUNDS):
        return float(times[-1])
    lower = BOUNDS[place - 1] if place else 0.0
    share = (BOUNDS[place] - seconds) / (BOUNDS[place] - lower)
    return sum(times[place + 1 :]) + times[place] * share


def _percentiles() -> Iterator[Figure]:
    words = {0.5: "Median time of an answer", 0.95: "95 % of answers within", 0.99: "99 % of answers within"}
    for share, title in words.items():
        name, work = f"p{share * 100:.0f}_ms", _percentile(share)
        yield Figure(name, title, "ms", work, "quantile", ("requests",), share)


def _grown(counter: str, before: Sample, after: Sample) -> float:
    # A worker that came anew counts from zero: never less than nothing.
    return max(0.0, after.counters.get(counter, 0.0) - before.counters.get(counter, 0.0))


_ALL: Final = (
    Figure("requests_per_second", "Requests", "1/s", _rate("requests")),
    Figure(
        "error_percent",
        "Requests that failed (5xx)",
        "%",
        _share("errors", ("requests",)),
        weighed_by=("requests",),
    ),
    *_percentiles(),
    Figure("in_flight", "Requests being answered", "requests", _gauge("in_flight"), "max"),
    Figure(
        "cache_hit_percent",
        "Answers found in the cache",
        "%",
        _share("cache_hits", ("cache_hits", "cache_misses")),
        weighed_by=("cache_hits", "cache_misses"),
    ),
    Figure("cache_mib", "Memory of the caches", "MiB", _gauge("cache_bytes", MIB), "max"),
    Figure("statements_per_second", "SQL statements", "1/s", _rate("statements")),
    Figure("pool_in_use", "Connections in use", "connections", _gauge("pool_in_use"), "max"),
    Figure("pool_waiting", "Waiting for a connection", "requests", _gauge("pool_waiting"), "max"),
    Figure("pool_timeouts_per_minute", "No connection in time", "1/min", _rate("pool_timeouts", 60)),
    Figure("loop_lag_ms", "Lag of the event loop", "ms", _gauge("loop_lag_seconds", 0.001), "max"),
    Figure("cpu_percent", "Processor", "%", _rate("cpu_seconds", 100)),
    Figure("rss_mib", "Memory of the process", "MiB", _gauge("rss_bytes", MIB), "max"),
    Figure("open_files", "Open files and sockets", "files", _gauge("open_files"), "max"),
    Figure("upstream_failures_per_minute", "Failed upstream calls", "1/min", _rate("upstream_failures", 60)),
    Figure("job_failures_per_minute", "Failed runs", "1/min", _rate("job_failures", 60)),
)
FIGURES: Final[Mapping[str, Figure]] = {figure.name: figure for figure in _ALL}

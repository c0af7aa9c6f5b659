"""Metric families as plain data: what workers send each other, merged, and written for Prometheus."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

Family = list[Any]
"""Name, help, type and its samples: name, labels (sorted pairs), value."""

_GREATEST: Final = frozenset(
    {"muster_build_info", "muster_loop_lag_seconds", "process_max_fds", "python_info"}
)
"""Gauges of which the worst worker's or anybody's counts; all others are summed."""
_INSTANT: Final = "_timestamp_seconds"
"""Gauges that are instants end like this: the latest counts."""
_LEAST: Final = frozenset({"process_start_time_seconds"})
_STEPS: Final = 2**20
_SUMMED: Final = frozenset({"counter", "histogram", "summary"})


def written(families: Iterable[Metric]) -> list[Family]:
    """Families as plain data, without the instants at which series were made."""
    return [
        [
            family.name,
            family.documentation,
            family.type,
            [
                [sample.name, sorted(sample.labels.items()), _exact(family.type, sample.value)]
                for sample in family.samples
                if not sample.name.endswith("_created")
            ],
        ]
        for family in families
    ]


def _exact(kind: str, value: float) -> float:
    """Counts of seconds by steps of 2^-20 s: sums of these are exact in whatever order they are made.

    Otherwise a counter falls by its last bit when a worker's part moves to those that are gone, and
    Prometheus takes that for a restart.
    """
    return math.floor(value * _STEPS) / _STEPS if kind in _SUMMED else value


def merged(several: Sequence[list[Family]]) -> list[Family]:
    """The same series of several processes as one: counts are summed, gauges as is right for each."""
    together: dict[str, tuple[str, str, dict[Any, float]]] = {}
    for families in several:
        for name, documentation, kind, samples in families:
            series = together.setdefault(name, (documentation, kind, {}))[2]
            for sample, labels, value in samples:
                key = sample, tuple(map(tuple, labels))
                series[key] = value if key not in series else _joined(name, kind, series[key], value)
    return [
        [name, documentation, kind, [[*key, value] for key, value in series.items()]]
        for name, (documentation, kind, series) in together.items()
    ]


def without_gauges(families: list[Family]) -> list[Family]:
    """What outlives a process: its counters and histograms."""
    return [family for family in families if family[2] in _SUMMED]


def text(families: list[Family]) -> bytes:
    """Prometheus's text format."""
    return generate_latest(_Given(families))


def _joined(name: str, kind: str, one: float, other: float) -> float:
    if kind not in _SUMMED:
        if name in _GREATEST or name.endswith(_INSTANT):
            return max(one, other)
        if name in _LEAST:
            return min(one, other)
    return one + other


class _Given(Collector):
    """Families that are there already, in the form the library writes from."""

    def __init__(self, families: list[Family]) -> None:
        self.families = families

    def collect(self) -> Iterator[Metric]:
        """Each of them."""
        for name, documentation, kind, samples in self.families:
            metric = Metric(name, documentation, kind)
            for sample, labels, value in samples:
                metric.add_sample(sample, dict(labels), value)
            yield metric

"""Figures rolled up into spans of 10 s, a minute and an hour, as pure functions of database time.

A sample tells of the time since the one before; it is shared among the spans it overlaps, so a sample that
comes some milliseconds late leaves no hole. What nothing tells of is not there: a hole, never a zero.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.core.telemetry.distribution import BOUNDS
from service.monitoring.figures import FIGURES, quantile
from service.monitoring.samples import Sample


@dataclass(frozen=True, slots=True)
class Ring:
    """Spans of `seconds`, of which the newest `length` are kept: number modulo length is the slot."""

    range: str
    seconds: int
    length: int


RINGS: Final = (Ring("1h", 10, 360), Ring("24h", 60, 1440), Ring("30d", 3600, 720))
MOST_UNSAVED: Final = 60
"""Spans kept for a database that is away, about 9 minutes of 10 s; older ones become holes."""


@dataclass(slots=True)
class Value:
    """One figure of a span. `weight` is what the mean is weighted by: seconds, or what was counted."""

    value: float
    lowest: float
    highest: float
    weight: float

    def join(self, other: "Value", rollup: str) -> None:
        """Roll another part of the span up into this one."""
        together = self.weight + other.weight
        if rollup == "max":
            self.value = max(self.value, other.value)
        elif together > 0:
            self.value += (other.value - self.value) * other.weight / together
        self.lowest = min(self.lowest, other.lowest)
        self.highest = max(self.highest, other.highest)
        self.weight = together


@dataclass(slots=True)
class Span:
    """What is known of one span: the seconds covered, its requests by bucket, its figures."""

    covered: float = 0.0
    times: list[float] = field(default_factory=lambda: [0.0] * (len(BOUNDS) + 1))
    values: dict[str, Value] = field(default_factory=dict)

    def join(self, other: "Span", share: float = 1.0) -> None:
        """Add another span, or the share of it that lies within this one."""
        self.covered += other.covered * share
        self.times = [mine + its * share for mine, its in zip(self.times, other.times, strict=True)]
        for name, its in other.values.items():
            part = Value(its.value, its.lowest, its.highest, its.weight * share)
            if name in self.values:
                self.values[name].join(part, FIGURES[name].rollup)
            else:
                self.values[name] = part
        self._quantiles()

    def _quantiles(self) -> None:
        """Percentiles of a longer span are those of all its requests, not a mean of percentiles."""
        for name, value in self.values.items():
            share = FIGURES[name].quantile
            whole = None if share is None else quantile(self.times, share)
            if whole is not None:
                value.value = whole

    def stored(self) -> dict[str, Any]:
        """As it is kept; figures as value, lowest, highest and weight."""
        return {
            "covered": round(self.covered, 3),
            "buckets": len(self.times),
            # Most of the 154 are empty: place and count of the others.
            "times": [[place, round(count, 3)] for place, count in enumerate(self.times) if count],
            "values": {
                name: [_short(number) for number in (one.value, one.lowest, one.highest, one.weight)]
                for name, one in self.values.items()
            },
        }


def restored(kept: Mapping[str, Any]) -> Span:
    """A span as it was kept; figures and buckets that this version does not know are left out."""
    span = Span(covered=kept["covered"])
    if kept.get("buckets") == len(span.times):
        for place, count in kept["times"]:
            span.times[place] = count
    span.values = {name: Value(*numbers) for name, numbers in kept["values"].items() if name in FIGURES}
    return span


def span_between(before: Sample, after: Sample, figures: Mapping[str, float | None]) -> Span | None:
    """What two samples tell of the time between them; None where no time has passed."""
    seconds = after.clock - before.clock
    if seconds <= 0:
        return None
    grown = [max(0, now - then) for now, then in zip(after.times, before.times, strict=True)]
    span = Span(covered=seconds, times=[float(count) for count in grown])
    for name, value in figures.items():
        if value is not None and name in FIGURES:
            counted = FIGURES[name].weighed_by
            weight = sum(after.counters.get(one, 0) - before.counters.get(one, 0) for one in counted)
            span.values[name] = Value(value, value, value, max(0.0, weight) if counted else seconds)
    return span


class Spans:
    """The newest spans of one installation, and which of them are still to be written."""

    def __init__(self) -> None:
        self._spans: dict[tuple[int, int], Span] = {}
        self._unsaved: dict[tuple[int, int], None] = {}

    def resume(self, seconds: int, number: int, span: Span) -> None:
        """Go on with a span that an earlier process began."""
        self._spans[seconds, number] = span

    def forget(self) -> None:
        """Another process goes on with them."""
        self._spans.clear()
        self._unsaved.clear()

    def add(self, end: float, told: Span) -> None:
        """Share out what is told of the seconds up to `end`, an instant of the database in Unix time."""
        for ring in RINGS:
            for number, share in shares(ring, end - told.covered, end):
                key = (ring.seconds, number)
                self._spans.setdefault(key, Span()).join(told, share)
                self._unsaved.pop(key, None)
                self._unsaved[key] = None
        for key in list(self._unsaved)[:-MOST_UNSAVED]:
            del self._unsaved[key]
        current = {ring.seconds: int(end // ring.seconds) for ring in RINGS}
        for seconds, number in set(self._spans) - set(self._unsaved):
            if not current[seconds] - 1 <= number <= current[seconds]:
                del self._spans[seconds, number]

    def unsaved(self) -> list[dict[str, Any]]:
        """The rows to write."""
        lengths = {ring.seconds: ring.length for ring in RINGS}
        return [
            {
                "seconds": seconds,
                "slot": number % lengths[seconds],
                "at": number * seconds,
                "figures": self._spans[seconds, number].stored(),
            }
            for seconds, number in self._unsaved
        ]

    def saved(self) -> None:
        """They are written."""
        self._unsaved.clear()


def shares(ring: Ring, start: float, end: float) -> Iterator[tuple[int, float]]:
    """The spans between two instants, at most a ring of them, each with its share of the time."""
    first = max(math.floor(start / ring.seconds), math.floor(end / ring.seconds) - ring.length + 1)
    for number in range(first, math.floor(end / ring.seconds) + 1):
        inside = min(end, (number + 1) * ring.seconds) - max(start, number * ring.seconds)
        if inside > 0:
            yield number, inside / (end - start)


def merged(spans: Sequence[Span]) -> Span:
    """All of them as one."""
    whole = Span()
    for span in spans:
        whole.join(span)
    return whole


def _short(number: float) -> float:
    """Six digits: what a sparkline and a threshold need, at half of the bytes."""
    return float(f"{number:.6g}")

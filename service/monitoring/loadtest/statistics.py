"""What is noted of each answer: bounded, whatever the number of requests."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

PRECISION = 0.01
"""Relative width of a bucket: a percentile is right to half of it."""
_LEAST = 1e-5
_STEP = math.log1p(PRECISION)
SLOTS = 240
"""Spans of the timeline at most."""


class Histogram:
    """Durations in buckets that grow by one percent from 10 µs on: 1,900 of them reach to an hour."""

    __slots__ = ("buckets", "count", "greatest", "least", "sum")

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()
        self.count = 0
        self.sum = 0.0
        self.least = math.inf
        self.greatest = 0.0

    def add(self, seconds: float) -> None:
        """Note a duration."""
        self.buckets[math.ceil(math.log(seconds / _LEAST) / _STEP) if seconds > _LEAST else 0] += 1
        self.count += 1
        self.sum += seconds
        self.least, self.greatest = min(self.least, seconds), max(self.greatest, seconds)

    def merge(self, other: "Histogram") -> None:
        """Take another's durations in."""
        self.buckets += other.buckets
        self.count += other.count
        self.sum += other.sum
        self.least, self.greatest = min(self.least, other.least), max(self.greatest, other.greatest)

    def percentile(self, share: float) -> float:
        """Seconds that this share of the durations does not exceed (nearest rank); 0 where there is none."""
        rank, seen = max(1, math.ceil(share * self.count - 1e-9)), 0
        for index in sorted(self.buckets):
            seen += self.buckets[index]
            if seen >= rank:
                middle = _LEAST * math.exp((index - 0.5) * _STEP) if index else _LEAST
                return min(max(middle, self.least), self.greatest)
        return 0.0

    def columns(self, most: int = 40) -> Iterator[tuple[float, float, int]]:
        """The same in at most so many columns of equal width on a logarithmic axis: from, to, count."""
        if not self.buckets:
            return
        first, last = min(self.buckets), max(self.buckets)
        width = (last - first) // most + 1
        for begin in range(first, last + 1, width):
            count = sum(self.buckets[index] for index in range(begin, begin + width))
            yield (
                _LEAST * math.exp((begin - 1) * _STEP),
                _LEAST * math.exp((begin + width - 1) * _STEP),
                count,
            )


@dataclass(slots=True)
class Tally:
    """The answers to one kind of request.

    `response` runs from the intended start, `service` from the moment it was sent. Both hold expected answers
    and time-outs (which took at least that long). `refused` holds the service times of the other failures: a
    quick refusal must not make a service look quick.
    """

    response: Histogram = field(default_factory=Histogram)
    service: Histogram = field(default_factory=Histogram)
    refused: Histogram = field(default_factory=Histogram)
    errors: Counter[str] = field(default_factory=Counter)
    done: int = 0
    dropped: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Slot:
    """A span of the timeline."""

    done: int = 0
    errors: int = 0
    dropped: int = 0
    response: Histogram = field(default_factory=Histogram)


@dataclass(frozen=True, slots=True)
class Answered:
    """How one request ended: `error` is None, or a word such as `timeout` or `status 503`."""

    error: str | None
    size: int = 0


TIMEOUT = "timeout"


class Measurements:
    """All of a run; times are seconds after its beginning, spans of the timeline follow its length."""

    def __init__(self, seconds: float, warm_up: float = 0.0) -> None:
        self.warm_up = warm_up
        self.span = max(1.0, math.ceil(seconds / SLOTS))
        self.tallies: dict[str, Tally] = {}
        self.slots: dict[int, Slot] = {}
        self.late = Histogram()
        self.warmed = 0
        self.cut_short = 0

    def answered(self, label: str, intended: float, sent: float, ended: float, answer: Answered) -> None:
        """Note an answer, under the moment at which it was meant to begin."""
        if intended < self.warm_up:
            self.warmed += 1
            return
        tally, slot = self.tally(label), self._slot(intended)
        tally.done += 1
        tally.bytes += answer.size
        slot.done += 1
        if answer.error is not None:
            tally.errors[answer.error] += 1
            slot.errors += 1
        if answer.error in {None, TIMEOUT}:
            tally.response.add(ended - intended)
            tally.service.add(ended - sent)
            slot.response.add(ended - intended)
        else:
            tally.refused.add(ended - sent)
        self.late.add(sent - intended)

    def dropped(self, label: str, intended: float) -> None:
        """Note a request that could not be started: too many were in flight."""
        if intended < self.warm_up:
            self.warmed += 1
            return
        self.tally(label).dropped += 1
        self._slot(intended).dropped += 1

    def tally(self, label: str) -> Tally:
        """What is noted under a label."""
        return self.tallies.setdefault(label, Tally())

    def _slot(self, intended: float) -> Slot:
        return self.slots.setdefault(int(intended / self.span), Slot())

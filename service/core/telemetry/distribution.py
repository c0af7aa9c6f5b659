"""How long things took: a histogram of fixed size that keeps percentiles within a tenth.

Requests, statements and waits are added one by one, in constant time and memory; the figures are made when
somebody looks.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, Self

SMALLEST: Final = 0.0001
"""Seconds; what is shorter is one bucket."""
LARGEST: Final = 60.0
"""Seconds; what is longer is one bucket, whose upper end is the longest seen."""
_WIDTH: Final = 1.1
"""Upper bound of a bucket over its lower one: so far may a percentile be from the true one."""
_STEPS: Final = math.ceil(math.log(LARGEST / SMALLEST, _WIDTH))
MARKS: Final = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds that rules and Prometheus ask for: bounds as well, so how many stayed within is exact there."""
BOUNDS: Final[tuple[float, ...]] = tuple(
    sorted({*(SMALLEST * _WIDTH**step for step in range(_STEPS)), *MARKS, LARGEST})
)
"""Upper bounds of the buckets, inclusive; after the last one comes the bucket of all that is longer."""
_MARKED: Final = frozenset((*MARKS, math.inf))
_SUMS: Final = 4
"""Numbers before the buckets in the plain list."""


class Distribution:
    """Counts of durations in log-spaced buckets, with their exact count, sum, squares, least and greatest.

    All in seconds. Not for several threads at once.
    """

    __slots__ = ("buckets", "count", "greatest", "least", "squares", "total")

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.squares = 0.0
        self.least = math.inf
        self.greatest = 0.0
        self.buckets = [0] * (len(BOUNDS) + 1)

    def add(self, seconds: float) -> None:
        """Count one duration; the clock of the caller must not run backwards."""
        self.count += 1
        self.total += seconds
        self.squares += seconds * seconds
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        # min() and max() would make it 400 ns instead of 190.
        if seconds < self.least:  # noqa: PLR1730
            self.least = seconds
        if seconds > self.greatest:  # noqa: PLR1730
            self.greatest = seconds

    @property
    def mean(self) -> float:
        """Seconds on average; 0 when nothing was counted."""
        return self.total / self.count if self.count else 0.0

    @property
    def variance(self) -> float:
        """Population variance in square seconds: the mean of the squares less the square of the mean."""
        return max(0.0, self.squares / self.count - self.mean**2) if self.count else 0.0

    def percentile(self, percent: float) -> float:
        """Seconds that `percent` (0 to 100) of all durations stay within; 0 when nothing was counted.

        As NumPy's default (linear, Hyndman and Fan's type 7) between the two nearest in order, each of which
        is known to its bucket: at most 10 % off between 0.1 ms and 60 s, 0.1 ms below.
        """
        if not self.count:
            return 0.0
        rank = min(max(percent, 0.0), 100.0) / 100 * (self.count - 1)
        below = int(rank)
        lower, share = self._in_order(below), rank - below
        return lower if not share else lower + share * (self._in_order(below + 1) - lower)

    def merge(self, other: "Distribution") -> None:
        """Add everything that another one counted."""
        self.count += other.count
        self.total += other.total
        self.squares += other.squares
        self.least = min(self.least, other.least)
        self.greatest = max(self.greatest, other.greatest)
        for place, times in enumerate(other.buckets):
            self.buckets[place] += times

    def to_list(self) -> list[float]:
        """Plain numbers for JSON: sum, squares, least, greatest, then place and times of filled buckets."""
        least = self.least if self.count else 0.0
        numbers: list[float] = [self.total, self.squares, least, self.greatest]
        for place, times in enumerate(self.buckets):
            if times:
                numbers += (place, times)
        return numbers

    @classmethod
    def from_list(cls, numbers: Sequence[float]) -> Self:
        """The distribution that `to_list` wrote down.

        Raises `ValueError` for a list that no distribution of these bounds writes.
        """
        made = cls()
        if len(numbers) < _SUMS or len(numbers) % 2:
            raise ValueError("a distribution is four sums and pairs of place and times")
        for place, times in zip(numbers[_SUMS::2], numbers[_SUMS + 1 :: 2], strict=True):
            if not 0 <= place < len(made.buckets) or times < 0:
                raise ValueError(f"a distribution has no bucket {place} with {times}")
            made.buckets[int(place)] += int(times)
        made.count = sum(made.buckets)
        if made.count:
            made.total, made.squares, made.least, made.greatest = numbers[:_SUMS]
        return made

    def within_marks(self) -> Iterator[tuple[float, int]]:
        """Each of `MARKS` with how many stayed within it, the last one infinite: a histogram for people."""
        return ((bound, within) for bound, within in self.cumulative() if bound in _MARKED)

    def cumulative(self) -> Iterator[tuple[float, int]]:
        """Each bound with how many stayed within it, the last one infinite: Prometheus's form."""
        within = 0
        for bound, times in zip((*BOUNDS, math.inf), self.buckets, strict=True):
            within += times
            yield bound, within

    def _in_order(self, position: int) -> float:
        """About the duration at a position (from 0) if all stood in order; those of a bucket lie evenly."""
        if position <= 0:
            return self.least
        if position >= self.count - 1:
            return self.greatest
        before = 0
        for place, times in enumerate(self.buckets):
            if position < before + times:
                lower = BOUNDS[place - 1] if place else 0.0
                upper = BOUNDS[place] if place < len(BOUNDS) else self.greatest
                found = lower + (upper - lower) * (position - before + 0.5) / times
                return min(max(found, self.least), self.greatest)
            before += times
        return self.greatest

"""What optimisations did: how often each acted and what it saved, as far as that was measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Unit = Literal["seconds", "bytes"]


@dataclass(frozen=True, slots=True)
class Acted:
    """What an optimisation has done in this process since its start.

    `saved` in `unit`s, None where nothing was measured that it could be told from; `basis` says how it was
    measured.
    """

    times: int
    saved: float | None
    unit: Unit
    basis: str


@dataclass(frozen=True, slots=True)
class Optimization:
    """One optimisation as it stands: the share of callers that have it (percent), and what it did."""

    name: str
    description: str
    share: int
    acted: Acted | None


Source = Callable[[], Acted]


class Served(Protocol):
    """What is asked of the figures of a cache's namespace."""

    @property
    def hits(self) -> int:
        """Answers that were at hand."""

    @property
    def misses(self) -> int:
        """Answers that had to be made."""

    @property
    def joins(self) -> int:
        """Answers made for somebody else who asked at the same time."""


def builds_avoided(served: Mapping[str, Served], spent: Mapping[str, float]) -> Acted:
    """What a cache saved: each answer at hand costs what a miss of its namespace took on average.

    `spent` is the seconds that the misses of each namespace took. Where nothing was made since the start,
    nothing is known of the cost, and that is counted as nothing.
    """
    acted = sum(each.hits + each.joins for each in served.values())
    saved = sum(
        (each.hits + each.joins) * spent.get(name, 0.0) / each.misses
        for name, each in served.items()
        if each.misses
    )
    basis = "answers at hand, at the mean time that misses of the same kind took"
    return Acted(acted, saved, "seconds", basis)


class Tally:
    """Counts one optimisation where it acts: two additions, by the one thread that serves requests."""

    __slots__ = ("saved", "times")

    def __init__(self) -> None:
        self.times = 0
        self.saved = 0.0

    def count(self, saved: float) -> None:
        """It acted once, and saved so much."""
        self.times += 1
        self.saved += saved

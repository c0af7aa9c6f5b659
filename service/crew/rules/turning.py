"""When somebody's state becomes another one within a window."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from service.crew.rules.grid import State
from service.crew.rules.slots import Segment, Stretch


@dataclass(frozen=True, slots=True)
class Turn:
    """From `at` on it is `now`, up to `until`. `lower_bound`: nothing is known of what comes then."""

    at: datetime
    was: str
    was_reason: str | None
    now: str
    now_reason: str | None
    until: datetime
    lower_bound: bool


@dataclass(frozen=True, slots=True)
class _Run:
    start: datetime
    end: datetime
    state: State
    first: str | None
    last: str | None


def turns(window: Stretch, segments: Iterable[Segment]) -> Iterator[Turn]:
    """The turns after the beginning of a window; another reason for the same state is none.

    The reason of a state is the one that it begins with, of the state before the one that it ended with.
    """
    runs = list(_runs(window, segments))
    following = [run.state for run in runs[1:]] + ["unknown"]
    for (before, run), then in zip(pairwise(runs), following[1:], strict=True):
        bound = run.state != "unknown" and then == "unknown"
        yield Turn(run.start, before.state, before.last, run.state, run.first, run.end, bound)


def _runs(window: Stretch, segments: Iterable[Segment]) -> Iterator[_Run]:
    for _, group in groupby(_without_holes(window, segments), key=lambda one: one.state):
        same = list(group)
        yield _Run(same[0].start, same[-1].end, same[0].state, same[0].reason, same[-1].reason)


def _without_holes(window: Stretch, segments: Iterable[Segment]) -> Iterator[Segment]:
    at = window[0]
    for one in segments:
        start, end = max(one.start, window[0]), min(one.end, window[1])
        if start >= end:
            continue
        if start > at:
            yield Segment(at, start, "unknown")
        yield Segment(start, end, one.state, one.reason)
        at = end
    if at < window[1]:
        yield Segment(at, window[1], "unknown")

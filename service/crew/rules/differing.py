"""Where two observations of a day say otherwise: the stretches, with what was said and what is said now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from service.crew.rules.grid import State
from service.crew.rules.slots import Segment


@dataclass(frozen=True, slots=True)
class Change:
    """From `start` to `end` something else holds now; `unknown` where nothing is or was said."""

    start: datetime
    end: datetime
    was: State
    was_reason: str | None
    now: State
    now_reason: str | None


def changes(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[Change]:
    """The stretches in which the segments of one person or appliance differ, neighbours merged, in order."""
    points = sorted({point for one in (*before, *after) for point in (one.start, one.end)})
    last: Change | None = None
    for start, end in pairwise(points):
        was, now = _said(before, start), _said(after, start)
        if was == now:
            continue
        change = Change(start, end, *was, *now)
        if last is not None and _continues(last, change):
            last = Change(last.start, end, *was, *now)
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


def _said(segments: Sequence[Segment], at: datetime) -> tuple[State, str | None]:
    for one in segments:
        if one.start <= at < one.end:
            return one.state, one.reason
    return "unknown", None


def _continues(before: Change, after: Change) -> bool:
    said = (before.was, before.was_reason, before.now, before.now_reason)
    return before.end == after.start and said == (
        after.was,
        after.was_reason,
        after.now,
        after.now_reason,
    )

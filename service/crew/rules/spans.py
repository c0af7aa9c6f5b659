"""Arithmetic of stretches of time: sorted, disjoint, half-open, never touching (a multirange)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge

from service.crew.rules.slots import Stretch

Spans = Sequence[Stretch]


def union(*many: Iterable[Stretch]) -> list[Stretch]:
    """All instants of any; each input in order of its starts."""
    joined: list[Stretch] = []
    for start, end in merge(*many):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def intersection(one: Spans, other: Spans) -> list[Stretch]:
    """The instants of both."""
    return list(_shared(one, other))


def _shared(one: Spans, other: Spans) -> Iterator[Stretch]:
    at, beside = 0, 0
    while at < len(one) and beside < len(other):
        start, end = max(one[at][0], other[beside][0]), min(one[at][1], other[beside][1])
        if start < end:
            yield start, end
        if one[at][1] <= other[beside][1]:
            at += 1
        else:
            beside += 1


def difference(one: Spans, other: Spans) -> list[Stretch]:
    """The instants of `one` that are not of `other`."""
    if not one:
        return []
    start, end = one[0][0], one[-1][1]
    inside = clip(other, start, end)
    edges = [start, *(edge for span in inside for edge in span), end]
    outside = [
        (opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=True) if opens < closes
    ]
    return intersection(one, outside)


def clip(spans: Spans, start: datetime, end: datetime) -> list[Stretch]:
    """What of these lies between two instants."""
    return intersection(spans, [(start, end)]) if start < end else []


def length(spans: Spans) -> timedelta:
    """How long they are together."""
    return sum((end - start for start, end in spans), timedelta())


def run_at(spans: Spans, at: datetime) -> Stretch | None:
    """The stretch that an instant lies in."""
    return next((span for span in spans if span[0] <= at < span[1]), None)


def run_after(spans: Spans, at: datetime) -> Stretch | None:
    """The first stretch that begins after an instant."""
    return next((span for span in spans if span[0] > at), None)

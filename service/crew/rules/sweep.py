"""A window in slices in which nobody's state changes (spec D.5): who turns out, is off, is not known."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from service.crew.rules.grid import State
from service.crew.rules.slots import Segment, Stretch


@dataclass(frozen=True, slots=True)
class Slice:
    """From `start` to `end`. `covered`: a look at the day speaks of it; where none does, all are unknown.

    `crew` are available, `off` known to be unavailable, `unknown` whoever of the station neither is said of.
    """

    start: datetime
    end: datetime
    crew: frozenset[int]
    off: frozenset[int]
    unknown: frozenset[int]
    covered: bool

    @property
    def complete(self) -> bool:
        """Whether everybody's state is known."""
        return self.covered and not self.unknown


@dataclass(frozen=True, slots=True)
class Overlay:
    """What if: from `start` to `end` this person were `available`, or not."""

    crew_id: int
    start: datetime
    end: datetime
    state: Literal["available", "unavailable"]


Said = Mapping[int, Sequence[Segment]]
_Event = tuple[datetime, str, int, int]


def slices(window: Stretch, said: Said, covered: Iterable[Stretch], people: Collection[int]) -> list[Slice]:
    """The slices of a window in order, neighbours that say the same merged.

    `said` are the segments of each person, `covered` the stretches that looks speak of, `people` who belongs
    to the station and is expected to be known.
    """
    # What ends at an instant does so before the next begins.
    events = sorted(_events(said, covered), key=lambda event: (event[0], event[3]))
    at, within = window[0], _Now(frozenset(people))
    made: list[Slice] = []
    for moment, kind, owner, step in events:
        point = min(max(moment, window[0]), window[1])
        if point > at:
            _add(made, within.slice(at, point))
            at = point
        within.turn(kind, owner, step)
    if at < window[1]:
        _add(made, within.slice(at, window[1]))
    return made


def state_runs(window: Stretch, segments: Iterable[Segment]) -> list[tuple[datetime, datetime, State]]:
    """What one owner's segments say over a window, `unknown` between them, in order and without holes."""
    at = window[0]
    made: list[tuple[datetime, datetime, State]] = []
    for one in segments:
        start, end = max(one.start, window[0]), min(one.end, window[1])
        if start >= end:
            continue
        if start > at:
            made.append((at, start, "unknown"))
        made.append((start, end, one.state))
        at = end
    if at < window[1]:
        made.append((at, window[1], "unknown"))
    return made


def overlaid(said: Said, overlays: Iterable[Overlay]) -> dict[int, list[Segment]]:
    """The segments as they would be; of two overlays that meet the later one holds."""
    made = {owner: list(segments) for owner, segments in said.items()}
    for one in overlays:
        kept = [piece for segment in made.get(one.crew_id, ()) for piece in _outside(segment, one)]
        kept.append(Segment(one.start, one.end, one.state))
        made[one.crew_id] = sorted(kept, key=lambda segment: segment.start)
    return made


def _outside(segment: Segment, one: Overlay) -> Iterator[Segment]:
    if segment.start < min(segment.end, one.start):
        yield replace(segment, end=min(segment.end, one.start))
    if max(segment.start, one.end) < segment.end:
        yield replace(segment, start=max(segment.start, one.end))


def _events(said: Said, covered: Iterable[Stretch]) -> Iterator[_Event]:
    for owner, segments in said.items():
        for one in segments:
            yield one.start, one.state, owner, 1
            yield one.end, one.state, owner, -1
    for start, end in covered:
        yield start, "covered", 0, 1
        yield end, "covered", 0, -1


class _Now:
    """Who is in which state at a moment of the sweep."""

    def __init__(self, people: frozenset[int]) -> None:
        self.people = people
        self.states: dict[str, set[int]] = {"available": set(), "unavailable": set()}
        self.looks = 0

    def turn(self, kind: str, owner: int, step: int) -> None:
        if kind == "covered":
            self.looks += step
        elif step > 0:
            self.states[kind].add(owner)
        else:
            self.states[kind].discard(owner)

    def slice(self, start: datetime, end: datetime) -> Slice:
        crew, off = frozenset(self.states["available"]), frozenset(self.states["unavailable"])
        return Slice(start, end, crew, off, self.people - crew - off, self.looks > 0)


def _add(made: list[Slice], new: Slice) -> None:
    said: tuple[Any, ...] = (new.crew, new.off, new.unknown, new.covered)
    if made and said == (made[-1].crew, made[-1].off, made[-1].unknown, made[-1].covered):
        made[-1] = replace(made[-1], end=new.end)
    else:
        made.append(new)

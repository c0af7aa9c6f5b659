"""Slots of wall time → stretches of UTC, across DST (spec D.2).

A slot is all instants whose wall time lies in it: of the hour that spring leaves out none, of the hour that
autumn repeats both, unless the grid repeats its labels too; then the first is the first hour.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from service.crew.rules.grid import Cell, State

Stretch = tuple[datetime, datetime]
"""From an instant up to another, without it; both UTC."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which one state holds, for one reason."""

    start: datetime
    end: datetime
    state: State
    reason: str | None = None


def day_bounds(day: date, zone: str) -> Stretch:
    """A local day in UTC: 23, 24 or 25 hours (half an hour more or less at Lord Howe)."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: str) -> datetime:
    """The first instant of a local day. Where midnight itself is left out, the change is that instant."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def clock_change(day: date, zone: str) -> tuple[int, int] | None:
    """The wall time at which the clocks of a day change, before and after, in minutes; None on most days."""
    first, *rest = _pieces(day, zone)
    if not rest:
        return None
    start, (_, changes, before), (_, _, after) = datetime.combine(day, time()), first, rest[0]
    walls = (changes.replace(tzinfo=None) + offset - start for offset in (before, after))
    was, becomes = (wall // timedelta(minutes=1) for wall in walls)
    return was, becomes


@lru_cache(maxsize=1024)
def columns(
    day: date, zone: str, labels: tuple[str, ...], resolution: int
) -> tuple[tuple[Stretch, ...], ...]:
    """For each label of a grid the stretches of its slot: usually one, in spring none, in autumn two."""
    pieces = _pieces(day, zone)
    # Where the labels begin again the repeated hour does: also of one of which a part is not in the grid.
    again = next((at for at, (one, other) in enumerate(pairwise(labels), 1) if other <= one), None)
    made = []
    for at, label in enumerate(labels):
        found = tuple(_of_slot(day, label, resolution, pieces))
        if again is not None and len(found) > 1:
            found = found[:1] if at < again else found[1:]
        made.append(found)
    return tuple(made)


def segments(cells: Iterable[Cell], slots: Sequence[Sequence[Stretch]]) -> list[Segment]:
    """What the cells of a row say, neighbours with one state and reason merged; unknown says nothing."""
    said = [
        Segment(start, end, cell.state, cell.reason)
        for cell, stretches in zip(cells, slots, strict=True)
        if cell.state != "unknown"
        for start, end in stretches
    ]
    return list(_merged(sorted(said, key=lambda segment: segment.start)))


def covered(slots: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """The instants that a grid with these slots speaks of."""
    joined: list[Stretch] = []
    for start, end in sorted(stretch for stretches in slots for stretch in stretches):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _merged(said: Iterable[Segment]) -> Iterator[Segment]:
    last: Segment | None = None
    for segment in said:
        if last is not None and _continues(last, segment):
            last = Segment(last.start, segment.end, last.state, last.reason)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _continues(before: Segment, after: Segment) -> bool:
    same = (before.state, before.reason) == (after.state, after.reason)
    return same and before.end == after.start


def _of_slot(
    day: date, label: str, resolution: int, pieces: Sequence[tuple[datetime, datetime, timedelta]]
) -> Iterator[Stretch]:
    wall = datetime.combine(day, time(int(label[:2]), int(label[2:])))
    for start, end, offset in pieces:
        opens = max(start, (wall - offset).replace(tzinfo=UTC))
        closes = min(end, (wall + timedelta(minutes=resolution) - offset).replace(tzinfo=UTC))
        if opens < closes:
            yield opens, closes


def _pieces(day: date, zone: str) -> list[tuple[datetime, datetime, timedelta]]:
    """The day in UTC, cut where its offset changes; no zone changes twice in a day."""
    start, end = day_bounds(day, zone)
    before, after = _offset(start, zone), _offset(end - timedelta(minutes=1), zone)
    if before == after:
        return [(start, end, before)]
    low, high = start, end
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return [(start, high, before), (high, end, after)]


def _offset(at: datetime, zone: str) -> timedelta:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return offset or timedelta(0)

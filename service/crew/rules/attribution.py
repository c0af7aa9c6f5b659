"""For what an appliance is off the run, second by second (issue 6.4).

At an instant off the run everything counts that was wrong then: `flag` where the grid has it off, and each
requirement of the enforced rule that too few people met. Each reason has all the time in which it held, so
reasons overlap; their combinations do not, and sum to the time off the run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal

from service.crew.rules.course import Interval
from service.crew.rules.slots import Stretch

FLAG: Final = "flag"
"""The reason that the grid itself has the appliance off."""
JOINT: Final = "+"
SECOND: Final = timedelta(seconds=1)
Kind = Literal["on", "off", "unknown"]
Reasons = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in which an appliance is on the run, off it for the same reasons, or not known."""

    start: datetime
    end: datetime
    kind: Kind
    reasons: Reasons = ()

    @property
    def seconds(self) -> int:
        """How long it is."""
        return seconds(self.start, self.end)


@dataclass(slots=True)
class Tally:
    """Seconds of a period: on the run, unknown, and off the run by all that was wrong at once."""

    on: int = 0
    unknown: int = 0
    by_combination: Counter[Reasons] = field(default_factory=Counter)

    @property
    def off(self) -> int:
        """Off the run."""
        return self.by_combination.total()

    @property
    def known(self) -> int:
        """On the run or off it."""
        return self.on + self.off

    @property
    def by_reason(self) -> dict[str, int]:
        """Off the run by each reason; where several held each has the time."""
        found: Counter[str] = Counter()
        for reasons, spent in self.by_combination.items():
            for reason in reasons:
                found[reason] += spent
        return dict(sorted(found.items(), key=lambda one: (one[0] != FLAG, -one[1], one[0])))

    def add(self, piece: Piece) -> None:
        """Count a piece."""
        if piece.kind == "on":
            self.on += piece.seconds
        elif piece.kind == "unknown":
            self.unknown += piece.seconds
        else:
            self.by_combination[piece.reasons] += piece.seconds


def pieces(intervals: Iterable[Interval], window: Stretch) -> list[Piece]:
    """What lies in a window, neighbours of the same kind and reasons merged."""
    made: list[Piece] = []
    for one in intervals:
        start, end = max(one.start, window[0]), min(one.end, window[1])
        if start >= end:
            continue
        kind, reasons = _kind(one), reasons_of(one)
        last = made[-1] if made else None
        if last is not None and (last.end, last.kind, last.reasons) == (start, kind, reasons):
            made[-1] = Piece(last.start, end, kind, reasons)
        else:
            made.append(Piece(start, end, kind, reasons))
    return made


def tallies(found: Sequence[Piece], windows: Sequence[Stretch]) -> Iterator[Tally]:
    """A tally of each of some windows, which follow one another in time; one pass over the pieces."""
    at = 0
    for start, end in windows:
        tally = Tally()
        while at < len(found) and found[at].end <= start:
            at += 1
        for piece in islice(found, at, None):
            if piece.start >= end:
                break
            tally.add(Piece(max(piece.start, start), min(piece.end, end), piece.kind, piece.reasons))
        yield tally


def reasons_of(one: Interval) -> Reasons:
    """All that was wrong in an interval off the run, the grid's flag first; nothing elsewhere."""
    if _kind(one) != "off":
        return ()
    flagged = (FLAG,) if one.flag == "unavailable" else ()
    return (*flagged, *(one.result.shorts if one.result else ()))


def joined(reasons: Reasons) -> str:
    """Reasons that held together, as one word."""
    return JOINT.join(reasons)


def seconds(start: datetime, end: datetime) -> int:
    """Between two instants."""
    return (end - start) // SECOND


def _kind(one: Interval) -> Kind:
    if one.status == "unknown":
        return "unknown"
    return "on" if one.status == "available" else "off"

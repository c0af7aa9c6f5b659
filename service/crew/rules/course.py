"""What becomes of an appliance over a window: on the run or not, and why (spec D.6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

from service.crew.rules.crewing import Rule
from service.crew.rules.grid import State
from service.crew.rules.judging import Crew, Judge, Person, Result
from service.crew.rules.presets import Ruling
from service.crew.rules.slots import Stretch
from service.crew.rules.sweep import Slice, state_runs

Status = Literal["available", "crew_deficient", "off_the_run", "unknown"]
Level = Literal["green", "amber", "red", "grey"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch in which an appliance has one status by one crew.

    `flag` is what the grid says; `result` the enforced rule over those who turn out (None: there is no rule).
    `tier` is the lowest rule that they meet (None: none, or there is no rule). `critical` are those whom an
    available appliance could not spare. `complete`: everybody's state is known.
    """

    start: datetime
    end: datetime
    status: Status
    level: Level
    flag: State
    crew: Crew
    off: Crew
    unknown: Crew
    result: Result | None
    tier: Rule | None
    critical: tuple[int, ...]
    covered: bool
    complete: bool

    @property
    def rules_ok(self) -> bool | None:
        """Whether the enforced rule holds; None without a rule, or where nobody's state is known."""
        return None if self.result is None or not self.covered else self.result.ok

    @property
    def discrepancy(self) -> bool:
        """The grid says off the run though the crew would do."""
        return self.status == "off_the_run" and self.rules_ok is True


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring intervals of one status. `lower_bound`: it ends where nothing more is known."""

    start: datetime
    end: datetime
    status: Status
    lower_bound: bool
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class Course:
    """An appliance over a window, without holes; what nobody looked at is `unknown`.

    `judges` hold the enforced rules by tier, lowest first; `beside` those that are only reported.
    """

    window: Stretch
    intervals: tuple[Interval, ...]
    judges: tuple[Judge, ...]
    beside: tuple[Judge, ...]

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The intervals merged by status."""
        return tuple(_runs(self.intervals))

    def at(self, instant: datetime) -> tuple[Interval, Run]:
        """What holds at an instant of the window."""
        run = next(run for run in self.runs if run.start <= instant < run.end)
        return next(one for one in run.intervals if one.start <= instant < one.end), run

    def between(self, start: datetime, end: datetime) -> "Course":
        """What of it lies between two instants."""
        cut = (
            replace(one, start=max(one.start, start), end=min(one.end, end))
            for one in self.intervals
            if one.start < end and one.end > start
        )
        return Course((start, end), tuple(cut), self.judges, self.beside)

    def next_operational(self, after: datetime) -> datetime | None:
        """When it next becomes available after an instant."""
        return next((run.start for run in self.runs if run.start > after and run.status == "available"), None)


@dataclass(frozen=True, slots=True)
class Altered:
    """A stretch in which a thing is otherwise in one course than in another."""

    start: datetime
    end: datetime
    was: Interval
    now: Interval


def course_of(
    window: Stretch,
    swept: Sequence[Slice],
    flags: Sequence[Any],
    ruling: Ruling,
    people: Mapping[int, Person],
) -> Course:
    """An appliance's course: the station's slices, cut by the segments of its flag, judged by its rules."""
    judges = tuple(Judge(rule, people) for rule in ruling.enforced)
    beside = tuple(Judge(rule, people) for rule in ruling.beside)
    made: list[Interval] = []
    for piece, flag in _together(swept, state_runs(window, flags)):
        interval = _judged(piece, flag, judges)
        if made and interval == replace(made[-1], start=interval.start, end=interval.end):
            made[-1] = replace(made[-1], end=interval.end)
        else:
            made.append(interval)
    return Course(window, tuple(made), judges, beside)


def altered(before: Course, after: Course, what: Callable[[Interval], Any]) -> Iterator[Altered]:
    """Where `what` of two courses of one window differs; neighbours that differ alike are one."""
    made: list[Altered] = []
    for was, now, start, end in _pairs(before.intervals, after.intervals):
        if what(was) == what(now):
            continue
        last = made[-1] if made else None
        if last and last.end == start and (what(last.was), what(last.now)) == (what(was), what(now)):
            made[-1] = replace(last, end=end)
        else:
            made.append(Altered(start, end, was, now))
    yield from made


def _judged(piece: Slice, flag: State, judges: Sequence[Judge]) -> Interval:
    enforced = judges[0] if judges else None
    result = enforced.result(piece.crew) if enforced else None
    status = _status(piece.covered, flag, result)
    critical = enforced.critical(piece.crew) if enforced and status == "available" else ()
    return Interval(
        piece.start, piece.end, status, _level(status, critical), flag, piece.crew, piece.off, piece.unknown,
        result, _tier(piece, judges, result), critical, piece.covered, piece.complete,
    )  # fmt: skip


def _tier(piece: Slice, judges: Sequence[Judge], enforced: Result | None) -> Rule | None:
    if not piece.covered or enforced is None:
        return None
    if enforced.ok:
        return judges[0].rule
    return next((judge.rule for judge in judges[1:] if judge.result(piece.crew).ok), None)


def _status(covered: bool, flag: State, result: Result | None) -> Status:
    if flag == "unknown" or not covered:
        return "unknown"
    if flag == "unavailable":
        return "off_the_run"
    return "available" if result is None or result.ok else "crew_deficient"


def _level(status: Status, critical: Sequence[int]) -> Level:
    if status == "unknown":
        return "grey"
    if status != "available":
        return "red"
    return "amber" if critical else "green"


def _runs(intervals: Sequence[Interval]) -> Iterator[Run]:
    grouped = [list(group) for _, group in groupby(intervals, key=lambda one: one.status)]
    for at, group in enumerate(grouped):
        following = grouped[at + 1][0].status if at + 1 < len(grouped) else "unknown"
        bound = group[0].status != "unknown" and following == "unknown"
        yield Run(group[0].start, group[-1].end, group[0].status, bound, tuple(group))


def _together(
    swept: Sequence[Slice], flags: Sequence[tuple[datetime, datetime, State]]
) -> Iterator[tuple[Slice, State]]:
    """Slices cut where the flag changes, with the flag; both cover the same window without holes."""
    rest = iter(flags)
    start, end, state = next(rest)
    for piece in swept:
        at = piece.start
        while at < piece.end:
            if end <= at:
                start, end, state = next(rest)
            until = min(end, piece.end)
            yield replace(piece, start=max(at, start), end=until), state
            at = until


def _pairs(
    before: Sequence[Interval], after: Sequence[Interval]
) -> Iterator[tuple[Interval, Interval, datetime, datetime]]:
    """Intervals of two courses of one window that share a stretch, with it."""
    one, other = 0, 0
    while one < len(before) and other < len(after):
        was, now = before[one], after[other]
        end = min(was.end, now.end)
        yield was, now, max(was.start, now.start), end
        one, other = one + (was.end == end), other + (now.end == end)

"""When an appliance is not on the run, how short it is then, and who would close the gap (spec D.6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby

from service.crew.rules.course import Course, Interval, Status
from service.crew.rules.fixes import Fixes, fixes
from service.crew.rules.judging import Judge


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a gap with one status and one outcome of the rule."""

    start: datetime
    end: datetime
    status: Status
    rules_ok: bool | None
    shorts: dict[str, int]
    """What is missing, by requirement; the most at any instant."""
    fixes: Fixes
    intervals: tuple[Interval, ...]

    @property
    def discrepancy(self) -> bool:
        """The grid says off the run at an instant at which the crew would do."""
        return any(one.discrepancy for one in self.intervals)


@dataclass(frozen=True, slots=True)
class AppGap(Part):
    """A gap: neighbouring stretches in which the appliance is not available; `status` is the worst of them.

    What is unknown is a gap of its own. `lower_bound`: it ends where nothing more is known.
    """

    parts: tuple[Part, ...]
    lower_bound: bool


def gaps(course: Course, least: timedelta = timedelta()) -> list[AppGap]:
    """The gaps of a course that last at least so long, in order."""
    found = (list(group) for kind, group in groupby(course.intervals, key=_kind) if kind != "available")
    judge = course.judges[0] if course.judges else None
    return [_gap(course, judge, group) for group in found if group[-1].end - group[0].start >= least]


def most_short(intervals: Sequence[Interval]) -> dict[str, int]:
    """What is missing in these intervals, by requirement: the most at any instant at which it is known."""
    shorts: dict[str, int] = {}
    for one in intervals:
        for code, short in (one.result.shorts if one.result and one.covered else {}).items():
            shorts[code] = max(short, shorts.get(code, 0))
    return shorts


def _kind(one: Interval) -> str:
    return one.status if one.status in {"available", "unknown"} else "off"


def _gap(course: Course, judge: Judge | None, group: Sequence[Interval]) -> AppGap:
    whole = _part(judge, group)
    parts = tuple(_part(judge, piece) for piece in _by_outcome(group))
    run = next(run for run in course.runs if run.end == group[-1].end)
    return AppGap(
        whole.start, whole.end, whole.status, whole.rules_ok, whole.shorts, whole.fixes, whole.intervals,
        parts, run.lower_bound,
    )  # fmt: skip


def _by_outcome(group: Sequence[Interval]) -> Iterator[list[Interval]]:
    for _, same in groupby(group, key=lambda one: (one.status, one.result, one.covered)):
        yield list(same)


def _part(judge: Judge | None, group: Sequence[Interval]) -> Part:
    oks = {one.rules_ok for one in group}
    rules_ok = False if False in oks else (None if None in oks else True)
    statuses = [one.status for one in group]
    status = "off_the_run" if "off_the_run" in statuses else statuses[0]
    return Part(
        group[0].start, group[-1].end, status, rules_ok, most_short(group), _fixes(judge, group), tuple(group)
    )


def _fixes(judge: Judge | None, group: Sequence[Interval]) -> Fixes:
    """Only people who are known to be off for the whole stretch are proposed."""
    if judge is None or not all(one.covered for one in group):
        return Fixes(None)
    off = reduce(frozenset.intersection, (one.off for one in group))
    return fixes(judge, {one.crew for one in group}, off)

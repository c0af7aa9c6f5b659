"""Which gaps are told of ahead, and to whom: to those whose booking on would close them, nobody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.crew.queries.appliances import ApplianceRow
from service.crew.rules.course import Course
from service.crew.rules.gaps import AppGap, Part, gaps


@dataclass(frozen=True, slots=True)
class Help:
    """A stretch in which `least` more people are needed, each of `asked` could be one of them."""

    start: datetime
    end: datetime
    least: int
    asked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A gap that begins within the hours ahead, and what would close it: as a whole, else part by part."""

    appliance: ApplianceRow
    start: datetime
    end: datetime
    lower_bound: bool
    helps: tuple[Help, ...]

    @property
    def asked(self) -> frozenset[int]:
        """Everybody who could do something about it."""
        return frozenset(one for help_ in self.helps for one in help_.asked)


def gaps_ahead(
    courses: Mapping[int, Course], appliances: Sequence[ApplianceRow], now: datetime, hours: int
) -> Iterator[Ahead]:
    """The gaps in which an appliance that is on the run goes off it, and that somebody known could close.

    Where nothing is known, nobody is asked: a gap of `unknown` is the feed's, not the crew's.
    """
    for appliance in appliances:
        course = courses[appliance.id]
        for gap in gaps(course):
            if now < gap.start <= now + timedelta(hours=hours) and _leaves_the_run(course, gap):
                yield from _of(appliance, gap)


def _leaves_the_run(course: Course, gap: AppGap) -> bool:
    before, _ = course.at(gap.start - timedelta(microseconds=1))
    return gap.status != "unknown" and before.status == "available"


def _of(appliance: ApplianceRow, gap: AppGap) -> Iterator[Ahead]:
    whole = tuple(_help(gap))
    helps = whole or tuple(one for part in gap.parts for one in _help(part))
    if helps:
        yield Ahead(appliance, gap.start, gap.end, gap.lower_bound, helps)


def _help(part: Part) -> Iterator[Help]:
    if part.fixes.least and part.fixes.people:
        yield Help(part.start, part.end, part.fixes.least, part.fixes.people)

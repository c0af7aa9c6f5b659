"""What booking on would recover: who alone, and which two where nobody alone is enough (issue 6.4)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from service.crew.rules.attribution import seconds
from service.crew.rules.course import Course, Interval
from service.crew.rules.fixes import Fixes, fixes
from service.crew.rules.judging import Crew, Judge

TOGETHER: Final = 2
"""People at most that are proposed together."""
MOST_SETS: Final = 500
"""Of one crew; a station of thirty people off has 435 pairs."""
People = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch in which an appliance would be on the run with these people.

    `flagged`: the grid has it off too, so that it comes back once the grid follows its crew.
    """

    start: datetime
    end: datetime
    appliance: int
    flagged: bool
    shorts: tuple[str, ...]

    @property
    def seconds(self) -> int:
        """How long it is."""
        return seconds(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What these people would recover in one go, at all appliances of their station."""

    people: People
    start: datetime
    end: datetime
    parts: tuple[Part, ...]

    @property
    def seconds(self) -> int:
        """On the run instead of off it, all appliances together."""
        return sum(part.seconds for part in self.parts)

    @property
    def flagged_seconds(self) -> int:
        """Of these, in which the grid has the appliance off too."""
        return sum(part.seconds for part in self.parts if part.flagged)


def recoveries(courses: Mapping[int, Course]) -> list[Recovery]:
    """Of the appliances of one station, the largest first; stretches in one go are one.

    Only people who are known to be off are proposed. Where the rule holds and only the grid's flag is off
    there is nothing that a crew could recover.
    """
    found: dict[People, list[Part]] = defaultdict(list)
    for appliance, course in courses.items():
        for people, part in _of_course(appliance, course):
            found[people].append(part)
    made = [one for people, parts in found.items() for one in _in_one_go(people, parts)]
    return sorted(made, key=lambda one: (-one.seconds, len(one.people), one.start, one.people))


def _of_course(appliance: int, course: Course) -> Iterator[tuple[People, Part]]:
    if not course.judges:
        return
    helped = _helper(course.judges[0])
    for one in course.intervals:
        if one.rules_ok is False and one.status in {"crew_deficient", "off_the_run"}:
            for people in helped(one.crew, one.off).sets:
                yield people, _part(appliance, one)


def _helper(judge: Judge) -> Callable[[Crew, Crew], Fixes]:
    @cache
    def helped(crew: Crew, off: Crew) -> Fixes:
        return fixes(judge, (crew,), off, most_added=TOGETHER, most_sets=MOST_SETS)

    return helped


def _part(appliance: int, one: Interval) -> Part:
    assert one.result is not None
    return Part(one.start, one.end, appliance, one.flag == "unavailable", tuple(one.result.shorts))


def _in_one_go(people: People, parts: Sequence[Part]) -> Iterator[Recovery]:
    """Parts that touch or overlap, whichever appliance they are of, as one."""
    group: list[Part] = []
    end: datetime | None = None
    for part in sorted(parts, key=lambda part: (part.start, part.appliance)):
        if end is not None and part.start > end:
            yield Recovery(people, group[0].start, end, tuple(group))
            group, end = [], None
        group.append(part)
        end = part.end if end is None else max(end, part.end)
    if end is not None:
        yield Recovery(people, group[0].start, end, tuple(group))

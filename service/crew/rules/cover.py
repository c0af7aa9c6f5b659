"""Who keeps an appliance on the run, and who is there while it is off for want of others (issue 6.4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.crew.rules.course import Course
from service.crew.rules.slots import Stretch
from service.crew.rules.spans import union


@dataclass(slots=True)
class Cover:
    """By person: when an appliance would have been off without them; when one was short of others."""

    critical: dict[int, list[Stretch]] = field(default_factory=dict)
    in_gaps: dict[int, list[Stretch]] = field(default_factory=dict)


def cover_of(courses: Iterable[Course]) -> Cover:
    """Over all appliances of a station: an instant counts once, however many appliances it is about."""
    critical: dict[int, list[list[Stretch]]] = defaultdict(list)
    in_gaps: dict[int, list[list[Stretch]]] = defaultdict(list)
    for course in courses:
        kept: dict[int, list[Stretch]] = defaultdict(list)
        lost: dict[int, list[Stretch]] = defaultdict(list)
        for one in course.intervals:
            for crew_id in one.critical:
                kept[crew_id].append((one.start, one.end))
            if one.rules_ok is False and one.status != "unknown":
                for crew_id in one.crew:
                    lost[crew_id].append((one.start, one.end))
        _gather(critical, kept)
        _gather(in_gaps, lost)
    return Cover(_merged(critical), _merged(in_gaps))


def _gather(many: dict[int, list[list[Stretch]]], found: dict[int, list[Stretch]]) -> None:
    for crew_id, spans in found.items():
        many[crew_id].append(spans)


def _merged(many: dict[int, list[list[Stretch]]]) -> dict[int, list[Stretch]]:
    return {crew_id: union(*spans) for crew_id, spans in many.items()}

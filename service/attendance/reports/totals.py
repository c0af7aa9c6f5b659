"""Sums and shares of the days of a report, and what each of them is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.attendance.queries.totals import SUMS, select_totals
from service.attendance.reports.frame import Frame
from service.attendance.rules.shares import mean_deviation, percent
from service.core.database import ReadConnection
from service.schemas.envelope import Explanation, ExplanationInput

UNITS: Final[Mapping[str, str]] = {
    "people": "people",
    "scheduled": "days",
    "attended": "days",
    "absent": "days",
    "on_leave": "days",
    "late": "count",
    "early": "count",
    "missing_punches": "count",
    "worked_seconds": "seconds",
    "expected_seconds": "seconds",
    "expected_net_seconds": "seconds",
    "overtime_seconds": "seconds",
    "attendance_percent": "%",
    "mean_deviation_seconds": "seconds",
    "punctuality_percent": "%",
    "lost_percent": "%",
}
"""Every figure with its unit, in the order they are shown."""

RULES: Final[Mapping[str, str]] = {
    "people": "People with at least one scheduled day.",
    "scheduled": "Person-days with a shift that is neither a holiday nor a weekly off.",
    "attended": "Scheduled days less absences and leave; the shifts of a day share it, halves count 0.5.",
    "absent": "Scheduled days without attendance and without leave; halves count 0.5.",
    "on_leave": "Scheduled days on leave; halves count 0.5.",
    "late": "Late arrivals that were not forgiven; each shift of a day counts.",
    "early": "Early exits; each shift of a day counts.",
    "missing_punches": "Entries and exits that are missing; each shift of a day counts.",
    "worked_seconds": "Time worked, also on days off.",
    "expected_seconds": "Time of all scheduled shifts, before leave is taken off.",
    "expected_net_seconds": "Time of all scheduled shifts, less leave.",
    "overtime_seconds": "Time worked beyond what was expected.",
    "attendance_percent": "Worked time over expected time less leave.",
    "mean_deviation_seconds": "Mean over people with planned time of how far worked time is from it.",
    "punctuality_percent": "People who worked and were never late, of those who worked.",
    "lost_percent": "Absent days of scheduled days.",
}
_PARTS: Final = {
    "attendance_percent": ("worked_seconds", "expected_net_seconds"),
    "lost_percent": ("absent", "scheduled"),
}
_BY_PERSON: Final = {
    "people": ("scheduled",),
    "mean_deviation_seconds": ("worked_seconds", "expected_net_seconds"),
    "punctuality_percent": ("worked_seconds", "late"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums by date and by person."""

    days: Sequence[Row[Any]]
    people: Sequence[Row[Any]]

    def sum(self, name: str) -> Any:
        """One of `SUMS` over everything."""
        return shown(name, sum((getattr(day, name) for day in self.days), Decimal(0)))

    def figures(self) -> dict[str, Any]:
        """All figures as they travel."""
        sums = {name: self.sum(name) for name in SUMS}
        worked = [person for person in self.people if person.worked_seconds > 0]
        times = [(int(one.worked_seconds), int(one.expected_net_seconds)) for one in self.people]
        return {
            "people": sum(person.scheduled > 0 for person in self.people),
            **sums,
            "mean_deviation_seconds": mean_deviation(times),
            "punctuality_percent": percent(sum(not person.late for person in worked), len(worked)),
            **{share: percent(Decimal(sums[part]), sums[whole]) for share, (part, whole) in _PARTS.items()},
        }


async def totals_of(conn: ReadConnection, frame: Frame) -> Totals:
    """The sums of a frame."""
    return Totals(*await select_totals(conn, frame.days))


def shown(name: str, value: Any) -> Any:
    """A sum as it travels: shares of days as decimals, counts and seconds as integers."""
    return f"{value:.2f}" if name in {"attended", "absent", "on_leave"} else int(value)


def explained(frame: Frame, totals: Totals, figure: str, subject: str) -> Explanation:
    """A figure with what it is made of: of a single date its people, else its dates; of a share its parts."""
    return Explanation(
        subject=subject,
        value=totals.figures()[figure],
        unit=UNITS[figure],
        rule=RULES[figure],
        rule_version=frame.chosen.rule_set.key,
        inputs=_inputs(frame, totals, figure),
        gaps=list(frame.completeness.gaps),
    )


def _inputs(frame: Frame, totals: Totals, figure: str) -> list[ExplanationInput]:
    if figure in _PARTS:
        sums = {name: totals.sum(name) for name in _PARTS[figure]}
        return [ExplanationInput(name=name, value=sums[name], unit=UNITS[name]) for name in sums]
    if figure in _BY_PERSON:
        return [part for name in _BY_PERSON[figure] for part in _by_person(frame, totals, name)]
    if frame.chosen.start == frame.chosen.end:
        return _by_person(frame, totals, figure)
    return [
        ExplanationInput(name=str(day.day), value=shown(figure, getattr(day, figure)), unit=UNITS[figure])
        for day in totals.days
    ]


def _by_person(frame: Frame, totals: Totals, name: str) -> list[ExplanationInput]:
    """Each person's part that is not nothing, in the order of their numbers."""
    values = {person.person_id: getattr(person, name) for person in totals.people}
    return [
        ExplanationInput(
            name=f"{name} of {person.name} ({person.number})",
            value=shown(name, values[person.id]),
            unit=UNITS[name],
        )
        for person in frame.chosen.people
        if values.get(person.id)
    ]

"""Sums and shares of the days of a report, and what each of them is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Row

from service.attendance.queries.totals import SUMS, select_totals
from service.attendance.reports.frame import Frame
from service.attendance.reports.periods import Chosen
from service.attendance.rules.shares import mean_deviation, percent
from service.core.database import ReadConnection
from service.schemas.attendance.reports import People, PeopleFilter
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
_OF_SUMMARY: Final[Mapping[str, str]] = {
    "scheduled": "scheduled_days",
    "attended": "present_days",
    "absent": "absences",
    "on_leave": "leave_days",
    "late": "lates",
    "early": "early_exits",
    "missing_punches": "missing_punches",
    "worked_seconds": "worked_seconds",
    "expected_seconds": "expected_seconds",
    "expected_net_seconds": "net_expected_seconds",
    "overtime_seconds": "overtime_seconds",
}
"""What the summary calls a person's part, and explains by its days."""
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


def explained(frame: Frame, totals: Totals, figure: str, about: str, params: PeopleFilter) -> Explanation:
    """A figure with what it is made of: of a single date its people, else its dates; of a share its parts."""
    return Explanation(
        subject=f"{figure.replace('_', ' ')}, {about}",
        value=totals.figures()[figure],
        unit=UNITS[figure],
        rule=RULES[figure],
        rule_version=frame.chosen.rule_set.key,
        inputs=_inputs(frame, totals, figure, params),
        gaps=list(frame.completeness.gaps),
    )


def _inputs(frame: Frame, totals: Totals, figure: str, params: PeopleFilter) -> list[ExplanationInput]:
    if figure in _PARTS:
        days = {"from": frame.chosen.start, "to": frame.chosen.end}
        return [
            ExplanationInput(
                name=name.replace("_", " "),
                value=totals.sum(name),
                unit=UNITS[name],
                link=_dashboard_link(params, name, days),
            )
            for name in _PARTS[figure]
        ]
    if figure in _BY_PERSON:
        return [part for name in _BY_PERSON[figure] for part in _by_person(frame, totals, name)]
    if frame.chosen.start == frame.chosen.end:
        return _by_person(frame, totals, figure)
    return [
        ExplanationInput(
            name=str(day.day),
            value=shown(figure, getattr(day, figure)),
            unit=UNITS[figure],
            link=_dashboard_link(params, figure, {"day": day.day}),
        )
        for day in totals.days
    ]


def _by_person(frame: Frame, totals: Totals, name: str) -> list[ExplanationInput]:
    """Each person's part that is not nothing, in the order of their numbers."""
    values = {person.person_id: getattr(person, name) for person in totals.people}
    return [
        ExplanationInput(
            name=f"{name.replace('_', ' ')} of {person.name} ({person.number})",
            value=shown(name, values[person.id]),
            unit=UNITS[name],
            link=_summary_link(frame.chosen, person.number, _OF_SUMMARY[name]),
        )
        for person in frame.chosen.people
        if values.get(person.id)
    ]


def _dashboard_link(params: PeopleFilter, figure: str, days: Mapping[str, date]) -> str:
    """Where the dashboard explains a figure of these people; comparisons are made of the same figures."""
    asked = params.model_dump(mode="json", include=set(People.model_fields), exclude_none=True)
    return "/v1/attendance/reports/dashboard/explain?" + urlencode({**asked, "figure": figure, **days})


def _summary_link(chosen: Chosen, number: str, figure: str) -> str:
    asked = {"from": chosen.start, "to": chosen.end, "rule_set": chosen.rule_set.name}
    return "/v1/attendance/reports/summary/explain?" + urlencode(
        {**asked, "person": number, "figure": figure}
    )

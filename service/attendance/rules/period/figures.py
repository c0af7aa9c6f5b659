"""The sums of a person's period: reports and explanations add up the same parts (spec A.13, F.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from service.attendance.rules.codes import Incident, Status
from service.attendance.rules.columns import NONE, Bools, Ints
from service.attendance.rules.period.episodes import Episodes
from service.attendance.rules.period.tally import Tally

Unit = Literal["seconds", "days", "minutes", "count"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure that is the sum of what each row adds to it; days in parts, `DAY_PARTS` to a day.

    `beside` are figures that show why it is what it is.
    """

    unit: Unit
    rule: str
    each: Callable[[Tally], Ints]
    source: str = "spec A.13"
    beside: tuple[str, ...] = ()

    def of(self, tally: Tally) -> Ints:
        """The figure of every person."""
        return np.bincount(tally.days.person, self.each(tally), tally.people).astype(np.int64)


def _first_days(tally: Tally, found: Episodes) -> Ints:
    """1 at the first row of every episode."""
    begins = np.zeros(len(tally.days), dtype=np.int64)
    _, rows = np.unique(found.of_row, return_index=True)
    begins[rows[found.of_row[rows] != NONE]] = 1
    return begins


def _missing(tally: Tally) -> Ints:
    days, missing = tally.days, np.zeros(len(tally.days), dtype=np.int64)
    for incident, status in (
        (Incident.MISSING_IN, Status.MISSING_IN),
        (Incident.MISSING_OUT, Status.MISSING_OUT),
    ):
        missing += (days.incidents & incident > 0) | (days.status == status)
    return missing


def _seconds(rule: str, each: Callable[[Tally], Ints], source: str = "spec A.13") -> Figure:
    return Figure(unit="seconds", rule=rule, each=lambda tally: each(tally) * tally.inside, source=source)


def _days(rule: str, each: Callable[[Tally], Ints], source: str = "spec F.4") -> Figure:
    return Figure(unit="days", rule=rule, each=each, source=source)


def _count(
    rule: str, each: Callable[[Tally], Ints | Bools], source: str = "spec A.13", beside: tuple[str, ...] = ()
) -> Figure:
    def counted(tally: Tally) -> Ints:
        return np.where(tally.inside, each(tally), 0).astype(np.int64)

    return Figure(unit="count", rule=rule, each=counted, source=source, beside=beside)


def _of_status(*statuses: Status) -> Callable[[Tally], Ints]:
    return lambda tally: np.where(np.isin(tally.days.status, statuses), tally.share, 0)


def leave_of(leave_type: int) -> Figure:
    """Days on leave of one type."""
    return _days(
        "Scheduled days on leave of this type, a half day half",
        lambda tally: np.where(tally.days.leave_type == leave_type, tally.on_leave, 0),
    )


FIGURES: Final[Mapping[str, Figure]] = {
    "worked_seconds": _seconds("Sum of worked time", lambda tally: tally.days.worked),
    "expected_seconds": _seconds("Sum of the shifts' expected time", lambda tally: tally.days.expected),
    "deducted_seconds": _seconds("Sum of the time deducted by leave", lambda tally: tally.days.deducted),
    "break_seconds": _seconds("Sum of breaks", lambda tally: tally.days.breaks),
    "overtime_seconds": _seconds("Sum of overtime", lambda tally: tally.days.overtime, "spec F.4"),
    "lates": _count(
        "Late entries that count: not forgiven, not so late as to be an absence", lambda tally: tally.late
    ),
    "late_minutes": Figure(
        unit="minutes",
        rule="Whole minutes of the late entries that count",
        each=lambda tally: np.where(tally.late & tally.inside, tally.days.late_minutes, 0),
        source="spec F.4",
        beside=("lates",),
    ),
    "late_deductions": _count(
        "A day for every so many lates, marked at the late that completes them",
        lambda tally: tally.deducting,
        "spec A.7, F.2 lates_per_absence",
    ),
    "absences": _days(
        "Scheduled days neither attended nor on leave", lambda tally: tally.absent, "spec A.13"
    ),
    "justified_absences": _days("Days away on leave", lambda tally: tally.justified, "spec A.13"),
    "absence_episodes": _count(
        "Runs of days of absence, counted at their first day",
        lambda tally: _first_days(tally, tally.runs(tally.absent)),
        "spec A.13, F.2 episode_bridging",
        beside=("absences", "rest_days", "holidays"),
    ),
    "early_exits": _count("Early exits", lambda tally: tally.days.early),
    "scheduled_days": _days(
        "Days with a shift to be worked: attended, absent or on leave",
        lambda tally: np.where(tally.working, tally.share, 0),
    ),
    "present_days": _days("Scheduled days attended", lambda tally: tally.present),
    "on_time_days": _days(
        "Scheduled days attended without a late that counts",
        lambda tally: np.where(tally.late, 0, tally.present),
    ),
    "leave_days": _days("Scheduled days on leave", lambda tally: tally.on_leave),
    "holidays": _days("Holidays not worked", _of_status(Status.HOLIDAY)),
    "rest_days": _days("Days off not worked", _of_status(Status.REST)),
    "worked_rest_days": _days(
        "Days off and holidays worked", _of_status(Status.REST_WORKED, Status.HOLIDAY_WORKED)
    ),
    "not_employed_days": _days("Days before joining or after leaving", _of_status(Status.NOT_EMPLOYED)),
    "undecided_days": _days("Days without an outcome", _of_status(Status.PENDING)),
    "missing_punches": _count("Entries and exits without a punch", _missing, "spec F.4"),
    "zero_hour_days": _days(
        "Scheduled days without leave and without worked time", lambda tally: tally.zero_hours, "spec A.15"
    ),
    "zero_hour_episodes": _count(
        "Runs of such days that follow each other in the calendar, counted at their first day",
        lambda tally: _first_days(tally, tally.runs(tally.zero_hours, bridging=False)),
        "spec A.15",
        beside=("zero_hour_days",),
    ),
}
"""The sums of a person's period by name."""

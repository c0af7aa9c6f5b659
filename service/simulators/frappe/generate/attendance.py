"""Frappe's own Attendance for generated days: its auto attendance in short (spec D.4, D.5), with human
corrections.

A few rows differ from the rules on purpose, as they do on real sites: absences that somebody set to Present
by hand, days whose punches came too late for the hourly job, half days forgiven. The reconciliation is to
find them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from service.simulators.frappe.generate.absences import Absence
from service.simulators.frappe.generate.moments import day_text, stamp, text
from service.simulators.frappe.generate.patterns import COMPANY, DAY, HOUR, Pattern
from service.simulators.frappe.generate.people import Person
from service.simulators.frappe.generate.punches import Punch
from service.simulators.frappe.values import Scalar

COLUMNS = (
    "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "employee", "employee_name",
    "working_hours", "status", "leave_type", "leave_application", "attendance_date", "company", "department",
    "attendance_request", "half_day_status", "shift", "in_time", "out_time", "late_entry", "early_exit",
)  # fmt: skip
_PATIENCE = 2 * HOUR  # a log that comes later than this after its window finds its day already marked
_CORRECTED = 0.02  # of absences, set to Present by hand


@dataclass(slots=True)
class Mark:
    """One Attendance to be. Times are whole seconds; `made` is when the job wrote it."""

    person: Person
    midnight: int
    made: int
    status: str = "Absent"
    shift: str | None = None
    hours: float = 0.0
    came: int | None = None
    left: int | None = None
    late: int = 0
    early: int = 0
    half_day_status: str | None = None
    absence: Absence | None = None
    by_hand: bool = False

    def row(self, name: str, micro: int) -> tuple[Scalar, ...]:
        absence, leave = self.absence, None
        if absence and absence.kind != "request":
            leave = absence.document
        request = absence.document if absence and absence.kind == "request" else None
        owner = "hr@example.com" if self.by_hand else "Administrator"
        made = stamp(self.made, micro)
        return (
            name, owner, made, made, owner, 1, 0, self.person.employee, self.person.full_name, self.hours,
            self.status,
            absence.leave_type if absence else None, leave, day_text(self.midnight // DAY), COMPANY,
            self.person.department, request, self.half_day_status, self.shift,
            None if self.came is None else text(self.came), None if self.left is None else text(self.left),
            self.late,
            self.early,
        )  # fmt: skip


def covered_day(person: Person, midnight: int, absence: Absence) -> Mark:
    """A day that a leave or a request decides: no shift, no hours."""
    return Mark(person, midnight, midnight, status=absence.status, absence=absence)


def mark_shift(
    dice: random.Random,
    person: Person,
    pattern: Pattern,
    midnight: int,
    punches: Sequence[Punch],
    half: Absence | None,
) -> Mark | None:
    """The row the hourly job makes of one shift, and which punches it took; None where it marks nothing."""
    closes = midnight + pattern.closes
    punctual = [punch for punch in punches if punch.shift is pattern and punch.creation <= closes + _PATIENCE]
    mark = Mark(person, midnight, closes + _PATIENCE, shift=pattern.name, absence=half)
    if punctual:
        _judge(mark, pattern, punctual)
    elif person.only_default and person.status != "Active":
        return None
    for punch in punches:
        punch.skip = int(punch.shift is pattern and punch not in punctual)
    if half is not None:
        mark.status = "Half Day"
        absent = not punctual or (pattern.absent and mark.hours < pattern.absent)
        mark.half_day_status = "Absent" if absent else "Present"
    elif mark.status == "Absent" and dice.random() < _CORRECTED:
        mark = Mark(person, midnight, mark.made, status="Present", shift=pattern.name, by_hand=True)
    return mark


def _judge(mark: Mark, pattern: Pattern, punches: list[Punch]) -> None:
    punches.sort(key=lambda punch: punch.time)
    mark.came, mark.left, mark.hours = measure(pattern, punches)
    grace = pattern.grace * 60
    mark.late = int(mark.came is not None and mark.came > mark.midnight + pattern.start + grace)
    mark.early = int(mark.left is not None and mark.left < mark.midnight + pattern.end - grace)
    if pattern.absent and mark.hours < pattern.absent:
        mark.status = "Absent"
    elif pattern.half_day and mark.hours < pattern.half_day:
        mark.status, mark.half_day_status = "Half Day", "Absent"
    else:
        mark.status = "Present"


def measure(pattern: Pattern, punches: Sequence[Punch]) -> tuple[int | None, int | None, float]:
    """First in, last out and hours of punches in order of time (spec D.4)."""
    if not pattern.strict:
        first, last = punches[0].time, punches[-1].time if len(punches) > 1 else None
        return first, last, _hours(first, last) if last is not None else 0.0
    if pattern.every_valid:
        return _pairs(punches)
    came = next((punch.time for punch in punches if punch.log_type == "IN"), None)
    left = next((punch.time for punch in reversed(punches) if punch.log_type == "OUT"), None)
    return came, left, _hours(came, left) if came is not None and left is not None else 0.0


def _pairs(punches: Sequence[Punch]) -> tuple[int | None, int | None, float]:
    came = left = opened = None
    hours = 0.0
    for punch in punches:
        if punch.log_type == "IN" and opened is None:
            opened = punch.time
            came = came if came is not None else opened
        elif punch.log_type == "OUT" and opened is not None:
            hours += _hours(opened, punch.time)
            left, opened = punch.time, None
    return came, left, round(hours, 2)


def _hours(begin: int, end: int) -> float:
    return round((end - begin) / HOUR, 2)

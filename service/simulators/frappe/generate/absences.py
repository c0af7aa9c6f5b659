"""Leaves and attendance requests: the documents, and what each does to a person's days."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from service.simulators.frappe.generate.people import Person

Kind = Literal["leave", "half", "request"]


@dataclass(frozen=True, slots=True)
class Absence:
    """What one approved document means for one day: status of the Attendance it makes and its links."""

    kind: Kind
    status: str
    leave_type: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A Leave Application or an Attendance Request to be stored, and the days it covers once in force."""

    doctype: str
    values: dict[str, object]
    days: dict[date, Absence]


def papers_of(
    dice: random.Random, person: Person, first: date, last: date, off: frozenset[date]
) -> list[Paper]:
    """The documents of one person in the span; those in draft, rejected or cancelled cover no day."""
    papers = []
    if dice.random() < 0.55:
        papers.append(_leave(dice, person, first, last, off))
    if dice.random() < 0.18:
        papers.append(_half_day(dice, person, first, last, off))
    if person.department == "Administration" and dice.random() < 0.6:
        papers.append(_request(dice, person, first, last, off))
    return [paper for paper in papers if person.employed_on(_date(paper.values["from_date"]))]


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    return value


def _some_day(dice: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=dice.randrange(max((last - first).days, 1)))


def _leave(dice: random.Random, person: Person, first: date, last: date, off: frozenset[date]) -> Paper:
    start = _some_day(dice, first, last)
    length = dice.choice((1, 1, 2, 3, 5, 5, 10))
    days = [start + timedelta(days=offset) for offset in range(length)]
    kind = dice.choices(
        ("Annual Leave", "Sick Leave", "Leave Without Pay", "Half Pay Leave", "Compensatory Off"),
        (50, 25, 12, 5, 8),
    )[0]
    status, docstatus = dice.choices(
        (("Approved", 1), ("Cancelled", 2), ("Open", 0), ("Rejected", 1)), (82, 6, 7, 5)
    )[0]
    values: dict[str, object] = {
        "leave_type": kind, "from_date": start, "to_date": days[-1], "half_day": 0, "status": status,
        "docstatus": docstatus, "total_leave_days": float(sum(day not in off for day in days)),
    }  # fmt: skip
    inside = days if status == "Approved" else []
    covered = {day: Absence("leave", "On Leave", kind) for day in inside if day not in off}
    return _paper("Leave Application", person, values, covered)


def _half_day(dice: random.Random, person: Person, first: date, last: date, off: frozenset[date]) -> Paper:
    """A single half day, or a half day at the end of a longer leave (spec D.8)."""
    start = _some_day(dice, first, last)
    longer = dice.random() < 0.3
    end = start + timedelta(days=1 if longer else 0)
    kind = dice.choice(("Annual Leave", "Sick Leave", "Leave Without Pay"))
    values: dict[str, object] = {
        "leave_type": kind, "from_date": start, "to_date": end, "half_day": 1, "half_day_date": end,
        "status": "Approved", "docstatus": 1, "total_leave_days": 1.5 if longer else 0.5,
    }  # fmt: skip
    covered = {start: Absence("leave", "On Leave", kind)} if longer else {}
    covered[end] = Absence("half", "Half Day", kind)
    kept = {day: absence for day, absence in covered.items() if day not in off}
    return _paper("Leave Application", person, values, kept)


def _request(dice: random.Random, person: Person, first: date, last: date, off: frozenset[date]) -> Paper:
    start = _some_day(dice, first, last)
    days = [start + timedelta(days=offset) for offset in range(dice.choice((1, 1, 2, 3)))]
    reason = dice.choice(("Work From Home", "Work From Home", "On Duty"))
    status = "Present" if reason == "On Duty" else reason
    values: dict[str, object] = {
        "from_date": start, "to_date": days[-1], "half_day": 0, "reason": reason, "docstatus": 1,
    }  # fmt: skip
    covered = {day: Absence("request", status) for day in days if day not in off}
    return _paper("Attendance Request", person, values, covered)


def _paper(doctype: str, person: Person, values: dict[str, object], days: dict[date, Absence]) -> Paper:
    own: dict[str, object] = {
        "employee": person.employee,
        "employee_name": person.full_name,
        "department": person.department,
    }
    return Paper(doctype, own | values, days)

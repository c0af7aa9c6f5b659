"""People, shifts, punches and leave of a test in a few lines; ids are handed out in order."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from service.attendance.rules.codes import CODES, PunchReason, Status, incident_names
from service.attendance.rules.evaluate import evaluate
from service.attendance.rules.inputs import (
    Assignments,
    HolidayListAssignments,
    Holidays,
    Inputs,
    Leaves,
    LeaveTypes,
    ManualDays,
    Overrides,
    People,
    Punches,
    Requests,
    ShiftTypes,
    WeeklySchedules,
)
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import RECOMMENDED, RuleSet

LATER = "2030-01-01T00:00:00"
WEEKENDS = 1
"""The holiday list that `weekends` fills."""

_TABLES: dict[str, Any] = {
    "people": People,
    "shift_types": ShiftTypes,
    "punches": Punches,
    "assignments": Assignments,
    "weekly_schedules": WeeklySchedules,
    "holidays": Holidays,
    "holiday_list_assignments": HolidayListAssignments,
    "leave_types": LeaveTypes,
    "leaves": Leaves,
    "requests": Requests,
    "manual_days": ManualDays,
    "overrides": Overrides,
}


def of_day(text: str) -> int:
    """Seconds after midnight of "8:00" or "8:00:30"."""
    parts = [int(part) for part in text.split(":")] + [0]
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def hours(text: str) -> int:
    """Seconds of a duration such as "08:59:59"."""
    return of_day(text)


@dataclass
class Scene:
    zone: str = "America/Mexico_City"
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in _TABLES})

    def add(self, table: str, **values: Any) -> int:
        number = len(self.rows[table]) + 1
        known = {"id": number} if "id" in _TABLES[table].columns else {}
        self.rows[table].append(known | values)
        return number

    def shift(self, start: str, end: str, **values: Any) -> int:
        return self.add("shift_types", start_s=of_day(start), end_s=of_day(end), **values)

    def person(self, **values: Any) -> int:
        return self.add("people", **{"joined": "2020-01-01"} | values)

    def assign(self, person: int, shift: int, *dates: str) -> None:
        """On single dates; see `add` for ranges."""
        for day in dates:
            self.add("assignments", person=person, shift_type=shift, start=day, end=day)

    def weekly(
        self, person: int, shift: int, weekdays: str, start: str = "2025-01-01", **values: Any
    ) -> None:
        """A shift on ISO weekdays such as "12345", as the earlier system's schedules are."""
        for weekday in weekdays:
            self.add(
                "weekly_schedules",
                person=person,
                shift_type=shift,
                weekday=int(weekday),
                start=start,
                **values,
            )

    def punch(self, person: int, *moments: str, **values: Any) -> list[int]:
        """A time without a date is on the date before it: "2025-07-01 08:00", "17:00"."""
        made, day = [], ""
        for moment in moments:
            day, time = moment.split(" ") if " " in moment else (day, moment)
            at = np.datetime64(day, "s") + np.timedelta64(of_day(time), "s")
            number = len(self.rows["punches"]) + 1
            made.append(self.add("punches", person=person, time=at, **{"rank": number} | values))
        return made

    def weekends(self, first: str = "2025-06-01", days: int = 62) -> None:
        """Saturdays and Sundays are weekly off in the list `WEEKENDS`."""
        for day in (date.fromisoformat(first) + timedelta(offset) for offset in range(days)):
            if day.weekday() >= 5:
                self.add("holidays", holiday_list=WEEKENDS, date=day, weekly_off=True)

    def inputs(self) -> Inputs:
        return Inputs(**{name: kind.from_rows(self.rows[name]) for name, kind in _TABLES.items()})

    def days(
        self,
        first: str,
        last: str = "",
        rules: RuleSet = RECOMMENDED,
        now: str = LATER,
        watermark: str = LATER,
    ) -> Days:
        return evaluate(
            self.inputs(),
            rules,
            date.fromisoformat(first),
            date.fromisoformat(last or first),
            zone=self.zone,
            now=np.datetime64(now.replace(" ", "T")),
            watermark=np.datetime64(watermark.replace(" ", "T")),
        )

    def day(
        self, on: str, rules: RuleSet = RECOMMENDED, person: int = 1, seq: int = 0, **asked: str
    ) -> "Row":
        days = self.days(on, rules=rules, **asked)
        return Row(days, days.find(person, on, seq))


@dataclass
class Row:
    """One row of a result with its numbers as names."""

    days: Days
    at: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.days, name)[self.at].item()

    @property
    def status(self) -> str:
        return Status(self.days.status[self.at]).name

    @property
    def base(self) -> str:
        return Status(self.days.base_status[self.at]).name

    @property
    def code(self) -> str:
        return CODES[self.days.code[self.at]]

    @property
    def incidents(self) -> list[str]:
        return incident_names(int(self.days.incidents[self.at]))

    @property
    def punches(self) -> list[int]:
        return self.days.punch_ids(self.at).tolist()

    @property
    def reasons(self) -> dict[int, str]:
        """Every punch kept with this row and why it is there."""
        start, end = self.days.punch_start[self.at], self.days.punch_total[self.at]
        part = slice(start, start + end)
        ids, reasons = self.days.punch_index[part].tolist(), self.days.punch_reason[part].tolist()
        return {punch: PunchReason(reason).name for punch, reason in zip(ids, reasons, strict=True)}


def office() -> Scene:
    """S9 of spec G: person 1, Mon-Fri 08:00-17:00, weekends off."""
    scene = Scene()
    scene.weekends()
    scene.shift("8:00", "17:00", name="S9")
    scene.person(default_shift=1, holiday_list=WEEKENDS)
    return scene


def nights() -> Scene:
    """N8 of spec G: person 1, Thu-Sat 18:00-02:00, in July 2025."""
    scene = Scene()
    scene.shift("18:00", "2:00", name="N8")
    person = scene.person()
    july = [date(2025, 7, 1) + timedelta(offset) for offset in range(31)]
    scene.assign(person, 1, *[str(day) for day in july if day.weekday() in (3, 4, 5)])
    return scene


def nine_to_five() -> Scene:
    """S9 as the earlier system keeps it: a weekly schedule, no holiday list."""
    scene = Scene()
    scene.shift("8:00", "17:00", name="S9")
    scene.weekly(scene.person(), 1, "12345")
    return scene


def weekly_nights() -> Scene:
    """N8 as the earlier system keeps it: Thursday to Saturday 18:00-02:00."""
    scene = Scene()
    scene.shift("18:00", "2:00", name="N8")
    scene.weekly(scene.person(), 1, "456")
    return scene

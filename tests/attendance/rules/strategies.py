"""Whole small companies for hypothesis: shifts, people, calendars, leave, punches, rule sets, moments."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from service.attendance.rules.codes import Status
from service.attendance.rules.evaluate import Evaluation, evaluate, evaluation
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
from service.attendance.rules.ruleset import RuleSet
from tests.attendance.rules.varied import rule_sets

ZONES = (
    "Europe/London",
    "America/Mexico_City",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
)


ANCHORS = (
    date(2025, 3, 30),  # Europe/London forward
    date(2025, 10, 26),  # and back
    date(2022, 4, 3),  # America/Mexico_City forward
    date(2022, 10, 30),  # and back
    date(2025, 3, 9),  # America/New_York forward
    date(2025, 11, 2),  # and back
    date(2025, 4, 6),  # Australia/Lord_Howe back
    date(2025, 10, 5),  # and forward
    date(2025, 2, 23),  # Africa/Casablanca: Ramadan
    date(2025, 4, 6),
    date(2024, 2, 29),
    date(2025, 12, 31),
)


SPAN = 4
"""Days of a period; everything around it is generated as well."""


@dataclass(frozen=True)
class Case:
    inputs: Inputs
    rules: RuleSet
    first: date
    last: date
    asked: dict[str, Any]

    def days(self) -> Days:
        return evaluate(self.inputs, self.rules, self.first, self.last, **self.asked)

    def evaluation(self) -> Evaluation:
        return evaluation(self.inputs, self.rules, self.first, self.last, **self.asked)

    def with_inputs(self, **tables: Any) -> "Case":
        return replace(self, inputs=replace(self.inputs, **tables))


_QUARTERS = st.integers(0, 95).map(lambda quarter: quarter * 900)


@st.composite
def _shift(draw: st.DrawFn, number: int, first: date) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"S{number}",
        "start_s": draw(_QUARTERS),
        "end_s": draw(_QUARTERS),
        "before_min": draw(st.sampled_from([0, 30, 60, 90, 240])),
        "after_min": draw(st.sampled_from([0, 30, 60, 120, 240])),
        "late_marking": draw(st.booleans()),
        "late_grace_min": draw(st.sampled_from([0, 5, 15])),
        "early_marking": draw(st.booleans()),
        "early_grace_min": draw(st.sampled_from([0, 5, 15])),
        "half_day_hours": draw(st.sampled_from([0.0, 4.0, 5.5])),
        "absent_hours": draw(st.sampled_from([0.0, 1.1, 2.0])),
        "pairing": draw(st.sampled_from([0, 1])),
        "hours_mode": draw(st.sampled_from([0, 1])),
        "holiday_list": draw(st.sampled_from([-1, -1, 2])),
        "mark_on_holidays": draw(st.booleans()),
        "auto": draw(st.sampled_from([True, True, True, False])),
        "process_after": first + timedelta(days=draw(st.sampled_from([-30, -30, 1]))),
        "last_sync": np.datetime64(first, "s") + draw(st.integers(24, 24 * 9)) * np.timedelta64(3600, "s"),
    }


@st.composite
def _person(draw: st.DrawFn, number: int, first: date, shifts: int) -> dict[str, Any]:
    near = st.integers(-2, SPAN + 1).map(lambda offset: first + timedelta(days=offset))
    return {
        "id": number,
        "joined": draw(st.one_of(*[st.just(date(2020, 1, 1))] * 3, st.none(), near)),
        "left": draw(st.one_of(*[st.none()] * 5, near)),
        "created": date(2020, 1, 1),
        "status": draw(st.sampled_from([0, 0, 0, 1, 2, 3])),
        "default_shift": draw(st.sampled_from([-1, *range(1, shifts + 1), *range(1, shifts + 1)])),
        "holiday_list": draw(st.sampled_from([-1, 1, 2])),
        "company_holiday_list": draw(st.sampled_from([-1, 2])),
        "company": 9,
    }


@st.composite
def _dated(draw: st.DrawFn, first: date, longest: int = 3) -> tuple[date, date]:
    start = first + timedelta(days=draw(st.integers(-3, SPAN + 1)))
    return start, start + timedelta(days=draw(st.integers(0, longest)))


@st.composite
def _leave(draw: st.DrawFn, number: int, first: date, people: int) -> dict[str, Any]:
    start, end = draw(_dated(first))
    offset = draw(st.one_of(st.none(), st.integers(0, (end - start).days)))
    return {
        "id": number,
        "person": draw(st.integers(1, people)),
        "leave_type": draw(st.integers(1, 5)),
        "start": start,
        "end": end,
        "half_day_date": None if offset is None else start + timedelta(days=offset),
        "half": draw(st.sampled_from([0, 1, 2])),
    }


@st.composite
def _request(draw: st.DrawFn, number: int, first: date, people: int) -> dict[str, Any]:
    start, end = draw(_dated(first))
    return {
        "id": number,
        "person": draw(st.integers(1, people)),
        "start": start,
        "end": end,
        "reason": draw(st.sampled_from([1, 2])),
        "half_day_date": draw(st.sampled_from([None, start])),
        "include_holidays": draw(st.booleans()),
    }


_NEAR = st.sampled_from([0, 0, 1, -1, 59, -60, 300, -300, 899, 900, 960, -900, -960, 1800, 3599, 3660, -3600])


_PATTERNS = ("io", "io", "io", "iobio", "i", "o", "iio", "ioo", "iior", "x", "xx")
"""i: near the start, o: near the end, b: before the middle, r: the previous one again, x: anywhere."""


@st.composite
def _visit(draw: st.DrawFn, first: date, people: int, shifts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The punches of one person around one shift, most of them as devices record them."""
    day = np.datetime64(first, "s") + draw(st.integers(-2, SPAN + 1)) * np.timedelta64(86_400, "s")
    shift = draw(st.sampled_from(shifts))
    start, length = shift["start_s"], (shift["end_s"] - shift["start_s"]) % 86_400
    person, typed = draw(st.integers(1, people)), draw(st.booleans())
    if draw(st.integers(0, 19)) == 0:
        person = people + 1
    made: list[dict[str, Any]] = []
    for mark in draw(st.sampled_from(_PATTERNS)):
        second = {
            "i": start + draw(_NEAR),
            "o": start + length + draw(_NEAR),
            "b": start + length // 2 + draw(_NEAR),
            "x": draw(st.integers(0, 86_399)),
            "r": draw(st.sampled_from([0, 0, 20])),
        }[mark]
        time = (made[-1]["time"] if mark == "r" else day) + np.timedelta64(second, "s")
        kind = {"i": 1, "o": -1}.get(mark, 0) if typed else 0
        skip = draw(st.integers(0, 24)) == 0
        made.append({"person": person, "time": time, "log_type": kind, "skip": skip})
    return made


@st.composite
def _punches(draw: st.DrawFn, first: date, people: int, shifts: list[dict[str, Any]]) -> Punches:
    visits = draw(st.lists(_visit(first, people, shifts), max_size=10))
    rows = [row for visit in visits for row in visit]
    ranks = draw(st.permutations(range(len(rows))))
    return Punches.from_rows(
        [{"id": number, "rank": ranks[number], **row} for number, row in enumerate(rows)]
    )


@st.composite
def _holidays(draw: st.DrawFn, first: date) -> list[dict[str, Any]]:
    offsets = draw(st.sets(st.tuples(st.integers(1, 3), st.integers(-2, SPAN + 1)), max_size=6))
    return [
        {
            "holiday_list": number,
            "date": first + timedelta(days=offset),
            "weekly_off": draw(st.booleans()),
            "half_day": draw(st.sampled_from([False, False, True])),
        }
        for number, offset in sorted(offsets)
    ]


_LEAVE_TYPES = [
    {"id": 1, "name": "Vacation"},
    {"id": 2, "name": "Unpaid", "unpaid": True},
    {"id": 3, "name": "Maternity", "include_holiday": True},
    {"id": 4, "name": "Keep", "policy": 2},
    {"id": 5, "name": "Zero", "unpaid": True, "policy": 1},
]


@st.composite
def cases(draw: st.DrawFn, rules: st.SearchStrategy[RuleSet] | None = None) -> Case:
    """A company of up to three people and three shift types over four days, with everything around them."""
    first = draw(st.sampled_from(ANCHORS)) - timedelta(days=draw(st.integers(0, 2)))
    shifts = [draw(_shift(number, first)) for number in range(1, draw(st.integers(1, 3)) + 1)]
    people = draw(st.integers(1, 3))
    numbers = range(1, people + 1)
    inputs = Inputs(
        people=People.from_rows([draw(_person(number, first, len(shifts))) for number in numbers]),
        shift_types=ShiftTypes.from_rows(shifts),
        punches=draw(_punches(first, people, shifts)),
        assignments=Assignments.from_rows(
            [draw(_assignment(first, people, shifts)) for _ in range(draw(st.integers(0, 4)))]
        ),
        weekly_schedules=WeeklySchedules.from_rows(
            [draw(_weekly(first, people, shifts)) for _ in range(draw(st.sampled_from([0, 0, 3, 8])))]
        ),
        holidays=Holidays.from_rows(draw(_holidays(first))),
        holiday_list_assignments=HolidayListAssignments.from_rows(
            [draw(_dated_list(first, people)) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
        ),
        leave_types=LeaveTypes.from_rows(_LEAVE_TYPES),
        leaves=Leaves.from_rows(
            [draw(_leave(number, first, people)) for number in range(draw(st.integers(0, 3)))]
        ),
        requests=Requests.from_rows(
            [draw(_request(number, first, people)) for number in range(draw(st.sampled_from([0, 0, 1, 2])))]
        ),
        manual_days=ManualDays.from_rows(
            [draw(_manual(number, first, people)) for number in range(draw(st.integers(0, 1)))]
        ),
        overrides=Overrides.from_rows(
            [draw(_override(number, first, people)) for number in range(draw(st.sampled_from([0, 0, 1, 3])))]
        ),
    )
    moments = st.integers(0, 24 * (SPAN + 6)).map(
        lambda hour: np.datetime64(first, "s") + np.timedelta64(hour, "h")
    )
    later = st.just(np.datetime64("2030-01-01T00:00:00"))
    asked = {
        "zone": draw(st.sampled_from(ZONES)),
        "now": draw(st.one_of(later, later, later, moments)),
        "watermark": draw(st.one_of(later, later, later, moments, st.none())),
    }
    chosen = draw(rules if rules is not None else rule_sets())
    return Case(inputs, chosen, first, first + timedelta(days=SPAN - 1), asked)


@st.composite
def _assignment(draw: st.DrawFn, first: date, people: int, shifts: list[dict[str, Any]]) -> dict[str, Any]:
    start, end = draw(_dated(first, 6))
    return {
        "person": draw(st.integers(1, people)),
        "shift_type": draw(st.integers(1, len(shifts))),
        "start": start,
        "end": draw(st.sampled_from([end, None])),
    }


@st.composite
def _weekly(draw: st.DrawFn, first: date, people: int, shifts: list[dict[str, Any]]) -> dict[str, Any]:
    start, end = draw(_dated(first, 6))
    return {
        "person": draw(st.integers(1, people)),
        "shift_type": draw(st.integers(1, len(shifts) + 1)),  # the last one is unknown
        "weekday": draw(st.integers(1, 7)),
        "half": draw(st.sampled_from([0, 0, 1, 2])),
        "priority": draw(st.sampled_from([1, 2, 2])),
        "start": draw(st.sampled_from([start, date(2020, 1, 1)])),
        "end": draw(st.sampled_from([end, None])),
    }


@st.composite
def _override(draw: st.DrawFn, number: int, first: date, people: int) -> dict[str, Any]:
    return {
        "id": number,
        "person": draw(st.integers(1, people)),
        "date": first + timedelta(days=draw(st.integers(0, SPAN - 1))),
        "status": int(draw(st.sampled_from([one for one in Status if one not in _NEVER_SET]))),
        "shift_seq": draw(st.sampled_from([-1, -1, 0, 1])),
    }


_NEVER_SET = (Status.PENDING, Status.NOT_EMPLOYED)


@st.composite
def _dated_list(draw: st.DrawFn, first: date, people: int) -> dict[str, Any]:
    start = first + timedelta(days=draw(st.integers(-5, SPAN)))
    owner = draw(st.one_of(st.just({"company": 9}), st.integers(1, people).map(lambda who: {"person": who})))
    return {"holiday_list": draw(st.integers(1, 3)), "start": start, **owner}


@st.composite
def _manual(draw: st.DrawFn, number: int, first: date, people: int) -> dict[str, Any]:
    return {
        "id": number,
        "person": draw(st.integers(1, people)),
        "date": first + timedelta(days=draw(st.integers(0, SPAN - 1))),
        "status": draw(st.sampled_from([7, 9, 15, 18])),
        "shift_type": draw(st.sampled_from([-1, 1])),
    }

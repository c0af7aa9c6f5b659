"""Q1: worked, expected, late and early time across clock changes against counting minutes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from service.attendance.rules.codes import Incident
from service.attendance.rules.evaluate import evaluate
from service.attendance.rules.inputs import Assignments, Inputs, People, Punches, ShiftTypes
from service.attendance.rules.results import Days
from service.attendance.rules.ruleset import RECOMMENDED
from tests.attendance.rules.minute_oracle import MINUTE, Minutes

CHANGES = [
    ("Europe/London", date(2025, 3, 30)),
    ("Europe/London", date(2025, 10, 26)),
    ("America/Mexico_City", date(2022, 4, 3)),
    ("America/Mexico_City", date(2022, 10, 30)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Africa/Casablanca", date(2025, 2, 23)),
    ("Africa/Casablanca", date(2025, 4, 6)),
    ("Asia/Kolkata", date(2025, 3, 30)),
]
SMALL, FULL = 182, 9_091
"""Cases per clock change: about 2,000 and 100,000 in all."""


@dataclass(frozen=True)
class Worked:
    """One person's one shift with an entry and an exit, as wall-clock times."""

    day: date
    start: datetime
    end: datetime
    entry: datetime
    exit: datetime


def _cases(change: date, count: int, seed: int) -> list[Worked]:
    random = np.random.default_rng(seed)
    made = []
    for day, start, length, early, late in zip(
        random.integers(-1, 2, count),
        random.integers(0, 1440, count),
        random.integers(240, 1080, count),
        random.integers(-90, 120, count),
        random.integers(-90, 60, count),
        strict=True,
    ):
        on = change + timedelta(days=int(day))
        begin = datetime(on.year, on.month, on.day) + MINUTE * int(start)
        end = begin + MINUTE * int(length)
        made.append(Worked(on, begin, end, begin + MINUTE * int(early), end + MINUTE * int(late)))
    return made


def _evaluated(cases: list[Worked], change: date, zone: str) -> Days:
    number = np.arange(len(cases))
    inputs = Inputs(
        people=People(id=number),
        shift_types=ShiftTypes(
            id=number,
            start_s=[
                (case.start - datetime.combine(case.day, datetime.min.time())).seconds for case in cases
            ],
            end_s=[case.end.hour * 3600 + case.end.minute * 60 for case in cases],
            before_min=np.full(len(cases), 120),
            after_min=np.full(len(cases), 120),
        ),
        assignments=Assignments(
            person=number,
            shift_type=number,
            start=[case.day for case in cases],
            end=[case.day for case in cases],
        ),
        punches=Punches(
            id=np.arange(2 * len(cases)),
            person=np.repeat(number, 2),
            time=[moment for case in cases for moment in (case.entry, case.exit)],
        ),
    )
    far = np.datetime64("2030-01-01T00:00:00")
    one = timedelta(days=1)
    return evaluate(inputs, RECOMMENDED, change - one, change + one, zone=zone, now=far, watermark=far)


def _by_counting(case: Worked, minutes: Minutes) -> dict[str, Any]:
    shown = [minutes.times_shown(moment) for moment in (case.entry, case.exit)]
    return {
        "worked_seconds": minutes.between(case.entry, case.exit),
        "expected_seconds": minutes.between(case.start, case.end),
        "late_seconds": minutes.between(case.start, case.entry),
        "early_seconds": minutes.between(case.exit, case.end),
        "ambiguous": 2 in shown,
        "nonexistent": 0 in shown,
    }


def _by_rules(days: Days, at: int) -> dict[str, Any]:
    names = ("worked_seconds", "expected_seconds", "late_seconds", "early_seconds")
    incidents = int(days.incidents[at])
    return {name: int(getattr(days, name)[at]) for name in names} | {
        "ambiguous": bool(incidents & Incident.AMBIGUOUS_TIME),
        "nonexistent": bool(incidents & Incident.NONEXISTENT_TIME),
    }


def _differences(zone: str, change: date, count: int) -> list[Any]:
    cases = _cases(change, count, seed=change.toordinal())
    days, minutes = _evaluated(cases, change, zone), Minutes(zone, change)
    rows = {(int(days.person[at]), days.work_date[at].item()): at for at in range(len(days))}
    found = [(case, _by_rules(days, rows[number, case.day])) for number, case in enumerate(cases)]
    return [(case, ours) for case, ours in found if ours != _by_counting(case, minutes)]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_q1_no_difference_from_counting_minutes(zone: str, change: date) -> None:
    assert _differences(zone, change, SMALL) == []


@pytest.mark.prove
@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_q1_no_difference_from_counting_minutes_full(zone: str, change: date) -> None:
    assert _differences(zone, change, FULL) == []


@pytest.mark.parametrize(
    ("zone", "night", "worked"),
    [
        ("America/New_York", date(2025, 3, 8), 7),
        ("America/New_York", date(2025, 11, 1), 9),
        ("Australia/Lord_Howe", date(2025, 4, 5), 8.5),
        ("Australia/Lord_Howe", date(2025, 10, 4), 7.5),
        ("Asia/Kolkata", date(2025, 3, 8), 8),
    ],
)
def test_q1_a_night_of_the_clock_change_is_as_long_as_it_was(zone: str, night: date, worked: float) -> None:
    start = datetime.combine(night, datetime.min.time()) + timedelta(hours=22)
    end = start + timedelta(hours=8)
    days = _evaluated([Worked(night, start, end, start, end)], night, zone)
    at = days.find(0, night)
    assert days.worked_seconds[at] == days.expected_seconds[at] == worked * 3600
    assert days.difference_seconds[at] == 0

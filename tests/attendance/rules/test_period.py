"""What days add up to, against a reckoning one row at a time in plain words."""

import os
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.rules.codes import CODE, Status
from service.attendance.rules.judged import SHEET_CODE
from service.attendance.rules.period.figures import FIGURES
from service.attendance.rules.period.tally import DAY_PARTS, Counting, PeriodDays, Tally

EXAMPLES = 300 if os.environ.get("MUSTER_PROVE") else 50
START = date(2026, 1, 20)
STATUSES = st.sampled_from([status for status in Status if status != Status.HALF_DAY])
OFF = {Status.REST, Status.HOLIDAY}


@st.composite
def periods(draw: st.DrawFn) -> tuple[list[dict[str, Any]], Counting]:
    """Two people over some weeks, with gaps, split shifts and days before the period."""
    rows: list[dict[str, Any]] = []
    for person in (0, 1):
        for number in range(-19, draw(st.integers(0, 25))):
            for status in draw(st.lists(STATUSES, min_size=0 if number % 9 == 8 else 1, max_size=2)):
                half = status in {Status.HALF_DAY_LEAVE, Status.HALF_DAY_ABSENT}
                rows.append(
                    {
                        "person": person,
                        "date": START + timedelta(days=number),
                        "status": status,
                        "code": CODE[SHEET_CODE[status]],
                        "leave_type": draw(st.integers(1, 2)),
                        "leave": 50 if half else 0,
                        "worked": draw(st.sampled_from([0, 3600])),
                        "late_counted": status in {Status.LATE, Status.SEVERE_LATE},
                        "late_minutes": 20,
                    }
                )
    carry = draw(st.sampled_from(["report", "month", "half_month"]))
    counting = Counting(
        start=START, lates_per_absence=draw(st.integers(1, 4)), carry_over=carry, bridging=draw(st.booleans())
    )
    return rows, counting


def tally_of(rows: list[dict[str, Any]], counting: Counting) -> Tally:
    read = [row for row in rows if row["date"] >= counting.count_from]
    return Tally(PeriodDays.from_rows(read), counting, people=2)


def sums(tally: Tally) -> dict[str, list[Fraction]]:
    scale = {name: DAY_PARTS if figure.unit == "days" else 1 for name, figure in FIGURES.items()}
    return {
        name: [Fraction(int(value), scale[name]) for value in figure.of(tally)]
        for name, figure in FIGURES.items()
    }


@given(periods())
@settings(max_examples=EXAMPLES)
def test_every_day_is_counted_once(given_rows: tuple[list[dict[str, Any]], Counting]) -> None:
    rows, counting = given_rows
    found = sums(tally_of(rows, counting))
    kinds = ("holidays", "rest_days", "worked_rest_days", "not_employed_days", "undecided_days")
    for person in (0, 1):
        days = {row["date"] for row in rows if row["person"] == person and row["date"] >= START}
        parts = ("present_days", "leave_days", "absences")
        assert sum(found[name][person] for name in parts) == found["scheduled_days"][person]
        assert sum(found[name][person] for name in ("scheduled_days", *kinds)) == len(days)
        assert found["on_time_days"][person] <= found["present_days"][person]
        assert found["justified_absences"][person] <= found["leave_days"][person]


def episodes_by_hand(rows: list[dict[str, Any]], person: int, bridging: bool) -> int:
    """Walks the calendar from day to day."""
    absent = {Status.ABSENT, Status.HALF_DAY_ABSENT}
    by_day: dict[date, set[Status]] = {}
    for row in rows:
        if row["person"] == person and row["date"] >= START:
            by_day.setdefault(row["date"], set()).add(row["status"])
    episodes, within, day = 0, False, START
    while day <= START + timedelta(days=40):
        statuses = by_day.get(day, set())
        if statuses & absent:
            episodes += not within
            within = True
        elif not (bridging and statuses and statuses <= OFF):
            within = False
        day += timedelta(days=1)
    return episodes


@given(periods())
@settings(max_examples=EXAMPLES)
def test_c22_episodes_are_those_a_calendar_shows(given_rows: tuple[list[dict[str, Any]], Counting]) -> None:
    rows, counting = given_rows
    tally = tally_of(rows, counting)
    found = sums(tally)
    runs = tally.runs(tally.absent)
    for person in (0, 1):
        expected = episodes_by_hand(rows, person, counting.bridging)
        assert found["absence_episodes"][person] == expected == int((runs.person == person).sum())
    assert (runs.bridged >= 0).all()
    assert counting.bridging or not runs.bridged.any()
    assert set(np.flatnonzero(runs.of_row >= 0)) == set(np.flatnonzero(tally.absent))


@given(periods())
@settings(max_examples=EXAMPLES)
def test_c25_lates_are_carried_over_as_the_rule_set_says(
    given_rows: tuple[list[dict[str, Any]], Counting],
) -> None:
    rows, counting = given_rows
    found = sums(tally_of(rows, counting))
    assert counting.lates_per_absence is not None
    for person in (0, 1):
        running, unit, deductions = 0, None, 0
        for row in rows:
            day = row["date"]
            if row["person"] != person or not row["late_counted"] or day < counting.count_from:
                continue
            now = {"report": 0, "month": day.month, "half_month": (day.month, day.day > 15)}[
                counting.carry_over
            ]
            running, unit = (running + 1 if now == unit else 1), now
            deductions += running % counting.lates_per_absence == 0 and day >= START
        assert found["late_deductions"][person] == deductions


def test_g_o_104_three_single_days_and_three_in_a_row() -> None:
    def bradford(*days: int, bridging: bool = False) -> tuple[Fraction, Fraction]:
        rows = [
            {
                "person": 0,
                "date": START + timedelta(days=n),
                "status": status,
                "code": CODE[SHEET_CODE[status]],
            }
            for n in range(7)
            for status in [Status.ABSENT if n in days else Status.REST if n in {4, 5} else Status.PRESENT]
        ]
        found = sums(tally_of(rows, Counting(start=START, bridging=bridging)))
        return found["absence_episodes"][0], found["absences"][0]

    assert bradford(0, 2, 6) == (3, 3)
    assert bradford(0, 1, 2) == (1, 3)
    # C.22: from Friday over the weekend to Monday.
    assert bradford(3, 6) == (2, 2)
    assert bradford(3, 6, bridging=True) == (1, 2)


def test_an_empty_period_has_no_figures() -> None:
    tally = Tally(PeriodDays.from_rows([]), Counting(start=START), people=2)
    assert set(map(tuple, sums(tally).values())) == {(0, 0)}

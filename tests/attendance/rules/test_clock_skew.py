"""Clocks that are set wrong: told from many people at one device and day, never from themselves."""

from collections.abc import Sequence

import numpy as np
import pytest

from service.attendance.rules.clock_skew import Readings, Skew, skewed_clocks

GATE, DOOR = 1, 2
Reading = tuple[int, int, int, int]
"""Person, device, day, seconds after the shift's start."""


def skews(rows: Sequence[Reading], last: bool = False) -> list[Skew]:
    person, device, day, seconds = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return skewed_clocks(Readings(person, device, day, seconds, np.full(len(rows), last)))


def day_of(day: int, seconds: int, device: int = GATE, people: int = 5) -> list[Reading]:
    return [(person, device, day, seconds + person) for person in range(people)]


USUAL = [*day_of(1, 0), *day_of(2, -120)]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("shift", [3600, -3600])
def test_a_day_on_which_everybody_is_an_hour_off_is_the_clock(shift: int, last: bool) -> None:
    (skew,) = skews([*USUAL, *day_of(3, shift)], last)
    assert (skew.device, skew.day, skew.last, skew.people) == (GATE, 3, last, 5)
    assert (skew.median_seconds, skew.usual_seconds, skew.usual_punches) == (shift + 2, -58, 10)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        USUAL,
        [*USUAL, *day_of(3, 3600, people=4)],
        [*USUAL, *day_of(3, 1198)],
        day_of(3, 3600),
        [*day_of(1, 660), *day_of(2, 660), *day_of(3, 3600)],
        [*USUAL, *[(0, GATE, 3, 3600 + step) for step in range(9)]],
    ],
    ids=["nothing", "usual", "four people", "20 minutes", "no usual day", "always late", "one person"],
)
def test_what_proves_nothing_is_not_said(rows: list[Reading]) -> None:
    assert skews(rows) == []


def test_a_clock_wrong_for_weeks_is_no_yardstick_for_itself() -> None:
    wrong = [reading for day in range(10, 30) for reading in day_of(day, 2400, DOOR)]
    found = skews([*USUAL, *wrong])
    assert [(skew.device, skew.day) for skew in found] == [(DOOR, day) for day in range(10, 30)]
    assert {skew.usual_punches for skew in found} == {10}


def test_the_order_of_readings_changes_nothing() -> None:
    rows = [*USUAL, *day_of(3, 3600), *day_of(4, -2400, DOOR)]
    assert skews(rows) == skews(rows[::-1])


def test_entries_are_named_before_exits() -> None:
    rows = np.array([*USUAL, *day_of(3, 3600)] * 2, dtype=np.int64).T
    last = np.arange(rows.shape[1]) >= rows.shape[1] // 2
    (skew,) = skewed_clocks(Readings(*rows, last))
    assert not skew.last

"""Spec G.2: breaks, order, duplicates under `recommended` (S9)."""

from dataclasses import replace
from typing import Any

import pytest

from service.attendance.rules.codes import HoursMode
from service.attendance.rules.ruleset import RECOMMENDED, Punching
from tests.attendance.rules.scene import Row, Scene, hours, office


def _day(*times: str, punching: Punching = RECOMMENDED.punching) -> Row:
    scene = office()
    scene.punch(1, f"2025-07-01 {times[0]}", *times[1:])
    return scene.day("2025-07-01", replace(RECOMMENDED, punching=punching))


def test_g_o_14_a_break_is_shown_not_subtracted() -> None:
    row = _day("08:00", "12:00", "13:00", "17:00")
    assert (row.worked_seconds, row.break_seconds) == (hours("09:00"), hours("01:00"))


def test_g_o_15_two_breaks() -> None:
    row = _day("08:00", "10:00", "10:30", "12:00", "13:00", "17:00")
    assert (row.worked_seconds, row.break_seconds) == (hours("09:00"), hours("01:30"))


@pytest.mark.parametrize("times", [("08:00", "12:00", "12:04", "17:00"), ("08:00", "12:00", "17:00")])
def test_g_o_16_no_break(times: tuple[str, ...]) -> None:
    assert _day(*times).break_seconds == 0


def test_g_o_17_arrival_order_does_not_matter() -> None:
    row = _day("17:00", "08:00")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("PRESENT", 0, hours("09:00"))


def test_g_o_18_reversed_arrival_is_as_g_o_14() -> None:
    row = _day("17:00", "13:00", "12:00", "08:00")
    assert (row.worked_seconds, row.break_seconds) == (hours("09:00"), hours("01:00"))


def test_g_o_19_a_pair_of_punches_at_either_end_is_no_break() -> None:
    row = _day("08:00:00", "08:00:00", "17:00:00", "17:00:05")
    assert (row.worked_seconds, row.break_seconds, row.punches) == (hours("09:00:05"), 0, [1, 4])


def test_g_n_20_equal_upstream_rows_are_one_punch() -> None:
    row = _day("08:00", "08:00", "17:00")
    assert (row.punches, row.punch_count) == ([1, 3], 2)
    assert row.reasons[2] == "DUPLICATE_ROW"
    assert row.incidents == ["DUPLICATE"]
    assert row.days.punch_duplicate_of[row.days.punch_index == 2] == [1]


def test_g_n_21_bursts_collapse() -> None:
    row = _day("08:00:00", "08:00:20", "12:00", "12:00:40", "13:00", "17:00")
    assert row.punches == [1, 3, 5, 6]
    assert row.break_seconds == hours("01:00")


def test_only_punches_within_the_limit_are_a_burst() -> None:
    row = _day("08:00:00", "08:01:00", "08:02:01", "17:00:00")
    assert row.punches == [1, 3, 4]


def test_the_last_of_the_final_burst_counts() -> None:
    row = _day("08:00:00", "17:00:00", "17:00:05")
    assert (row.punches, row.worked_seconds) == ([1, 3], hours("09:00:05"))


def test_a_single_burst_is_one_entry() -> None:
    row = _day("08:00:00", "08:00:20")
    assert (row.status, row.punches) == ("MISSING_OUT", [1])


def test_g_n_22_breaks_subtracted_where_the_rule_set_says_so() -> None:
    punching = replace(RECOMMENDED.punching, break_policy="subtract_detected")
    row = _day("08:00", "12:00", "13:00", "17:00", punching=punching)
    assert (row.worked_seconds, row.gross_seconds) == (hours("08:00"), hours("09:00"))


def test_a_fixed_break_is_taken_from_long_days_only() -> None:
    punching = replace(RECOMMENDED.punching, break_policy="subtract_fixed", break_fixed_min=45)
    assert _day("08:00", "17:00", punching=punching).worked_seconds == hours("08:15")
    assert _day("08:00", "14:00", punching=punching).worked_seconds == hours("06:00")


@pytest.mark.parametrize(
    ("policy", "times", "worked"),
    [
        ("subtract_detected", ("08:00", "12:00", "13:00", "17:00"), "08:00"),
        ("subtract_fixed", ("08:00", "12:00", "12:20", "17:00"), "08:15"),
        ("subtract_fixed", ("08:00", "17:00"), "08:15"),
        ("informational", ("08:00", "12:00", "13:00", "17:00"), "08:00"),
    ],
)
def test_a_break_between_pairs_that_count_is_not_subtracted_again(
    policy: Any, times: tuple[str, ...], worked: str
) -> None:
    scene = Scene()
    scene.shift("8:00", "17:00", hours_mode=HoursMode.EVERY_VALID)
    scene.person(default_shift=1)
    scene.punch(1, f"2025-07-01 {times[0]}", *times[1:])
    punching = replace(RECOMMENDED.punching, pairing="shift", break_policy=policy, break_fixed_min=45)
    assert scene.day("2025-07-01", replace(RECOMMENDED, punching=punching)).worked_seconds == hours(worked)


def test_equal_times_of_two_people_or_types_are_no_duplicates() -> None:
    scene = office()
    scene.person(default_shift=1, holiday_list=1)
    for person in (1, 2):
        scene.punch(person, "2025-07-01 08:00", "17:00")
    assert [scene.day("2025-07-01", person=person).punches for person in (1, 2)] == [[1, 2], [3, 4]]
    untouched = replace(RECOMMENDED, punching=replace(RECOMMENDED.punching, dedupe_seconds=0))
    scene.punch(1, "2025-07-01 17:00", log_type=1)
    assert sorted(scene.day("2025-07-01", untouched).punches) == [1, 2, 5]


def test_breaks_stay_within_their_day() -> None:
    scene = office()
    for on in ("2025-07-01", "2025-07-02", "2025-07-03"):
        scene.punch(1, f"{on} 08:00", "12:00", "13:00", "17:00")
    days = scene.days("2025-07-01", "2025-07-03")
    assert days.break_seconds.tolist() == [hours("01:00")] * 3

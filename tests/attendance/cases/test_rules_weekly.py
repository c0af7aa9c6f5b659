"""Spec G.1-G.5 under `recommended` where people are on weekly schedules, as the earlier system keeps them."""

import pytest

from tests.attendance.rules.scene import Scene, hours, nine_to_five, weekly_nights


def test_g_o_41_the_whole_night_belongs_to_the_half_month_it_starts_in() -> None:
    scene = Scene()
    scene.shift("22:00", "6:00")
    scene.weekly(scene.person(), 1, "1234567", half=1)
    scene.punch(1, "2025-07-15 22:00", "2025-07-16 06:00")
    night, rest = (scene.day(f"2025-07-{day}") for day in (15, 16))
    assert (night.status, night.worked_seconds, night.incidents) == ("PRESENT", hours("08:00"), [])
    assert (rest.status, rest.expected_seconds, rest.reasons) == ("REST", 0, {})


def test_g_o_42_a_specific_row_stands_before_the_general_one() -> None:
    scene = nine_to_five()
    scene.shift("9:00", "14:00")
    scene.weekly(1, 2, "1", priority=1)
    days = scene.days("2025-07-07", "2025-07-11")
    assert days.shift_type.tolist() == [2, 1, 1, 1, 1]
    assert days.expected_seconds.tolist() == [hours("05:00")] + [hours("09:00")] * 4


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("20:00", "8:00", "12:00"),
        ("18:00", "2:00", "08:00"),
        ("14:00", "5:00", "15:00"),
        ("16:45", "3:00", "10:15"),
        ("8:10", "16:50", "08:40"),
    ],
)
def test_g_o_44_hours_of_shifts_are_exact(start: str, end: str, expected: str) -> None:
    scene = Scene()
    scene.shift(start, end)
    scene.weekly(scene.person(), 1, "1234567")
    assert scene.day("2025-07-01").expected_seconds == hours(expected)


def test_g_o_47_three_nights_sum_to_an_hour_more_than_planned() -> None:
    scene = weekly_nights()
    scene.punch(
        1, "2025-07-03 18:04", "22:30", "2025-07-04 00:15", "02:04", "18:00", "2025-07-05 02:59", "18:08:41",
        "2025-07-06 02:10:56",
    )  # fmt: skip
    days = scene.days("2025-07-03", "2025-07-06")
    assert int(days.worked_seconds.sum()) == hours("25:01:15")
    assert int(days.expected_seconds.sum()) == hours("24:00")
    assert int(days.difference_seconds.sum()) == hours("01:01:15")


def test_g_o_56_two_long_nights_and_an_absence() -> None:
    scene = Scene()
    scene.shift("20:00", "8:00")
    scene.weekly(scene.person(), 1, "123")
    scene.punch(1, "2025-07-07 19:50", "2025-07-08 08:05", "19:55", "2025-07-09 08:00")
    found = [scene.day(f"2025-07-0{day}") for day in (7, 8, 9)]
    assert [row.worked_seconds for row in found] == [hours("12:15"), hours("12:05"), 0]
    assert [row.status for row in found] == ["PRESENT", "PRESENT", "ABSENT"]
    assert sum(row.difference_seconds for row in found) == -hours("11:40")

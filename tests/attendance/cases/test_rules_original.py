"""Spec G.1-G.5 under `original`: the earlier system's answers, where the spec does not call them bugs."""

from dataclasses import replace

import pytest

from service.attendance.rules.codes import Half
from service.attendance.rules.ruleset import ORIGINAL
from tests.attendance.rules.scene import Row, Scene, hours, nine_to_five, weekly_nights


def _day(on: str, *times: str) -> Row:
    scene = nine_to_five()
    scene.punch(1, f"{on} {times[0]}", *times[1:])
    return scene.day(on, ORIGINAL)


def _nights(*moments: str) -> Scene:
    scene = weekly_nights()
    scene.punch(1, *moments)
    return scene


def test_g_o_01_on_time() -> None:
    row = _day("2025-07-01", "08:00", "17:00")
    assert (row.status, row.late_minutes, row.worked_seconds, row.early) == (
        "PRESENT",
        0,
        hours("09:00"),
        False,
    )


def test_g_o_02_seconds_beyond_the_tolerance_are_late() -> None:
    row = _day("2025-07-02", "08:15:59", "17:00")
    assert (row.status, row.late_minutes, row.late_counted) == ("LATE", 15, True)
    assert row.worked_seconds == hours("08:44:01")


def test_g_o_03_late() -> None:
    row = _day("2025-07-03", "08:16", "17:00")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("LATE", 16, hours("08:44"))


def test_g_o_04_forgiven_when_hours_are_met() -> None:
    row = _day("2025-07-04", "08:16", "17:16")
    assert (row.status, row.base, row.late_minutes, row.late_counted) == ("LATE_FORGIVEN", "LATE", 16, False)


@pytest.mark.parametrize(
    ("on", "times", "minutes", "worked"),
    [
        pytest.param("2025-07-07", ("09:00:59", "17:00"), 60, "07:59:01", id="g_o_05"),
        pytest.param("2025-07-08", ("09:01", "18:30"), 61, "09:29:00", id="g_o_06"),
    ],
)
def test_g_o_05_06_more_than_an_hour_late_is_an_unjustified_absence(
    on: str, times: tuple[str, ...], minutes: int, worked: str
) -> None:
    row = _day(on, *times)
    assert (row.status, row.code, row.late_minutes, row.late_counted) == ("SEVERE_LATE", "A", minutes, False)
    assert row.worked_seconds == hours(worked)


def test_g_o_07_a_single_entry_is_late_and_no_hours() -> None:
    row = _day("2025-07-09", "08:20")
    assert (row.status, row.late_minutes, row.late_counted) == ("LATE", 20, True)
    assert (row.worked_seconds, row.early) == (0, False)


def test_g_o_08_exactly_the_tolerance_is_not_early() -> None:
    row = _day("2025-07-10", "07:00", "16:45")
    assert (row.status, row.early, row.worked_seconds) == ("PRESENT", False, hours("09:45"))


def test_g_o_09_a_second_more_is_early() -> None:
    row = _day("2025-07-11", "08:00", "16:44:59")
    assert (row.status, row.early, row.worked_seconds) == ("PRESENT", True, hours("08:44:59"))


def test_g_o_10_work_on_a_day_without_schedule_keeps_its_hours() -> None:
    row = _day("2025-07-12", "10:00", "12:00")
    assert (row.status, row.worked_seconds, row.expected_seconds) == ("REST_WORKED", hours("02:00"), 0)


def test_g_o_12_sixty_minutes_are_late() -> None:
    assert _day("2025-07-01", "09:00", "17:00").status == "LATE"


@pytest.mark.parametrize(
    ("last", "early"), [("17:50", False), ("17:45:00", False), ("17:44", True), ("17:30", True)]
)
def test_g_o_13_early_exit(last: str, early: bool) -> None:
    scene = Scene()
    scene.shift("9:00", "18:00")
    scene.weekly(scene.person(), 1, "12345")
    scene.punch(1, "2025-07-01 09:00", last)
    assert scene.day("2025-07-01", ORIGINAL).early is early


def test_a_single_punch_in_the_afternoon_is_an_entry() -> None:
    row = _day("2025-07-01", "16:50")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("SEVERE_LATE", 530, 0)


@pytest.mark.parametrize(
    ("times", "pause", "worked"),
    [
        pytest.param(("08:00", "12:00", "13:00", "17:00"), "01:00", "09:00", id="g_o_14"),
        pytest.param(("08:00", "10:00", "10:30", "12:00", "13:00", "17:00"), "01:30", "09:00", id="g_o_15"),
        pytest.param(("08:00", "12:00", "12:04", "17:00"), "00:00", "09:00", id="g_o_16-short"),
        pytest.param(("08:00", "12:00", "17:00"), "00:00", "09:00", id="g_o_16-three"),
        pytest.param(("08:00", "08:00", "17:00", "17:00:05"), "00:00", "09:00:05", id="g_o_19"),
    ],
)
def test_g_o_14_15_16_19_breaks_are_informational(times: tuple[str, ...], pause: str, worked: str) -> None:
    row = _day("2025-07-01", *times)
    assert (row.break_seconds, row.worked_seconds) == (hours(pause), hours(worked))


@pytest.mark.parametrize(
    ("times", "pause"),
    [
        pytest.param(("17:00", "08:00"), "00:00", id="g_o_17"),
        pytest.param(("17:00", "13:00", "12:00", "08:00"), "01:00", id="g_o_18"),
    ],
)
def test_g_o_17_18_arrival_order_does_not_matter(times: tuple[str, ...], pause: str) -> None:
    row = _day("2025-07-01", *times)
    assert (row.status, row.late_minutes, row.worked_seconds) == ("PRESENT", 0, hours("09:00"))
    assert row.break_seconds == hours(pause)


def _with_leave(
    first: str, last: str = "", *, unpaid: bool = False, half: int = 0, half_on: str | None = None
) -> Scene:
    scene = nine_to_five()
    scene.add("leave_types", name="Vacaciones", unpaid=unpaid)
    dates = {"start": first, "end": last or first, "half_day_date": half_on}
    scene.add("leaves", person=1, leave_type=1, half=half, **dates)
    return scene


def test_g_o_23_leave_justifies_the_absence() -> None:
    row = _with_leave("2025-07-02").day("2025-07-02", ORIGINAL)
    assert (row.status, row.base, row.code) == ("ABSENT_JUSTIFIED", "ABSENT", "L")
    assert (row.expected_net_seconds, row.deducted_seconds) == (0, hours("09:00"))


def test_g_o_24_half_a_day_of_leave_justifies_a_severe_lateness() -> None:
    scene = _with_leave("2025-07-03", half_on="2025-07-03", half=Half.FIRST)
    scene.punch(1, "2025-07-03 12:30", "17:00")
    row = scene.day("2025-07-03", ORIGINAL)
    assert (row.status, row.base, row.late_minutes) == ("ABSENT_JUSTIFIED", "SEVERE_LATE", 270)
    assert row.expected_net_seconds == row.deducted_seconds == row.worked_seconds == hours("04:30")


def test_g_o_25_a_lateness_on_half_a_day_of_leave_stays() -> None:
    scene = _with_leave("2025-07-04", half_on="2025-07-04", half=Half.SECOND)
    scene.punch(1, "2025-07-04 08:30", "12:30")
    row = scene.day("2025-07-04", ORIGINAL)
    assert (row.status, row.late_minutes, row.early) == ("LATE", 30, True)
    assert (row.worked_seconds, row.expected_net_seconds) == (hours("04:00"), hours("04:30"))


@pytest.mark.parametrize("half_on", [None, "2025-07-08"])
def test_g_o_26_unpaid_leave_keeps_the_expected_hours(half_on: str | None) -> None:
    row = _with_leave("2025-07-08", unpaid=True, half_on=half_on).day("2025-07-08", ORIGINAL)
    assert (row.status, row.expected_net_seconds, row.deducted_seconds) == (
        "ABSENT_JUSTIFIED",
        hours("09:00"),
        0,
    )


def test_g_o_27_the_other_days_of_a_half_day_leave_are_leave() -> None:
    scene = _with_leave("2025-07-09", "2025-07-11", half_on="2025-07-09")
    found = [scene.day(f"2025-07-{day:02}", ORIGINAL) for day in (9, 10, 11)]
    assert [row.status for row in found] == ["ABSENT_JUSTIFIED"] * 3
    assert [row.expected_net_seconds for row in found] == [hours("04:30"), 0, 0]


def test_g_o_28_a_lateness_on_a_day_of_leave_is_forgiven() -> None:
    scene = _with_leave("2025-07-01")
    scene.punch(1, "2025-07-01 08:30", "12:00")
    row = scene.day("2025-07-01", ORIGINAL)
    assert (row.status, row.base, row.early) == ("LATE_FORGIVEN", "LATE", True)
    assert row.worked_seconds == hours("03:30")


def test_a_lone_late_punch_on_a_day_of_leave_is_forgiven_too() -> None:
    scene = _with_leave("2025-07-01")
    scene.punch(1, "2025-07-01 08:30")
    row = scene.day("2025-07-01", ORIGINAL)
    assert (row.base, row.status, row.late_counted) == ("LATE", "LATE_FORGIVEN", False)


def test_g_o_29_leave_over_a_weekend_justifies_only_the_friday() -> None:
    scene = _with_leave("2025-07-04", "2025-07-06")
    found = [scene.day(f"2025-07-0{day}", ORIGINAL) for day in (4, 5, 6)]
    assert [row.status for row in found] == ["ABSENT_JUSTIFIED", "REST", "REST"]
    assert [row.deducted_seconds for row in found] == [hours("09:00"), 0, 0]


def test_g_o_32_before_hire_nothing_is_expected() -> None:
    scene = Scene()
    scene.shift("8:00", "17:00")
    scene.weekly(scene.person(joined="2025-07-09"), 1, "12345")
    scene.punch(1, "2025-07-09 08:00", "17:00")
    days = scene.days("2025-07-01", "2025-07-10", ORIGINAL)
    found = [Row(days, at) for at in range(len(days))]
    assert [row.status for row in found] == ["NOT_EMPLOYED"] * 8 + ["PRESENT", "ABSENT"]
    assert sum(row.expected_seconds for row in found) == hours("18:00")
    assert sum(row.difference_seconds for row in found) == -hours("09:00")


def test_g_o_41_a_night_belongs_to_the_half_month_it_starts_in() -> None:
    scene = Scene()
    scene.shift("22:00", "6:00")
    scene.weekly(scene.person(), 1, "1234567", half=1)
    scene.punch(1, "2025-07-15 22:00", "2025-07-16 06:00")
    night, rest = (scene.day(f"2025-07-{day}", ORIGINAL) for day in (15, 16))
    assert (night.status, night.worked_seconds, rest.status) == ("PRESENT", hours("08:00"), "REST")


def test_g_o_42_a_specific_row_stands_before_the_general_one() -> None:
    scene = nine_to_five()
    scene.shift("9:00", "14:00")
    scene.weekly(1, 2, "1", priority=1)
    days = scene.days("2025-07-07", "2025-07-11", ORIGINAL)
    assert days.shift_type.tolist() == [2, 1, 1, 1, 1]


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
    """The earlier system rounded 8 h 40 min to 8.67 h, 12 s more."""
    scene = Scene()
    scene.shift(start, end)
    scene.weekly(scene.person(), 1, "1234567")
    assert scene.day("2025-07-01", ORIGINAL).expected_seconds == hours(expected)


def test_g_o_46_a_night_belongs_to_the_day_it_starts() -> None:
    row = _nights("2025-07-03 18:04", "22:30", "2025-07-04 00:15", "02:04").day("2025-07-03", ORIGINAL)
    assert (row.status, row.late_minutes, row.worked_seconds) == ("PRESENT", 4, hours("08:00"))


def test_g_o_47_two_nights_and_a_clean_sunday() -> None:
    scene = _nights(
        "2025-07-03 18:04", "2025-07-04 02:04", "18:00", "2025-07-05 02:59", "18:08:41", "2025-07-06 02:10:56"
    )
    found = [scene.day(f"2025-07-0{day}", ORIGINAL) for day in (3, 4, 5, 6)]
    worked = [row.worked_seconds for row in found]
    assert worked == [hours("08:00"), hours("08:59"), hours("08:02:15"), 0]
    assert (found[2].late_minutes, found[2].status, found[3].status) == (8, "PRESENT", "REST")
    assert sum(row.difference_seconds for row in found) == hours("01:01:15")


def test_g_o_48_an_exit_after_the_grace_is_nobodys_absence() -> None:
    scene = _nights("2025-07-03 18:04", "2025-07-04 03:00")
    thursday, friday = (scene.day(f"2025-07-0{day}", ORIGINAL) for day in (3, 4))
    assert (thursday.status, thursday.worked_seconds) == ("PRESENT", 0)
    assert thursday.incidents == ["MISSING_OUT"]
    assert (friday.status, friday.incidents) == ("ABSENT", ["OFF_SHIFT"])


def test_g_o_49_the_last_second_of_the_grace_belongs_to_the_night() -> None:
    row = _nights("2025-07-03 18:00", "2025-07-04 02:59:59").day("2025-07-03", ORIGINAL)
    assert (row.status, row.worked_seconds) == ("PRESENT", hours("08:59:59"))


def test_g_o_50_early_arrival_counts() -> None:
    scene = _nights("2025-07-03 17:50", "2025-07-04 02:00")
    assert scene.day("2025-07-03", ORIGINAL).worked_seconds == hours("08:10")
    assert scene.day("2025-07-04", ORIGINAL).status == "ABSENT"


def test_g_o_52_arrival_after_midnight_is_390_minutes_late() -> None:
    row = _nights("2025-07-04 00:30", "02:00").day("2025-07-03", ORIGINAL)
    assert (row.status, row.late_minutes, row.worked_seconds) == ("SEVERE_LATE", 390, hours("01:30"))


def test_g_o_53_only_exits_are_a_missing_night_entry() -> None:
    row = _nights("2025-07-04 02:05", "02:07").day("2025-07-03", ORIGINAL)
    assert (row.status, row.worked_seconds, row.late_counted) == ("MISSING_IN", 0, False)
    assert str(row.last_out) == "2025-07-04 02:07:00"


def test_g_o_54_the_exit_after_the_period_is_read() -> None:
    row = _nights("2025-07-05 18:00", "2025-07-06 02:00").day("2025-07-05", ORIGINAL)
    assert row.worked_seconds == hours("08:00")


def test_g_o_56_two_long_nights_and_an_absence() -> None:
    scene = Scene()
    scene.shift("20:00", "8:00")
    scene.weekly(scene.person(), 1, "123")
    scene.punch(1, "2025-07-07 19:50", "2025-07-08 08:05", "19:55", "2025-07-09 08:00")
    found = [scene.day(f"2025-07-0{day}", ORIGINAL) for day in (7, 8, 9)]
    assert [row.worked_seconds for row in found] == [hours("12:15"), hours("12:05"), 0]
    assert [row.status for row in found] == ["PRESENT", "PRESENT", "ABSENT"]
    assert sum(row.difference_seconds for row in found) == -hours("11:40")


def test_a_schedule_that_changes_leaves_the_past_as_it_was() -> None:
    scene = nine_to_five()
    scene.shift("10:00", "19:00")
    scene.weekly(1, 2, "12345", start="2025-07-07")
    assert scene.days("2025-07-04", "2025-07-07", ORIGINAL).shift_type.tolist() == [1, -1, -1, 2]


def test_two_rows_of_one_date_are_the_parts_of_a_split_shift() -> None:
    scene = nine_to_five()
    scene.shift("18:00", "21:00")
    scene.weekly(1, 2, "1")
    assert scene.days("2025-07-07", "", ORIGINAL).shift_type.tolist() == [1, 2]


def test_a_day_within_a_schedule_and_without_a_row_is_rest_whatever_the_default_shift() -> None:
    scene = Scene()
    scene.shift("8:00", "17:00")
    scene.weekly(scene.person(default_shift=1), 1, "12345", end="2025-07-31")
    assert scene.day("2025-07-05", ORIGINAL).status == "REST"
    assert scene.day("2025-08-02", ORIGINAL).status == "ABSENT"


def test_severe_lateness_is_forgiven_only_where_the_rule_set_says_so() -> None:
    lenient = replace(ORIGINAL, punctuality=replace(ORIGINAL.punctuality, forgive_severe=True))
    scene = nine_to_five()
    scene.punch(1, "2025-07-08 09:01", "18:30")
    assert scene.day("2025-07-08", lenient).status == "LATE_FORGIVEN"

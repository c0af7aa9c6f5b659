"""Spec G.3: leave, hire date, rest days under `recommended` (S9)."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from service.attendance.rules.codes import CODES, Half, RequestReason, Status
from service.attendance.rules.ruleset import RECOMMENDED
from tests.attendance.rules.scene import Scene, hours, office


def _with_leave(
    first: str, last: str = "", *, unpaid: bool = False, half: int = 0, half_on: str | None = None
) -> Scene:
    scene = office()
    scene.add("leave_types", name="Vacaciones", unpaid=unpaid)
    scene.add(
        "leaves", person=1, leave_type=1, start=first, end=last or first, half_day_date=half_on, half=half
    )
    return scene


# By hand on a day of leave: present, absent, half a day of leave; half of it without any; a day off worked.
@pytest.mark.parametrize(
    ("leave", "status", "net", "overtime", "fraction"),
    [
        (True, Status.PRESENT, "09:00", "01:00", 0),
        (True, Status.ABSENT, "09:00", "01:00", 0),
        (True, Status.ON_LEAVE, "00:00", "00:00", 100),
        (True, Status.HALF_DAY_LEAVE, "04:30", "05:30", 50),
        (False, Status.HALF_DAY_LEAVE, "04:30", "05:30", 50),
        (False, Status.HOLIDAY_WORKED, "00:00", "10:00", 0),
    ],
)
def test_hours_and_leave_follow_the_status_by_hand(
    leave: bool, status: Status, net: str, overtime: str, fraction: int
) -> None:
    scene = _with_leave("2025-07-02") if leave else office()
    scene.punch(1, "2025-07-02 08:00", "18:00")
    scene.add("overrides", person=1, date="2025-07-02", status=status)
    row = scene.day("2025-07-02")
    assert (row.expected_net_seconds, row.overtime_seconds) == (hours(net), hours(overtime))
    assert (row.status, row.leave_fraction) == (status.name, fraction)


def test_work_elsewhere_that_was_set_to_absent_excuses_no_hours() -> None:
    scene = office()
    scene.add("requests", person=1, start="2025-07-02", end="2025-07-02", reason=RequestReason.WFH)
    scene.add("overrides", person=1, date="2025-07-02", status=Status.ABSENT)
    assert scene.day("2025-07-02").difference_seconds == -hours("09:00")


def test_g_o_23_full_leave_without_punches() -> None:
    row = _with_leave("2025-07-02").day("2025-07-02")
    assert (row.status, row.code, row.expected_net_seconds) == ("ON_LEAVE", "L", 0)
    assert (row.deducted_seconds, row.leave_fraction, row.difference_seconds) == (hours("09:00"), 100, 0)


@pytest.mark.parametrize("half", [Half.FIRST, Half.UNKNOWN])
def test_g_o_24_first_half_on_leave_moves_the_entry(half: Half) -> None:
    scene = _with_leave("2025-07-03", half_on="2025-07-03", half=half)
    scene.punch(1, "2025-07-03 12:30", "17:00")
    row = scene.day("2025-07-03")
    assert (row.status, row.code, row.late_seconds) == ("HALF_DAY_LEAVE", "HD/P", 0)
    assert row.expected_net_seconds == row.deducted_seconds == row.worked_seconds == hours("04:30")


@pytest.mark.parametrize("half", [Half.SECOND, Half.UNKNOWN])
def test_g_o_25_second_half_on_leave_moves_the_exit(half: Half) -> None:
    scene = _with_leave("2025-07-04", half_on="2025-07-04", half=half)
    scene.punch(1, "2025-07-04 08:30", "12:30")
    row = scene.day("2025-07-04")
    assert (row.status, row.early, row.late_minutes, row.late_counted) == ("HALF_DAY_LEAVE", False, 30, True)
    assert row.worked_seconds == hours("04:00")


def test_half_unknown_and_punches_in_both_halves_is_held_against_nobody() -> None:
    scene = _with_leave("2025-07-04", half_on="2025-07-04")
    scene.punch(1, "2025-07-04 08:30", "12:40")
    row = scene.day("2025-07-04")
    assert (row.late_seconds, row.early_seconds) == (0, 0)


def test_half_a_day_off_leaves_the_other_end_of_the_shift_where_it_is() -> None:
    first = _with_leave("2025-07-03", half_on="2025-07-03", half=Half.FIRST)
    first.punch(1, "2025-07-03 12:00", "16:00")
    assert first.day("2025-07-03").early_minutes == 60
    second = _with_leave("2025-07-03", half_on="2025-07-03", half=Half.SECOND)
    second.punch(1, "2025-07-03 09:00", "13:00")
    assert second.day("2025-07-03").late_minutes == 60


def test_g_o_26_unpaid_leave_keeps_the_expected_hours() -> None:
    full = _with_leave("2025-07-07", unpaid=True).day("2025-07-07")
    assert (full.status, full.expected_net_seconds, full.deducted_seconds) == ("ON_LEAVE", hours("09:00"), 0)
    half = _with_leave("2025-07-08", unpaid=True, half_on="2025-07-08").day("2025-07-08")
    assert (half.status, half.code, half.deducted_seconds) == ("HALF_DAY_ABSENT", "HD/A", 0)


@pytest.mark.parametrize(
    ("unpaid", "leave_expected", "net"),
    [
        (False, "keep", "09:00"),
        (True, "zero", "00:00"),
        (True, "by_type", "09:00"),
        (False, "by_type", "00:00"),
    ],
)
def test_what_leave_does_to_expected_hours_is_a_parameter(
    unpaid: bool, leave_expected: Any, net: str
) -> None:
    rules = replace(RECOMMENDED, absence=replace(RECOMMENDED.absence, leave_expected=leave_expected))
    row = _with_leave("2025-07-02", unpaid=unpaid).day("2025-07-02", rules)
    assert row.expected_net_seconds == hours(net)


def test_g_o_27_half_day_date_decides_and_the_other_days_are_full_leave() -> None:
    scene = _with_leave("2025-07-09", "2025-07-11", half_on="2025-07-10")
    days = scene.days("2025-07-09", "2025-07-11")
    assert [Status(status).name for status in days.status] == ["ON_LEAVE", "HALF_DAY_ABSENT", "ON_LEAVE"]
    assert days.leave_fraction.tolist() == [100, 50, 100]


def test_g_o_28_work_on_a_day_of_leave_is_kept_and_flagged() -> None:
    scene = _with_leave("2025-07-01")
    scene.punch(1, "2025-07-01 08:30", "12:00")
    row = scene.day("2025-07-01")
    assert (row.status, row.incidents, row.worked_seconds) == (
        "ON_LEAVE",
        ["WORKED_ON_LEAVE"],
        hours("03:30"),
    )
    assert (row.late, row.early, row.overtime_seconds) == (False, False, 0)


def test_g_o_29_leave_over_a_weekend_takes_only_the_working_day() -> None:
    days = _with_leave("2025-07-04", "2025-07-06").days("2025-07-04", "2025-07-06")
    assert [CODES[code] for code in days.code] == ["L", "WO", "WO"]
    assert days.deducted_seconds.tolist() == [hours("09:00"), 0, 0]
    assert days.leave_fraction.tolist() == [100, 0, 0]


def test_g_o_32_before_hire() -> None:
    scene = office()
    scene.rows["people"][0]["joined"] = "2025-07-09"
    scene.punch(1, "2025-07-09 08:00", "17:00")
    days = scene.days("2025-07-01", "2025-07-10")
    assert [Status(status).name for status in days.status] == ["NOT_EMPLOYED"] * 8 + ["PRESENT", "ABSENT"]
    assert days.expected_seconds.sum() == hours("18:00")
    assert days.difference_seconds.sum() == -hours("09:00")


def test_g_n_34_leave_that_began_before_the_period() -> None:
    days = _with_leave("2025-06-25", "2025-07-03").days("2025-07-01", "2025-07-15")
    assert [CODES[code] for code in days.code[:4]] == ["L", "L", "L", "A"]


@pytest.mark.parametrize(
    ("approved", "docstatus", "status"),
    [(True, 1, "ON_LEAVE"), (True, 0, "ABSENT"), (True, 2, "ABSENT"), (False, 1, "ABSENT")],
)
def test_g_n_35_only_approved_and_submitted_leave_counts(approved: bool, docstatus: int, status: str) -> None:
    scene = _with_leave("2025-07-02")
    scene.rows["leaves"][0] |= {"approved": approved, "docstatus": docstatus}
    assert scene.day("2025-07-02").status == status


def test_g_n_36_after_leaving() -> None:
    scene = office()
    scene.rows["people"][0]["left"] = "2025-07-09"
    days = scene.days("2025-07-08", "2025-07-11")
    assert [Status(status).name for status in days.status] == ["ABSENT", "ABSENT", *["NOT_EMPLOYED"] * 2]


def test_g_n_37_somebody_without_any_punch_is_there_and_absent() -> None:
    days = office().days("2025-07-01", "2025-07-31")
    assert Counter(Status(status).name for status in days.status) == {"ABSENT": 23, "REST": 8}


def test_g_n_39_a_holiday_and_work_on_it() -> None:
    scene = office()
    scene.add("holidays", holiday_list=1, date="2025-07-16", description="Fiesta")
    row = scene.day("2025-07-16")
    assert (row.status, row.code, row.expected_seconds) == ("HOLIDAY", "H", 0)
    scene.punch(1, "2025-07-16 08:00", "17:00")
    row = scene.day("2025-07-16")
    assert (row.status, row.overtime_seconds) == ("HOLIDAY_WORKED", hours("09:00"))


def test_two_half_days_of_leave_are_a_day_of_leave() -> None:
    scene = _with_leave("2025-07-03", half_on="2025-07-03", half=Half.FIRST)
    scene.add(
        "leaves",
        person=1,
        leave_type=1,
        start="2025-07-03",
        end="2025-07-03",
        half_day_date="2025-07-03",
        half=2,
    )
    row = scene.day("2025-07-03")
    assert (row.status, row.leave_fraction, row.deducted_seconds) == ("ON_LEAVE", 100, hours("09:00"))

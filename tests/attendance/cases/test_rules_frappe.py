"""Spec G.6 and D.3-D.9: the upstream's own rules under `frappe_hr`."""

import pytest

from service.attendance.rules.codes import (
    HoursMode,
    PendingReason,
    PersonStatus,
    RequestReason,
    Status,
)
from service.attendance.rules.ruleset import FRAPPE_HR
from tests.attendance.rules.processed import AUTO, ON, minutes_before, processed, upstream_day
from tests.attendance.rules.scene import Row, Scene


@pytest.mark.parametrize(("mode", "expected"), [(HoursMode.FIRST_LAST, 650), (HoursMode.EVERY_VALID, 450)])
def test_g_h_59_alternating_hours(mode: HoursMode, expected: int) -> None:
    scene = processed("8:00", "17:00", hours_mode=mode)
    minutes_before(scene, [390, 300, 270, 90, 0], f"{ON}T16:00:00")
    row = upstream_day(scene)
    assert (row.hours, str(row.first_in)[11:], str(row.last_out)[11:]) == (expected, "09:30:00", "16:00:00")


@pytest.mark.parametrize(
    ("half_day", "absent", "status"), [(0, 0, "PRESENT"), (0, 2, "ABSENT"), (2, 0, "HALF_DAY")]
)
def test_g_h_61_one_log(half_day: float, absent: float, status: str) -> None:
    scene = processed(half_day_hours=half_day, absent_hours=absent)
    scene.punch(1, f"{ON} 08:00")
    row = upstream_day(scene)
    assert (row.status, row.hours, row.last_out) == (status, 0, None)
    assert row.incidents == ["MISSING_OUT"]


def test_g_h_62_window_ends_are_inside() -> None:
    scene = processed()
    scene.punch(1, f"{ON} 08:45", "07:00:00", "13:00:00", "13:01:00")
    row = upstream_day(scene)
    assert sorted(row.punches) == [1, 2, 3]
    assert row.reasons[4] == "OFF_SHIFT"


def test_g_h_64_both_logs_of_a_night_share_its_window() -> None:
    scene = Scene()
    scene.shift("23:00", "1:00", **AUTO)
    scene.person()
    scene.add("assignments", person=1, shift_type=1, start="2025-07-01")
    scene.punch(1, f"{ON} 23:00", "2025-07-11 01:30")
    row = upstream_day(scene)
    assert row.punches == [1, 2]
    assert (str(row.window_start), str(row.window_end)) == ("2025-07-10 22:00:00", "2025-07-11 02:00:00")


def test_g_h_65_a_night_assigned_for_one_day() -> None:
    scene = Scene()
    scene.shift("23:00", "7:00", **AUTO)
    scene.person()
    scene.assign(1, 1, ON)
    scene.punch(1, f"{ON} 23:00", "2025-07-11 07:00")
    outside = scene.punch(1, f"{ON} 07:00", "2025-07-11 23:00", "2025-07-09 23:00")
    assert upstream_day(scene).punches == [1, 2]
    for punch, on in zip(outside, [ON, "2025-07-11", "2025-07-09"], strict=True):
        assert upstream_day(scene, on).reasons[punch] == "OFF_SHIFT"


def test_g_h_67_a_window_that_ends_after_midnight() -> None:
    scene = Scene()
    scene.shift("15:00", "23:00", after_min=120, **AUTO)
    scene.person()
    scene.assign(1, 1, ON)
    scene.punch(1, f"{ON} 14:00", "2025-07-11 01:00")
    assert upstream_day(scene).punches == [1, 2]


@pytest.mark.parametrize(
    ("first", "last", "late", "early"),
    [
        ("09:30", "10:30", True, True),
        ("09:00:00", "11:00:00", False, False),
        ("09:00:01", "10:59:59", True, True),
    ],
)
def test_g_h_68_marks_are_strict(first: str, last: str, late: bool, early: bool) -> None:
    scene = processed(late_marking=True, late_grace_min=60, early_marking=True, early_grace_min=60)
    scene.punch(1, f"{ON} {first}", last)
    row = upstream_day(scene)
    assert (row.code, row.late, row.early) == ("P", late, early)


@pytest.mark.parametrize(
    ("half_day", "absent", "worked", "code"),
    [
        (2, 1, 90, "HD/A"),
        (2, 1, 45, "A"),
        (2, 1, 120, "P"),
        (2, 1, 60, "HD/A"),
        (0, 2, 90, "A"),
        (2, 0, 90, "HD/A"),
    ],
)
def test_g_h_69_and_70_thresholds(half_day: float, absent: float, worked: int, code: str) -> None:
    scene = processed(half_day_hours=half_day, absent_hours=absent)
    minutes_before(scene, [worked, 0], f"{ON}T12:00:00")
    assert upstream_day(scene).code == code


def test_g_h_71_a_shift_waits_until_the_sync_has_passed_its_window() -> None:
    outcomes = []
    for last_sync in ("2025-07-11T00:30:00", "2025-07-11T01:00:00"):
        scene = processed("15:00", "23:30", last_sync=last_sync)
        scene.punch(1, f"{ON} 15:00", "23:30")
        outcomes.append(upstream_day(scene))
    assert [row.code for row in outcomes] == ["", "P"]
    assert outcomes[0].pending_reason == PendingReason.UPSTREAM_NOT_THERE_YET


def test_g_h_72_absent_marking_ends_the_day_before() -> None:
    """Today is 10 July: processed from 4 July, synced at 15:00 today."""
    scene = Scene()
    scene.shift("8:00", "12:00", auto=True, process_after="2025-07-04", last_sync=f"{ON}T15:00:00")
    scene.person()
    scene.assign(1, 1, "2025-07-05")
    scene.add("assignments", person=1, shift_type=1, start="2025-07-06")
    days = scene.days("2025-07-03", ON, FRAPPE_HR, now=f"{ON} 15:00", watermark=f"{ON} 15:00")
    assert [Row(days, at).code for at in range(len(days))] == ["", "", "A", "A", "A", "A", "A", ""]


def test_g_h_73_absent_marking_keeps_to_employment() -> None:
    """Today is 31 July: joined 1 July, left 26 July, processed from 3 July, assigned from 6 July."""
    scene = Scene()
    scene.shift("8:00", "12:00", auto=True, process_after="2025-07-03", last_sync="2025-07-31T15:00:00")
    scene.person(joined="2025-07-01", left="2025-07-26", status=PersonStatus.LEFT)
    scene.add("assignments", person=1, shift_type=1, start="2025-07-06")
    assert [upstream_day(scene, on).code for on in ("2025-07-01", "2025-07-26", "2025-07-27")] == [
        "",
        "A",
        "",
    ]


def test_g_h_74_manual_attendance_stands() -> None:
    scene = processed()
    scene.add("manual_days", person=1, date=ON, status=Status.PRESENT)
    scene.punch(1, f"{ON} 08:00", "12:00")
    row = upstream_day(scene)
    assert (row.code, row.hours, row.first_in) == ("P", 0, None)
    assert set(row.reasons.values()) == {"CONFLICT"}


def test_g_h_74_manual_attendance_of_one_shift_stands_for_that_shift() -> None:
    scene = Scene()
    scene.shift("8:00", "10:00", **AUTO)
    scene.shift("12:00", "14:00", **AUTO)
    for person in (1, 2):
        scene.person()
        for shift in (1, 2):
            scene.assign(person, shift, ON, "2025-07-11")
    scene.add("manual_days", person=1, date=ON, status=Status.WFH, shift_type=2)
    scene.add("manual_days", person=2, date="2025-07-11", status=Status.PRESENT)
    days = scene.days(ON, "2025-07-11", FRAPPE_HR)
    assert [Row(days, at).code for at in range(8)] == ["A", "WFH", "A", "A", "A", "A", "P", "P"]


@pytest.mark.parametrize(("marked", "code"), [(False, "WO"), (True, "P")])
def test_g_h_75_holidays(marked: bool, code: str) -> None:
    scene = processed(mark_on_holidays=marked)
    scene.rows["people"][0]["holiday_list"] = 1
    for on in (ON, "2025-07-11"):
        scene.add("holidays", holiday_list=1, date=on, weekly_off=True)
    scene.punch(1, f"{ON} 08:00", "12:00")
    assert upstream_day(scene).code == code
    assert upstream_day(scene, "2025-07-11").code == "WO"
    assert ("DAY_OFF" in upstream_day(scene).reasons.values()) is not marked


def test_g_h_79_two_shifts_a_day() -> None:
    scene = Scene()
    scene.shift("8:00", "10:00", **AUTO)
    scene.shift("11:00", "12:00", **AUTO)
    scene.person()
    for shift in (1, 2):
        scene.assign(1, shift, ON)
    scene.punch(1, f"{ON} 08:00", "10:00", "11:00", "12:00")
    assert [upstream_day(scene, seq=seq).punches for seq in (0, 1)] == [[1, 2], [3, 4]]
    assert [upstream_day(scene, seq=seq).hours for seq in (0, 1)] == [200, 100]


def test_g_h_79_overlapping_shifts_are_refused() -> None:
    scene = Scene()
    scene.shift("8:00", "10:00", **AUTO)
    scene.shift("9:30", "11:00", **AUTO)
    scene.person()
    for shift in (1, 2):
        scene.assign(1, shift, ON)
    scene.punch(1, f"{ON} 08:00", "09:45", "10:30", "11:00")
    assert [upstream_day(scene, seq=seq).code for seq in (0, 1)] == ["P", ""]
    assert set(upstream_day(scene, seq=1).reasons.values()) == {"CONFLICT"}


@pytest.mark.parametrize(
    ("include_holidays", "leave", "codes"),
    [(False, False, ["OD", "H"]), (True, False, ["OD", "OD"]), (False, True, ["OD", "H"])],
)
def test_g_h_80_attendance_request(include_holidays: bool, leave: bool, codes: list[str]) -> None:
    scene = processed()
    scene.rows["people"][0]["holiday_list"] = 1
    scene.add("holidays", holiday_list=1, date=ON)
    scene.add(
        "requests",
        person=1,
        start="2025-07-09",
        end=ON,
        reason=RequestReason.ON_DUTY,
        include_holidays=include_holidays,
    )
    if leave:
        scene.add("leaves", person=1, leave_type=1, start=ON, end=ON)
    assert [upstream_day(scene, on).code for on in ("2025-07-09", ON)] == codes


def test_g_h_80_leave_stands_before_a_request() -> None:
    scene = processed()
    scene.add("requests", person=1, start="2025-07-09", end=ON, reason=RequestReason.ON_DUTY)
    scene.add("leaves", person=1, leave_type=1, start=ON, end=ON)
    assert [upstream_day(scene, on).code for on in ("2025-07-09", ON)] == ["OD", "L"]


@pytest.mark.parametrize(("minutes", "code"), [(90, "HD/A"), (150, "P"), (45, "A")])
def test_g_h_81_thresholds_are_halved_on_half_holidays(minutes: int, code: str) -> None:
    scene = processed("8:00", "16:00", half_day_hours=4, absent_hours=2)
    scene.rows["people"][0]["holiday_list"] = 1
    scene.add("holidays", holiday_list=1, date=ON, half_day=True)
    minutes_before(scene, [minutes, 0], f"{ON}T12:00:00")
    assert upstream_day(scene).code == code


def test_g_h_82_nothing_is_marked_outside_employment() -> None:
    scene = processed()
    scene.rows["people"][0] |= {"joined": "2025-07-11", "left": "2025-07-15", "status": PersonStatus.LEFT}
    scene.punch(1, "2025-07-12 08:00", "12:00")
    days = scene.days(ON, "2025-07-17", FRAPPE_HR)
    names = [Row(days, at).status for at in range(len(days))]
    assert names == ["NOT_EMPLOYED", "PENDING", "PRESENT", *["PENDING"] * 3, *["NOT_EMPLOYED"] * 2]
    assert all(Row(days, at).code == "" for at in (0, 1, 3, 4, 5, 6, 7))

"""Spec G.1: lateness, early exit, forgiveness under `recommended` (S9: Mon-Fri 08:00-17:00)."""

from dataclasses import replace

import pytest

from service.attendance.rules.codes import LogType, Status
from service.attendance.rules.ruleset import RECOMMENDED
from tests.attendance.rules.scene import Row, hours, office


def _day(on: str, *times: str) -> Row:
    scene = office()
    scene.punch(1, f"{on} {times[0]}", *times[1:])
    return scene.day(on)


def test_g_o_01_on_time() -> None:
    row = _day("2025-07-01", "08:00", "17:00")
    assert (row.status, row.code, row.late_minutes, row.worked_seconds) == ("PRESENT", "P", 0, hours("09:00"))
    assert not row.early
    assert row.difference_seconds == 0


def test_g_o_02_whole_minutes_are_compared_and_shown() -> None:
    row = _day("2025-07-02", "08:15:59", "17:00")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("PRESENT", 15, hours("08:44:01"))


def test_g_o_03_late() -> None:
    row = _day("2025-07-03", "08:16:00", "17:00")
    assert (row.status, row.late_minutes, row.late_counted) == ("LATE", 16, True)


def test_g_o_04_forgiven_when_hours_are_met() -> None:
    row = _day("2025-07-04", "08:16:00", "17:16:00")
    assert (row.status, row.base, row.late_minutes) == ("LATE_FORGIVEN", "LATE", 16)
    assert (row.late_counted, row.late_forgiven) == (False, True)


def test_g_o_05_one_hour_and_some_seconds_is_still_late_60() -> None:
    row = _day("2025-07-07", "09:00:59", "17:00")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("LATE", 60, hours("07:59:01"))


def test_g_o_06_severe_lateness_is_not_forgiven() -> None:
    row = _day("2025-07-08", "09:01:00", "18:30:00")
    assert (row.status, row.code, row.late_minutes) == ("SEVERE_LATE", "P", 61)
    assert row.worked_seconds == hours("09:29:00")
    assert row.late_counted


def test_g_o_07_a_single_entry_is_a_missing_exit_and_late() -> None:
    row = _day("2025-07-09", "08:20:00")
    assert (row.status, row.base, row.late_minutes, row.late_counted) == ("MISSING_OUT", "LATE", 20, True)
    assert (row.worked_seconds, row.early, row.incidents) == (0, False, ["MISSING_OUT"])


def test_g_o_08_exactly_the_grace_is_not_early() -> None:
    row = _day("2025-07-10", "07:00:00", "16:45:00")
    assert (row.status, row.late_minutes, row.early, row.worked_seconds) == (
        "PRESENT",
        0,
        False,
        hours("09:45"),
    )


def test_g_o_09_whole_minutes_count_so_a_second_more_is_not_early() -> None:
    """One resolution for both ends of the day (C.14); `original` calls the second early."""
    row = _day("2025-07-11", "08:00:00", "16:44:59")
    assert (row.status, row.early, row.worked_seconds) == ("PRESENT", False, hours("08:44:59"))
    assert _day("2025-07-11", "08:00:00", "16:44:00").early


def test_g_o_10_work_on_a_rest_day_is_overtime() -> None:
    row = _day("2025-07-12", "10:00:00", "12:00:00")
    assert (row.status, row.code, row.overtime_seconds) == ("REST_WORKED", "P", hours("02:00"))
    assert (row.expected_seconds, row.incidents) == (0, ["WORKED_ON_DAY_OFF"])


def test_g_o_12_sixty_minutes_are_late_not_severe() -> None:
    assert _day("2025-07-01", "09:00:00", "17:00").status == "LATE"


def test_punches_outside_the_shifts_own_window_are_its_calendar_days() -> None:
    row = _day("2025-07-01", "05:00", "08:00", "17:00", "20:00")
    assert row.reasons == {1: "CALENDAR_DAY", 2: "WINDOW", 3: "WINDOW", 4: "CALENDAR_DAY"}
    assert row.worked_seconds == hours("15:00")


@pytest.mark.parametrize(
    ("last", "early"), [("17:50", False), ("17:45:00", False), ("17:44", True), ("17:30", True)]
)
def test_g_o_13_early_exit(last: str, early: bool) -> None:
    scene = office()
    scene.shift("9:00", "18:00")
    scene.assign(1, 2, "2025-07-01")
    scene.punch(1, "2025-07-01 09:00", last)
    assert scene.day("2025-07-01").early is early


@pytest.mark.parametrize(
    ("time", "kind", "status"),
    [
        ("08:20", LogType.OUT, "MISSING_IN"),
        ("16:40", LogType.IN, "MISSING_OUT"),
        ("08:20", LogType.UNKNOWN, "MISSING_OUT"),
        ("16:40", LogType.UNKNOWN, "MISSING_IN"),
    ],
)
def test_a_single_punch_is_what_its_type_says_else_what_it_is_nearer_to(
    time: str, kind: LogType, status: str
) -> None:
    scene = office()
    scene.punch(1, f"2025-07-01 {time}", log_type=kind)
    assert scene.day("2025-07-01").status == status


@pytest.mark.parametrize(("last", "overtime"), [("17:29:59", "00:00"), ("17:30", "00:30")])
def test_overtime_may_begin_at_so_many_minutes_and_is_then_all_of_it(last: str, overtime: str) -> None:
    scene = office()
    scene.punch(1, "2025-07-01 08:00", last)
    rules = replace(RECOMMENDED, punctuality=replace(RECOMMENDED.punctuality, overtime_from_min=30))
    assert scene.day("2025-07-01", rules).overtime_seconds == hours(overtime)
    scene.punch(1, "2025-07-05 10:00", "10:20")  # on a Saturday all of it is
    assert scene.day("2025-07-05", rules).overtime_seconds == hours("00:20")


@pytest.mark.parametrize(
    ("status", "late", "early"),
    [(Status.PRESENT, False, False), (Status.ON_DUTY, False, False), (Status.LATE, True, True)],
)
def test_an_override_to_anything_but_late_takes_lateness_and_early_exit_away(
    status: Status, late: bool, early: bool
) -> None:
    scene = office()
    scene.punch(1, "2025-07-01 08:30", "16:00")
    scene.add("overrides", person=1, date="2025-07-01", status=status)
    row = scene.day("2025-07-01")
    assert (row.status, row.late_counted, row.early) == (status.name, late, early)


@pytest.mark.parametrize("entry", ["08:00", "08:30"])
def test_a_day_set_to_late_by_hand_counts_as_late_and_is_not_forgiven(entry: str) -> None:
    scene = office()
    scene.punch(1, f"2025-07-01 {entry}", "19:00")
    scene.add("overrides", person=1, date="2025-07-01", status=Status.LATE)
    row = scene.day("2025-07-01")
    assert (row.status, row.late_counted, row.late_forgiven) == ("LATE", True, False)

"""Spec D.3-D.12 and the live measurements to the letter, under `frappe_hr`."""

import numpy as np
import pytest

from service.attendance.rules.codes import (
    HoursMode,
    LogType,
    Pairing,
    PendingReason,
    PersonStatus,
)
from service.attendance.rules.inputs import ShiftTypes
from service.attendance.rules.windows import last_absence_day
from tests.attendance.rules.processed import AUTO, ON, minutes_before, processed, upstream_day
from tests.attendance.rules.scene import Scene, hours

IN, OUT = LogType.IN, LogType.OUT


@pytest.mark.parametrize(("mode", "expected"), [(HoursMode.FIRST_LAST, 500), (HoursMode.EVERY_VALID, 450)])
def test_d_4_typed_hours(mode: HoursMode, expected: int) -> None:
    scene = processed("8:00", "17:00", pairing=Pairing.STRICT, hours_mode=mode)
    kinds = [OUT, IN, OUT, IN, OUT, IN, IN, OUT]
    minutes_before(scene, [390, 360, 300, 290, 260, 240, 150, 60], f"{ON}T16:00:00", kinds)
    row = upstream_day(scene)
    assert (row.hours, str(row.first_in)[11:], str(row.last_out)[11:]) == (expected, "10:00:00", "15:00:00")


def test_d_4_only_exits_under_strict_modes() -> None:
    first_last = processed(pairing=Pairing.STRICT, early_marking=True)
    first_last.punch(1, f"{ON} 10:00", "11:00", log_type=OUT)
    row = upstream_day(first_last)
    assert (row.status, row.hours, row.first_in, row.early) == ("PRESENT", 0, None, True)
    assert str(row.last_out)[11:] == "11:00:00"
    every = processed(pairing=Pairing.STRICT, hours_mode=HoursMode.EVERY_VALID, early_marking=True)
    every.punch(1, f"{ON} 10:00", "11:00", log_type=OUT)
    row = upstream_day(every)
    assert (row.hours, row.first_in, row.last_out, row.early) == (0, None, None, False)


def test_d_4_first_last_is_negative_when_the_exit_came_first() -> None:
    scene = processed(pairing=Pairing.STRICT)
    scene.punch(1, f"{ON} 09:00", log_type=OUT)
    scene.punch(1, f"{ON} 11:00", log_type=IN)
    row = upstream_day(scene)
    assert (row.hours, row.worked_seconds) == (-200, 0)


@pytest.mark.parametrize(
    ("hours_limit", "seconds", "code"), [(6.5, 23_399, "P"), (4.0, 14_399, "P"), (6.5, 23_381, "HD/A")]
)
def test_hours_are_rounded_before_they_are_compared(hours_limit: float, seconds: int, code: str) -> None:
    """Section 6 of the live measurements: 6:29:59 is 6.50 hours."""
    scene = processed("8:00", "17:00", half_day_hours=hours_limit)
    start = np.datetime64(f"{ON}T08:00:00")
    for moment in (start, start + np.timedelta64(seconds, "s")):
        scene.add("punches", person=1, time=moment)
    assert upstream_day(scene).code == code


@pytest.mark.parametrize(
    ("start", "end", "before", "after", "last"),
    [
        ("9:00", "17:00", 60, 60, "2025-04-01"),
        ("22:00", "6:00", 60, 90, "2025-03-31"),
        ("15:00", "23:30", 60, 120, "2025-03-31"),
        ("0:30", "9:00", 60, 60, "2025-04-02"),
    ],
)
def test_d_5_step_7_last_date_of_absent_marking(
    start: str, end: str, before: int, after: int, last: str
) -> None:
    scene = Scene()
    scene.shift(start, end, before_min=before, after_min=after)
    shifts = ShiftTypes.from_rows(scene.rows["shift_types"])
    synced = np.array(["2025-04-02T12:00:00"], "datetime64[s]").astype(np.int64)
    assert last_absence_day(shifts, synced).astype("datetime64[D]").astype(str).tolist() == [last]


def test_d_3_windows_that_meet_are_trimmed_and_the_cut_is_the_earlier_shifts() -> None:
    scene = Scene()
    scene.shift("8:00", "10:00", **AUTO)
    scene.shift("10:30", "12:00", **AUTO)
    scene.person()
    for shift in (1, 2):
        scene.assign(1, shift, ON)
    scene.punch(1, f"{ON} 08:00", "10:00:00", "10:00:01", "12:00")
    first, second = upstream_day(scene), upstream_day(scene, seq=1)
    assert (str(first.window_end)[11:], str(second.window_start)[11:]) == ("10:00:00", "10:00:00")
    assert first.reasons == {1: "TRIMMED_WINDOW", 2: "SHARED_INSTANT"}
    assert second.reasons == {3: "TRIMMED_WINDOW", 4: "TRIMMED_WINDOW"}


def test_d_3_the_default_shift_takes_what_no_assignment_covers() -> None:
    scene = processed("14:00", "18:00")
    scene.shift("8:00", "10:00", **AUTO)
    scene.assign(1, 2, ON)
    scene.punch(1, f"{ON} 08:00", "10:00", "14:00", "18:00")
    assert [upstream_day(scene, seq=seq).punches for seq in (0, 1)] == [[1, 2], [3, 4]]
    assert upstream_day(scene, "2025-07-11").shift_type == 1


def test_d_5_half_day_leave_with_and_without_punches() -> None:
    scene = processed(half_day_hours=3, absent_hours=1)
    for on in (ON, "2025-07-11", "2025-07-14"):
        scene.add("leaves", person=1, leave_type=1, start=on, end=on, half_day_date=on)
    scene.punch(1, f"{ON} 08:00", "10:00", "2025-07-11 08:00", "08:30")
    assert [upstream_day(scene, on).code for on in (ON, "2025-07-11", "2025-07-14")] == [
        "HD/P",
        "HD/A",
        "HD/A",
    ]
    assert upstream_day(scene).hours == 200


def test_d_5_leave_stands_before_the_period_is_processed() -> None:
    scene = processed(last_sync="2025-07-01T00:00:00")
    scene.add("leaves", person=1, leave_type=1, start=ON, end="2025-07-11", half_day_date="2025-07-11")
    assert [upstream_day(scene, on).code for on in (ON, "2025-07-11")] == ["L", "HD/P"]


def test_d_8_leave_counts_on_holidays_only_where_its_type_includes_them() -> None:
    scene = processed()
    scene.rows["people"][0]["holiday_list"] = 1
    scene.add("holidays", holiday_list=1, date=ON, weekly_off=True)
    for included in (False, True):
        leave_type = scene.add("leave_types", include_holiday=included)
        scene.rows["leaves"] = []
        scene.add("leaves", person=1, leave_type=leave_type, start="2025-07-09", end="2025-07-11")
        assert [upstream_day(scene, on).code for on in ("2025-07-09", ON)] == ["L", "L" if included else "WO"]


def test_d_5_punches_on_leave_are_skipped() -> None:
    scene = processed()
    scene.add("leaves", person=1, leave_type=1, start=ON, end=ON)
    scene.punch(1, f"{ON} 08:00", "12:00")
    row = upstream_day(scene)
    assert (row.code, row.hours, row.first_in, row.punch_count) == ("L", 0, None, 0)
    assert row.incidents == ["WORKED_ON_LEAVE", "CONFLICT"]


def test_d_5_punches_before_joining_are_skipped() -> None:
    scene = processed()
    scene.rows["people"][0]["joined"] = "2025-07-11"
    scene.punch(1, f"{ON} 08:00", "12:00")
    row = upstream_day(scene)
    assert (row.status, row.code, set(row.reasons.values())) == ("NOT_EMPLOYED", "", {"CONFLICT"})


@pytest.mark.parametrize(
    ("status", "by_default", "by_assignment"),
    [
        (PersonStatus.ACTIVE, "A", "A"),
        (PersonStatus.INACTIVE, "", ""),
        (PersonStatus.SUSPENDED, "", "A"),
        (PersonStatus.LEFT, "", "A"),
    ],
)
def test_d_5_step_7_who_is_marked_absent(status: PersonStatus, by_default: str, by_assignment: str) -> None:
    default = processed()
    default.rows["people"][0]["status"] = status
    assigned = processed()
    assigned.rows["people"][0] |= {"status": status, "default_shift": -1}
    assigned.assign(1, 1, ON)
    assert (upstream_day(default).code, upstream_day(assigned).code) == (by_default, by_assignment)


def test_d_5_a_default_shift_marks_nobody_absent_who_has_an_assignment() -> None:
    scene = processed()
    scene.shift("14:00", "18:00", **AUTO)
    scene.assign(1, 2, "2025-07-15")
    assert [upstream_day(scene, on).code for on in (ON, "2025-07-15")] == ["", "A"]


def test_d_12_the_latest_holiday_list_of_the_person_then_of_the_company_holds() -> None:
    scene = processed()
    scene.rows["people"][0] |= {"company": 7, "holiday_list": 1}
    for number in (1, 2, 3):
        scene.add("holidays", holiday_list=number, date=f"2025-07-{9 + number}")
    scene.add("holiday_list_assignments", holiday_list=2, start="2025-07-01", company=7)
    codes = {on: upstream_day(scene, on).code for on in ("2025-07-10", "2025-07-11", "2025-07-12")}
    assert codes == {"2025-07-10": "A", "2025-07-11": "H", "2025-07-12": "A"}
    scene.add("holiday_list_assignments", holiday_list=3, start="2025-07-12", person=1)
    assert [upstream_day(scene, on).code for on in ("2025-07-11", "2025-07-12")] == ["H", "H"]


def test_live_untyped_punches_on_a_strict_shift_are_an_absence() -> None:
    scene = processed(pairing=Pairing.STRICT, absent_hours=1)
    scene.punch(1, f"{ON} 08:00", "12:00")
    row = upstream_day(scene)
    assert (row.status, row.hours, row.first_in, row.last_out) == ("ABSENT", 0, None, None)


def test_live_in_out_out_under_every_valid() -> None:
    scene = processed(
        "9:00", "18:00", pairing=Pairing.STRICT, hours_mode=HoursMode.EVERY_VALID, absent_hours=4
    )
    for time, kind in (("10:00", IN), ("12:00", OUT), ("18:00", OUT)):
        scene.punch(1, f"{ON} {time}", log_type=kind)
    row = upstream_day(scene)
    assert (row.status, row.hours, str(row.last_out)[11:]) == ("ABSENT", 200, "12:00:00")


def test_process_attendance_after_hides_earlier_punches() -> None:
    scene = processed(process_after="2025-07-11")
    scene.punch(1, f"{ON} 08:00", "12:00")
    row = upstream_day(scene)
    assert (row.code, row.pending_reason) == ("", PendingReason.UPSTREAM_NOT_ASKED)
    assert set(row.reasons.values()) == {"BEFORE_PROCESSING"}


def test_elapsed_time_stays_on_the_wall_clock() -> None:
    """Spring forward in New York, 9 March 2025: the upstream counts 8 h where 7 passed."""
    scene = Scene(zone="America/New_York")
    scene.shift("22:00", "6:00", **AUTO | {"process_after": "2025-03-01"})
    scene.person(default_shift=1)
    scene.punch(1, "2025-03-08 22:00", "2025-03-09 06:00")
    row = upstream_day(scene, "2025-03-08")
    assert (row.hours, row.expected_seconds) == (800, hours("08:00"))
    assert scene.day("2025-03-08").worked_seconds == hours("07:00")


def test_d_3_a_window_that_ends_exactly_at_midnight_includes_it() -> None:
    scene = processed("15:00", "23:00", after_min=60)
    scene.punch(1, f"{ON} 15:00", "2025-07-11 00:00:00")
    assert upstream_day(scene).punches == [1, 2]
    assert upstream_day(scene, "2025-07-11").reasons == {}


def test_d_3_overlapping_windows_stay_disjoint_over_three_shifts() -> None:
    scene = Scene()
    for start, end in (("8:00", "9:00"), ("9:00", "10:00"), ("10:00", "11:00")):
        scene.shift(start, end, before_min=120, after_min=180, **AUTO)
    scene.person()
    for shift in (1, 2, 3):
        scene.assign(1, shift, ON)
    scene.punch(1, f"{ON} 07:00", "09:00:00", "09:00:01", "10:00", "10:30", "13:00")
    rows = [upstream_day(scene, seq=seq) for seq in (0, 1, 2)]
    assert [row.punches for row in rows] == [[1, 2], [3, 4], [5, 6]]
    assert [str(row.window_end)[11:] for row in rows] == ["09:00:00", "10:00:00", "14:00:00"]


def test_d_3_a_shift_that_ends_when_it_starts_lasts_a_day() -> None:
    scene = processed("8:00", "8:00", before_min=0, after_min=0)
    scene.punch(1, f"{ON} 08:00:01", "2025-07-11 07:59:59")
    row = upstream_day(scene)
    assert (row.punches, row.hours, row.expected_seconds) == ([1, 2], 2400, hours("24:00"))

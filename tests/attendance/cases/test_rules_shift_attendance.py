"""Spec D.10, Shift Attendance: the data set whose totals Frappe HR's own test asserts (G-H-77)."""

from collections import Counter

from service.attendance.rules.codes import UPSTREAM_STATUS
from service.attendance.rules.ruleset import FRAPPE_HR
from tests.attendance.rules.processed import AUTO
from tests.attendance.rules.scene import Scene

MARKED = {"late_marking": True, "early_marking": True}


def test_g_h_77_six_attendances_of_two_shifts() -> None:
    scene = Scene()
    scene.shift("8:00", "12:00", **AUTO, **MARKED)
    scene.shift("22:00", "2:00", **AUTO, **MARKED, half_day_hours=2, absent_hours=1)
    for person, shift in ((1, 1), (2, 2)):
        scene.person()
        scene.add("assignments", person=person, shift_type=shift, start="2025-07-01")
    for day, (first, last) in zip(
        (7, 8, 9), (("07:30", "12:30"), ("08:30", "12:30"), ("07:30", "11:30")), strict=True
    ):
        scene.punch(1, f"2025-07-{day:02} {first}", f"2025-07-{day:02} {last}")
    nights = (("07 22:30", "08 01:30"), ("08 21:30", "08 23:15"), ("09 21:30", "09 22:15"))
    for first, last in nights:
        scene.punch(2, f"2025-07-{first}", f"2025-07-{last}")
    rows = [
        scene.day(f"2025-07-{day:02}", FRAPPE_HR, person=person) for person in (1, 2) for day in (7, 8, 9)
    ]
    words = Counter(UPSTREAM_STATUS[row.code] for row in rows)
    assert words == {"Present": 4, "Half Day": 1, "Absent": 1}
    assert (sum(row.late for row in rows), sum(row.early for row in rows)) == (2, 4)
    assert [row.hours for row in rows[3:]] == [300, 175, 75]

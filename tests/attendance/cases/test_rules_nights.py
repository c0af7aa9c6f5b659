"""Spec G.5: night shifts under `recommended` (N8: Thu-Sat 18:00-02:00)."""

from tests.attendance.rules.scene import Scene, hours, nights


def _nights(*moments: str) -> Scene:
    scene = nights()
    scene.punch(1, *moments)
    return scene


def test_g_o_46_a_night_belongs_to_the_day_it_starts() -> None:
    row = _nights("2025-07-03 18:04", "22:30", "2025-07-04 00:15", "02:04").day("2025-07-03")
    assert (row.status, row.late_minutes, row.worked_seconds) == ("PRESENT", 4, hours("08:00"))


def test_g_o_47_two_nights_and_a_clean_sunday() -> None:
    scene = _nights("2025-07-04 18:00", "2025-07-05 02:59:00", "18:08:41", "2025-07-06 02:10:56")
    assert scene.day("2025-07-04").worked_seconds == hours("08:59:00")
    saturday = scene.day("2025-07-05")
    assert (saturday.status, saturday.late_minutes, saturday.worked_seconds) == (
        "PRESENT",
        8,
        hours("08:02:15"),
    )
    assert scene.day("2025-07-06").status == "REST"


def test_g_o_48_an_exit_after_the_grace_is_off_shift() -> None:
    scene = _nights("2025-07-03 18:04", "2025-07-04 03:00:00")
    thursday, friday = scene.day("2025-07-03"), scene.day("2025-07-04")
    assert (thursday.status, thursday.worked_seconds) == ("MISSING_OUT", 0)
    assert (friday.status, friday.incidents, friday.reasons) == ("ABSENT", ["OFF_SHIFT"], {2: "OFF_SHIFT"})


def test_g_o_49_the_last_second_of_the_grace_belongs_to_the_night() -> None:
    scene = _nights("2025-07-03 18:00", "2025-07-04 02:59:59")
    row = scene.day("2025-07-03")
    assert (row.status, row.worked_seconds) == ("PRESENT", hours("08:59:59"))
    assert scene.day("2025-07-04").reasons == {}


def test_g_o_50_early_arrival_counts() -> None:
    scene = _nights("2025-07-03 17:50", "2025-07-04 02:00")
    assert scene.day("2025-07-03").worked_seconds == hours("08:10")
    assert scene.day("2025-07-04").status == "ABSENT"


def test_g_o_52_arrival_after_midnight() -> None:
    scene = _nights("2025-07-04 00:30", "02:00")
    thursday = scene.day("2025-07-03")
    assert (thursday.status, thursday.late_minutes, thursday.worked_seconds) == (
        "SEVERE_LATE",
        390,
        hours("01:30"),
    )
    assert scene.day("2025-07-04").status == "ABSENT"


def test_g_o_53_only_exits_is_a_missing_entry() -> None:
    scene = _nights("2025-07-04 02:05", "02:07")
    row = scene.day("2025-07-03")
    assert (row.status, row.worked_seconds, row.first_in) == ("MISSING_IN", 0, None)
    assert str(row.last_out) == "2025-07-04 02:07:00"
    assert scene.day("2025-07-04").reasons == {}


def test_g_o_54_the_exit_after_the_period_is_read() -> None:
    row = _nights("2025-07-05 18:00", "2025-07-06 02:00").day("2025-07-05")
    assert (row.status, row.worked_seconds) == ("PRESENT", hours("08:00"))


def test_a_night_then_a_day_shift_share_the_gap_between_them() -> None:
    """A.11: Fri 20:00-08:00, then Sat 09:00-14:00."""
    scene = Scene()
    scene.shift("20:00", "8:00")
    scene.shift("9:00", "14:00")
    scene.person()
    scene.assign(1, 1, "2025-07-04")
    scene.assign(1, 2, "2025-07-05")
    scene.punch(1, "2025-07-04 20:00", "2025-07-05 08:00", "09:00", "14:00")
    assert scene.day("2025-07-04").worked_seconds == hours("12:00")
    assert scene.day("2025-07-05").worked_seconds == hours("05:00")


def test_a_split_day_gives_each_half_its_punches() -> None:
    scene = Scene()
    scene.shift("9:00", "13:00")
    scene.shift("15:00", "19:00")
    scene.person()
    scene.assign(1, 1, "2025-07-01")
    scene.assign(1, 2, "2025-07-01")
    scene.punch(1, "2025-07-01 08:55", "13:05", "14:55", "19:01")
    first, second = scene.day("2025-07-01"), scene.day("2025-07-01", seq=1)
    assert (first.punches, first.worked_seconds) == ([1, 2], hours("04:10"))
    assert (second.punches, second.worked_seconds) == ([3, 4], hours("04:06"))


def test_a_late_shift_keeps_its_exit_after_midnight() -> None:
    scene = Scene()
    scene.shift("15:00", "23:30", after_min=120)
    scene.person(default_shift=1)
    scene.punch(1, "2025-07-01 15:00", "2025-07-02 00:20", "15:00", "23:30")
    assert scene.day("2025-07-01").worked_seconds == hours("09:20")
    assert scene.day("2025-07-02").worked_seconds == hours("08:30")


def _neighbours(first: tuple[str, str, int], second: tuple[str, str, int], *on: str) -> Scene:
    """Two shifts of one person: start, end, and the margin that reaches towards the other."""
    scene = Scene()
    scene.shift(first[0], first[1], after_min=first[2])
    scene.shift(second[0], second[1], before_min=second[2])
    scene.person()
    for shift, day in enumerate(on, start=1):
        scene.assign(1, shift, day)
    return scene


def test_the_cut_leaves_the_earlier_shift_its_own_margin() -> None:
    """The middle of the gap is 00:45, but the exit margin of the first reaches to 01:30."""
    scene = _neighbours(("15:00", "23:30", 120), ("2:00", "10:00", 0), "2025-07-01", "2025-07-02")
    scene.punch(1, "2025-07-01 15:00", "2025-07-02 01:00", "01:31", "10:00")
    assert scene.day("2025-07-01").punches == [1, 2]
    assert scene.day("2025-07-02").punches == [3, 4]


def test_the_cut_leaves_the_later_shift_its_own_margin() -> None:
    """The middle of the gap is 14:00, but the entry margin of the second reaches back to 13:00."""
    scene = _neighbours(("8:00", "12:00", 0), ("16:00", "20:00", 180), "2025-07-01", "2025-07-01")
    scene.punch(1, "2025-07-01 08:00", "12:59", "13:30", "20:00")
    assert scene.day("2025-07-01").punches == [1, 2]
    assert scene.day("2025-07-01", seq=1).punches == [3, 4]

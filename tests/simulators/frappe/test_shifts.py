"""The shift a punch gets when the site saves it (spec D.3): trimmed windows, two shifts a day, assignment and
default."""

from datetime import datetime

import pytest

from service.simulators.frappe import Store
from service.simulators.frappe.shifts import shift_of_punch


@pytest.fixture
def person(store: Store) -> Store:
    for name, start, end in (
        ("AM", "8:00:00", "12:00:00"),
        ("PM", "12:30:00", "16:00:00"),
        ("Day", "9:00:00", "17:00:00"),
    ):
        store.insert("Shift Type", {"name": name, "start_time": start, "end_time": end})
    joined = {"date_of_joining": "2020-01-01", "default_shift": "Day"}
    store.insert("Employee", {"name": "E1", "employee_name": "One", **joined})
    for shift in ("AM", "PM"):
        span = {"start_date": "2026-01-05", "end_date": "2026-01-06"}
        store.insert("Shift Assignment", {"employee": "E1", "shift_type": shift, "docstatus": 1, **span})
    return store


def shift(store: Store, moment: str) -> object:
    return shift_of_punch(store, "E1", datetime.fromisoformat(moment))["shift"]


def test_overlapping_windows_are_cut_where_the_later_opens(person: Store) -> None:
    """12:00 + 60 min against 12:30 - 60 min: the later opens at 12:00, when the earlier shift ends."""
    times = ("07:00:00", "11:59:59", "12:00:00", "12:00:01", "17:00:00", "17:00:01")
    assert [shift(person, f"2026-01-05 {time}") for time in times] == ["AM", "AM", "AM", "PM", "PM", "Day"]


def test_without_an_assignment_that_day_the_default_shift_counts(person: Store) -> None:
    assert shift(person, "2026-01-07 09:00:00") == "Day"
    assert shift(person, "2026-01-07 20:00:00") is None


def test_a_cancelled_or_inactive_assignment_counts_for_nothing(person: Store) -> None:
    names = [str(row["name"]) for row in person.rows("Shift Assignment")]
    person.cancel("Shift Assignment", names[0])
    person.update("Shift Assignment", names[1], {"status": "Inactive"})
    assert shift(person, "2026-01-05 09:30:00") == "Day"


def test_nobody_and_no_shift(person: Store) -> None:
    assert shift_of_punch(person, "nobody", datetime(2026, 1, 5, 9))["offshift"] == 1
